"""Whatever people, the seller centre and the network do: no price leaves that nobody may have asked for."""

import asyncio
import tempfile
from collections.abc import Coroutine
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain.changes import Change, ChangeState
from domain.errors import FateUnknown, PlatformUnavailable, StoreSyncError
from domain.tickets import Action
from services import applying
from services.views import PressResult, Proposal
from storage.database import Database
from tests.factories import HOUR, money
from tests.integration.services.house import House

T = TypeVar("T")

LAMP = "900001"
LIMIT_PERCENT = 30
NEAR = st.integers(90000, 170000)
ASKED = NEAR | st.sampled_from([0, -5, 1, 12900, 1290000, 10**12, 129000])


class Prices(RuleBasedStateMachine):
    """One shop, one lamp, one owner, and a network that loses things."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "storesync.db"
        copyfile(self.template, path)
        self._runner = asyncio.Runner()
        self._house = House(Database(f"sqlite:///{path}"))
        self._run(self._house.open())
        self._truth = self._runner.run(self._house.stocked())[1]
        self._floor: int | None = None
        self._last: Proposal | None = None
        self._approved: set[tuple[Decimal, Decimal]] = set()
        self._far: set[tuple[Decimal, Decimal]] = set()
        self._seen = 0

    def teardown(self) -> None:
        self._runner.run(self._house.database.close())
        self._runner.close()
        self._folder.cleanup()

    def _run(self, what: Coroutine[Any, Any, T]) -> T | None:
        """Run what may be refused; a refusal is told to a person and changes nothing."""
        try:
            return self._runner.run(what)
        except StoreSyncError:
            return None

    def _changes(self) -> list[Change]:
        return [each.change for each in self._last.prices] if self._last else []

    @rule(amount=st.none() | NEAR)
    def set_floor(self, amount: int | None) -> None:
        variant_id = self._runner.run(self._house.shown()).variant_id
        asked = None if amount is None else Decimal(amount)
        self._runner.run(self._house.services.prices.set_floor(self._house.owner, variant_id, asked))
        self._floor = amount

    @rule(amount=ASKED)
    def ask(self, amount: int) -> None:
        self._last = self._run(self._house.propose(amount)) or self._last

    @rule()
    def approve(self) -> None:
        if self._last is None:
            return
        pressed = self._run(self._house.press(self._last, Action.APPROVE))
        if pressed and pressed.result is PressResult.APPROVED:
            self._approved |= {(each.before.amount, each.after.amount) for each in self._changes()}

    @rule()
    def type_the_amount(self) -> None:
        for change in self._changes():
            typing = self._house.services.prices.type_amount(
                self._house.owner, change.proposal_id, change.after.amount
            )
            if self._run(typing):
                self._approved.add((change.before.amount, change.after.amount))
                self._far.add((change.before.amount, change.after.amount))

    @rule()
    def reject(self) -> None:
        if self._last is not None:
            self._run(self._house.press(self._last, Action.REJECT))

    @rule()
    def undo(self) -> None:
        if self._last is None:
            return
        current = self._run(self._house.services.prices.proposal(self._house.owner, self._last.id))
        if current and self._run(self._house.press(current, Action.UNDO)):
            back = {(each.after.amount, each.before.amount) for each in self._changes()}
            self._approved |= back
            self._far |= back

    @rule(amount=NEAR)
    def edit_in_the_seller_centre(self, amount: int) -> None:
        self._truth.set_price(LAMP, money(amount))

    @rule(hours=st.integers(0, 3))
    def lock(self, hours: int) -> None:
        self._truth.lock(LAMP, self._house.clock() + hours * HOUR if hours else None)

    @rule(is_done=st.booleans())
    def lose_the_next_push(self, *, is_done: bool) -> None:
        lost = FateUnknown(platform="bazaar", operation="push_prices")
        self._house.bazaar.fail("push_prices", lost, is_done=is_done)

    @rule(operation=st.sampled_from(["fetch_listings", "push_prices"]))
    def go_down(self, operation: str) -> None:
        self._house.bazaar.fail(operation, PlatformUnavailable(platform="bazaar", operation=operation))

    @rule(hours=st.sampled_from([0, 1, 4, 30]))
    def work(self, hours: int) -> None:
        self._house.clock.advance(hours * HOUR)
        for seller_id, change_id in self._runner.run(self._house.services.applying.due()):
            self._runner.run(self._house.services.applying.apply(seller_id, change_id))

    @rule()
    def look_at_the_shop(self) -> None:
        self._house.bazaar.heal()
        shop = self._runner.run(self._house.shop_of("600011"))
        self._runner.run(self._house.services.sync.fetch_listings(shop, [LAMP]))

    @invariant()
    def every_price_that_left_was_allowed(self) -> None:
        pushed = self._house.bazaar.pushed
        for before, after in pushed[self._seen :]:
            pair = (before.amount, after.amount)
            assert pair in self._approved, "approved from exactly this price to exactly that one"
            assert after.amount > 0
            assert self._floor is None or after.amount >= self._floor
            percent = abs(after.amount - before.amount) * 100 / before.amount
            assert percent <= LIMIT_PERCENT or pair in self._far
        self._seen = len(pushed)

    @invariant()
    def applied_means_seen(self) -> None:
        for change in self._changes():
            now = self._runner.run(self._house.change(change.id))
            assert now.state is not ChangeState.APPLIED or now.seen_value == now.after


def test_no_price_leaves_that_was_not_allowed(sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "LOOKS_S", (0.0, 0.0, 0.0))
    Prices.template = sqlite_template
    run_state_machine_as_test(
        Prices, settings=settings(max_examples=25, stateful_step_count=20, deadline=None)
    )
