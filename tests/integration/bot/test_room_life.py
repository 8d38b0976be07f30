"""Opening and closing: nothing that was acknowledged is lost, and nothing waits for ever."""

import asyncio

import structlog
from telegram import Bot

from bot.application import Webhook
from services import Services
from services.inbound import IncomingUpdate
from simulator.telegram.server import TelegramSimulator
from storage.database import Database
from tests.integration.bot.house import (
    Clock,
    Handlers,
    admitted,
    room_over,
    states,
    until_states,
)
from tests.integration.bot.phone import Phone
from tests.unit.bot.plumbing.waiting import eventually


async def test_stopping_finishes_what_runs_and_loses_nothing(
    bot: Bot,
    services: Services,
    handlers: Handlers,
    clock: Clock,
    sqlite_database: Database,
    sari: Phone,
    budi: Phone,
) -> None:
    first = room_over(bot, services, handlers, clock)
    await first.start()
    await admitted(sari)
    sari.say("/slow but sure")
    sari.say("/say waiting")
    await eventually(lambda: handlers.seen)
    await until_states(sqlite_database, ["done", "leased", "new"])
    stopping = asyncio.create_task(first.stop())
    handlers.gate.set()
    await asyncio.wait_for(stopping, 10)
    assert sari.texts[1:] == ["slow but sure."]
    assert await states(sqlite_database) == ["done", "done", "new"]

    second = room_over(bot, services, handlers, clock)
    await second.start()
    await eventually(lambda: sari.texts[1:] == ["slow but sure.", "waiting"])
    await second.stop()


async def test_stopping_does_not_wait_for_a_handler_that_never_ends(
    bot: Bot,
    services: Services,
    handlers: Handlers,
    clock: Clock,
    sqlite_database: Database,
    sari: Phone,
) -> None:
    first = room_over(bot, services, handlers, clock)
    await first.start()
    await admitted(sari)
    sari.say("/slow again")
    await eventually(lambda: handlers.seen)
    async with asyncio.timeout(5):
        await first.stop(0.1)
    assert await states(sqlite_database) == ["done", "leased"]

    clock.now = clock.now.replace(hour=13)
    handlers.gate.set()
    second = room_over(bot, services, handlers, clock)
    await second.start()
    await eventually(lambda: sari.texts[1:] == ["slow again."])
    await second.stop()
    assert handlers.keys[0] == handlers.keys[1]


async def test_telegram_that_is_down_at_the_start_is_waited_for(
    telegram: TelegramSimulator, bot: Bot, services: Services, handlers: Handlers, clock: Clock, sari: Phone
) -> None:
    telegram.add_fault(kind="500", method="getMe", next=3)
    room = room_over(bot, services, handlers, clock)
    await room.start()
    assert not room.facts.is_ready
    await eventually(lambda: room.facts.trouble == "unreachable")
    await admitted(sari)
    assert room.facts.trouble == ""
    await room.stop()


async def test_token_that_is_refused_is_told_and_not_quoted(
    telegram: TelegramSimulator, bot: Bot, services: Services, handlers: Handlers, clock: Clock
) -> None:
    telegram.add_fault(kind="401", method="getMe", next=3)
    room = room_over(bot, services, handlers, clock)
    with structlog.testing.capture_logs() as logged:
        await room.start()
        await eventually(lambda: room.facts.trouble == "token_refused")
        await asyncio.wait_for(room.opened(), 10)
        await room.stop()
    assert [each for each in logged if each["event"] == "bot.not_open"]
    assert telegram.token not in repr(logged)


async def test_stopping_before_telegram_answered_is_quick(
    telegram: TelegramSimulator, bot: Bot, services: Services, handlers: Handlers, clock: Clock
) -> None:
    telegram.add_fault(kind="500", method="getMe", next=1000)
    room = room_over(bot, services, handlers, clock)
    await room.start()
    await eventually(lambda: room.facts.trouble == "unreachable")
    async with asyncio.timeout(2):
        await room.stop()


async def test_with_a_webhook_nothing_is_polled(
    telegram: TelegramSimulator, bot: Bot, services: Services, handlers: Handlers, clock: Clock, sari: Phone
) -> None:
    webhook = Webhook("http://127.0.0.1:9/telegram", "s3cret")
    room = room_over(bot, services, handlers, clock, webhook)
    await room.start()
    await asyncio.wait_for(room.opened(), 10)
    (set_call,) = telegram.engine.calls.calls(method="setWebhook")
    assert set_call.params["url"] == webhook.url
    assert "callback_query" in set_call.params["allowed_updates"]
    raw = (
        '{"update_id": 5, "message": {"message_id": 1, "date": 1, "text": "/start",'
        f' "chat": {{"id": {sari.id}, "type": "private"}},'
        f' "from": {{"id": {sari.id}, "is_bot": false, "first_name": "Sari"}}}}}}'
    )
    await services.inbound.store_updates(
        telegram.token.partition(":")[0], [IncomingUpdate(5, raw, f"chat:{sari.id}")]
    )
    await eventually(lambda: sari.texts == ["home of Sari"])
    assert telegram.engine.calls.calls(method="getUpdates") == []
    await room.stop()


async def test_menu_is_set_once(
    telegram: TelegramSimulator, bot: Bot, services: Services, handlers: Handlers, clock: Clock
) -> None:
    def asked() -> int:
        return len(telegram.engine.calls.calls(method="getMyCommands"))

    first = room_over(bot, services, handlers, clock)
    await first.start()
    await eventually(lambda: asked() == 2)
    await first.opened()
    await eventually(lambda: telegram.engine.calls.calls(method="setMyCommands")[1:])
    await first.stop()
    second = room_over(bot, services, handlers, clock)
    await second.start()
    await eventually(lambda: asked() == 4)
    await second.stop()
    set_calls = telegram.engine.calls.calls(method="setMyCommands")
    assert [call.params.get("language_code", "") for call in set_calls] == ["", "id"]
