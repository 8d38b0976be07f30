"""However stock goes up and down: each level is told once, at once, and again only after a refill."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.low_stock import Scarcity
from storage.database import Database
from tests.integration.services.house import House
from tests.integration.services.low import LampShop

START, THRESHOLD, REFILLED_FROM = 9, 6, 9
"""Low from 6, critical from 2; refilled from 9 on: two above 6 is not enough."""

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sells"), st.integers(1, 5)),
        st.tuples(st.just("cancels"), st.integers(0, 9)),
        st.tuples(st.just("counts"), st.integers(0, 6)),
        st.tuples(st.sampled_from(["hears_all_again", "looks"]), st.just(0)),
    ),
    max_size=18,
)


class Shelf:
    """What is true of the lamps: how many lie there, how many of them are promised."""

    def __init__(self, shop: LampShop) -> None:
        self.shop = shop
        self.on_hand = START
        self.open: list[tuple[str, int]] = []

    @property
    def left(self) -> int:
        return self.on_hand - sum(quantity for _, quantity in self.open)

    async def sells(self, quantity: int) -> None:
        self.open.append((await self.shop.sells(quantity), quantity))

    async def cancels(self, which: int) -> None:
        if self.open:
            number, quantity = self.open.pop(which % len(self.open))
            await self.shop.cancels(number, quantity)

    async def counts(self, more: int) -> None:
        self.on_hand += more
        await self.shop.counts(self.on_hand)

    async def hears_all_again(self, _: int) -> None:
        for number, quantity in self.open:
            await self.shop.hears_of(number, quantity)

    async def looks(self, _: int) -> None:
        await self.shop.house.services.low_stock.look(self.shop.house.owner.seller_id)


async def live(url: str, steps: Sequence[tuple[str, int]]) -> None:
    database = Database(url)
    try:
        shop = await LampShop.open(await House(database).open(), 40)
        await shop.counts(START, alert_at=THRESHOLD)
        shelf, told = Shelf(shop), 0
        for name, value in steps:
            shop.house.clock.advance(timedelta(hours=1))
            await getattr(shelf, name)(value)
            left = shelf.left
            level = 3 if left <= 0 else 2 if left <= 2 else 1 if left <= THRESHOLD else 0
            told = 0 if left >= REFILLED_FROM else told
            expected = [Scarcity(level)] if level > told else []
            told = max(told, level)
            rung = [row.scarcity for card in await shop.hears() for row in card.rows]
            assert rung == expected, (name, value, left)
    finally:
        await database.close()


@settings(max_examples=25)
@given(steps=STEPS)
@example(steps=[("sells", 3), ("cancels", 0), ("sells", 3), ("sells", 5), ("counts", 5), ("sells", 5)])
@example(steps=[("sells", 5), ("sells", 5), ("counts", 6), ("counts", 6), ("sells", 5), ("looks", 0)])
def test_each_level_is_told_once_until_stock_is_refilled(
    sqlite_template: Path, steps: list[tuple[str, int]]
) -> None:
    copy = sqlite_template.with_name(f"low-{id(steps)}.db")
    copyfile(sqlite_template, copy)
    try:
        asyncio.run(live(f"sqlite:///{copy}", steps))
    finally:
        for each in copy.parent.glob(f"{copy.name}*"):
            each.unlink()
