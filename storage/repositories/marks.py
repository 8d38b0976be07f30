"""Sync marks: how far each stream of each shop has been read, and when it is due again (R5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from storage.tables.shops import shop, sync_mark


@dataclass(frozen=True, slots=True)
class Mark:
    """`high_water` is up to when everything is known to be read."""

    shop_id: str
    stream: str
    high_water: datetime | None
    next_due: datetime
    backfill_done_at: datetime | None
    backfill_seen: int
    backfill_total: int
    failures: int


def add(conn: Connection, shop_id: str, streams: list[str], now: datetime) -> None:
    conn.execute(
        sync_mark.insert(), [{"shop_id": shop_id, "stream": each, "next_due": now} for each in streams]
    )


def get(conn: Connection, shop_id: str, stream: str) -> Mark:
    query = select(sync_mark).where(sync_mark.c.shop_id == shop_id, sync_mark.c.stream == stream)
    return _mark_of(conn.execute(query).one())


def all_of(conn: Connection, shop_id: str) -> list[Mark]:
    query = select(sync_mark).where(sync_mark.c.shop_id == shop_id)
    return [_mark_of(row) for row in conn.execute(query)]


def save(conn: Connection, shop_id: str, stream: str, **values: Any) -> None:
    query = update(sync_mark).where(sync_mark.c.shop_id == shop_id, sync_mark.c.stream == stream)
    conn.execute(query.values(**values))


def claim_due(conn: Connection, now: datetime, lease_until: datetime, limit: int) -> list[Mark]:
    """Lease the marks that are due, the longest waiting first; a crashed holder's lease runs out."""
    due = (
        select(sync_mark.c.shop_id, sync_mark.c.stream)
        .join(shop, shop.c.id == sync_mark.c.shop_id)
        .where(
            shop.c.state == "linked",
            sync_mark.c.next_due <= now,
            or_(sync_mark.c.lease_until.is_(None), sync_mark.c.lease_until < now),
        )
        .order_by(sync_mark.c.next_due)
        .limit(limit)
        .with_for_update(skip_locked=True, of=sync_mark)
    )
    claimed: list[Mark] = []
    for shop_id, stream in conn.execute(due).all():
        query = (
            update(sync_mark)
            .where(
                sync_mark.c.shop_id == shop_id,
                sync_mark.c.stream == stream,
                or_(sync_mark.c.lease_until.is_(None), sync_mark.c.lease_until < now),
            )
            .values(lease_until=lease_until, lease_gen=sync_mark.c.lease_gen + 1)
            .returning(sync_mark)
        )
        claimed.extend(_mark_of(row) for row in conn.execute(query))
    return claimed


def _mark_of(row: Any) -> Mark:
    return Mark(
        row.shop_id,
        row.stream,
        row.high_water,
        row.next_due,
        row.backfill_done_at,
        row.backfill_seen,
        row.backfill_total,
        row.failures,
    )
