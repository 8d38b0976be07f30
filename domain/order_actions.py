"""What a seller does to an order, from the tap to what the platform shows of it (R6, R10)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.actions import DONE, UNDER_WAY, ActionState, Verdict
from domain.orders import OPEN, OrderSnapshot, OrderStatus
from domain.platform import CancelReason


class ActionKind(StrEnum):
    CANCEL = "cancel"
    ACCEPT = "accept"  # a buyer asks to cancel: yes
    REJECT = "reject"  # no, the order goes on
    NOTE = "note"


CANCELLABLE = frozenset({OrderStatus.UNPAID, OrderStatus.TO_SHIP})
"""States in which a seller may try to cancel; the platform has the last word.

What the platform holds back, and what is arranged already, it cancels only when the buyer asks.
"""

NOTE_LENGTH = 500
RATE_DAYS = 30
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class OrderAction:
    """One thing asked of a platform about an order. `refusal` is why not: the platform's reason in our words."""

    id: str
    seller_id: str
    shop_id: str
    order_id: str
    kind: ActionKind
    reason: CancelReason | None
    note: str
    state: ActionState
    version: int
    requested_by: str
    requested_at: datetime
    due_at: datetime
    attempts: int = 0
    looks: int = 0
    refusal: str = ""
    ended_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


def verdict(action: OrderAction, seen: OrderSnapshot) -> Verdict | None:
    """Judge by the order alone whether an action had its effect; None while nothing shows either way."""
    if action.kind is ActionKind.NOTE:
        return DONE if seen.seller_note.strip() == action.note.strip() else None
    if action.kind is ActionKind.CANCEL:
        is_open, is_done, else_why = (
            seen.status in OPEN,
            seen.status is OrderStatus.CANCELLED,
            "too_late",
        )
    else:
        is_open, else_why = seen.status is OrderStatus.CANCEL_ASKED, "not_asked"
        is_done = (seen.status is OrderStatus.CANCELLED) is (action.kind is ActionKind.ACCEPT)
    if is_open:
        return None
    return DONE if is_done else Verdict(else_why)


@dataclass(frozen=True, slots=True)
class FailureRate:
    """Orders of the last days that the shop failed to fulfil, among all that counted: our estimate."""

    failed: int
    orders: int

    @property
    def percent(self) -> Decimal:
        """Return the rate in percent with one digit.

        >>> FailureRate(41, 1000).percent
        Decimal('4.1')
        """
        if not self.orders:
            return Decimal("0.0")
        return (Decimal(100 * self.failed) / self.orders).quantize(_TENTH)

    def with_one_more(self, *, is_counted: bool) -> "FailureRate":
        """Return the rate after one more failed order, which is among the `orders` when it `is_counted`."""
        return FailureRate(self.failed + 1, self.orders + (not is_counted))
