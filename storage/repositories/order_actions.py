"""What a seller does to orders: each row is moved by whoever read it as it is, so that a lost race is noticed."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from domain.order_actions import UNDER_WAY, ActionKind, ActionState, FailureRate, OrderAction
from domain.orders import PAID, OrderStatus
from domain.platform import CancelReason
from storage.repositories import rows
from storage.repositories.pauses import OPEN
from storage.repositories.words import storable
from storage.tables.order_actions import order_action
from storage.tables.orders import order_tally, sale_order
from storage.tables.people import seller
from storage.tables.shops import shop

FAILED_BY = frozenset({"seller", "system"})
"""Whose cancellations count against a shop: its own, and the platform's for what was not shipped in time."""


class Unanswered(NamedTuple):
    """An order whose buyer asks to cancel and waits for an answer."""

    seller_id: str
    shop_id: str
    order_id: str
    ship_by: datetime


class OrderActions:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

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

    def get(self, action_id: str) -> OrderAction | None:
        query = select(order_action).where(self._mine, order_action.c.id == action_id)
        row = self._conn.execute(query).one_or_none()
        return _action_of(row) if row else None

    def latest(self, order_id: str) -> OrderAction | None:
        """Return what was asked last of an order; notes and answers are told by the order itself once done."""
        query = (
            select(order_action)
            .where(self._mine, order_action.c.order_id == order_id)
            .order_by(order_action.c.requested_at.desc(), order_action.c.id.desc())
            .limit(1)
        )
        row = self._conn.execute(query).one_or_none()
        return _action_of(row) if row else None

    def under_way(self, order_id: str) -> OrderAction | None:
        query = select(order_action).where(
            self._mine, order_action.c.order_id == order_id, order_action.c.state.in_(sorted(UNDER_WAY))
        )
        row = self._conn.execute(query).first()
        return _action_of(row) if row else None

    def version(self, order_id: str) -> int:
        """Return a number that grows with every step of every action on an order."""
        total = func.coalesce(func.sum(order_action.c.version), 0)
        query = select(total).where(self._mine, order_action.c.order_id == order_id)
        return int(self._conn.execute(query).scalar_one())

    def move(self, moved: OrderAction, to: ActionState, **values: Any) -> bool:
        """Move an action if it still is where it was read; False when somebody was faster."""
        query = update(order_action).where(
            self._mine,
            order_action.c.id == moved.id,
            order_action.c.state == moved.state,
            order_action.c.version == moved.version,
        )
        values = {"state": to, "version": moved.version + 1, **values}
        return self._conn.execute(query.values(values)).rowcount == 1

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

    def count_ready(self, shop_id: str = "") -> int:
        """Return how many actions wait to be sent (to a shop)."""
        query = select(func.count()).where(self._mine, order_action.c.state == ActionState.READY)
        if shop_id:
            query = query.where(order_action.c.shop_id == shop_id)
        return self._conn.execute(query).scalar_one()

    @property
    def _mine(self) -> ColumnElement[bool]:
        return order_action.c.seller_id == self._seller_id


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (seller id, action id) of what is to be sent or read back; what is held is not sent."""
    query = (
        select(order_action.c.seller_id, order_action.c.id)
        .join(shop, shop.c.id == order_action.c.shop_id)
        .join(seller, seller.c.id == order_action.c.seller_id)
        .where(
            order_action.c.state.in_(sorted(UNDER_WAY)),
            order_action.c.due_at <= now,
            or_(OPEN, order_action.c.state != ActionState.READY),
        )
        .order_by(order_action.c.due_at)
        .limit(limit)
    )
    return [(row.seller_id, row.id) for row in conn.execute(query)]


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


def release(conn: Connection, now: datetime) -> None:
    """Let what a process that is gone had sent be looked at now."""
    in_hand = order_action.c.state.in_([ActionState.SENDING, ActionState.UNKNOWN])
    conn.execute(update(order_action).where(in_hand).values(due_at=now))


def only_look(conn: Connection, now: datetime) -> None:
    """Let nothing leave of what a backup remembers as under way: it may have happened since, and is read back."""
    under_way = order_action.c.state.in_(sorted(UNDER_WAY))
    conn.execute(update(order_action).where(under_way).values(state=ActionState.UNKNOWN, due_at=now))


def _action_of(row: rows.AnyRow) -> OrderAction:
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
