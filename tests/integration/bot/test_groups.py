"""The bot in groups: whom it hears, whom it answers, and what it makes of Telegram's notices."""

import asyncio

import pytest

from bot.application import BotRoom
from domain.people import Role
from services import Services
from services.people import ChatRef, UserRef
from simulator.telegram.server import TelegramSimulator
from tests.integration.bot.house import Handlers, admitted, answers
from tests.integration.bot.phone import Group, Phone
from tests.unit.bot.plumbing.waiting import eventually


@pytest.fixture
async def group(
    room: BotRoom, telegram: TelegramSimulator, services: Services, sari: Phone, budi: Phone
) -> Group:
    """A group of Sari, who owns the seller it shows, and Budi, whom nobody knows."""
    await admitted(sari)
    group = Group(telegram, sari, budi)
    await eventually(lambda: group.texts)
    bot_id = telegram.token.partition(":")[0]
    await services.groups.connect(bot_id, ChatRef(group.id, "group", "Team"), UserRef(str(sari.id), "Sari"))
    return group


async def test_group_that_takes_the_bot_in_is_told_how_to_connect(
    room: BotRoom, telegram: TelegramSimulator, sari: Phone
) -> None:
    await admitted(sari)
    group = Group(telegram, sari)
    (greeting,) = await eventually(lambda: group.texts)
    assert f"/start@{telegram.engine.world.bot.username}" in greeting.replace("\u200d", "")


async def test_only_what_is_meant_for_the_bot_is_answered(
    group: Group, sari: Phone, handlers: Handlers, telegram: TelegramSimulator
) -> None:
    me = telegram.engine.world.bot.username
    telegram.engine.has_privacy_mode = False
    for words in ("hello", "/say@another_bot no", "/nonsense", f"/say@{me} yes", "/say again"):
        group.say(sari, words)
    await eventually(lambda: len(handlers.seen) == 2)
    assert [words for _, words in handlers.seen] == [("yes",), ("again",)]


async def test_answer_to_the_bots_question_is_heard(group: Group, sari: Phone, handlers: Handlers) -> None:
    group.say(sari, "/say one")
    await eventually(lambda: "one" in group.texts)
    asked = group.messages[-1]["message_id"]
    group.say(sari, "two", reply_to_message_id=asked)
    await eventually(lambda: [words for _, words in handlers.seen] == [("one",), ("two",)])


async def test_outsider_is_not_answered_and_his_press_is_turned_away(
    group: Group, sari: Phone, budi: Phone, handlers: Handlers, telegram: TelegramSimulator
) -> None:
    group.say(budi, "/say hello")
    group.say(sari, "/card")
    await eventually(lambda: "card" in group.texts)
    answer = await group.press(budi, "go", group.messages[-1]["message_id"])
    assert "do not know you" in answer["text"]
    assert handlers.seen == []
    assert not [text for text in group.texts if "do not know you" in text]
    assert len(answers(telegram)) == 1


async def test_owner_is_a_manager_at_most_in_a_group(group: Group, sari: Phone, handlers: Handlers) -> None:
    group.say(sari, "/start")
    await eventually(lambda: any(text.startswith("home of") for text in group.texts))
    home = next(m for m in group.messages if (m["text"] or "").startswith("home of"))
    refused = await group.press(sari, "owner", home["message_id"])
    assert "the owner" in refused["text"]
    assert handlers.seen == []


async def test_who_hides_behind_the_group_may_look_and_bots_are_not_heard(
    group: Group, sari: Phone, handlers: Handlers
) -> None:
    group.change("admin")
    group._chat.members[sari.id] = "administrator"
    group.say(sari, "/say as the group", as_group=True)
    await eventually(lambda: [words for _, words in handlers.seen] == [("as", "the", "group")])


async def test_group_is_followed_by_notice(
    group: Group, sari: Phone, handlers: Handlers, services: Services
) -> None:
    old = group.id
    group.change("migrate")
    assert group.id != old
    group.say(sari, "/say here")
    await eventually(lambda: "here" in group.texts)
    assert handlers.seen == [("say", ("here",))]


async def test_bot_that_was_put_out_is_silent_until_it_is_back(
    group: Group, sari: Phone, handlers: Handlers
) -> None:
    group.change("kick_bot")
    group.change("add_bot")
    group.say(sari, "/say back")
    await eventually(lambda: handlers.seen == [("say", ("back",))])


async def test_who_leaves_loses_his_place(
    group: Group, services: Services, sari: Phone, budi: Phone, telegram: TelegramSimulator
) -> None:
    bot_id = telegram.token.partition(":")[0]
    owner = await services.people.visit(
        bot_id, ChatRef(sari.id, "private", "Sari"), UserRef(str(sari.id), "Sari")
    )
    assert owner is not None
    made = await services.team.invite(owner, Role.PACKER)
    private = ChatRef(budi.id, "private", "Budi")
    await services.people.admit(bot_id, private, UserRef(str(budi.id), "Budi"), made.token, "en")
    group.change("remove_member", user_id=budi.id)

    async with asyncio.timeout(20):
        while len((await services.team.team(owner)).members) > 1:  # noqa: ASYNC110 - a row that changes rings no bell
            await asyncio.sleep(0.005)
