"""getUpdates: the long poll, what confirms an update, and how long one lives."""

import asyncio

import pytest

from simulator.telegram.server import TelegramSimulator
from tests.simulator.telegram.partners import BotSide, MovedClock, Phone, until

OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


async def poll_waits(simulator: TelegramSimulator) -> bool:
    return simulator.engine.poller._current is not None


async def test_updates_stay_until_confirmed(bot: BotSide, phone: Phone) -> None:
    first, second = [(await phone.says(text))["update_id"] for text in ("/one", "two")]
    assert [update["update_id"] for update in await bot.updates()] == [first, second]
    again = await bot.updates(offset=second)
    assert [update["message"]["text"] for update in again] == ["two"]
    assert await bot.updates(offset=second + 1) == []


async def test_command_is_marked_by_the_server(bot: BotSide, phone: Phone) -> None:
    await phone.says("/start abc")
    (update,) = await bot.updates()
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["from"]["language_code"] == "id"


async def test_negative_offset_keeps_the_tail(bot: BotSide, phone: Phone) -> None:
    for text in ("a", "b", "c"):
        await phone.says(text)
    assert [update["message"]["text"] for update in await bot.updates(offset=-1)] == ["c"]
    assert [update["message"]["text"] for update in await bot.updates()] == ["c"]


async def test_limit_bounds_the_batch(bot: BotSide, phone: Phone) -> None:
    for number in range(103):
        await phone.says(str(number))
    assert len(await bot.updates(limit=2)) == 2
    assert len(await bot.updates()) == 100


async def test_offset_of_another_life_is_ignored(bot: BotSide, phone: Phone) -> None:
    said = await phone.says("x")
    assert len(await bot.updates(offset=said["update_id"] + 1_000)) == 1


async def test_long_poll_answers_when_something_comes(
    bot: BotSide, phone: Phone, simulator: TelegramSimulator
) -> None:
    poll = asyncio.create_task(bot.updates(timeout=10))
    await until(lambda: poll_waits(simulator))
    await phone.says("now")
    assert [update["message"]["text"] for update in await poll] == ["now"]


async def test_poll_ends_after_its_time(bot: BotSide) -> None:
    started = asyncio.get_running_loop().time()
    assert await bot.updates(timeout=1) == []
    assert 0.9 <= asyncio.get_running_loop().time() - started < 5


async def test_second_poller_ends_the_first(bot: BotSide, phone: Phone, simulator: TelegramSimulator) -> None:
    first = asyncio.create_task(bot.refused("getUpdates", timeout=10))
    await until(lambda: poll_waits(simulator))
    second = asyncio.create_task(bot.updates(timeout=10))
    assert await first == (409, OTHER_POLLER)
    await phone.says("x")
    assert len(await second) == 1


async def test_webhook_and_poll_exclude_each_other(bot: BotSide, simulator: TelegramSimulator) -> None:
    poll = asyncio.create_task(bot.refused("getUpdates", timeout=10))
    await until(lambda: poll_waits(simulator))
    await bot.ok("setWebhook", url="http://127.0.0.1:9/")
    assert await poll == (409, "Conflict: terminated by setWebhook request")
    assert await bot.refused("getUpdates") == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    await bot.ok("deleteWebhook")
    assert await bot.updates() == []


async def test_allowed_updates_are_remembered(bot: BotSide, phone: Phone) -> None:
    assert await bot.updates(allowed_updates=["callback_query"]) == []
    assert (await phone.says("unheard"))["update_id"] is None
    assert await bot.updates() == []
    await bot.updates(allowed_updates=[])
    await phone.says("heard")
    assert [update["message"]["text"] for update in await bot.updates()] == ["heard"]


@pytest.mark.parametrize(("age_s", "left"), [(149, ["callback_query", "message"]), (151, ["message"])])
async def test_press_lives_150_seconds_and_a_message_a_day(
    age_s: float, left: list[str], bot: BotSide, phone: Phone, clock: MovedClock
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="x", reply_markup=keyboard)
    await phone.presses(sent["message_id"], "Go", wait_s=0)
    await phone.says("hello")
    clock.move(age_s)
    kinds = [name for update in await bot.updates() for name in update if name != "update_id"]
    assert sorted(kinds) == left
    clock.move(24 * 3600)
    assert await bot.updates() == []


async def test_pending_updates_can_be_dropped(bot: BotSide, phone: Phone) -> None:
    await phone.says("old")
    await bot.ok("deleteWebhook", drop_pending_updates=True)
    assert await bot.updates() == []


async def test_edited_message_is_told(bot: BotSide, phone: Phone) -> None:
    said = await phone.says("first")
    await phone.patch(
        "messages", chat_id=phone.user_id, message_id=said["message_id"], user_id=phone.user_id, text="second"
    )
    _, edited = await bot.updates()
    assert edited["edited_message"]["text"] == "second"
    assert edited["edited_message"]["edit_date"] >= edited["edited_message"]["date"]
    assert (await phone.sees())[0]["text"] == "second"
