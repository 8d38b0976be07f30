"""P9, `stock-model`: two shops sell from one shelf; however sales, counts and slow pushes fall together, nothing sold is given back."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count as numbered
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from domain.orders import OrderSnapshot, OrderStatus
from domain.platform import PushResult, StockPush
from domain.shops import Shop
from services.sync import ORDERS
from tests.factories import listing_snapshot, order_line, order_snapshot, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import House
from tests.integration.services.stocking import count, later, level
from tests.proofs.houses import open_houses
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

START = 20
MINUTE = timedelta(minutes=1)
CYCLES = 3
"""What stays unexplained is looked at twice, two minutes apart, before it is pushed over."""
SHOPS = st.integers(0, 1)
ACTS = st.one_of(
    st.tuples(st.just("buys"), SHOPS, st.integers(1, 6)),
    st.tuples(st.sampled_from(["ships", "cancels"]), SHOPS, st.integers(0, 30)),
    st.tuples(st.sampled_from(["hears", "pushes"]), SHOPS, st.just(0)),
    st.tuples(st.just("hears_again"), SHOPS, st.integers(0, 30)),
)
STEPS = st.lists(
    st.one_of(
        ACTS,
        st.tuples(st.just("restocks"), SHOPS, st.integers(0, 9)),
        st.tuples(st.sampled_from(["pushes_slowly", "answers_slowly"]), SHOPS, ACTS),
    ),
    min_size=6,
    max_size=25,
)
Step = tuple[str, int, Any]


class Street:
    """What is true: one shelf and two shops that sell from it. The house only hears of it."""

    def __init__(self, house: House, number: int) -> None:
        self.house = house
        self.number = number
        self.shelf = START
        self.shops: list[tuple[Shop, FakeShop, str]] = []
        self.said: list[list[OrderSnapshot]] = [[], []]
        self.pushed: Counter[str] = Counter()
        self.changes = 1
        self.wrong: list[str] = []

    async def open(self) -> "Street":
        self.house.owner = await self.house.found("Sari", 10_000 + self.number)
        for at in (0, 1):
            lamp = f"{self.number}{at}"
            shown = listing_snapshot(lamp, variant_snapshot(available=START))
            self.shops.append((*await self.house.stocked(shown, external_id=f"6{lamp}"), lamp))
        await self.house.sell_as_one(*(lamp for *_, lamp in self.shops))
        await count(self.house, START)
        return self

    @property
    def left(self) -> int:
        """What may still be sold: on the shelf and promised to nobody."""
        return self.shelf - sum(each.lines[0].quantity for at in (0, 1) for each in self._waiting(at))

    # What happens there

    async def buys(self, at: int, quantity: int) -> None:
        _, truth, lamp = self.shops[at]
        if truth.units(lamp) < quantity:
            return
        truth.set_units(lamp, truth.units(lamp) - quantity)
        now, number = self.house.clock(), f"{self.number}N{at}{len(truth.orders):03d}"
        line = replace(order_line(quantity), listing_external_id=lamp)
        self._say(
            at, order_snapshot(number, OrderStatus.TO_SHIP, lines=(line,), updated_at=now, placed_at=now)
        )

    async def ships(self, at: int, which: int) -> None:
        self._ends(at, which, OrderStatus.SHIPPED)

    async def cancels(self, at: int, which: int) -> None:
        self._ends(at, which, OrderStatus.CANCELLED)

    async def restocks(self, _at: int, units: int) -> None:
        """Put more on the shelf and count it; buyers go on buying while the count is on its way."""
        await self.hears(0)
        await self.hears(1)
        self.shelf += units
        self.changes += 1
        await count(self.house, self.shelf)
        await self.buys(_at, 1)

    # What the house does

    async def hears(self, at: int, _: int = 0) -> None:
        await self.house.services.sync.poll(self.shops[at][0].id, ORDERS)

    async def hears_again(self, at: int, which: int) -> None:
        """Something that was said before comes in late, or once more."""
        if self.said[at]:
            said = self.said[at][which % len(self.said[at])]
            await self.house.services.orders.record(self.shops[at][0], [said, said])

    async def pushes(self, at: int, _: int = 0) -> None:
        await self.house.services.stock_pushes.push(self.shops[at][0].id)

    async def pushes_slowly(self, at: int, meanwhile: Step) -> None:
        await self._slowly(at, meanwhile, is_done=False)

    async def answers_slowly(self, at: int, meanwhile: Step) -> None:
        await self._slowly(at, meanwhile, is_done=True)

    async def _slowly(self, at: int, meanwhile: Step, *, is_done: bool) -> None:
        gate = self.house.bazaar.hold("push_stock", is_done=is_done)
        pushing = asyncio.create_task(self.pushes(at))
        reached = asyncio.create_task(gate.reached.wait())
        await asyncio.wait({pushing, reached}, return_when=asyncio.FIRST_COMPLETED)
        if reached.done():
            name, where, what = meanwhile
            await getattr(self, name)(where, what)
        reached.cancel()
        gate.open.set()
        await pushing
        self.house.bazaar._gates["push_stock"].clear()

    # What must hold

    def watch(self, known: FakeShop, push: StockPush) -> None:
        """At the moment a push takes effect: it offers nothing that was sold, unless elsewhere and not heard of yet."""
        at = next(number for number, (_, truth, _) in enumerate(self.shops) if truth is known)
        self.pushed[known.external_id] += 1
        most = max(0, self.left + self._unheard(1 - at))
        if push.units > most:
            self.wrong.append(f"{push.units} offered where {most} are left")

    def _unheard(self, at: int) -> int:
        with contextlib.closing(sqlite3.connect(str(self.house.database.file))) as look:
            heard = {row[0] for row in look.execute("SELECT external_id FROM sale_order")}
        orders = self.shops[at][1].orders.values()
        unheard = (each for each in orders if each.external_id not in heard)
        return sum(each.lines[0].quantity for each in unheard if each.status is not OrderStatus.CANCELLED)

    async def settles(self) -> int:
        """Let everything be heard and pushed; return how many cycles that took."""
        for cycle in range(1, CYCLES + 1):
            self.house.clock.advance(3 * MINUTE)
            for at in (0, 1):
                await self.hears(at)
            for at in (0, 1):
                await self.pushes(at)
            if self.is_even():
                return cycle
        self.wrong.append(f"{self.shown()} shown where {self.left} are left")
        return CYCLES

    def is_even(self) -> bool:
        return self.shown() == [max(0, self.left)] * 2

    def shown(self) -> list[int]:
        return [truth.units(lamp) for _, truth, lamp in self.shops]

    async def judge(self) -> None:
        """After quiet: the books say what is true, nothing is pushed any more, and never was without a reason."""
        found = await level(self.house)
        if (found.on_hand, found.available) != (self.shelf, self.left):
            self.wrong.append(f"the ledger says {found}, true are {self.shelf} and {self.left}")
        before = self.pushed.total()
        await self.settles()
        if self.pushed.total() != before:
            self.wrong.append("pushed again though nothing changed")
        for shop, times in self.pushed.items():
            if times > self.changes:
                self.wrong.append(f"{times} pushes to {shop} for {self.changes} changes")

    def _waiting(self, at: int) -> list[OrderSnapshot]:
        return [each for each in self.shops[at][1].orders.values() if each.status is OrderStatus.TO_SHIP]

    def _ends(self, at: int, which: int, status: OrderStatus) -> None:
        waiting = self._waiting(at)
        if not waiting:
            return
        ended = waiting[which % len(waiting)]
        quantity, (_, truth, lamp) = ended.lines[0].quantity, self.shops[at]
        self._say(at, later(ended, status, self.house.clock() - ended.updated_at))
        if status is OrderStatus.CANCELLED:
            truth.set_units(lamp, truth.units(lamp) + quantity)
        else:
            self.shelf -= quantity

    def _say(self, at: int, seen: OrderSnapshot) -> None:
        self.changes += 1
        self.said[at].append(seen)
        self.shops[at][1].place(seen)


async def stock_model(trial: Trial) -> Verdict:
    """P9: delayed and repeated sales, counts and slow pushes in any order: no sold unit is offered again, all ends equal."""
    verdict = trial.verdict()
    await asyncio.to_thread(_explore, trial, verdict)
    return verdict


def _explore(trial: Trial, verdict: Verdict) -> None:
    """Let Hypothesis choose; it is not async, so it has a loop of its own."""
    examples = numbered(1)
    with asyncio.Runner() as runner, _opened(runner) as house:

        @seed(trial.seed)
        @settings(
            max_examples=trial.size(40, 5_000),
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(steps=STEPS)
        def play(steps: list[Step]) -> None:
            street = runner.run(_played(house, next(examples), steps, is_broken=trial.is_broken))
            verdict.trials += 1
            verdict.numbers["pushes"] = verdict.numbers.get("pushes", 0) + street.pushed.total()
            for wrong in street.wrong:
                verdict.check(holds=False, otherwise=f"{wrong}, after {steps}")

        play()


@contextlib.contextmanager
def _opened(runner: asyncio.Runner) -> Iterator[House]:
    opening = open_houses("sqlite")
    house, _ = runner.run(opening.__aenter__())
    try:
        yield house
    finally:
        runner.run(opening.__aexit__(None, None, None))


async def _played(house: House, number: int, steps: Sequence[Step], *, is_broken: bool) -> Street:
    street = await Street(house, number).open()
    _watch(street, is_broken=is_broken)
    for name, at, value in steps:
        house.clock.advance(MINUTE)
        await getattr(street, name)(at, value)
    await street.settles()
    await street.judge()
    return street


def _watch(street: Street, *, is_broken: bool) -> None:
    """Look at each push as the shop takes it; broken, the shop compares with what it shows at that moment itself."""
    bazaar = street.house.bazaar
    take = type(bazaar)._set_units

    def watched(known: FakeShop, push: StockPush) -> PushResult:
        if is_broken:
            shown = known.units(push.listing_external_id, push.variant_external_id)
            push = replace(push, expected=shown)
        before = len(bazaar.pushed_units)
        result = take(bazaar, known, push)
        if len(bazaar.pushed_units) > before:
            street.watch(known, push)
        return result

    vars(bazaar)["_set_units"] = watched
