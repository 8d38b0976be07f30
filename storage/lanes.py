"""Rows that are worked off in order: of each lane the oldest, and never two of a lane at once.

A claim takes a lease. A worker that dies leaves a lease that runs out; a worker that comes back late
finds that its generation has passed, and its mark is refused (fencing).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from storage.types import UtcTime

REASON_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Lanes:
    """How one table is worked off: the columns that make a lane, and its two open states."""

    table: Table
    lane: tuple[str, ...]
    waiting: str
    leased: str

    def claim(
        self, conn: Connection, *, now: datetime, lease_s: float, limit: int, among: Sequence[str] = ()
    ) -> list[Row[Any]]:
        """Lease up to `limit` rows until `lease_s` from now, oldest first; `among` limits the first lane column."""
        if conn.dialect.name == "postgresql":
            # Claims take turns: two that cannot see each other could each take one row of the same lane.
            conn.execute(select(func.pg_advisory_xact_lock(func.hashtext(self.table.name))))
        bound = {"moment": now, "until": now + timedelta(seconds=lease_s), "places": limit}
        claimed = conn.execute(
            _claim(self, has_sources=bool(among)), bound | ({"among": list(among)} if among else {})
        )
        return sorted(claimed.all(), key=lambda row: int(row.id))

    def mark(self, conn: Connection, row_id: int, lease_gen: int, **values: Any) -> bool:
        """Write what became of a leased row, unless somebody else has leased it since."""
        bound = {"of_row": row_id, "of_gen": lease_gen, "lease_until": None, **values}
        return conn.execute(_mark(self), bound).rowcount == 1

    def mark_all(self, conn: Connection, rows: Sequence[tuple[int, int]], **values: Any) -> None:
        """Write the same of several leased rows, each named by its id and its lease."""
        same = {"lease_until": None, **values}
        conn.execute(
            _mark(self), [{"of_row": row_id, "of_gen": lease_gen, **same} for row_id, lease_gen in rows]
        )

    def wait(self, conn: Connection, row_id: int, lease_gen: int, not_before: datetime, reason: str) -> bool:
        """Put a leased row back until `not_before`; it keeps its place, so its lane waits with it."""
        back = {"state": self.waiting, "not_before": not_before, "reason": reason[:REASON_CHARACTERS]}
        return self.mark(conn, row_id, lease_gen, **back)


# Statements are built once: building one takes several times as long as running it.


@cache
def _claim(lanes: Lanes, *, has_sources: bool) -> ReturningUpdate[Any]:
    row = lanes.table.c
    due = (
        _due(lanes, has_sources=has_sources)
        .limit(bindparam("places"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(lanes.table)
        .where(row.id.in_(select(due.c.id)))
        .values(
            state=lanes.leased,
            lease_until=bindparam("until", type_=UtcTime),
            lease_gen=row.lease_gen + 1,
            attempts=row.attempts + 1,
        )
        .returning(lanes.table)
    )


@cache
def _mark(lanes: Lanes) -> Update:
    """Return the update of a row under its lease; the columns to write are those that are given with it."""
    row = lanes.table.c
    mine = (
        (row.id == bindparam("of_row")) & (row.lease_gen == bindparam("of_gen")) & (row.state == lanes.leased)
    )
    return update(lanes.table).where(mine)


def _due(lanes: Lanes, *, has_sources: bool) -> Select[tuple[int]]:
    """Select the row that goes first in each lane, where it is due and nothing of its lane is under way.

    A row planned for later and not tried yet holds nobody up; one that was tried keeps its place.
    """
    row, other = lanes.table.c, lanes.table.alias("other").c
    now = bindparam("moment", type_=UtcTime)
    in_line = and_(
        other.state.in_((lanes.waiting, lanes.leased)), or_(other.not_before <= now, other.attempts > 0)
    )
    if has_sources:
        in_line &= other[lanes.lane[0]].in_(bindparam("among", expanding=True))
    heads = select(func.min(other.id)).where(in_line).group_by(*(other[name] for name in lanes.lane))
    is_due = or_(
        and_(row.state == lanes.waiting, row.not_before <= now),
        and_(row.state == lanes.leased, row.lease_until <= now),
    )
    same_lane = and_(*(other[name] == row[name] for name in lanes.lane))
    under_way = exists().where(same_lane, other.state == lanes.leased, other.lease_until > now)
    return select(row.id).where(row.id.in_(heads), is_due, ~under_way).order_by(row.id)
