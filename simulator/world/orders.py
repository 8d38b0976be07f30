"""An order and its life, in words no platform owns. `NEXT` is the whole state machine."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from simulator.world.people import Buyer


class OrderState(StrEnum):
    UNPAID = "unpaid"
    HELD = "held"
    INVOICE_DUE = "invoice_due"
    TO_SHIP = "to_ship"
    ARRANGED = "arranged"
    PICKUP_FAILED = "pickup_failed"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    CANCEL_ASKED = "cancel_asked"
    CANCELLED = "cancelled"
    RETURN_ASKED = "return_asked"
    COMPLETED = "completed"


S = OrderState
NEXT: dict[OrderState, frozenset[OrderState]] = {
    S.UNPAID: frozenset({S.HELD, S.INVOICE_DUE, S.TO_SHIP, S.CANCELLED}),
    S.HELD: frozenset({S.TO_SHIP, S.CANCELLED}),
    S.INVOICE_DUE: frozenset({S.TO_SHIP, S.CANCELLED}),
    S.TO_SHIP: frozenset({S.ARRANGED, S.CANCEL_ASKED, S.CANCELLED}),
    S.ARRANGED: frozenset({S.IN_TRANSIT, S.PICKUP_FAILED, S.CANCEL_ASKED}),
    S.PICKUP_FAILED: frozenset({S.ARRANGED, S.CANCEL_ASKED}),
    S.CANCEL_ASKED: frozenset({S.CANCELLED, S.TO_SHIP, S.ARRANGED, S.PICKUP_FAILED}),
    S.IN_TRANSIT: frozenset({S.DELIVERED, S.CANCELLED, S.RETURN_ASKED}),
    S.DELIVERED: frozenset({S.COMPLETED, S.RETURN_ASKED}),
    S.RETURN_ASKED: frozenset({S.COMPLETED, S.CANCELLED}),
    S.COMPLETED: frozenset({S.COMPLETED}),
    S.CANCELLED: frozenset(),
}
"""COMPLETED follows itself when goods come back after completion."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    line_id: int
    listing_id: int
    variant_id: int
    title: str
    options: str
    listing_sku: str
    sku: str
    quantity: int
    list_price: Decimal
    price: Decimal
    promotion_id: int
    location: str
    grams: int
    image: str


@dataclass(slots=True)
class Parcel:
    """`tracked_from` is when the courier's system shows the number, which may be a while after the arrangement."""

    number: str
    courier: str
    lines: list[OrderLine]
    tracking_number: str = ""
    tracked_from: datetime | None = None
    arranged_at: datetime | None = None
    picked_up_at: datetime | None = None
    prints: int = 0
    """How often its label was downloaded."""

    def number_at(self, moment: datetime) -> str:
        """Return the tracking number if it can be seen at that moment."""
        return self.tracking_number if self.tracked_from is None or self.tracked_from <= moment else ""


@dataclass(slots=True)
class Order:
    order_sn: str
    buyer: Buyer
    lines: list[OrderLine]
    parcels: list[Parcel]
    shipping_fee: Decimal
    cod: bool
    payment_method: str
    note_from_buyer: str
    created_at: datetime
    days_to_ship: int
    history: list[tuple[datetime, OrderState]]
    paid_at: datetime | None = None
    cancelled_by: str = ""
    cancel_reason: str = ""
    resume_to: OrderState | None = None
    cancelled: dict[int, int] = field(default_factory=dict)
    """Units that were cancelled out of an order that goes on, by line."""
    note: str = ""
    """What the seller noted for himself, and when."""
    noted_at: datetime | None = None
    front: str = ""
    """The shop front it came from, where that is not the platform's own."""
    taken: dict[tuple[int, str], int] = field(default_factory=dict)
    """Units this order took from the shelf, per variant and location; given back on cancellation."""

    @property
    def state(self) -> OrderState:
        return self.history[-1][1]

    @property
    def updated_at(self) -> datetime:
        return self.history[-1][0]

    def units_left(self, line: OrderLine) -> int:
        """Return how many units of a line are still to be sent, or were."""
        return (
            0 if self.state is OrderState.CANCELLED else line.quantity - self.cancelled.get(line.line_id, 0)
        )

    @property
    def goods_total(self) -> Decimal:
        kept = ((line, line.quantity - self.cancelled.get(line.line_id, 0)) for line in self.lines)
        return sum((line.price * units for line, units in kept), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.goods_total + self.shipping_fee

    def touch(self, at: datetime) -> None:
        """Something about the order changed, and not its state."""
        self.history.append((at, self.state))

    def parcel(self, number: str) -> Parcel | None:
        return next((parcel for parcel in self.parcels if parcel.number == number), None)

    def seen_at(self, moment: datetime) -> tuple[datetime, OrderState] | None:
        """Say when the order had last changed, and to what, as far as an index filled up to `moment` knows."""
        for at, state in reversed(self.history):
            if at <= moment:
                return at, state
        return None
