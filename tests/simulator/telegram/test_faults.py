"""Troubles on order, for the bot's fault tests."""

import asyncio
import time

import httpx
import pytest

from simulator.telegram.server import TelegramSimulator
from tests.simulator.telegram.partners import TOKEN, BotSide, MovedClock, Phone, until

DEFAULTS = [
    ("400", 400, "Bad Request: chat not found"),
    ("401", 401, "Unauthorized"),
    ("403", 403, "Forbidden: bot was blocked by the user"),
    (
        "409",
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    ),
    ("413", 413, "Request Entity Too Large"),
    ("500", 500, "Internal Server Error: restart"),
]


@pytest.mark.parametrize(("kind", "code", "text"), DEFAULTS)
async def test_next_calls_are_refused(kind: str, code: int, text: str, bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind=kind, next=2)
    for _ in range(2):
        assert await bot.refused("sendMessage", chat_id=phone.user_id, text="x") == (code, text)
    await bot.ok("sendMessage", chat_id=phone.user_id, text="x")
    assert await phone.violations() == []


async def test_refusal_may_have_any_words(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="403", description="Forbidden: user is deactivated")
    answer = await bot.refused("sendMessage", chat_id=phone.user_id, text="x")
    assert answer == (403, "Forbidden: user is deactivated")


async def test_429_says_how_long(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="429", retry_after=7)
    response = await bot.call("sendMessage", chat_id=phone.user_id, text="x")
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")
    assert response.json()["parameters"] == {"retry_after": 7}
    assert response.json()["description"] == "Too Many Requests: retry after 7"


async def test_fault_is_aimed_by_method_and_chat(bot: BotSide, phone: Phone) -> None:
    other = await phone.person("Budi")
    await phone.post("chats", type="private", user_ids=[other])
    await phone.post("faults", kind="500", method="sendmessage", chat_id=other)
    await bot.ok("getMe")
    await bot.ok("sendMessage", chat_id=phone.user_id, text="x")
    await bot.refused("sendMessage", chat_id=other, text="x")
    await bot.ok("sendMessage", chat_id=other, text="x")


async def test_faults_by_chance_last_until_cleared(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="500", method="getMe", probability=0.5)
    codes = {(await bot.call("getMe")).status_code for _ in range(40)}
    assert codes == {200, 500}
    await phone.http.delete("/client/faults")
    assert {(await bot.call("getMe")).status_code for _ in range(10)} == {200}


async def test_bad_gateway_is_a_page(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="502_html")
    response = await bot.call("getMe")
    assert response.status_code == 502
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("kind", "error", "effect"),
    [
        ("drop_before", httpx.RemoteProtocolError, 0),
        ("drop_after", httpx.RemoteProtocolError, 1),
        ("timeout_before", httpx.ReadTimeout, 0),
        ("timeout_after", httpx.ReadTimeout, 1),
    ],
)
async def test_lost_answer_may_or_may_not_have_had_its_effect(
    kind: str, error: type[Exception], effect: int, phone: Phone
) -> None:
    await phone.post("faults", kind=kind)
    with pytest.raises(error):
        await phone.http.post(
            f"/bot{TOKEN}/sendMessage",
            json={"chat_id": phone.user_id, "text": "x"},
            timeout=httpx.Timeout(5, read=0.3),
        )
    assert len(await phone.sees()) == effect


async def test_held_calls_do_not_hold_up_the_end(phone: Phone, simulator: TelegramSimulator) -> None:
    await phone.post("faults", kind="timeout_before")
    started = time.monotonic()
    held = asyncio.create_task(phone.http.get(f"/bot{TOKEN}/getMe"))
    await until(lambda: _is_seen(phone))
    simulator.engine.closing.set()
    assert (await held).status_code == 504
    assert time.monotonic() - started < 10


async def _is_seen(phone: Phone) -> bool:
    return bool((await phone.get("calls", method="getMe"))["calls"])


async def test_delay_comes_before_the_answer(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="delay", delay_s=0.2)
    started = time.monotonic()
    await bot.ok("getMe")
    assert time.monotonic() - started >= 0.2


async def test_update_is_lost(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="lost_update", next=1)
    assert (await phone.says("lost"))["update_id"] is not None
    await phone.says("kept")
    assert [update["message"]["text"] for update in await bot.updates()] == ["kept"]


async def test_update_comes_twice(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="double_update")
    await phone.says("x")
    first, second = await bot.updates()
    assert first == second
    assert await bot.updates(offset=first["update_id"] + 1) == []


async def test_updates_come_out_of_order(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="reorder", next=3)
    ids = [(await phone.says(text))["update_id"] for text in ("a", "b", "c", "d")]
    updates = await bot.updates()
    assert [update["message"]["text"] for update in updates] == ["c", "b", "a", "d"]
    assert [update["update_id"] for update in updates] == [ids[2], ids[1], ids[0], ids[3]]


async def test_held_back_updates_come_when_faults_are_cleared(bot: BotSide, phone: Phone) -> None:
    await phone.post("faults", kind="reorder", next=2)
    await phone.says("a")
    assert await bot.updates() == []
    await phone.http.delete("/client/faults")
    assert len(await bot.updates()) == 1


async def spent(bot: BotSide, chat_id: int, count: int) -> list[int]:
    return [(await bot.call("sendMessage", chat_id=chat_id, text=str(n))).status_code for n in range(count)]


async def test_real_limits_allow_three_at_once_then_one_a_second(
    bot: BotSide, phone: Phone, clock: MovedClock
) -> None:
    await phone.post("faults", kind="real_limits", on=True)
    assert await spent(bot, phone.user_id, 4) == [200, 200, 200, 429]
    clock.move(1)
    assert await spent(bot, phone.user_id, 2) == [200, 429]
    await phone.post("faults", kind="real_limits", on=False)
    assert set(await spent(bot, phone.user_id, 10)) == {200}


async def test_real_limits_allow_a_group_twenty_a_minute(
    bot: BotSide, phone: Phone, clock: MovedClock
) -> None:
    chat_id = await phone.group()
    await phone.post("faults", kind="real_limits", on=True)
    for _ in range(20):
        clock.move(1)
        assert await spent(bot, chat_id, 1) == [200]
    clock.move(1)
    refusal = await bot.call("sendMessage", chat_id=chat_id, text="x")
    assert refusal.json()["parameters"] == {"retry_after": 40}
    clock.move(40)
    assert await spent(bot, chat_id, 1) == [200]


async def test_real_limits_allow_thirty_a_second_in_all(bot: BotSide, phone: Phone) -> None:
    people = []
    for number in range(31):
        user_id = await phone.person(f"P{number}")
        await phone.post("chats", type="private", user_ids=[user_id])
        people.append(user_id)
    await phone.post("faults", kind="real_limits", on=True)
    codes = [code for user_id in people for code in await spent(bot, user_id, 1)]
    assert codes == [200] * 30 + [429]
