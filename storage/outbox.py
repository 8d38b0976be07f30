"""What must be said in Telegram, written in the transaction that made it true (R4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.insertion import insert_new
from storage.lanes import REASON_CHARACTERS, Lanes
from storage.tables.transit import outbox

BELL = "storesync_outbox"
"""PostgreSQL tells on this channel that something was added (migration 0011)."""
LANES = Lanes(outbox, ("view_id",), waiting="pending", leased="sending")


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed row; `attempts` counts this one, and `lease_gen` goes with every mark."""

    id: int
    view_id: str
    kind: str
    payload: dict[str, str]
    created_at: datetime
    attempts: int
    lease_gen: int


def add(
    conn: Connection,
    *,
    view_id: str,
    dedupe_key: str,
    kind: str,
    payload: Mapping[str, str],
    now: datetime,
    not_before: datetime | None = None,
) -> bool:
    """Ask for one message to a view; False when the same was asked before.

    A row planned for later (`not_before`) does not hold up what comes after it.
    """
    values = {
        "view_id": view_id,
        "dedupe_key": dedupe_key,
        "kind": kind,
        "payload": json.dumps(dict(payload)),
    }
    return insert_new(
        conn, outbox, {**values, "state": "pending", "created_at": now, "not_before": not_before or now}
    )


def is_waiting(conn: Connection, view_id: str, key_prefix: str) -> bool:
    """Tell whether something under a key with this prefix is still to be said in a view."""
    query = select(outbox.c.id).where(
        outbox.c.view_id == view_id,
        outbox.c.state == "pending",
        outbox.c.dedupe_key.startswith(key_prefix, autoescape=True),
    )
    return conn.execute(query.limit(1)).first() is not None


def merge_waiting(conn: Connection, view_id: str, key_prefix: str, *, but_for: str) -> int:
    """Drop what waits under keys with this prefix: the event under `but_for` says the same, more up to date."""
    query = update(outbox).where(
        outbox.c.view_id == view_id,
        outbox.c.state == "pending",
        outbox.c.dedupe_key != but_for,
        outbox.c.dedupe_key.startswith(key_prefix, autoescape=True),
    )
    return conn.execute(query.values(state="merged")).rowcount


def take_waiting(conn: Connection, view_id: str, kinds: Sequence[str]) -> list[dict[str, str]]:
    """Take out what waits in a view and was not tried yet, of these kinds; return the payloads, oldest first.

    Whoever takes them tells them, in one message instead of many.
    """
    waiting = (
        (outbox.c.view_id == view_id)
        & (outbox.c.state == LANES.waiting)
        & (outbox.c.attempts == 0)
        & outbox.c.kind.in_(kinds)
    )
    query = update(outbox).where(waiting).values(state="merged").returning(outbox.c.id, outbox.c.payload)
    taken = sorted(conn.execute(query).all(), key=lambda row: int(row.id))
    return [json.loads(row.payload) for row in taken]


def claim(conn: Connection, *, now: datetime, lease_s: float, limit: int) -> list[OutboxRow]:
    """Lease the oldest due row of each view; a view with a message under way waits."""
    rows = LANES.claim(conn, now=now, lease_s=lease_s, limit=limit)
    return [
        OutboxRow(
            id=row.id,
            view_id=row.view_id,
            kind=row.kind,
            payload=json.loads(row.payload),
            created_at=row.created_at,
            attempts=row.attempts,
            lease_gen=row.lease_gen,
        )
        for row in rows
    ]


def sent(conn: Connection, row_id: int, lease_gen: int, now: datetime, message_id: int | None) -> bool:
    """Mark the message as sent; False when the lease had passed to somebody else."""
    return LANES.mark(conn, row_id, lease_gen, state="sent", sent_at=now, message_id=message_id)


def later(conn: Connection, row_id: int, lease_gen: int, not_before: datetime, reason: str) -> bool:
    """Put the row back; its view waits with it, so that order is kept."""
    return LANES.wait(conn, row_id, lease_gen, not_before, reason)


def dead(conn: Connection, row_id: int, lease_gen: int, reason: str) -> bool:
    """Give the message up for good; its view goes on."""
    return LANES.mark(conn, row_id, lease_gen, state="dead", reason=reason[:REASON_CHARACTERS])
