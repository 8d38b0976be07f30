"""The single way out, against Telegram's own refusals."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TimedOut

from bot.lane import Post
from bot.request import AnswerLost, NeverSent, SlowDown
from bot.screen import Button, Screen
from bot.sender import Budgets, Sender
from simulator.telegram.server import TelegramSimulator
from tests.integration.bot.house import UNHURRIED
from tests.integration.bot.phone import Phone
from tests.unit.bot.plumbing.waiting import eventually


def calls(telegram: TelegramSimulator, method: str, chat: Phone | None = None) -> list[float]:
    """Return when the bot made its calls of a method."""
    received = telegram.engine.calls.calls(method=method)
    return [call.at for call in received if chat is None or call.chat_id == chat.id]


async def test_screen_is_shown_with_markup_and_buttons(sender: Sender, sari: Phone) -> None:
    screen = Screen("<b>11 to pack</b>", ((Button("Pack", "n1:pack"),),), silent=True)
    message_id = await sender.show(Post(sari.id, screen))
    (message,) = sari.messages
    assert message["message_id"] == message_id
    assert message["html"] == "<b>11 to pack</b>"
    assert message["buttons"][0][0]["data"] == "n1:pack"
    assert message["silent"]


async def test_slow_down_pauses_its_chat_alone(
    telegram: TelegramSimulator, sender: Sender, sari: Phone, budi: Phone
) -> None:
    telegram.add_fault(kind="429", chat_id=sari.id, retry_after=1)
    posts = [Post(sari.id, Screen("first")), Post(sari.id, Screen("second")), Post(budi.id, Screen("other"))]
    await asyncio.gather(*(sender.show(post) for post in posts))
    refused, again, _ = calls(telegram, "sendMessage", sari)
    (other,) = calls(telegram, "sendMessage", budi)
    assert again - refused >= 1
    assert other < again
    assert sari.texts == ["first", "second"]


async def test_who_cannot_wait_is_told_for_how_long(
    telegram: TelegramSimulator, sender: Sender, sari: Phone
) -> None:
    telegram.add_fault(kind="429", retry_after=30)
    with pytest.raises(SlowDown) as told:
        await sender.show(Post(sari.id, Screen("event")), patience_s=5)
    assert told.value.seconds == 30
    with pytest.raises(SlowDown) as told_at_once:
        await sender.show(Post(sari.id, Screen("next event")), patience_s=5)
    assert 29 < told_at_once.value.seconds <= 30
    assert len(calls(telegram, "sendMessage")) == 1


async def test_unchanged_message_is_fine(sender: Sender, sari: Phone) -> None:
    message_id = await sender.show(Post(sari.id, Screen("same")))
    assert await sender.show(Post(sari.id, Screen("same"), message_id)) == message_id
    assert sari.texts == ["same"]


@pytest.mark.parametrize(
    "refusal",
    [
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: there is no text in the message to edit",
        "Bad Request: MESSAGE_ID_INVALID",
    ],
)
async def test_message_that_cannot_be_edited_is_sent_anew(
    telegram: TelegramSimulator, sender: Sender, sari: Phone, refusal: str
) -> None:
    message_id = await sender.show(Post(sari.id, Screen("old")))
    telegram.add_fault(kind="400", method="editMessageText", description=refusal)
    shown = await sender.show(Post(sari.id, Screen("new"), message_id))
    assert shown != message_id
    assert sari.texts == ["old", "new"]


async def test_text_with_broken_markup_goes_out_plain(sender: Sender, sari: Phone) -> None:
    await sender.show(Post(sari.id, Screen("<b>Tom &amp; Jerry <i>29,000</b>")))
    assert sari.texts == ["Tom & Jerry 29,000"]
    assert sender.plain_texts == 1


async def test_what_stood_in_code_does_not_link_when_it_goes_out_plain(sender: Sender, sari: Phone) -> None:
    await sender.show(Post(sari.id, Screen("<b>Note <code>evil.com &#64;evil &amp;lt;</code>")))
    assert sari.texts == ["Note evil.\u200dcom @\u200devil &lt;"]


async def test_broken_markup_in_an_edit_stays_in_its_message(sender: Sender, sari: Phone) -> None:
    message_id = await sender.show(Post(sari.id, Screen("fine")))
    assert await sender.show(Post(sari.id, Screen("<u>broken"), message_id)) == message_id
    assert sari.texts == ["broken"]


async def test_other_refusals_are_not_mended(sender: Sender, sari: Phone) -> None:
    with pytest.raises(BadRequest, match="too long"):
        await sender.show(Post(sari.id, Screen("x" * 4097)))


async def test_edits_of_one_message_that_wait_become_one(
    telegram: TelegramSimulator, sender: Sender, sari: Phone
) -> None:
    message_id = await sender.show(Post(sari.id, Screen("0 %")))
    telegram.add_fault(kind="delay", method="editMessageText", delay_s=0.2)
    first = asyncio.create_task(sender.show(Post(sari.id, Screen("10 %"), message_id)))
    await eventually(lambda: sender._lanes[sari.id].task and not len(sender._lanes[sari.id]))
    later = [Post(sari.id, Screen(f"{percent} %"), message_id) for percent in (20, 30, 40)]
    shown = await asyncio.gather(first, *(sender.show(post) for post in later))
    assert shown == [message_id] * 4
    assert sari.texts == ["40 %"]
    assert len(calls(telegram, "editMessageText")) == 2


async def test_edit_that_failed_gives_way_to_a_later_one(
    telegram: TelegramSimulator, sender: Sender, sari: Phone
) -> None:
    message_id = await sender.show(Post(sari.id, Screen("0 %")))
    telegram.add_fault(kind="timeout_before", method="editMessageText", delay_s=0.2)
    first = asyncio.create_task(sender.show(Post(sari.id, Screen("10 %"), message_id)))
    await eventually(lambda: calls(telegram, "editMessageText"))
    assert await sender.show(Post(sari.id, Screen("20 %"), message_id)) == message_id
    assert await first == message_id
    edits = telegram.engine.calls.calls(method="editMessageText")
    assert [call.params["text"] for call in edits] == ["10 %", "20 %"]


async def test_new_messages_never_become_one(sender: Sender, sari: Phone) -> None:
    await asyncio.gather(*(sender.show(Post(sari.id, Screen(f"order {n}"))) for n in range(5)))
    assert sari.texts == [f"order {n}" for n in range(5)]


@pytest.mark.parametrize("kind", ["500", "502_html"])
async def test_server_error_is_tried_again(
    telegram: TelegramSimulator, sender: Sender, sari: Phone, kind: str
) -> None:
    telegram.add_fault(kind=kind, method="sendMessage", next=2)
    await sender.show(Post(sari.id, Screen("home")))
    assert sari.texts == ["home"]


@pytest.mark.parametrize(("kind", "error"), [("drop_after", AnswerLost), ("timeout_after", TimedOut)])
async def test_message_that_may_have_arrived_is_not_sent_again(
    telegram: TelegramSimulator, sender: Sender, sari: Phone, kind: str, error: type[Exception]
) -> None:
    telegram.add_fault(kind=kind, method="sendMessage")
    with pytest.raises(error):
        await sender.show(Post(sari.id, Screen("once")))
    assert sari.texts == ["once"]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "timeout_before"])
async def test_edit_whose_answer_is_lost_is_repeated(
    telegram: TelegramSimulator, sender: Sender, sari: Phone, kind: str
) -> None:
    message_id = await sender.show(Post(sari.id, Screen("old")))
    telegram.add_fault(kind=kind, method="editMessageText")
    assert await sender.show(Post(sari.id, Screen("new"), message_id)) == message_id
    assert sari.texts == ["new"]


async def test_failing_chat_gives_up_after_its_tries_and_the_next_post_goes_out(
    telegram: TelegramSimulator, sender: Sender, sari: Phone
) -> None:
    telegram.add_fault(kind="500", method="sendMessage", next=3)
    lost, shown = await asyncio.gather(
        sender.show(Post(sari.id, Screen("lost")), tries=3),
        sender.show(Post(sari.id, Screen("shown"))),
        return_exceptions=True,
    )
    assert "restart" in str(lost)
    assert isinstance(shown, int)
    assert sari.texts == ["shown"]


async def test_blocked_chat_is_told_to_the_caller(sender: Sender, sari: Phone) -> None:
    sari.block()
    with pytest.raises(Forbidden):
        await sender.show(Post(sari.id, Screen("hello?")))


async def test_our_budgets_stay_within_telegrams_rates(telegram: TelegramSimulator, bot: Bot) -> None:
    telegram.add_fault(kind="real_limits")
    many = [Phone(telegram, f"Person {n}") for n in range(40)]
    sender = Sender(bot, Budgets())
    posts = [Post(phone.id, Screen("hi")) for phone in many]
    posts += [Post(many[0].id, Screen(f"again {n}")) for n in range(4)]
    await asyncio.gather(*(sender.show(post) for post in posts))
    assert not [call for call in telegram.engine.calls.calls(method="sendMessage") if not call.ok]
    assert len(many[0].texts) == 5


async def test_stopping_sends_what_waits(telegram: TelegramSimulator, bot: Bot, sari: Phone) -> None:
    sender = Sender(bot, UNHURRIED)
    telegram.add_fault(kind="delay", method="sendMessage", delay_s=0.1)
    showing = [asyncio.create_task(sender.show(Post(sari.id, Screen(f"{n}")))) for n in range(3)]
    await eventually(lambda: sender._lanes)
    await sender.stop(5)
    assert sari.texts == ["0", "1", "2"]
    assert all(task.done() for task in showing)


async def test_stopping_does_not_wait_for_ever(telegram: TelegramSimulator, bot: Bot, sari: Phone) -> None:
    sender = Sender(bot, UNHURRIED)
    telegram.add_fault(kind="429", method="sendMessage", retry_after=600)
    showing = asyncio.create_task(sender.show(Post(sari.id, Screen("late")), patience_s=1000))
    await eventually(lambda: calls(telegram, "sendMessage"))
    await sender.stop(0.05)
    with pytest.raises(NeverSent):
        await showing


async def test_stopping_tells_who_waits_that_the_answer_is_lost(
    telegram: TelegramSimulator, bot: Bot, sari: Phone
) -> None:
    sender = Sender(bot, UNHURRIED)
    telegram.add_fault(kind="timeout_before", method="sendMessage")
    showing = asyncio.create_task(sender.show(Post(sari.id, Screen("on its way"))))
    await eventually(lambda: calls(telegram, "sendMessage"))
    await sender.stop(0.05)
    with pytest.raises(AnswerLost):
        await showing


async def test_chats_that_are_quiet_take_no_memory(telegram: TelegramSimulator, bot: Bot) -> None:
    sender = Sender(bot, UNHURRIED, lanes_kept=3)
    for n in range(10):
        await sender.show(Post(Phone(telegram, f"Person {n}").id, Screen("hi")))
        await eventually(lambda: all(lane.is_idle for lane in sender._lanes.values()))
    assert len(sender._lanes) <= 3


async def test_toast_reaches_the_phone(telegram: TelegramSimulator, sender: Sender, sari: Phone) -> None:
    message_id = await sender.show(Post(sari.id, Screen("card", ((Button("Go", "n1:go"),),))))
    pressed = asyncio.create_task(sari.press("Go", message_id))
    (query,) = await eventually(lambda: list(telegram.engine.world.presses))
    sender.answer(query, "Done", alert=True)
    answer = await pressed
    assert (answer["text"], answer["show_alert"]) == ("Done", True)


async def test_late_answer_to_a_press_is_no_error(telegram: TelegramSimulator, sender: Sender) -> None:
    sender.answer("12345", "too late")
    (_,) = await eventually(lambda: calls(telegram, "answerCallbackQuery"))
    await sender.stop(1)
    assert len(calls(telegram, "answerCallbackQuery")) == 1


async def test_deletion_survives_a_bad_moment(
    telegram: TelegramSimulator, sender: Sender, sari: Phone
) -> None:
    secret = sari.say("https://shop.example/?code=1")
    telegram.add_fault(kind="500", method="deleteMessage", next=2)
    sender.delete(sari.id, secret)
    await eventually(lambda: secret not in telegram.engine.world.chats[sari.id].messages)
