"""Emoji of the legend: one at the start of a line, never the only carrier of meaning."""

from datetime import datetime, timedelta

from domain.low_stock import Scarcity
from domain.orders import OrderStatus

_NOW = timedelta(hours=2)
_SOON = timedelta(hours=6)

STATUS = {
    OrderStatus.UNPAID: "⏳",
    OrderStatus.PENDING: "⏳",
    OrderStatus.TO_SHIP: "📦",
    OrderStatus.ARRANGED: "📦",
    OrderStatus.SHIPPED: "🚚",
    OrderStatus.DELIVERED: "✅",
    OrderStatus.COMPLETED: "✅",
    OrderStatus.CANCEL_ASKED: "⚠️",
    OrderStatus.CANCELLED: "✖️",
    OrderStatus.RETURNING: "↩️",
    OrderStatus.UNKNOWN: "⚠️",
}
WAITING = frozenset({OrderStatus.TO_SHIP, OrderStatus.ARRANGED})
"""States in which the time to ship by matters."""


SCARCITY = {None: "🟢", Scarcity.LOW: "🟡", Scarcity.CRITICAL: "🔴", Scarcity.OUT: "🔴"}


def urgency(due: datetime | None, now: datetime) -> str:
    """Return the mark of something to pack: now, soon, or neither."""
    if due is None or due - now > _SOON:
        return "📦"
    return "🔴" if due - now <= _NOW else "🟡"


def is_late(due: datetime | None, now: datetime) -> bool:
    return due is not None and due < now


def order_mark(status: OrderStatus, ship_by: datetime | None, now: datetime) -> str:
    return urgency(ship_by, now) if status in WAITING else STATUS[status]
