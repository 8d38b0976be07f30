"""An update's whole way through the bot: stored, guarded, handled, answered, marked."""

import asyncio
import re

import pytest
import structlog
from sqlalchemy import text

from bot.application import BotRoom
from domain.chats import ChatState, Visitor
from domain.people import Role
from services import Services
from services.inbound import IncomingUpdate
from services.people import ChatRef, UserRef
from simulator.telegram.server import TelegramSimulator
from storage.database import Database
from tests.integration.bot.house import (
    Handlers,
    admitted,
    answers,
    until_states,
)
from tests.integration.bot.phone import Phone
from tests.unit.bot.plumbing.waiting import eventually


async def test_command_is_answered_and_marked(
    telegram: TelegramSimulator, room: BotRoom, sqlite_database: Database, sari: Phone
) -> None:
    await admitted(sari)
    sari.say("/say good   morning")
    await eventually(lambda: sari.texts == ["home of Sari", "good morning"])
    await until_states(sqlite_database, ["done", "done"])
    assert telegram.violations == []
    assert room.facts.is_ready
    assert room.facts.username == telegram.bot_username
    assert room.facts.last_handled_at is not None


async def test_press_rewrites_its_message_and_is_answered_once(
    telegram: TelegramSimulator, room: BotRoom, sari: Phone
) -> None:
    home = await admitted(sari)
    pressed = await sari.press("go", home)
    assert pressed["answered"]
    assert sari.texts == ["went 0"]
    await sari.press("go", home)
    assert len(answers(telegram)) == 2
    assert telegram.violations == []


async def test_press_is_answered_by_the_time_its_update_is_done(
    telegram: TelegramSimulator, room: BotRoom, sqlite_database: Database, sari: Phone
) -> None:
    """A handler that says nothing to the press leaves no spinner behind it."""
    pressing = asyncio.create_task(sari.press("go", await admitted(sari)))
    await until_states(sqlite_database, ["done", "done"])
    assert room._sender._asides or answers(telegram)
    assert (await pressing)["answered"]


