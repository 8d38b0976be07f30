"""Order alerts of one seller: which orders a message rings for, and when it is due to be edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from domain.ids import new_id
from domain.money import Money, total
from domain.orders import OrderStatus
from storage.insertion import insert_all_new
from storage.tables.order_alerts import order_alert, order_alert_line
from storage.tables.orders import sale_order


@dataclass(frozen=True, slots=True)
class OrderAlert:
    """New orders that one message rings for; `edit_due_at` is when it is edited next, if it is to be."""

    id: str
    view_id: str
    opened_at: datetime
    last_at: datetime
    count: int
    edited_at: datetime
    edit_due_at: datetime | None = None


class OrderAlerts:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def get(self, alert_id: str) -> OrderAlert | None:
        row = self._conn.execute(
            select(order_alert).where(
                order_alert.c.seller_id == self._seller_id, order_alert.c.id == alert_id
            )
        ).one_or_none()
        return _alert_of(row) if row else None

    def newest(self, view_id: str) -> OrderAlert | None:
        """Return the view's newest alert, locked, so that two orders do not open one each."""
        query = (
            select(order_alert)
            .where(order_alert.c.seller_id == self._seller_id, order_alert.c.view_id == view_id)
            .order_by(order_alert.c.last_at.desc())
            .limit(1)
            .with_for_update()
        )
        row = self._conn.execute(query).one_or_none()
        return _alert_of(row) if row else None

    def rings_for(self, view_id: str, order_id: str) -> bool:
        """Tell whether an order is on an alert of this view already."""
        query = (
            select(order_alert.c.id)
            .join(order_alert_line, order_alert_line.c.alert_id == order_alert.c.id)
            .where(order_alert.c.view_id == view_id, order_alert_line.c.order_id == order_id)
        )
        return self._conn.execute(query).first() is not None

    def open(self, view_id: str, now: datetime) -> OrderAlert:
        made = OrderAlert(new_id(), view_id, now, now, 0, now)
        self._conn.execute(
            order_alert.insert().values(
                id=made.id,
                seller_id=self._seller_id,
                view_id=view_id,
                opened_at=now,
                last_at=now,
                count=0,
                edited_at=now,
            )
        )
        return made

    def add(self, alert_id: str, order_ids: Sequence[str], now: datetime) -> int:
        """Put orders on an alert; return how many it rings for now."""
        lines = [
            {"alert_id": alert_id, "order_id": each, "seller_id": self._seller_id, "added_at": now}
            for each in order_ids
        ]
        key = (order_alert_line.c.alert_id, order_alert_line.c.order_id)
        insert_all_new(self._conn, order_alert_line, lines, key)
        count = self._conn.execute(
            select(func.count()).where(order_alert_line.c.alert_id == alert_id)
        ).scalar_one()
        self._set(alert_id, last_at=now, count=count)
        return int(count)

    def plan_edit(self, alert_id: str, due_at: datetime | None, **values: datetime) -> None:
        self._set(alert_id, edit_due_at=due_at, **values)

    def order_ids(self, alert_id: str, *, offset: int = 0, limit: int | None = None) -> list[str]:
        """Return the orders of an alert, the latest first."""
        query = (
            select(order_alert_line.c.order_id)
            .where(order_alert_line.c.seller_id == self._seller_id, order_alert_line.c.alert_id == alert_id)
            .order_by(order_alert_line.c.added_at.desc(), order_alert_line.c.order_id)
            .offset(offset)
        )
        return list(self._conn.scalars(query.limit(limit) if limit else query))

    def sums(self, alert_id: str) -> tuple[list[Money], int]:
        """Return what the alert's orders amount to, per currency, and how many were cancelled meanwhile."""
        on_it = select(order_alert_line.c.order_id).where(order_alert_line.c.alert_id == alert_id)
        query = (
            select(
                sale_order.c.currency,
                sale_order.c.status,
                func.sum(sale_order.c.total).label("total"),
                func.count().label("n"),
            )
            .where(sale_order.c.seller_id == self._seller_id, sale_order.c.id.in_(on_it))
            .group_by(sale_order.c.currency, sale_order.c.status)
        )
        found = self._conn.execute(query).all()
        gone = sum(row.n for row in found if row.status == OrderStatus.CANCELLED)
        kept = (
            Money(row.total, row.currency)
            for row in found
            if row.total and row.status != OrderStatus.CANCELLED
        )
        return list(total(kept).values()), gone

    def _set(self, alert_id: str, **values: Any) -> None:
        query = update(order_alert).where(
            order_alert.c.seller_id == self._seller_id, order_alert.c.id == alert_id
        )
        self._conn.execute(query.values(**values))


def _alert_of(row: Any) -> OrderAlert:
    return OrderAlert(
        row.id, row.view_id, row.opened_at, row.last_at, row.count, row.edited_at, row.edit_due_at
    )
