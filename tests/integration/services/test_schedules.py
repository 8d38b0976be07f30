"""The daily card: asked for, due by the view's clock, told once for each date."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotAllowed
from domain.orders import OrderStatus
from domain.people import Role
from storage.tables.transit import outbox
from tests.factories import order_snapshot
from tests.integration.services.house import House

DUE = datetime(2026, 11, 11, 1, tzinfo=UTC)
"""08:00 of 11 November in Jakarta."""
HOUR = timedelta(hours=1)


async def _asked(house: House) -> None:
    house.owner = await house.services.people.set_zone(house.owner, "Asia/Jakarta")
    house.clock.now = DUE - HOUR
    await house.services.schedules.set_daily(house.owner, time(8))


async def _told(house: House) -> list[str]:
    query = select(outbox.c.dedupe_key).where(outbox.c.kind == "daily_card").order_by(outbox.c.id)
    return list(await house.database.read(lambda conn: conn.execute(query).scalars().all()))


async def test_the_card_is_told_once_a_day(house: House) -> None:
    await _asked(house)
    for _ in range(60):
        await house.services.schedules.run_due()
        house.clock.advance(HOUR)
    assert await _told(house) == [f"report:daily_card:2026-11-{day}" for day in (11, 12, 13)]


async def test_nobody_is_told_who_did_not_ask_or_asked_no_more(house: House) -> None:
    await _asked(house)
    await house.services.schedules.set_daily(house.owner, None)
    house.clock.advance(25 * HOUR)
    assert await house.services.schedules.run_due() == 0
    assert await _told(house) == []


async def test_a_zone_that_moves_takes_the_card_along_and_tells_no_date_twice(house: House) -> None:
    await _asked(house)
    house.clock.advance(HOUR)
    await house.services.schedules.run_due()
    house.owner = await house.services.people.set_zone(house.owner, "America/Los_Angeles")
    for _ in range(48):
        await house.services.schedules.run_due()
        house.clock.advance(HOUR)
    assert await _told(house) == ["report:daily_card:2026-11-11", "report:daily_card:2026-11-12"]


async def test_set_to_a_later_hour_after_it_came_the_date_stays_told(house: House) -> None:
    await _asked(house)
    house.clock.advance(HOUR)
    await house.services.schedules.run_due()
    await house.services.schedules.set_daily(house.owner, time(9))
    house.clock.advance(HOUR)
    await house.services.schedules.run_due()
    assert await _told(house) == ["report:daily_card:2026-11-11"]


async def test_what_slept_for_days_tells_one_late_card_and_what_it_left_out(house: House) -> None:
    await _asked(house)
    house.clock.advance(timedelta(days=3, hours=3))
    await house.services.schedules.run_due()
    [item] = [each for each in await house.services.outbox.claim() if each.kind == "daily_card"]
    assert item.payload == {"day": "2026-11-14", "skipped": "3", "is_late": "1"}


async def test_the_card_counts_yesterday_by_the_local_clock(house: House) -> None:
    shop = await house.link()
    await _asked(house)
    midnight = datetime(2026, 11, 10, 17, tzinfo=UTC)
    paid = [midnight - timedelta(hours=24, minutes=1), midnight - 24 * HOUR, midnight - HOUR, midnight]
    orders = [
        order_snapshot(f"N{number}", OrderStatus.TO_SHIP, placed_at=at, paid_at=at)
        for number, at in enumerate(paid)
    ]
    await house.services.orders.record(shop, orders)
    card = await house.services.schedules.card(house.owner.view, DUE.date())
    assert (card.orders, card.to_pack, card.yesterday.isoformat()) == (2, 4, "2026-11-10")


async def test_a_group_is_set_by_its_managers(sqlite_house: House) -> None:
    capped = await sqlite_house.group(role_cap=Role.PACKER)
    with pytest.raises(NotAllowed, match="role"):
        await sqlite_house.services.schedules.set_daily(capped, time(8))
