"""However sales, cancellations, parcels, counts and pushes fall together: the shop never offers a sold unit again."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from domain.orders import OrderStatus
from services.sync import ORDERS
from storage.database import Connection, Database
from storage.tables.stock import stock_balance, stock_movement
from tests.factories import listing_snapshot, variant_snapshot
from tests.integration.services.house import House
from tests.integration.services.stocking import LAMP, count, later, level, numbers, order

START = 20
MINUTE = timedelta(minutes=1)

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("buys"), st.integers(1, 6)),
        st.tuples(st.sampled_from(["ships", "cancels"]), st.integers(0, 30)),
        st.tuples(st.sampled_from(["hears", "hears_all_again", "pushes"]), st.just(0)),
        st.tuples(st.just("restocks"), st.integers(0, 9)),
    ),
    max_size=14,
)


class Street:
    """What is true: a shelf, a shop that sells from it, and orders; the house only hears of it."""

    def __init__(self, house: House, shop_id: str) -> None:
        self.house = house
        self.shop_id = shop_id
        self.truth = house.bazaar.shops["600011"]
        self.shelf = START
        self.sold = 0

    @property
    def left(self) -> int:
        """What may still be sold: on the shelf and promised to nobody."""
        waiting = [each for each in self.truth.orders.values() if each.status is OrderStatus.TO_SHIP]
        return self.shelf - sum(each.lines[0].quantity for each in waiting)

    async def buys(self, quantity: int) -> None:
        if self.truth.units(LAMP) < quantity:
            return
        self.sold += 1
        self.truth.set_units(LAMP, self.truth.units(LAMP) - quantity)
        self.truth.place(order(f"26N{self.sold:05d}", OrderStatus.TO_SHIP, quantity, self.house.clock()))

    async def ships(self, which: int) -> None:
        self._ends(which, OrderStatus.SHIPPED)

    async def cancels(self, which: int) -> None:
        self._ends(which, OrderStatus.CANCELLED)

    async def hears(self, _: int = 0) -> None:
        await self.house.services.sync.poll(self.shop_id, ORDERS)

    async def hears_all_again(self, _: int) -> None:
        shop = await self.house.shop(self.shop_id)
        for _each in range(2):
            await self.house.services.orders.record(shop, list(self.truth.orders.values()))

    async def pushes(self, _: int = 0) -> None:
        await self.house.services.stock_pushes.push(self.shop_id)

    async def restocks(self, units: int) -> None:
        """Put more on the shelf and count it; buyers go on buying while the count is on its way."""
        await self.hears()
        self.shelf += units
        await count(self.house, self.shelf)
        await self.buys(1)

    def _ends(self, which: int, status: OrderStatus) -> None:
        waiting = [each for each in self.truth.orders.values() if each.status is OrderStatus.TO_SHIP]
        if not waiting:
            return
        ended = waiting[which % len(waiting)]
        quantity = ended.lines[0].quantity
        self.truth.place(later(ended, status, self.house.clock() - ended.updated_at))
        if status is OrderStatus.CANCELLED:
            self.truth.set_units(LAMP, self.truth.units(LAMP) + quantity)
        else:
            self.shelf -= quantity


async def adds_up(house: House) -> bool:
    """Tell whether the balance is what its movements amount to."""

    def work(conn: Connection) -> bool:
        kept = conn.execute(select(stock_balance.c.on_hand, stock_balance.c.allocated)).one()
        moved = conn.execute(
            select(func.sum(stock_movement.c.on_hand), func.sum(stock_movement.c.allocated))
        ).one()
        return tuple(kept) == tuple(moved)

    return await house.database.read(work)


async def live(url: str, steps: Sequence[tuple[str, int]]) -> None:
    database = Database(url)
    try:
        house = await House(database).open()
        shop, _ = await house.stocked(listing_snapshot(LAMP, variant_snapshot(available=START)))
        street = Street(house, shop.id)
        await count(house, START)
        for name, value in steps:
            house.clock.advance(MINUTE)
            await getattr(street, name)(value)
            assert street.truth.units(LAMP) <= street.left, "a sold unit is for sale again"
            assert await adds_up(house)
        for _ in range(3):
            house.clock.advance(3 * MINUTE)
            await street.hears()
            await street.pushes()
        assert numbers(await level(house)) == (street.shelf, street.shelf - street.left, street.left)
        assert street.truth.units(LAMP) == street.left
    finally:
        await database.close()


@settings(max_examples=25)
@given(steps=STEPS)
@example(steps=[("pushes", 0), ("restocks", 5), ("pushes", 0)])
@example(steps=[("buys", 3), ("pushes", 0), ("restocks", 4), ("cancels", 0), ("pushes", 0), ("hears", 0)])
def test_no_sold_unit_is_offered_again_and_all_ends_equal(
    sqlite_template: Path, steps: list[tuple[str, int]]
) -> None:
    copy = sqlite_template.with_name(f"stock-{id(steps)}.db")
    copyfile(sqlite_template, copy)
    try:
        asyncio.run(live(f"sqlite:///{copy}", steps))
    finally:
        for each in copy.parent.glob(f"{copy.name}*"):
            each.unlink()
