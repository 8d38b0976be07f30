"""`crash-orders`: what a person wants of an order has its effect once, wherever the process dies on the way."""

from dataclasses import dataclass
from datetime import timedelta

from domain.actions import NO_EFFECT, ActionState
from domain.order_actions import ActionKind, OrderAction
from domain.orders import OrderStatus
from domain.people import Role
from domain.shops import Shop
from domain.tickets import Action
from services.order_sending import OrderSendService
from tests.factories import order_line, order_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import MESSAGE, House
from tests.proofs.dying import dying_at, noting, open_mortal
from tests.proofs.houses import KINDS
from tests.proofs.saboteurs import act_without_looking
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

NOTE = "pack it twice"
LATER = timedelta(minutes=6)
"""Beyond every lease and every pause before a look."""
ROUNDS = 8
FEWER = 3
"""On the second database one failpoint in so many is died at, in the tests."""
WISHES = {
    ActionKind.CANCEL: (Action.CANCEL_BUYER_ASKED, OrderStatus.TO_SHIP, "cancel"),
    ActionKind.ACCEPT: (Action.ACCEPT_CANCEL, OrderStatus.CANCEL_ASKED, "answer"),
    ActionKind.REJECT: (Action.REJECT_CANCEL, OrderStatus.CANCEL_ASKED, "answer"),
    ActionKind.NOTE: (None, OrderStatus.TO_SHIP, "note"),
}
"""For each wish its button (a note is typed), an order it fits, and its effect at the platform."""


async def crash_orders(trial: Trial) -> Verdict:
    """Dead at each failpoint of a cancellation, an answer to a buyer or a note: one effect, and the card tells the truth."""
    verdict = trial.verdict()
    kept = OrderSendService._claim
    if trial.is_broken:
        act_without_looking()
    try:
        for kind in KINDS:
            async with open_mortal(kind) as mortal:
                shop, truth = await mortal.house.stocked()
                counter = Counter(mortal.house, shop, truth)
                for wish in WISHES:
                    with noting() as points:
                        await counter.try_one(wish, "undisturbed", verdict)
                    step = 1 if kind == "sqlite" or trial.is_release else FEWER
                    for point in (points * trial.size(1, 5))[::step]:
                        order_id = await counter.place(wish)
                        with dying_at(point):
                            await counter.ask(wish, order_id)
                            await counter.carry(order_id)
                        await mortal.restart()
                        await counter.judge(wish, order_id, point, verdict)
                        verdict.trials += 1
                    verdict.numbers[f"failpoints_{wish}"] = len(points)
    finally:
        OrderSendService._claim = kept  # type: ignore[method-assign]
    return verdict


@dataclass
class Counter:
    """A shop, its buyers, and a person who wants something of each order."""

    house: House
    shop: Shop
    truth: FakeShop
    placed: int = 0

    async def try_one(self, wish: ActionKind, point: str, verdict: Verdict) -> None:
        order_id = await self.place(wish)
        await self.ask(wish, order_id)
        await self.carry(order_id)
        await self.judge(wish, order_id, point, verdict)

    async def place(self, wish: ActionKind) -> str:
        self.placed += 1
        status = WISHES[wish][1]
        now = self.house.clock()
        seen = order_snapshot(
            self.number,
            status,
            lines=(order_line(1),),
            placed_at=now,
            updated_at=now,
            raw_status=status.upper(),
        )
        self.truth.place(seen)
        await self.house.services.sync.fetch_orders(self.shop, [self.number])
        page = await self.house.services.search.find(self.house.owner, self.number)
        return page.orders[0].order_id

    @property
    def number(self) -> str:
        return f"26CRASH{self.placed:06d}"

    async def ask(self, wish: ActionKind, order_id: str) -> None:
        services, owner = self.house.services, self.house.owner
        button = WISHES[wish][0]
        if button is None:
            await services.order_actions.note(owner, order_id, NOTE)
            return
        version = (await services.order_actions.of(owner.seller_id, order_id)).version
        data = await services.buttons.token(owner.view.id, button, order_id, version, Role.MANAGER)
        await services.buttons.press(owner, data, MESSAGE)

    async def carry(self, order_id: str) -> OrderAction | None:
        """Do what is due of this order, as often as it takes."""
        for _ in range(ROUNDS):
            latest = await self._latest(order_id)
            if latest is None or not latest.is_under_way:
                return latest
            await self.house.services.order_sending.act(latest.seller_id, latest.id)
            self.house.clock.advance(LATER)
        return await self._latest(order_id)

    async def judge(self, wish: ActionKind, order_id: str, point: str, verdict: Verdict) -> None:
        """Look, and ask once more where nothing came of it, as a person does who sees that on the card."""
        latest = await self.carry(order_id)
        if latest is None or latest.refusal == NO_EFFECT:
            times = self._effects(wish)
            verdict.check(times == 0, f"{wish} at {point}: told that nothing came of it, and it did")
            await self.ask(wish, order_id)
            latest = await self.carry(order_id)
        state = latest.state if latest else None
        verdict.check(state is ActionState.DONE, f"{wish} at {point}: ended {state}")
        verdict.check(self._effects(wish) == 1, f"{wish} at {point}: {self._effects(wish)} effects")
        ours, theirs = await self.house.order(self.shop, self.number), self.truth.orders[self.number]
        is_true = ours is not None and (ours.status, ours.seller_note) == (theirs.status, theirs.seller_note)
        verdict.check(
            is_true, f"{wish} at {point}: the card says {ours and ours.status}, it is {theirs.status}"
        )

    def _effects(self, wish: ActionKind) -> int:
        return self.house.bazaar.order_actions.done.count((WISHES[wish][2], self.number))

    async def _latest(self, order_id: str) -> OrderAction | None:
        return (await self.house.services.order_actions.of(self.house.owner.seller_id, order_id)).latest
