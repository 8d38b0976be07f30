"""Returns: a buyer asks, the seller answers, goods travel back, the platform judges. In words no platform owns."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from simulator.world.orders import Order, OrderLine, OrderState

if TYPE_CHECKING:
    from simulator.world.shops import Shop

ANSWER_WITHIN = timedelta(days=3)
REASONS = ("damaged", "wrong_item", "missing_item", "changed_mind")


class ReturnState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    COMING_BACK = "coming_back"
    JUDGING = "judging"
    DISPUTED = "disputed"
    SETTLED = "settled"
    CALLED_OFF = "called_off"


R = ReturnState
NEXT: dict[ReturnState, frozenset[ReturnState]] = {
    R.ASKED: frozenset({R.AGREED, R.COMING_BACK, R.JUDGING, R.DISPUTED, R.SETTLED, R.CALLED_OFF}),
    R.AGREED: frozenset({R.COMING_BACK, R.DISPUTED, R.SETTLED, R.CALLED_OFF}),
    R.COMING_BACK: frozenset({R.DISPUTED, R.JUDGING, R.SETTLED, R.CALLED_OFF}),
    R.JUDGING: frozenset({R.SETTLED, R.CALLED_OFF, R.COMING_BACK}),
    R.DISPUTED: frozenset({R.JUDGING, R.SETTLED, R.CALLED_OFF}),
    R.SETTLED: frozenset(),
    R.CALLED_OFF: frozenset(),
}


class ReturnError(Exception):
    """A return that cannot go that way."""


@dataclass(slots=True)
class Offer:
    """What one side proposes; `wants_goods` whether the goods are to come back for it."""

    amount: Decimal
    wants_goods: bool
    is_buyers: bool


@dataclass(slots=True)
class Return:
    """One return of one order. `history` is what it was and when, the last being what it is."""

    number: str
    order: Order
    lines: list[tuple[OrderLine, int]]
    reason: str
    words: str
    amount: Decimal
    wants_goods: bool
    created_at: datetime
    answer_by: datetime
    history: list[tuple[datetime, ReturnState]]
    photos: list[str] = field(default_factory=list)
    is_warehouse_checked: bool = False
    offer: Offer | None = None
    evidence: list[str] = field(default_factory=list)
    dispute_reason: int = 0
    dispute_words: str = ""
    tracking_number: str = ""
    uploaded: list[str] = field(default_factory=list)
    """Addresses of pictures that the seller handed over."""

    @property
    def state(self) -> ReturnState:
        return self.history[-1][1]

    @property
    def updated_at(self) -> datetime:
        return self.history[-1][0]

    def move(self, to: ReturnState, at: datetime) -> None:
        if to not in NEXT[self.state]:
            raise ReturnError(f"A return that is {self.state} cannot become {to}.")
        self.history.append((at, to))

    def touch(self, at: datetime) -> None:
        """Something about it changed, and not its state."""
        self.history.append((at, self.state))


def draw_return(random: Random, shop: "Shop", order: Order, at: datetime) -> Return:
    """Write the return of an order: all of its goods, for all of their price."""
    day = at.astimezone(ZoneInfo(shop.market.zone)).strftime("%y%m%d")
    number = day + "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=9))
    reason = random.choice(REASONS)
    lines = [(line, left) for line in order.lines if (left := _sent(order, line))]
    return Return(
        number=number,
        order=order,
        lines=lines,
        reason=reason,
        words={"damaged": "robek", "wrong_item": "warna salah", "missing_item": "kurang satu"}.get(
            reason, ""
        ),
        amount=sum((line.price * units for line, units in lines), Decimal(0)),
        wants_goods=reason != "missing_item",
        created_at=at,
        answer_by=at + ANSWER_WITHIN,
        history=[(at, ReturnState.ASKED)],
        photos=[line.image for line, _ in lines][:3] if reason != "changed_mind" else [],
    )


def _sent(order: Order, line: OrderLine) -> int:
    return line.quantity - order.cancelled.get(line.line_id, 0)


def write_past_returns(random: Random, shop: "Shop") -> None:
    """Give every order that is coming back the return it stands for."""
    for order in shop.orders.values():
        if order.state is OrderState.RETURN_ASKED:
            made = draw_return(random, shop, order, order.updated_at)
            shop.returns[made.number] = made
