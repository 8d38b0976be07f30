"""The host's chat hears of troubles through Telegram; persons write to it and are thanked."""

import asyncio
import re
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import cast

import pytest
from telegram import Bot

from bot.application import BotRoom
from domain.notices import NoteKind, Notice
from services import Services
from simulator.telegram.server import TelegramSimulator
from storage.database import Database
from tests.fakes.services import FakeServices
from tests.integration.bot.house import Clock, Handlers, admitted, room_over
from tests.integration.bot.phone import Phone
from tests.integration.services.house import House
from tests.unit.bot.desk import Desk
from tests.unit.bot.plumbing.waiting import eventually


@pytest.fixture
async def room(
    bot: Bot, services: Services, handlers: Handlers, clock: Clock, budi: Phone
) -> AsyncIterator[BotRoom]:
    """Open a bot whose host is Budi, who has begun a chat with it."""
    room = room_over(bot, services, handlers, clock, host_chat=budi.id)
    await room.start()
    await asyncio.wait_for(room.opened(), 10)
    budi.say("/start")
    await eventually(lambda: budi.texts)
    yield room
    handlers.gate.set()
    await room.stop()


async def test_the_hosts_chat_hears_of_a_trouble_once(
    telegram: TelegramSimulator, room: BotRoom, services: Services, budi: Phone
) -> None:
    trouble = Notice(NoteKind.BACKUP_FAILED, "backup:1", {"reason": "no space"})
    await services.host.note(trouble)
    await services.host.note(trouble, Notice(NoteKind.PARKED, "p", {"source": "telegram", "reason": "odd"}))
    await eventually(lambda: any("set aside" in each for each in budi.texts))
    assert sum("The backup failed" in each for each in budi.texts) == 1
    assert telegram.violations == []

    async with asyncio.timeout(10):
        while await services.host.waiting():  # noqa: ASYNC110 - a row that changes rings no bell
            await asyncio.sleep(0.01)


async def test_a_reference_shown_to_a_person_is_found_by_the_host(
    room: BotRoom, services: Services, sari: Phone
) -> None:
    await admitted(sari)
    sari.say("/break")
    shown = await eventually(lambda: [each for each in sari.texts if "Reference" in each])
    reference = re.findall(r"Reference (\w{4})", shown[0])[0]
    found = await services.host.breakage(reference)
    assert found
    assert found.code == "ZeroDivisionError"
    assert found.source.startswith("inbox:")
    assert found.seller_id


# The command, over real services


@pytest.fixture
async def desk(sqlite_database: Database) -> Desk:
    house = await House(sqlite_database).open()
    return Desk(cast("FakeServices", SimpleNamespace(as_services=house.services)), house.owner)


async def test_feedback_is_thanked_for_and_asks_for_words(desk: Desk) -> None:
    await desk.says("/feedback the stock card is slow")
    assert "Thank you: it is on its way" in desk.text
    services = desk.services.as_services
    assert [each.words for each in await services.host.latest_feedback()] == ["the stock card is slow"]
    await desk.says("/feedback")
    assert "Write what is wrong after /feedback" in desk.text


async def test_feedback_with_a_reference_names_it(desk: Desk) -> None:
    assert desk.visitor
    await desk.services.as_services.host.broke("K7Q2", "KeyError", "inbox:1", desk.visitor.seller_id)
    await desk.says("/feedback k7q2")
    assert "K7Q2" in desk.text
