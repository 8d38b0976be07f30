"""Low stock as a phone shows it: sounds, silent edits, a refill, quiet hours; killed and started again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.chat_queues import Pace
from bot.notifier import Notifier
from bot.sender import Sender
from domain.alerts import QuietHours
from simulator.telegram.server import TelegramSimulator
from storage.database import Database
from storage.tables.transit import outbox
from tests.integration.bot.phone import Phone
from tests.integration.services.house import House
from tests.integration.services.low import LampShop
from tests.unit.bot.plumbing.waiting import eventually

MINUTE = timedelta(minutes=1)


class Floor:
    """Sari's lamps, and her phone on which StoreSync tells of them."""

    def __init__(self, house: House, shop: LampShop, phone: Phone, sender: Sender) -> None:
        self.house = house
        self.shop = shop
        self._phone = phone
        self._sender = sender

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """Tell what is due for as long as this lasts."""
        notifier = Notifier(self.house.services, self._sender, pace=Pace(tick_s=0.02))
        task = asyncio.create_task(notifier.run())
        try:
            yield
        finally:
            await notifier.stop(1)
            await task

    async def passes(self, by: timedelta = MINUTE) -> None:
        """Let time pass once all that is due was told: what is in hand would count as given up."""
        now = self.house.clock()
        at_work = (outbox.c.state == "sending") | (
            (outbox.c.state == "pending") & (outbox.c.not_before <= now)
        )
        query = select(func.count()).select_from(outbox).where(at_work)
        async with asyncio.timeout(10):
            while await self.house.database.read(lambda conn: conn.scalar(query)):  # noqa: ASYNC110 - rings no bell
                await asyncio.sleep(0.005)
        self.house.clock.advance(by)

    @property
    def low(self) -> list[dict[str, Any]]:
        words = ("Running out:", "Sold out:", "Refilled:")
        return [each for each in self._phone.messages if any(word in each["text"] for word in words)]

    async def sees(self, *starts: str) -> None:
        """Wait until the messages about low stock begin with these words."""

        def is_so() -> bool:
            shown = [each["text"] for each in self.low]
            return len(shown) == len(starts) and all(map(str.startswith, shown, starts))

        try:
            await eventually(is_so, 10)
        except TimeoutError:
            raise AssertionError([each["text"] for each in self.low]) from None


@pytest.fixture
async def floor(sqlite_database: Database, sender: Sender, telegram: TelegramSimulator) -> Floor:
    phone = Phone(telegram, "Sari")
    house = House(sqlite_database)
    await house.services.apps.seed([house.app])
    house.owner = await house.found("Sari", phone.id)
    shop = await LampShop.open(house, 40, 40)
    for at in (0, 1):
        await shop.counts(9, at, alert_at=6)
    return Floor(house, shop, phone, sender)


async def test_three_levels_sound_what_lies_between_is_edited_and_a_refill_is_said(floor: Floor) -> None:
    lamp = "Lampu LED E27 12W · W0"
    async with floor.told():
        await floor.shop.sells(3)
        await floor.sees(f"🟡 Running out: {lamp} · 6 left")
        await floor.passes()
        await floor.shop.sells(1)
        await floor.sees(f"🟡 Running out: {lamp} · 5 left")
        await floor.shop.sells(3)
        await floor.passes()
        await floor.sees(f"🔴 Running out: {lamp} · 2 left", f"🔴 Running out: {lamp} · 2 left")
        await floor.passes()
        await floor.shop.sells(2)
        await floor.passes()
        await floor.sees(*[f"🔴 Sold out: {lamp}"] * 3)
        await floor.shop.counts(49)
        await floor.passes()
        await floor.sees(*[f"🟢 Refilled: {lamp} · 40 left"] * 3)
    assert [bool(each["silent"]) for each in floor.low] == [False] * 3


async def test_two_at_once_are_one_message_and_a_restart_tells_nothing_twice(floor: Floor) -> None:
    await floor.shop.sells(4, 8)
    for _ in range(2):
        async with floor.told():
            await floor.sees("🔴 Running out: 2 products")
        await floor.house.services.low_stock.look(floor.house.owner.seller_id)
    assert "W1 · 1 left" in floor.low[0]["text"].splitlines()[1]


async def test_in_quiet_hours_it_comes_without_a_sound(floor: Floor) -> None:
    quiet = QuietHours(time(0), time(23, 59))
    await floor.house.services.alerts.be_quiet(floor.house.owner, quiet)
    async with floor.told():
        await floor.shop.sells(9)
        await floor.sees("🔴 Sold out: ")
    assert floor.low[0]["silent"]
