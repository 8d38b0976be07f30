"""Rows that are worked off in order: of each lane the oldest, and never two of a lane at once.

A claim takes a lease. A worker that dies leaves a lease that runs out; a worker that comes back late
finds that its generation has passed, and its mark is refused (fencing).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

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
        due = self._due(now, among).limit(limit).with_for_update(skip_locked=True).cte("due")
        leased = (
            update(self.table)
            .where(self.table.c.id.in_(select(due.c.id)))
            .values(
                state=self.leased,
                lease_until=now + timedelta(seconds=lease_s),
                lease_gen=self.table.c.lease_gen + 1,
                attempts=self.table.c.attempts + 1,
            )
            .returning(self.table)
        )
        return sorted(conn.execute(leased).all(), key=lambda row: int(row.id))

    def mark(self, conn: Connection, row_id: int, lease_gen: int, **values: Any) -> bool:
        """Write what became of a leased row, unless somebody else has leased it since."""
        columns = self.table.c
        mine = (columns.id == row_id) & (columns.lease_gen == lease_gen) & (columns.state == self.leased)
        return conn.execute(update(self.table).where(mine).values(lease_until=None, **values)).rowcount == 1

    def wait(self, conn: Connection, row_id: int, lease_gen: int, not_before: datetime, reason: str) -> bool:
        """Put a leased row back until `not_before`; it keeps its place, so its lane waits with it."""
        back = {"state": self.waiting, "not_before": not_before, "reason": reason[:REASON_CHARACTERS]}
        return self.mark(conn, row_id, lease_gen, **back)

    def _due(self, now: datetime, among: Sequence[str]) -> Select[tuple[int]]:
        """Select the row that goes first in each lane, where it is due and nothing of its lane is under way.

        A row planned for later and not tried yet holds nobody up; one that was tried keeps its place.
        """
        row, other = self.table.c, self.table.alias("other").c
        in_line = and_(
            other.state.in_((self.waiting, self.leased)), or_(other.not_before <= now, other.attempts > 0)
        )
        if among:
            in_line &= other[self.lane[0]].in_(among)
        heads = select(func.min(other.id)).where(in_line).group_by(*(other[name] for name in self.lane))
        is_due = or_(
            and_(row.state == self.waiting, row.not_before <= now),
            and_(row.state == self.leased, row.lease_until <= now),
        )
        same_lane = and_(*(other[name] == row[name] for name in self.lane))
        under_way = exists().where(same_lane, other.state == self.leased, other.lease_until > now)
        return select(row.id).where(row.id.in_(heads), is_due, ~under_way).order_by(row.id)
