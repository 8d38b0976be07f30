"""What a seller keeps of an order: goods, less what the platform takes, less what the goods cost.

Before a platform has settled an order its fees are estimated from what it took of settled ones; afterwards its
own figures are shown. The platform's payout is never computed here: what its named fees do not explain is OTHER.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.money import Money

ENOUGH = 5
"""Fewer settled orders teach nothing."""


class FeeKind(StrEnum):
    COMMISSION = "commission"
    SERVICE = "service"
    PAYMENT = "payment"
    PROCESSING = "processing"
    CAMPAIGN = "campaign"
    AFFILIATE = "affiliate"
    VOUCHER = "voucher"
    SHIPPING = "shipping"
    TAX = "tax"
    REFUND = "refund"
    OTHER = "other"


PER_ORDER = frozenset({FeeKind.PROCESSING})
"""Taken once an order, however much it is worth; all others grow with the goods."""


@dataclass(frozen=True, slots=True)
class Fee:
    """What a platform takes of one kind; below zero it gives."""

    kind: FeeKind
    amount: Money


@dataclass(frozen=True, slots=True)
class Settlement:
    """A platform's statement of one order: `goods` less all `fees` is the `payout`, to the last unit."""

    order_external_id: str
    goods: Money
    fees: tuple[Fee, ...]
    payout: Money

    def __post_init__(self) -> None:
        if self.goods - sum_of((fee.amount for fee in self.fees), self.goods.currency) != self.payout:
            raise ValueError("goods less fees is not the payout")

    @property
    def is_refunded(self) -> bool:
        """Whether goods came back: such an order teaches nothing about fees."""
        return any(fee.kind is FeeKind.REFUND and fee.amount.amount for fee in self.fees)


@dataclass(frozen=True, slots=True)
class Taught:
    """What settled orders of one shop and category add up to; an empty category stands for all of the shop's."""

    orders: int
    goods: Money
    fees: tuple[Fee, ...]

    def rate(self, kind: FeeKind) -> Decimal:
        """Return what of a kind is taken per unit of money, or per order."""
        taken = sum((fee.amount.amount for fee in self.fees if fee.kind is kind), Decimal(0))
        by = Decimal(self.orders) if kind in PER_ORDER else self.goods.amount
        return taken / by if by else Decimal(0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one unit of a variant costs, from a moment on."""

    each: Money
    since: datetime


@dataclass(frozen=True, slots=True)
class Earning:
    """What is kept of an order, as far as it is known.

    `cost` is None while that of some of its goods is not known, and so is what is kept. `learnt_from` counts
    the settled orders behind an estimate; 0 means that the platform has settled it.
    """

    goods: Money
    fees: tuple[Fee, ...]
    cost: Money | None
    learnt_from: int = 0

    @property
    def is_estimated(self) -> bool:
        return self.learnt_from > 0

    @property
    def taken(self) -> Money:
        """The sum of the fees."""
        return sum_of((fee.amount for fee in self.fees), self.goods.currency)

    @property
    def paid_out(self) -> Money:
        return self.goods - self.taken

    @property
    def kept(self) -> Money | None:
        return None if self.cost is None else self.paid_out - self.cost


def sum_of(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money(Decimal(0), currency))


def estimate_fees(goods: Mapping[str, Money], taught: Mapping[str, Taught]) -> tuple[Fee, ...] | None:
    """Estimate the fees of an order from its goods by category; None while too few orders were settled.

    A category of which too little is known is charged as the shop's orders are on the whole. Each kind is
    rounded by itself, so that what is shown adds up.
    """
    whole = taught.get("")
    if whole is None or whole.orders < ENOUGH or not goods:
        return None
    fees = []
    for kind in sorted({fee.kind for fee in whole.fees} - {FeeKind.REFUND}):
        if kind in PER_ORDER:
            amount = whole.rate(kind)
        else:
            amount = sum(
                (each.amount * _of(taught, category, whole).rate(kind) for category, each in goods.items()),
                Decimal(0),
            )
        fee = Fee(kind, Money(amount, whole.goods.currency).rounded())
        if fee.amount.amount:
            fees.append(fee)
    return tuple(fees)


def _of(taught: Mapping[str, Taught], category: str, whole: Taught) -> Taught:
    known = taught.get(category)
    return known if known is not None and known.orders >= ENOUGH else whole


def cost_at(costs: Sequence[Cost], currency: str, moment: datetime) -> Money | None:
    """Return what a unit cost at a moment; before the first known cost, that one. Nothing is converted."""
    known = sorted((each for each in costs if each.each.currency == currency), key=lambda cost: cost.since)
    if not known:
        return None
    return next((each.each for each in reversed(known) if each.since <= moment), known[0].each)