async def test_guard_that_breaks_lets_nobody_in(
    room: BotRoom, services: Services, handlers: Handlers, sari: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await admitted(sari)

    async def visit(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(services.people, "visit", visit)
    sari.say("/say hello")
    await eventually(lambda: len(sari.texts) == 2)
    await eventually(lambda: room.facts.updates_held == 0)
    assert "Reference" in sari.texts[1]
    assert handlers.seen == []


async def test_toast_is_the_one_answer(telegram: TelegramSimulator, room: BotRoom, sari: Phone) -> None:
    pressed = await sari.press("toast", await admitted(sari))
    assert pressed["text"] == "Saved"
    await eventually(lambda: sari.texts == ["saved"])
    assert len(answers(telegram)) == 1


async def test_press_on_a_broken_handler_is_answered_once_and_leaves_the_card(
    telegram: TelegramSimulator, room: BotRoom, sqlite_database: Database, sari: Phone
) -> None:
    pressed = await sari.press("break", await admitted(sari))
    assert pressed["answered"]
    reference = re.search(r"\b[2-9A-HJ-NP-Z]{4}\b", pressed["text"])
    assert reference
    assert "secret of the house" not in pressed["text"]
    await until_states(sqlite_database, ["done", "done"])
    assert sari.texts == ["home of Sari"]
    assert len(answers(telegram)) == 1


async def test_refused_press_is_told_in_a_toast(
    telegram: TelegramSimulator, room: BotRoom, sqlite_database: Database, sari: Phone
) -> None:
    pressed = await sari.press("nowhere", await admitted(sari))
    assert pressed["text"]
    await until_states(sqlite_database, ["done", "done"])
    assert sari.texts == ["home of Sari"]
    assert len(answers(telegram)) == 1


async def test_press_on_a_slow_handler_is_answered_before_it_ends(
    telegram: TelegramSimulator, room: BotRoom, handlers: Handlers, sari: Phone
) -> None:
    home = await admitted(sari)
    pressed = await sari.press("slow", home)
    assert pressed["answered"]
    assert sari.texts == ["home of Sari"]
    handlers.gate.set()
    await eventually(lambda: sari.texts == ["slow ."])
    assert len(answers(telegram)) == 1


async def test_press_sent_again_by_the_app_is_answered_without_complaint(
    telegram: TelegramSimulator, room: BotRoom, sqlite_database: Database, sari: Phone
) -> None:
    pressed = await sari.press("go", await admitted(sari), repeat=1)
    assert pressed["answered"]
    await until_states(sqlite_database, ["done"] * 3)
    assert sari.texts == ["went 0"]
    assert telegram.violations == []


async def test_ticket_is_handed_over_whole(room: BotRoom, handlers: Handlers, sari: Phone) -> None:
    await sari.press("c", await admitted(sari))
    assert handlers.seen == [("go", ("c1:ticket",))]


async def test_role_that_is_too_low_does_not_reach_the_handler(
    room: BotRoom, services: Services, handlers: Handlers, telegram: TelegramSimulator, sari: Phone
) -> None:
    home = await admitted(sari)
    await _make_viewer(services)
    pressed = await sari.press("owner", home)
    assert pressed["text"]
    assert handlers.seen == []


async def test_unknown_error_shows_a_reference_that_is_in_the_log(room: BotRoom, sari: Phone) -> None:
    await admitted(sari)
    with structlog.testing.capture_logs() as logged:
        sari.say("/break")
        await eventually(lambda: len(sari.texts) == 2)
    (event,) = [each for each in logged if each["event"] == "update.broke"]
    assert event["reference"] in sari.texts[1]
    assert "ZeroDivision" not in sari.texts[1]


async def test_screen_that_telegram_refuses_is_a_mistake_of_ours(
    room: BotRoom, telegram: TelegramSimulator, sari: Phone
) -> None:
    await admitted(sari)
    telegram.add_fault(kind="400", method="sendMessage", description="Bad Request: message is too long")
    sari.say("/say hello")
    await eventually(lambda: len(sari.texts) == 2)
    assert "Reference" in sari.texts[1]


async def test_mistake_that_cannot_even_be_told_ends_there(
    room: BotRoom, telegram: TelegramSimulator, sqlite_database: Database, sari: Phone
) -> None:
    await admitted(sari)
    telegram.add_fault(
        kind="400", method="sendMessage", description="Bad Request: message is too long", next=2
    )
    sari.say("/say hello")
    sari.say("/say on")
    await eventually(lambda: sari.texts[1:] == ["on"])
    await until_states(sqlite_database, ["done"] * 3)


async def test_refusal_is_a_sentence(room: BotRoom, sari: Phone) -> None:
    await admitted(sari)
    for words in ("/refuse", "/sai"):
        sari.say(words)
    await eventually(lambda: len(sari.texts) == 3)
    assert "/say" in sari.texts[2]


@pytest.mark.parametrize("words", ["hello", "/say hello", "/unknown", "/start2"])
async def test_stranger_reaches_nothing_but_the_door(
    room: BotRoom, handlers: Handlers, budi: Phone, words: str
) -> None:
    budi.say(words)
    (answer,) = await eventually(lambda: budi.texts)
    assert "invite" in answer
    assert handlers.seen == []


async def test_strangers_press_reaches_nothing(
    room: BotRoom, handlers: Handlers, telegram: TelegramSimulator, sari: Phone, services: Services
) -> None:
    home = await admitted(sari)
    await services.people._db.write(lambda conn: conn.execute(text("DELETE FROM member")), "test.leave")
    pressed = await sari.press("go", home)
    assert pressed["answered"]
    assert handlers.seen == []
    assert sari.texts[0] == "home of Sari"


async def test_words_answer_the_open_question_and_are_searched_without_one(
    room: BotRoom, services: Services, handlers: Handlers, telegram: TelegramSimulator, sari: Phone
) -> None:
    await admitted(sari)
    visitor = await _visitor(services, telegram, sari)
    await services.dialogues.ask(visitor, "asked", {})
    sari.say("29.000 please")
    await eventually(lambda: handlers.seen == [("go", ("29.000", "please"))])
    await services.dialogues.end(visitor)
    sari.say("LED-12W-W")
    await eventually(lambda: handlers.seen[1:] == [("say", ("LED-12W-W",))])


async def test_updates_of_a_chat_keep_their_order(room: BotRoom, sari: Phone) -> None:
    await admitted(sari)
    for n in range(20):
        sari.say(f"/say {n}")
    await eventually(lambda: len(sari.texts) == 21)
    assert sari.texts[1:] == [f"{n}" for n in range(20)]


async def test_stuck_handler_does_not_hold_up_another_chat(
    room: BotRoom, handlers: Handlers, sari: Phone, budi: Phone
) -> None:
    await admitted(sari)
    await admitted(budi)
    sari.say("/slow")
    sari.say("/say after")
    await eventually(lambda: handlers.seen == [("slow", ())])
    budi.say("/say quick")
    await eventually(lambda: budi.texts[-1] == "quick")
    assert sari.texts == ["home of Sari"]
    handlers.gate.set()
    await eventually(lambda: sari.texts[1:] == ["slow .", "after"])


async def test_doubled_update_is_handled_once(
    room: BotRoom, telegram: TelegramSimulator, handlers: Handlers, sari: Phone
) -> None:
    await admitted(sari)
    telegram.add_fault(kind="double_update")
    sari.say("/say once")
    sari.say("/say then")
    await eventually(lambda: sari.texts[1:] == ["once", "then"])
    assert len(handlers.seen) == 2


async def test_edited_words_are_not_handled_again(
    room: BotRoom, telegram: TelegramSimulator, handlers: Handlers, sqlite_database: Database, sari: Phone
) -> None:
    await admitted(sari)
    said = sari.say("/say one")
    await eventually(lambda: len(handlers.seen) == 1)
    sari.edit(said, "/say two")
    await until_states(sqlite_database, ["done"] * 3)
    assert len(handlers.seen) == 1


async def test_secret_is_deleted(room: BotRoom, telegram: TelegramSimulator, sari: Phone) -> None:
    await admitted(sari)
    said = sari.say("/secret https://shop.example/?code=1")
    await eventually(lambda: said not in telegram.engine.world.chats[sari.id].messages)


async def test_blocking_and_coming_back_are_noted(
    room: BotRoom, services: Services, telegram: TelegramSimulator, sqlite_database: Database, sari: Phone
) -> None:
    await admitted(sari)
    sari.block()
    await until_states(sqlite_database, ["done", "done"])
    assert await _chat_states(sqlite_database) == [ChatState.BLOCKED]
    sari.unblock()
    await until_states(sqlite_database, ["done"] * 3)
    assert await _chat_states(sqlite_database) == [ChatState.ACTIVE]


async def test_answer_to_somebody_who_has_blocked_us_meanwhile_closes_the_chat(
    room: BotRoom,
    services: Services,
    telegram: TelegramSimulator,
    handlers: Handlers,
    sqlite_database: Database,
    sari: Phone,
) -> None:
    await admitted(sari)
    telegram.add_fault(kind="403", method="sendMessage")
    sari.say("/say hello")
    await until_states(sqlite_database, ["done", "done"])
    assert await _chat_states(sqlite_database) == [ChatState.BLOCKED]


async def test_card_is_remembered_until_its_message_shows_something_else(
    room: BotRoom, services: Services, telegram: TelegramSimulator, sari: Phone
) -> None:
    await admitted(sari)
    sari.say("/card")
    message = (await eventually(lambda: sari.messages[1:]))[0]
    seller = (await _visitor(services, telegram, sari)).seller_id
    await eventually(lambda: room.facts.updates_held == 0)
    (card,) = await services.cards.of(seller, "order", "o1")
    assert (card.message_id, card.version) == (message["message_id"], 3)
    await sari.press("go", message["message_id"])
    await eventually(lambda: room.facts.updates_held == 0)
    assert await services.cards.of(seller, "order", "o1") == []


async def test_unreadable_update_is_set_aside_and_its_chat_goes_on(
    room: BotRoom, services: Services, sqlite_database: Database, sari: Phone, telegram: TelegramSimulator
) -> None:
    await admitted(sari)
    odd = IncomingUpdate(1, '{"update_id": 1, "message": {"text": "no chat"}}', f"chat:{sari.id}")
    await services.inbound.store_updates(telegram.token.partition(":")[0], [odd])
    sari.say("/say on")
    await eventually(lambda: sari.texts[-1] == "on")
    await until_states(sqlite_database, ["done", "parked", "done"])
    assert room.facts.updates_failed == 1


async def _visitor(services: Services, telegram: TelegramSimulator, phone: Phone) -> Visitor:
    bot_id = telegram.token.partition(":")[0]
    chat, user = ChatRef(phone.id, "private", ""), UserRef(str(phone.id), "")
    visitor = await services.people.visit(bot_id, chat, user)
    assert visitor
    return visitor


async def _chat_states(database: Database) -> list[str]:
    return await database.read(lambda conn: list(conn.execute(text("SELECT state FROM chat")).scalars()))


async def _make_viewer(services: Services) -> None:
    await services.people._db.write(
        lambda conn: conn.execute(text("UPDATE member SET role = :role"), {"role": Role.VIEWER.value}),
        "test.demote",
    )
