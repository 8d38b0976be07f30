"""The bot against the simulator of Telegram: real HTTP, on loopback."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot
from telegram.ext import ExtBot

from adapters.kit.transport import AiohttpTransport
from bot.application import BotRoom
from bot.request import ClientRequest
from bot.sender import Sender
from services import Services
from simulator.telegram.server import TelegramSimulator
from storage.database import Database
from tests.integration.bot.house import (
    FAILURES,
    QUICK,
    UNHURRIED,
    Clock,
    Handlers,
    room_over,
    services_over,
)
from tests.integration.bot.phone import Phone


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramSimulator]:
    async with TelegramSimulator().serve() as simulator:
        yield simulator


@pytest.fixture
async def bot(telegram: TelegramSimulator) -> AsyncIterator[Bot]:
    async with httpx.AsyncClient(transport=AiohttpTransport()) as client:
        request = ClientRequest(client, FAILURES, QUICK)
        yield ExtBot(
            telegram.token,
            base_url=f"{telegram.api_url}/bot",
            base_file_url=f"{telegram.api_url}/file/bot",
            request=request,
            get_updates_request=request,
        )


@pytest.fixture
async def sender(bot: Bot) -> AsyncIterator[Sender]:
    sender = Sender(bot, UNHURRIED, retry_s=0.01)
    yield sender
    await sender.stop(1)


@pytest.fixture
def sari(telegram: TelegramSimulator) -> Phone:
    return Phone(telegram, "Sari")


@pytest.fixture
def budi(telegram: TelegramSimulator) -> Phone:
    return Phone(telegram, "Budi")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(sqlite_database: Database, clock: Clock) -> Services:
    return services_over(sqlite_database, clock)


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
async def room(bot: Bot, services: Services, handlers: Handlers, clock: Clock) -> AsyncIterator[BotRoom]:
    room = room_over(bot, services, handlers, clock)
    await room.start()
    await asyncio.wait_for(room.opened(), 10)
    yield room
    handlers.gate.set()
    await room.stop()
