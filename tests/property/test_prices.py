"""Whatever people, the seller centre and the network do: no price leaves that nobody may have asked for."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.changes import ChangeState
from domain.errors import FateUnknown, PlatformUnavailable, StoreSyncError
from domain.tickets import Action
from services import applying
from services.views import PressResult, Proposal
from storage.database import Database
from tests.factories import HOUR, listing_snapshot, money
from tests.fakes.platform import FakeShop
from tests.integration.services.house import House

T = TypeVar("T")
Pairs = set[tuple[Decimal, Decimal]]

LAMP = "900001"
LIMIT_PERCENT = 30
NEAR = st.integers(95000, 165000)
SLIPS = st.sampled_from([0, -5, 1, 12900, 1290000, 10**12, 129000, 60000])


@dataclass(frozen=True)
class Deal:
    """One price asked for, and what happens around it."""

    amount: int
    decision: str
    floor: int | None
    edited_to: int | None
    is_read_first: bool
    trouble: str
    hours: int
    is_undone: bool


DEALS = st.builds(
    Deal,
    amount=NEAR | NEAR | SLIPS,
    decision=st.sampled_from(["approve", "approve", "type", "reject", "leave"]),
    floor=st.none() | st.none() | NEAR,
    edited_to=st.none() | st.none() | NEAR,
    is_read_first=st.booleans(),
    trouble=st.sampled_from(["", "", "lock", "lost", "answer lost", "no look", "no push", "late"]),
    hours=st.sampled_from([1, 4, 30]),
    is_undone=st.booleans(),
)


@dataclass
class Market:
    """One installation; every example has a seller, a shop and a lamp of its own."""

    runner: asyncio.Runner
    house: House
    truth: FakeShop = field(init=False)
    sellers: int = 0
    floor: int | None = None
    allowed: Pairs = field(default_factory=set)
    far: Pairs = field(default_factory=set)
    applied: set[str] = field(default_factory=set)

    async def open(self) -> None:
        self.sellers += 1
        self.house.bazaar.heal()
        self.house.bazaar.is_late = False
        self.house.bazaar.pushed.clear()
        self.house.owner = await self.house.found("Sari", 10_000 + self.sellers)
        _, self.truth = await self.house.stocked(listing_snapshot(LAMP), external_id=f"6{self.sellers:05d}")
        self.floor, self.allowed, self.far = None, set(), set()

    async def make(self, deal: Deal) -> None:
        if deal.is_read_first:
            shop = await self.house.shop_of(self.truth.external_id)
            await self.house.services.sync.fetch_listings(shop, [LAMP])
        asked = await refused_or(self.house.propose(deal.amount))
        if asked:
            await self._decide(asked, deal.decision)
        await self._set_floor(deal.floor)
        if deal.edited_to is not None:
            self.truth.set_price(LAMP, money(deal.edited_to))
        self._run_into(deal.trouble)
        await self._work(asked)
        self.house.bazaar.heal()
        self.house.bazaar.is_late = False
        self.house.bazaar.catch_up()
        for hours in (1, deal.hours):
            self.house.clock.advance(hours * HOUR)
            await self._work(asked)
        if asked and deal.is_undone:
            await self._undo(asked)
            await self._work(asked)

    async def _decide(self, asked: Proposal, decision: str) -> None:
        pairs = pairs_of(asked)
        if decision == "approve":
            pressed = await refused_or(self.house.press(asked, Action.APPROVE))
            if pressed and pressed.result is PressResult.APPROVED:
                self.allowed |= pairs
        elif decision == "type":
            amount = asked.prices[0].change.after.amount
            if await refused_or(self.house.services.prices.type_amount(self.house.owner, asked.id, amount)):
                self.allowed |= pairs
                self.far |= pairs
        elif decision == "reject":
            await refused_or(self.house.press(asked, Action.REJECT))

    async def _set_floor(self, floor: int | None) -> None:
        variant_id = (await self.house.shown()).variant_id
        asked = None if floor is None else Decimal(floor)
        await self.house.services.prices.set_floor(self.house.owner, variant_id, asked)
        self.floor = floor

    def _run_into(self, trouble: str) -> None:
        bazaar = self.house.bazaar
        if trouble == "lock":
            self.truth.lock(LAMP, self.house.clock() + HOUR)
        elif trouble == "late":
            bazaar.is_late = True
        elif trouble in {"lost", "answer lost"}:
            lost = FateUnknown(platform="bazaar", operation="push_prices")
            bazaar.fail("push_prices", lost, is_done=trouble == "answer lost")
        elif trouble:
            down = PlatformUnavailable(platform="bazaar", operation="call")
            bazaar.fail("fetch_listings" if trouble == "no look" else "push_prices", down)

    async def _undo(self, asked: Proposal) -> None:
        current = await self.house.services.prices.proposal(self.house.owner, asked.id)
        if await refused_or(self.house.press(current, Action.UNDO)):
            back = {(after, before) for before, after in pairs_of(asked)}
            self.allowed |= back
            self.far |= back

    async def _work(self, asked: Proposal | None) -> None:
        """Bring everything that is due a step on, then look at what left and at what the card says."""
        for seller_id, change_id in await self.house.services.applying.due():
            if seller_id == self.house.owner.seller_id:
                await self.house.services.applying.apply(seller_id, change_id)
        for before, after in self.house.bazaar.pushed:
            pair = (before.amount, after.amount)
            assert pair in self.allowed, "approved from exactly this price to exactly that one"
            assert after.amount > 0
            assert self.floor is None or after.amount >= self.floor
            percent = abs(after.amount - before.amount) * 100 / before.amount
            assert percent <= LIMIT_PERCENT or pair in self.far
        self.house.bazaar.pushed.clear()
        for each in asked.prices if asked else ():
            now = await self.house.change(each.change.id)
            if now.state is ChangeState.APPLIED and now.id not in self.applied:
                assert self.truth.price(LAMP) == now.after == now.seen_value
                self.applied.add(now.id)


def pairs_of(asked: Proposal) -> Pairs:
    return {(each.change.before.amount, each.change.after.amount) for each in asked.prices}


async def refused_or(what: Coroutine[Any, Any, T]) -> T | None:
    """Do what may be refused: a refusal is told to a person, and changes nothing."""
    try:
        return await what
    except StoreSyncError:
        return None


@pytest.fixture(scope="module")
def market(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    path = tmp_path_factory.mktemp("prices") / "storesync.db"
    copyfile(sqlite_template, path)
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        patch.setattr(applying, "LOOKS_S", (0.0, 0.0, 0.0))
        database = Database(f"sqlite:///{path}")
        yield Market(runner, runner.run(House(database).open()))
        runner.run(database.close())


@settings(max_examples=60)
@given(st.lists(DEALS, min_size=1, max_size=4))
def test_no_price_leaves_that_was_not_allowed(market: Market, deals: list[Deal]) -> None:
    async def run() -> None:
        await market.open()
        for deal in deals:
            await market.make(deal)

    market.runner.run(run())
