"""Low stock alerts of one seller: which levels each message rang for, and when it is due to be edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, or_, select, update

from domain.chats import View
from domain.ids import new_id
from domain.low_stock import Episode
from storage.repositories.episodes import LowHead, episode_of
from storage.tables.catalogue import listing_variant, product, variant
from storage.tables.low_stock import low_alert, low_alert_line, stock_episode


@dataclass(frozen=True, slots=True)
class LowAlert:
    """One message about low stock; `edit_due_at` is when it is edited next, if it is to be."""

    id: str
    view_id: str
    opened_at: datetime
    edited_at: datetime
    edit_due_at: datetime | None


class LowAlerts:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def get(self, alert_id: str) -> LowAlert | None:
        return self._one(low_alert.c.id == alert_id)

    def told_by(self, view_id: str, outbox_id: int) -> LowAlert | None:
        """Return the alert that an event of the outbox became."""
        return self._one((low_alert.c.view_id == view_id) & (low_alert.c.outbox_id == outbox_id))

    def untold(self, view: View, since: datetime) -> list[Episode]:
        """Return the episodes whose level was reached since then and rang on no message of this view."""
        told = (
            select(low_alert_line.c.alert_id)
            .join(low_alert, low_alert.c.id == low_alert_line.c.alert_id)
            .where(
                low_alert.c.view_id == view.id,
                low_alert_line.c.variant_id == stock_episode.c.variant_id,
                low_alert_line.c.number == stock_episode.c.number,
                low_alert_line.c.level >= stock_episode.c.level,
            )
        )
        query = select(stock_episode).where(
            stock_episode.c.seller_id == self._seller_id,
            stock_episode.c.closed_at.is_(None),
            stock_episode.c.level_at >= since,
            ~exists(told),
        )
        if view.shops:
            sold_here = select(listing_variant.c.id).where(
                listing_variant.c.variant_id == stock_episode.c.variant_id,
                listing_variant.c.shop_id.in_(sorted(view.shops)),
            )
            query = query.where(exists(sold_here))
        return [episode_of(row) for row in self._conn.execute(query)]

    def opened_since(self, view_id: str, since: datetime) -> list[datetime]:
        query = select(low_alert.c.opened_at).where(
            low_alert.c.view_id == view_id, low_alert.c.opened_at > since
        )
        return list(self._conn.scalars(query))

    def open(self, view_id: str, outbox_id: int, rung: Sequence[Episode], now: datetime) -> LowAlert:
        """Begin a message that rings for these episodes, each in its level."""
        made = LowAlert(new_id(), view_id, now, now, None)
        values = {"id": made.id, "seller_id": self._seller_id, "view_id": view_id, "outbox_id": outbox_id}
        self._conn.execute(low_alert.insert().values(values | {"opened_at": now, "edited_at": now}))
        lines = [
            {"alert_id": made.id, "variant_id": each.variant_id, "seller_id": self._seller_id}
            | {"number": each.number, "level": each.level}
            for each in rung
        ]
        self._conn.execute(low_alert_line.insert(), lines)
        return made

    def with_line(self, variant_id: str, number: int, lost_before: datetime) -> list[LowAlert]:
        """Return the messages that rang for an episode and have no edit planned, or one that was due long ago.

        An edit that was planned may be gone: given up, or left behind by a restored backup.
        """
        query = (
            select(low_alert)
            .join(low_alert_line, low_alert_line.c.alert_id == low_alert.c.id)
            .where(
                low_alert.c.seller_id == self._seller_id,
                or_(low_alert.c.edit_due_at.is_(None), low_alert.c.edit_due_at < lost_before),
                low_alert_line.c.variant_id == variant_id,
                low_alert_line.c.number == number,
            )
            .order_by(low_alert.c.opened_at)
        )
        return [_alert_of(row) for row in self._conn.execute(query)]

    def plan_edit(self, alert_id: str, due_at: datetime | None, **values: datetime) -> None:
        query = update(low_alert).where(low_alert.c.seller_id == self._seller_id, low_alert.c.id == alert_id)
        self._conn.execute(query.values(edit_due_at=due_at, **values))

    def heads(self, alert_id: str) -> list[tuple[LowHead, int]]:
        """Return what an alert rang for as it stands now, and the number of the episode it rang for."""
        query = (
            select(
                stock_episode,
                low_alert_line.c.number.label("rung"),
                product.c.title,
                variant.c.name,
                variant.c.sku,
            )
            .join(low_alert_line, low_alert_line.c.variant_id == stock_episode.c.variant_id)
            .join(variant, variant.c.id == stock_episode.c.variant_id)
            .join(product, product.c.id == variant.c.product_id)
            .where(low_alert_line.c.seller_id == self._seller_id, low_alert_line.c.alert_id == alert_id)
            .order_by(stock_episode.c.cover_h, stock_episode.c.units, stock_episode.c.variant_id)
        )
        return [
            (LowHead(episode_of(row), row.title, row.name, row.sku), row.rung)
            for row in self._conn.execute(query)
        ]

    def _one(self, condition: Any) -> LowAlert | None:
        query = select(low_alert).where(low_alert.c.seller_id == self._seller_id, condition)
        row = self._conn.execute(query).one_or_none()
        return _alert_of(row) if row else None


def forget(conn: Connection, before: datetime, limit: int) -> int:
    """Delete alerts from before that whose variants are all refilled, or rang again since."""
    still = (
        select(low_alert_line.c.alert_id)
        .join(stock_episode, stock_episode.c.variant_id == low_alert_line.c.variant_id)
        .where(
            low_alert_line.c.alert_id == low_alert.c.id,
            stock_episode.c.closed_at.is_(None),
            stock_episode.c.number == low_alert_line.c.number,
        )
    )
    old = select(low_alert.c.id).where(low_alert.c.opened_at < before, ~exists(still)).limit(limit)
    return conn.execute(delete(low_alert).where(low_alert.c.id.in_(old))).rowcount


def _alert_of(row: Any) -> LowAlert:
    return LowAlert(row.id, row.view_id, row.opened_at, row.edited_at, row.edit_due_at)
