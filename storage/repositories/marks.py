"""Sync marks: how far each stream of each shop has been read, and when it is due again (R5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, tuple_, update

from storage.tables.shops import shop, sync_mark
from storage.types import UtcTime


@dataclass(frozen=True, slots=True)
class Mark:
    """`high_water` is up to when everything is known to be read; `lease_gen` counts who began to read.

    `matched_at`: since when all SKUs of the shop were compared with those of the seller's other shops.
    """

    shop_id: str
    stream: str
    high_water: datetime | None
    next_due: datetime
    backfill_done_at: datetime | None
    backfill_seen: int
    backfill_total: int
    failures: int
    lease_gen: int
    matched_at: datetime | None = None


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


def save(conn: Connection, shop_id: str, stream: str, *, of_gen: int | None = None, **values: Any) -> bool:
    """Write what a reading came to; False when somebody else has begun to read since (`of_gen` is not theirs)."""
    query = update(sync_mark).where(sync_mark.c.shop_id == shop_id, sync_mark.c.stream == stream)
    if of_gen is not None:
        query = query.where(sync_mark.c.lease_gen == of_gen)
    return conn.execute(query.values(**values)).rowcount == 1


def hurry(conn: Connection, shop_id: str, now: datetime) -> None:
    """Have all streams of a shop read at once."""
    query = update(sync_mark).where(sync_mark.c.shop_id == shop_id, sync_mark.c.next_due > now)
    conn.execute(query.values(next_due=now))


def start_over(conn: Connection, shop_id: str, now: datetime) -> None:
    """Have a shop read as for the first time: much may have happened since it was read last."""
    values = {
        "next_due": now,
        "backfill_done_at": None,
        "backfill_seen": 0,
        "backfill_total": 0,
        "failures": 0,
        "matched_at": None,
    }
    conn.execute(update(sync_mark).where(sync_mark.c.shop_id == shop_id).values(values))


def begin(
    conn: Connection, shop_id: str, stream: str, lease_until: datetime, *, due_by: datetime | None = None
) -> Mark | None:
    """Begin to read a stream; None when it is not due by then, as somebody has read it meanwhile.

    From here on whoever began before has no say any more (fencing): a process that stood still for
    minutes must not move a mark that another one has moved.
    """
    bound = {"of_shop": shop_id, "of_stream": stream, "until": lease_until}
    query = _BEGUN if due_by is None else _BEGUN.where(sync_mark.c.next_due <= due_by)
    row = conn.execute(query, bound).one_or_none()
    return _mark_of(row) if row else None


def claim_due(conn: Connection, now: datetime, lease_until: datetime, limit: int) -> list[Mark]:
    """Lease the marks that are due, the longest waiting first; a crashed holder's lease runs out."""
    found = conn.execute(_CLAIMED, {"moment": now, "until": lease_until, "places": limit})
    return sorted((_mark_of(row) for row in found), key=lambda mark: mark.next_due)


_NOW, _UNTIL = bindparam("moment", type_=UtcTime), bindparam("until", type_=UtcTime)
_IS_FREE = or_(sync_mark.c.lease_until.is_(None), sync_mark.c.lease_until < _NOW)
_DUE = (
    select(sync_mark.c.shop_id, sync_mark.c.stream)
    .join(shop, shop.c.id == sync_mark.c.shop_id)
    .where(shop.c.state == "linked", sync_mark.c.next_due <= _NOW, _IS_FREE)
    .order_by(sync_mark.c.next_due)
    .limit(bindparam("places"))
    .with_for_update(skip_locked=True, of=sync_mark)
    .cte("due")
)
_CLAIMED = (
    update(sync_mark)
    .where(tuple_(sync_mark.c.shop_id, sync_mark.c.stream).in_(select(_DUE.c.shop_id, _DUE.c.stream)))
    .values(lease_until=_UNTIL)
    .returning(sync_mark)
)
_BEGUN = (
    update(sync_mark)
    .where(
        sync_mark.c.shop_id == bindparam("of_shop"),
        sync_mark.c.stream == bindparam("of_stream"),
    )
    .values(lease_until=_UNTIL, lease_gen=sync_mark.c.lease_gen + 1)
    .returning(sync_mark)
)


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
        row.lease_gen,
        row.matched_at,
    )
