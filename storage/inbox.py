"""What came in (updates of Telegram, pushes of platforms), kept before it is acknowledged (R1)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, Connection, Text, bindparam, delete, func, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite

from storage.lanes import REASON_CHARACTERS, Lanes
from storage.tables.transit import inbox
from storage.types import UtcTime

LANES = Lanes(inbox, ("source", "lane"), waiting="new", leased="leased")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something to keep: who sent it, by which key it would be known again, the queue it goes into."""

    source: str
    dedupe_key: str
    lane: str
    body: str
    app_id: str = ""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A claimed row; `attempts` counts this one, and `lease_gen` goes with every mark."""

    id: int
    source: str
    app_id: str
    lane: str
    body: str
    attempts: int
    lease_gen: int
    received_at: datetime


# One statement for any number of rows, so that it is written, compiled and prepared once.
_GIVEN = ("source", "dedupe_key", "lane", "app_id", "body")
_NOW = bindparam("moment", type_=UtcTime)
_WRITTEN = [*_GIVEN, "state", "received_at", "not_before"]
_ARRAYS = func.unnest(*(bindparam(name, type_=ARRAY(Text)) for name in _GIVEN)).table_valued(*_GIVEN)
_ADD_ARRAYS = (
    postgresql.insert(inbox)
    .from_select(_WRITTEN, select(*_ARRAYS.render_derived("came").c, literal("new"), _NOW, _NOW))
    .on_conflict_do_nothing()
    .returning(inbox.c.source, inbox.c.dedupe_key)
)
_LIST = func.json_each(bindparam("came", type_=Text)).table_valued("value", name="came")
_ADD_LIST = (
    sqlite.insert(inbox)
    .from_select(
        _WRITTEN,
        select(
            *(func.json_extract(_LIST.c.value, f"$[{place}]") for place in range(len(_GIVEN))),
            literal("new"),
            _NOW,
            _NOW,
        ).where(true()),  # or SQLite takes ON CONFLICT for the condition of a join
    )
    .on_conflict_do_nothing()
    .returning(inbox.c.source, inbox.c.dedupe_key)
)


def add(
    conn: Connection, *, source: str, dedupe_key: str, lane: str, body: str, now: datetime, app_id: str = ""
) -> bool:
    """Keep what came in; False when the source sent the same before."""
    return bool(add_all(conn, [Arrival(source, dedupe_key, lane, body, app_id)], now))


def add_all(conn: Connection, arrivals: Sequence[Arrival], now: datetime) -> set[tuple[str, str]]:
    """Keep what came in; return source and key of what was new."""
    if not arrivals:
        return set()
    given: dict[str, object]
    if conn.dialect.name == "postgresql":
        given = {name: [getattr(each, name) for each in arrivals] for name in _GIVEN}
        added = conn.execute(_ADD_ARRAYS, given | {"moment": now})
    else:
        # Not escaped, so that half an emoji is refused here as it is everywhere else.
        listed = json.dumps(
            [[getattr(each, name) for name in _GIVEN] for each in arrivals], ensure_ascii=False
        )
        added = conn.execute(_ADD_LIST, {"came": listed, "moment": now})
    return {(source, key) for source, key in added}


def claim(
    conn: Connection, *, sources: Sequence[str], now: datetime, lease_s: float, limit: int
) -> list[InboxRow]:
    """Lease the oldest due row of each lane of these sources, lanes in the order of their oldest rows."""
    rows = LANES.claim(conn, now=now, lease_s=lease_s, limit=limit, among=sources)
    return [
        InboxRow(
            id=row.id,
            source=row.source,
            app_id=row.app_id,
            lane=row.lane,
            body=row.body,
            attempts=row.attempts,
            lease_gen=row.lease_gen,
            received_at=row.received_at,
        )
        for row in rows
    ]


def done(conn: Connection, row_id: int, lease_gen: int) -> bool:
    """Mark the row as handled; False when the lease had passed to somebody else."""
    return LANES.mark(conn, row_id, lease_gen, state="done")


def all_done(conn: Connection, rows: Sequence[tuple[int, int]]) -> None:
    """Mark rows as handled, each named by its id and its lease; those whose lease has passed on stay as they are."""
    LANES.mark_all(conn, rows, state="done")


def later(conn: Connection, row_id: int, lease_gen: int, not_before: datetime, reason: str) -> bool:
    """Put the row back; its lane waits with it, so that order is kept."""
    return LANES.wait(conn, row_id, lease_gen, not_before, reason)


def park(conn: Connection, row_id: int, lease_gen: int, reason: str) -> bool:
    """Set the row aside for a person to look at; its lane goes on."""
    return LANES.mark(conn, row_id, lease_gen, state="parked", reason=reason[:REASON_CHARACTERS])


def oldest_waiting(conn: Connection, source: str) -> datetime | None:
    """Return when the oldest row that is not handled came in."""
    waiting = inbox.c.state.in_((LANES.waiting, LANES.leased)) & (inbox.c.source == source)
    oldest: datetime | None = conn.scalar(select(func.min(inbox.c.received_at)).where(waiting))
    return oldest


def purge(conn: Connection, before: datetime, limit: int = 1000) -> int:
    """Delete what was handled or parked and came in before that moment, so many at most; return how many rows went.

    The newest row stays: SQLite would give its id again, and an id names the effect of what came in.
    """
    newest = select(func.max(inbox.c.id)).scalar_subquery()
    old = inbox.c.state.in_(("done", "parked")) & (inbox.c.received_at < before) & (inbox.c.id < newest)
    some = select(inbox.c.id).where(old).limit(limit)
    return conn.execute(delete(inbox).where(inbox.c.id.in_(some))).rowcount
