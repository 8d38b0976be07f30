"""What a seller does to orders: each row is moved by whoever read it as it is, so that a lost race is noticed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from domain.actions import ActionState
from domain.order_actions import ActionKind, FailureRate, OrderAction
from domain.orders import PAID, OrderStatus
from domain.platform import CancelReason
from storage.repositories.action_rows import ActionRows
from storage.repositories.rows import AnyRow
from storage.repositories.words import storable
from storage.tables.order_actions import order_action
from storage.tables.orders import order_tally, sale_order

FAILED_BY = frozenset({"seller", "system"})
"""Whose cancellations count against a shop: its own, and the platform's for what was not shipped in time."""


class Unanswered(NamedTuple):
    """An order whose buyer asks to cancel and waits for an answer."""

    seller_id: str
    shop_id: str
    order_id: str
    ship_by: datetime


class OrderActions(ActionRows[OrderAction]):
    table, about = order_action, "order_id"

    def lock(self, order_id: str) -> None:
        """Let whoever else wants something of this order wait until we have decided."""
        query = select(sale_order.c.id).where(
            sale_order.c.seller_id == self._seller_id, sale_order.c.id == order_id
        )
        self._conn.execute(query.with_for_update())

    def add(self, added: OrderAction) -> None:
        values = {
            "id": added.id,
            "seller_id": self._seller_id,
            "shop_id": added.shop_id,
            "order_id": added.order_id,
            "kind": added.kind,
            "reason": added.reason or "",
            "note": storable(added.note),
            "state": added.state,
            "version": added.version,
            "requested_by": added.requested_by,
            "requested_at": added.requested_at,
            "due_at": added.due_at,
        }
        self._conn.execute(order_action.insert().values(values))

    def failure_rate(self, shop_id: str, since: datetime) -> FailureRate:
        """Count a shop's orders placed since then, and those of them that it failed to fulfil."""
        query = (
            select(
                sale_order.c.status,
                func.lower(sale_order.c.cancelled_by).label("by"),
                or_(sale_order.c.paid_at.is_not(None), sale_order.c.is_cod).label("is_sold"),
                func.count().label("n"),
            )
            .where(
                sale_order.c.seller_id == self._seller_id,
                sale_order.c.placed_at >= since,
                sale_order.c.shop_id == shop_id,
            )
            .group_by("status", "by", "is_sold")
        )
        failed = orders = 0
        for row in self._conn.execute(query):
            is_failed = row.status == OrderStatus.CANCELLED and row.is_sold and row.by in FAILED_BY
            failed += row.n if is_failed else 0
            orders += row.n if is_failed or OrderStatus(row.status) in PAID else 0
        return FailureRate(failed, orders)

    @staticmethod
    def read(row: AnyRow) -> OrderAction:
        return OrderAction(
            id=row.id,
            seller_id=row.seller_id,
            shop_id=row.shop_id,
            order_id=row.order_id,
            kind=ActionKind(row.kind),
            reason=CancelReason(row.reason) if row.reason else None,
            note=row.note,
            state=ActionState(row.state),
            version=row.version,
            requested_by=row.requested_by,
            requested_at=row.requested_at,
            due_at=row.due_at,
            attempts=row.attempts,
            looks=row.looks,
            refusal=row.refusal,
            ended_at=row.ended_at,
        )


def unanswered(conn: Connection, now: datetime, until: datetime, limit: int) -> list[Unanswered]:
    """Return orders whose buyers ask to cancel and that would have to ship by then."""
    asked = OrderStatus.CANCEL_ASKED
    sellers = select(order_tally.c.seller_id).where(order_tally.c.status == asked, order_tally.c.count > 0)
    query = (
        select(sale_order.c.seller_id, sale_order.c.shop_id, sale_order.c.id, sale_order.c.ship_by)
        .where(
            sale_order.c.seller_id.in_(sellers),
            sale_order.c.status == asked,
            sale_order.c.ship_by > now,
            sale_order.c.ship_by <= until,
        )
        .limit(limit)
    )
    return [Unanswered(*row) for row in conn.execute(query)]
