"""A running simulator, a bot and a person for each test."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from simulator.telegram.server import TelegramSimulator
from tests.simulator.telegram.partners import TOKEN, BotSide, MovedClock, Phone

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loading the machine's certificates for each client would take longer than most tests."""


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def simulator(clock: MovedClock) -> AsyncIterator[TelegramSimulator]:
    made = TelegramSimulator(TOKEN, "PackerBot", seed=7, clock=clock)
    async with made.serve():
        yield made


@pytest.fixture
async def http(simulator: TelegramSimulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=simulator.url, timeout=20, verify=NO_TLS) as client:
        yield client


@pytest.fixture
def bot(http: httpx.AsyncClient) -> BotSide:
    return BotSide(http)


@pytest.fixture
async def phone(http: httpx.AsyncClient) -> Phone:
    """A person whose chat with the bot is open and empty."""
    phone = Phone(http)
    phone.user = await phone.post("users", first_name="Sari", language_code="id")
    phone.user_id = phone.user["id"]
    await phone.post("chats", type="private", user_ids=[phone.user_id])
    return phone
