"""Snapshots of an order may come in any order and any number of times: it ends the same."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from shutil import copyfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from domain.events import EventKind
from domain.orders import Known, OrderSnapshot, OrderStatus, Taken, shortest_tails, take
from domain.shops import Shop
from services.views import OrderFilter
from storage.database import Database
from storage.tables.orders import sale_order
from tests.factories import NOW, order_line, order_snapshot, parcel
from tests.integration.services.house import House

NUMBERS = st.lists(st.text("0123456789AB", min_size=1, max_size=9), unique=True, max_size=12)


@st.composite
def histories(draw: st.DrawFn) -> list[OrderSnapshot]:
    """Draw what a platform says of one order as time goes on; no two at one moment."""
    ages = sorted(draw(st.sets(st.integers(0, 10**6), min_size=1, max_size=6)))
    return [
        order_snapshot(
            "26HISTORY",
            draw(st.sampled_from(OrderStatus)),
            updated_at=NOW + timedelta(seconds=age),
            paid_at=NOW,
            lines=tuple(order_line(draw(st.integers(1, 9))) for _ in range(draw(st.integers(1, 3)))),
            parcels=(parcel(tracking_number=str(age)),) if draw(st.booleans()) else (),
        )
        for age in ages
    ]


def replayed(history: list[OrderSnapshot], random: Random) -> list[OrderSnapshot]:
    """Return every snapshot once to three times, in any order."""
    again = [each for each in history for _ in range(random.randint(1, 3))]
    random.shuffle(again)
    return again


@given(histories(), st.randoms(use_true_random=False))
def test_the_newest_snapshot_stays_whatever_the_order(history: list[OrderSnapshot], random: Random) -> None:
    stored: OrderSnapshot | None = None
    for seen in replayed(history, random):
        known = Known("o", stored.status, stored.updated_at, stored.digest) if stored else None
        if take(known, seen) in {Taken.NEW, Taken.CHANGED}:
            stored = seen
    assert stored == history[-1]


@given(NUMBERS, st.integers(1, 6))
def test_tails_are_as_short_as_their_definition_says(numbers: list[str], at_least: int) -> None:
    tails = shortest_tails(numbers, at_least)
    assert tails.keys() == set(numbers)
    for number, tail in tails.items():
        assert number.endswith(tail)
        unique = [
            length
            for length in range(min(at_least, len(number)), len(number) + 1)
            if sum(other.endswith(number[-length:]) for other in numbers) == 1
        ]
        assert len(tail) == (unique[0] if unique else len(number))


# The same through the service and a real database


@dataclass
class Bench:
    """An installation that lives through all examples, each of which has a shop of its own."""

    runner: asyncio.Runner
    house: House
    shops: int = 0

    async def new_shop(self) -> Shop:
        self.shops += 1
        shop = await self.house.link(f"6{self.shops:05d}")
        return replace(shop, linked_at=NOW)


@pytest.fixture(scope="module")
def bench(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    path = tmp_path_factory.mktemp("orders") / "storesync.db"
    copyfile(sqlite_template, path)
    with asyncio.Runner() as runner:
        database = Database(f"sqlite:///{path}")
        house = runner.run(House(database).open())
        runner.run(house.limit(shop_limit=10_000))
        yield Bench(runner, house)
        runner.run(database.close())


@settings(max_examples=30)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_and_repeat_of_snapshots_ends_alike_in_the_database(
    bench: Bench, history: list[OrderSnapshot], random: Random
) -> None:
    async def run() -> None:
        house = bench.house
        orders = house.services.orders
        apart, at_once, in_order = [await bench.new_shop() for _ in range(3)]
        for seen in replayed(history, random):
            await orders.record(apart, [seen])
        await orders.record(at_once, replayed(history, random))
        for seen in history:
            await orders.record(in_order, [seen])
        for shop in (apart, at_once, in_order):
            assert await house.order(shop, "26HISTORY") == history[-1]
            told = await house.told(EventKind.ORDER_PLACED)
            assert len([each for each in told if each["shop_id"] == shop.id]) <= 1
        counted = (await orders.page(house.owner, OrderFilter.ALL)).counts[OrderFilter.ALL]
        there = select(func.count()).select_from(sale_order)
        assert counted == await house.database.read(lambda conn: conn.scalar(there))

    bench.runner.run(run())
