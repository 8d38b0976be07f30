"""The tally of a seller's orders is what one finds by counting them, whatever happened to them."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest_asyncio
from alembic import command
from sqlalchemy import Connection, func, select, text

from domain.orders import OrderSnapshot, OrderStatus
from domain.shops import Shop
from services.orders import STATUSES
from services.views import OrderFilter
from storage import migrate
from storage.address import read_address
from storage.tables.orders import order_tally, sale_order
from tests.factories import DAY, NOW, order_snapshot
from tests.integration.services.house import House

MINUTE = timedelta(minutes=1)


@pytest_asyncio.fixture(loop_scope="session")
async def shop(house: House) -> Shop:
    return await house.link()


def some_orders(status: OrderStatus, count: int, name: str) -> list[OrderSnapshot]:
    """Return orders placed a minute apart since yesterday."""
    return [
        order_snapshot(f"2603{name}{number:06d}", status, placed_at=NOW - DAY + number * MINUTE)
        for number in range(count)
    ]


def counted(conn: Connection) -> dict[str, int]:
    query = select(sale_order.c.status, func.count()).group_by(sale_order.c.status)
    return {status: count for status, count in conn.execute(query)}  # noqa: C416 - rows are not pairs to mypy


def tallied(conn: Connection) -> dict[str, int]:
    query = select(order_tally.c.status, order_tally.c.count).where(order_tally.c.count != 0)
    return {status: count for status, count in conn.execute(query)}  # noqa: C416 - rows are not pairs to mypy


async def test_the_tally_follows_every_change_of_state(house: House, shop: Shop) -> None:
    dice = random.Random(7)  # noqa: S311 - the same changes at every run
    seen = some_orders(OrderStatus.UNPAID, 12, "A")
    for round_number in range(6):
        await house.services.orders.record(shop, seen)
        assert await house.database.read(tallied) == await house.database.read(counted)
        later = NOW + round_number * MINUTE
        seen = [
            replace(each, status=dice.choice(list(OrderStatus)), updated_at=later, digest=f"{round_number}")
            for each in seen
        ]


async def test_an_unchanged_or_older_snapshot_is_not_counted_twice(house: House, shop: Shop) -> None:
    seen = some_orders(OrderStatus.TO_SHIP, 3, "A")
    for each in (seen, seen, [replace(one, updated_at=NOW - 30 * DAY, digest="old") for one in seen]):
        await house.services.orders.record(shop, each)
    assert await house.database.read(tallied) == {OrderStatus.TO_SHIP: 3}


async def test_orders_placed_later_are_not_in_the_counts_of_an_old_list(house: House, shop: Shop) -> None:
    await house.services.orders.record(shop, some_orders(OrderStatus.SHIPPED, 5, "A"))
    until = NOW - DAY + 2 * MINUTE
    page = await house.services.orders.page(house.owner, OrderFilter.ON_THE_WAY, until=until)
    assert page.counts[OrderFilter.ON_THE_WAY] == 3, "the first, and those of the two minutes after it"
    assert page.counts[OrderFilter.ALL] == 3


async def test_each_seller_has_a_tally_of_his_own(house: House, shop: Shop) -> None:
    stranger = await house.found("Eve", 6666)
    theirs = await house.link("600099", by=stranger)
    await house.services.orders.record(shop, some_orders(OrderStatus.TO_SHIP, 4, "A"))
    await house.services.orders.record(theirs, some_orders(OrderStatus.TO_SHIP, 1, "B"))
    counts = [
        (await house.services.orders.page(visitor, OrderFilter.TO_PACK)).counts[OrderFilter.TO_PACK]
        for visitor in (house.owner, stranger)
    ]
    assert counts == [4, 1]


async def test_a_list_of_several_states_is_one_list_in_order(house: House, shop: Shop) -> None:
    """Each state is looked up by itself; the pages must not show that."""
    packing = sorted(STATUSES[OrderFilter.TO_PACK])
    seen = [
        replace(each, status=packing[number % len(packing)])
        for number, each in enumerate(some_orders(OrderStatus.TO_SHIP, 13, "A"))
    ]
    await house.services.orders.record(shop, seen)
    shown: list[str] = []
    for number in range(1, 1 + (await house.services.orders.page(house.owner, OrderFilter.TO_PACK)).pages):
        page = await house.services.orders.page(house.owner, OrderFilter.TO_PACK, page=number)
        shown += [row.number for row in page.rows]
    assert shown == [each.external_id for each in reversed(seen)]


async def test_a_database_from_before_the_tally_gets_one_that_is_right(
    sqlite_house: House, sqlite_url: str
) -> None:
    house = sqlite_house
    shop = await house.link()
    await house.services.orders.record(
        shop, some_orders(OrderStatus.SHIPPED, 3, "A") + some_orders(OrderStatus.CANCELLED, 2, "B")
    )

    def back_and_up_again(conn: Connection) -> None:
        migrate.move(conn, command.downgrade, "0001")
        assert "order_tally" not in set(
            conn.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        )
        migrate.move(conn, command.upgrade, "head")

    engine = migrate._engine(read_address(sqlite_url))  # as a migration has it: tables may be rebuilt
    async with engine.begin() as conn:
        await conn.run_sync(back_and_up_again)
    await engine.dispose()
    assert await house.database.read(tallied) == {OrderStatus.SHIPPED: 3, OrderStatus.CANCELLED: 2}
