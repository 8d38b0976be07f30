"""Whoever says too much in a minute, over the whole way of an update."""

import time
from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.application import BotRoom
from services import Services
from simulator.telegram.server import TelegramSimulator
from storage.database import Database
from tests.integration.bot.house import Clock, Handlers, admitted, room_over, until_states
from tests.integration.bot.phone import Phone

TOO_FAST = "That was a lot at once, so I did not do this last one. I answer again in a minute."


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramSimulator]:
    """A Telegram whose minute has just begun: what is said in one test is said in one minute."""
    begun = time.time()
    async with TelegramSimulator(clock=lambda: time.time() - begun % 60).serve() as simulator:
        yield simulator


@pytest.fixture
async def strict_room(
    bot: Bot, services: Services, handlers: Handlers, clock: Clock
) -> AsyncIterator[BotRoom]:
    """A room where nobody may say more than two things in a minute."""
    opened = room_over(bot, services, handlers, clock, quota_factor=0.1)
    await opened.start()
    await opened.opened()
    yield opened
    await opened.stop()


async def test_flood_is_refused_once_and_changes_nothing(
    telegram: TelegramSimulator,
    strict_room: BotRoom,
    sqlite_database: Database,
    handlers: Handlers,
    sari: Phone,
) -> None:
    await admitted(sari)
    for words in ("one", "two", "three", "four"):
        sari.say(f"/say {words}")
    await until_states(sqlite_database, ["done"] * 5)
    assert [words for _, words in handlers.seen] == [("one",)]
    assert sari.texts.count(TOO_FAST) == 1
    assert len(sari.texts) == 3


async def test_the_kill_switch_is_answered_however_much_was_said(
    telegram: TelegramSimulator,
    strict_room: BotRoom,
    sqlite_database: Database,
    handlers: Handlers,
    sari: Phone,
) -> None:
    await admitted(sari)
    for words in ("/say one", "/say two", "/say three", "/stop now", "/STOP@StoreSyncBot then", "/say four"):
        sari.say(words)
    await until_states(sqlite_database, ["done"] * 7)
    assert [words for _, words in handlers.seen] == [("one",), ("now",), ("then",)]


async def test_press_is_answered_all_the_same(
    telegram: TelegramSimulator, strict_room: BotRoom, sari: Phone
) -> None:
    home = await admitted(sari)
    sari.say("/say one")
    sari.say("/say two")
    await sari.press("go", home)
    assert any(text.startswith("went") for text in sari.texts)
