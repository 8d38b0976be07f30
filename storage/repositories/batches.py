"""Batches of one seller: who has which parcels."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from domain.batches import Batch, LabelStep
from domain.ids import new_id
from storage.tables.parcels import batch
from storage.tables.people import seller


class Batches:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def open(self, *, user_id: str, view_id: str, courier: str, now: datetime) -> str:
        """Open a batch; without a courier it is one of instant parcels. Numbers follow one another."""
        mine = select(seller.c.id).where(seller.c.id == self._seller_id)
        self._conn.execute(mine.with_for_update(key_share=True))
        batch_id = new_id()
        values = {
            "id": batch_id,
            "seller_id": self._seller_id,
            "number": self.last_number() + 1,
            "user_id": user_id,
            "view_id": view_id,
            "courier": courier,
            "is_instant": not courier,
            "opened_at": now,
            "labels": LabelStep.WAITING,
            "labels_due_at": now,
        }
        self._conn.execute(batch.insert().values(values))
        return batch_id

    def last_number(self) -> int:
        query = select(func.max(batch.c.number)).where(batch.c.seller_id == self._seller_id)
        return self._conn.execute(query).scalar() or 0

    def get(self, batch_id: str) -> Batch | None:
        query = select(batch).where(batch.c.seller_id == self._seller_id, batch.c.id == batch_id)
        row = self._conn.execute(query).one_or_none()
        return batch_of(row) if row else None

    def many(self, batch_ids: Collection[str]) -> dict[str, Batch]:
        query = select(batch).where(batch.c.seller_id == self._seller_id, batch.c.id.in_(batch_ids))
        return {row.id: batch_of(row) for row in self._conn.execute(query)}

    def all_open(self, user_id: str = "") -> list[Batch]:
        """Return the batches somebody has in hand, the oldest first; of one person, or of all."""
        query = select(batch).where(batch.c.seller_id == self._seller_id, batch.c.closed_at.is_(None))
        if user_id:
            query = query.where(batch.c.user_id == user_id)
        return [batch_of(row) for row in self._conn.execute(query.order_by(batch.c.number))]

    def touch(self, batch_id: str, **values: Any) -> None:
        """Write what changed; whoever shows the batch sees by the version that it did."""
        query = update(batch).where(batch.c.seller_id == self._seller_id, batch.c.id == batch_id)
        self._conn.execute(query.values(version=batch.c.version + 1, **values))

    def drop(self, batch_id: str) -> None:
        """Take back a batch that found nothing to hold."""
        self._conn.execute(batch.delete().where(batch.c.seller_id == self._seller_id, batch.c.id == batch_id))


def batch_of(row: Any) -> Batch:
    return Batch(
        id=row.id,
        seller_id=row.seller_id,
        number=row.number,
        user_id=row.user_id,
        view_id=row.view_id,
        courier=row.courier,
        is_instant=bool(row.is_instant),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        labels=LabelStep(row.labels),
        prints=row.prints,
        last_parcel_id=row.last_parcel_id,
        version=row.version,
    )


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (seller id, batch id) of batches whose labels are to be looked after."""
    # Every step is named for the sake of the index: this is asked at each tick, over all batches there ever were.
    is_due = batch.c.labels.in_(sorted(LabelStep)) & (batch.c.labels_due_at <= now)
    query = select(batch.c.seller_id, batch.c.id).where(is_due).limit(limit)
    return [(seller_id, batch_id) for seller_id, batch_id in conn.execute(query)]
