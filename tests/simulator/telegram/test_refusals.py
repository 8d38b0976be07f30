"""Every method and parameter of the bot, used wrongly, is refused in Telegram's own words."""

import copy
from collections import Counter
from typing import Any

import pytest

from simulator.telegram.schema import TABLE
from simulator.telegram.server import TelegramSimulator
from tests.simulator.telegram import refusals
from tests.simulator.telegram.partners import BotSide, Phone, png
from tests.simulator.telegram.refusals import GONE, LENIENT, REFUSALS, VALID, Json, Refusal

WAYS = ("missing", "wrong type", "over limit")


async def known_things(simulator: TelegramSimulator, bot: BotSide, phone: Phone) -> dict[str, Any]:
    """Return what the placeholders of the table stand for."""
    keyboard = {"inline_keyboard": [[{"text": "Press", "callback_data": "p"}]]}
    text = await bot.ok("sendMessage", chat_id=phone.user_id, text="old", reply_markup=keyboard)
    picture = (
        await bot.upload("sendPhoto", {"photo": ("a.png", png(), "image/png")}, chat_id=phone.user_id)
    ).json()
    document = (
        await bot.upload("sendDocument", {"document": ("a.csv", b"a", "text/csv")}, chat_id=phone.user_id)
    ).json()
    pressed = await phone.presses(text["message_id"], "Press", wait_s=0)
    return {
        refusals.CHAT: phone.user_id,
        refusals.TEXT: text["message_id"],
        refusals.PHOTO: picture["result"]["message_id"],
        refusals.QUERY: pressed["query_id"],
        refusals.FILE: document["result"]["document"]["file_id"],
        refusals.PICTURE: picture["result"]["photo"][-1]["file_id"],
    }


def filled(value: Any, things: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: filled(part, things) for name, part in value.items()}
    return things.get(value, value) if isinstance(value, str) else value


def arguments(method: str, things: dict[str, Any]) -> Json:
    args: Json = filled(copy.deepcopy(VALID[method]), things)
    return args


def wrong_arguments(case: Refusal, things: dict[str, Any]) -> Json:
    args = arguments(case.method, things)
    if case.value is GONE:
        del args[case.parameter]
    else:
        args[case.parameter] = filled(case.value, things)
    if case.way == "bad markup":
        args["parse_mode"] = "HTML"
    return args


@pytest.mark.parametrize("method", VALID)
async def test_correct_call_is_taken(
    method: str, simulator: TelegramSimulator, bot: BotSide, phone: Phone
) -> None:
    things = await known_things(simulator, bot, phone)
    await bot.ok(method, **arguments(method, things))
    assert await phone.violations() == []


@pytest.mark.parametrize("method", sorted({case.method for case in REFUSALS}))
async def test_wrong_calls_are_refused_without_effect(
    method: str, simulator: TelegramSimulator, bot: BotSide, phone: Phone
) -> None:
    things = await known_things(simulator, bot, phone)
    shown = await phone.sees()
    wrong = []
    for case in REFUSALS:
        if case.method == method:
            answer = await bot.refused(method, **wrong_arguments(case, things))
            if answer != (400, case.text):
                wrong.append((str(case), answer))
    assert not wrong
    assert await phone.sees() == shown


@pytest.mark.parametrize(("method", "parameter", "value"), LENIENT)
async def test_forgiven_call_is_kept_as_violation(
    method: str, parameter: str, value: Any, simulator: TelegramSimulator, bot: BotSide, phone: Phone
) -> None:
    things = await known_things(simulator, bot, phone)
    await bot.ok(method, **(arguments(method, things) | {parameter: value}))
    (kept,) = await phone.violations()
    assert kept["method"] == method
    assert parameter in kept["why"]


AT_THE_LIMIT: list[tuple[str, Json]] = [
    ("sendMessage", {"text": "😀" * 4096}),
    ("sendMessage", {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 32}] * 8]}}),
    ("sendMessage", {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 100}}),
    (
        "sendMessage",
        {"reply_markup": {"inline_keyboard": [[{"text": "x", "copy_text": {"text": "x" * 256}}]]}},
    ),
    ("answerCallbackQuery", {"text": "é" * 200, "cache_time": 2_592_000}),
    ("setMyCommands", {"commands": [{"command": "x" * 32, "description": "é" * 256}] * 100}),
    ("sendPhoto", {"caption": "é" * 1024}),
    ("getUpdates", {"limit": 100}),
    ("setWebhook", {"secret_token": "x" * 256, "max_connections": 100}),
]


@pytest.mark.parametrize(("method", "change"), AT_THE_LIMIT)
async def test_limit_itself_is_allowed(
    method: str, change: Json, simulator: TelegramSimulator, bot: BotSide, phone: Phone
) -> None:
    things = await known_things(simulator, bot, phone)
    await bot.ok(method, **(arguments(method, things) | change))
    assert await phone.violations() == []


async def test_breach_of_schema_is_kept_with_its_text(bot: BotSide, phone: Phone) -> None:
    await bot.refused("sendMessage", chat_id=phone.user_id, text="x" * 4097)
    (kept,) = await phone.violations()
    assert (kept["method"], kept["description"]) == ("sendMessage", "Bad Request: message is too long")
    numbers = [call["n"] for call in (await phone.get("calls"))["calls"]]
    assert kept["n"] in numbers


async def test_what_life_brings_is_no_violation(bot: BotSide, phone: Phone) -> None:
    await bot.refused("editMessageText", chat_id=phone.user_id, message_id=404, text="x")
    await bot.refused("answerCallbackQuery", callback_query_id="1")
    await bot.refused("sendMessage", chat_id=5, text="x")
    assert await phone.violations() == []


def test_every_parameter_of_the_bot_has_its_refusals() -> None:
    counts = Counter(way for case in REFUSALS for way in WAYS if case.way.startswith(way))
    print(f"Telegram refusals: {len(REFUSALS)} in all, {dict(counts)}, forgiven and kept: {len(LENIENT)}")  # noqa: T201 - the counts are a figure asked for
    has = {
        (case.method, case.parameter, way) for case in REFUSALS for way in WAYS if case.way.startswith(way)
    }
    used = {(method, name) for method, args in VALID.items() for name in args}
    forgiven = {(method, name, "over limit") for method, name, _ in LENIENT}
    rows = {(method, row[0]): row for method in VALID for row in TABLE["methods"][method]}
    wanted = {(*use, "wrong type") for use in used}
    wanted |= {(*use, "missing") for use, row in rows.items() if row[2]}
    wanted |= {(*use, "over limit") for use in used if len(rows[use]) > 3}
    assert not wanted - has - forgiven
