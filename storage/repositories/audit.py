"""The audit of one seller: a chain of hashes, so that a missing or altered row is noticed.

The head of the chain is kept beside it: without that, a cut tail would leave a chain that is whole.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, String, case, cast, func, literal, select

from domain.ids import new_id
from storage.tables.bulks import bulk
from storage.tables.host import audit_cut
from storage.tables.people import audit, audit_head, seller
from storage.upsert import upsert

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditRow:
    """What one member, the host or StoreSync did; `facts` hold ids and values."""

    at: datetime
    actor: str
    action: str
    subject: str
    facts: dict[str, str]
    count: int = 1
    """How many rows it stands for: what was done to all prices of a bulk change is read as one."""


@dataclass(frozen=True, slots=True)
class ChainLook:
    """What a walk along one seller's chain found; `wrong` says each break in words for a host."""

    seller_id: str
    rows: int
    wrong: tuple[str, ...]


class Audit:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def times(self, action: str, since: datetime) -> list[datetime]:
        """Return when something was done since then, the first time first."""
        done = (audit.c.seller_id == self._seller_id) & (audit.c.action == action) & (audit.c.at > since)
        return list(self._conn.scalars(select(audit.c.at).where(done).order_by(audit.c.at)))

    def add(self, *, actor: str, action: str, subject: str, facts: dict[str, str], now: datetime) -> None:
        """Append one row. `facts` hold ids and values, never a secret or a buyer's data."""
        # Rows of one seller are added in turn: two that hang on the same one would break the chain.
        mine = select(seller.c.id).where(seller.c.id == self._seller_id)
        self._conn.execute(mine.with_for_update(key_share=True))
        previous, count = self._end()
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        mark = chained_hash(previous, self._seller_id, now, actor, action, subject, text)
        self._conn.execute(
            audit.insert().values(
                seller_id=self._seller_id,
                at=now,
                actor=actor,
                action=action,
                subject=subject,
                facts=text,
                previous_hash=previous,
                hash=mark,
            )
        )
        head = {"seller_id": self._seller_id, "hash": mark, "count": count + 1}
        upsert(self._conn, audit_head, [head], keys=["seller_id"], update=["hash", "count"])

    def span(self, upto: int | None = None) -> tuple[int, int]:
        """Return the number of the last row (up to one), and how many entries there are up to it."""
        query = select(func.max(audit.c.seq)).where(audit.c.seller_id == self._seller_id)
        if upto is not None:
            query = query.where(audit.c.seq <= upto)
        last = int(self._conn.scalar(query) or 0)
        entries = self._entries(last).subquery()
        return last, int(self._conn.scalar(select(func.count()).select_from(entries)) or 0)

    def list_latest(self, upto: int, *, offset: int, limit: int) -> list[AuditRow]:
        """Return entries up to a row, the newest first."""
        entries = self._entries(upto).subquery()
        query = (
            select(audit, entries.c.rows)
            .join(entries, entries.c.last == audit.c.seq)
            .order_by(audit.c.seq.desc())
        )
        return [
            AuditRow(row.at, row.actor, row.action, row.subject, json.loads(row.facts), row.rows)
            for row in self._conn.execute(query.offset(offset).limit(limit))
        ]

    def _entries(self, upto: int) -> Select[Any, Any]:
        """Return the last row and the count of each entry: a row, or what one did to prices of one bulk change.

        The chain keeps a row for every price; only the reading puts them together.
        """
        heads = select(literal("proposal:") + bulk.c.id).where(bulk.c.seller_id == self._seller_id)
        together = audit.c.actor + "|" + audit.c.action + "|" + audit.c.subject
        entry = case((audit.c.subject.in_(heads), together), else_=cast(audit.c.seq, String))
        return (
            select(func.max(audit.c.seq).label("last"), func.count().label("rows"))
            .where(audit.c.seller_id == self._seller_id, audit.c.seq <= upto)
            .group_by(entry)
        )

    def verify(self) -> ChainLook:
        """Walk the chain from its beginning to its head."""
        last = self._conn.scalar(select(audit_cut.c.hash).where(audit_cut.c.seller_id == self._seller_id))
        last = last or GENESIS
        wrong, seen, count = [], {last}, 0
        for row in self._rows():
            count += 1
            if row.previous_hash != last:
                wrong.append(f"row {row.seq} does not follow the row before it")
            if row.hash != _hash_of(row):
                wrong.append(f"row {row.seq} was altered")
            last = row.hash
            seen.add(last)
        head = self._head()
        if head and head[0] not in seen:
            wrong.append(f"rows are missing at the end: the last one of {head[1]} is not there")
        if head is None and count:
            wrong.append("the mark of its last row is missing")
        return ChainLook(self._seller_id, count, tuple(wrong))

    def _rows(self) -> Iterator[Row[tuple[object, ...]]]:
        query = select(audit).where(audit.c.seller_id == self._seller_id).order_by(audit.c.seq)
        yield from self._conn.execute(query)

    def _end(self) -> tuple[str, int]:
        """Return the hash to go on from, and how many rows the chain should have.

        A head that rows hang on was left behind by a release that keeps none: then the last row counts.
        A damaged chain goes on all the same, from a link that cannot be taken for a whole one.
        """
        mine = audit.c.seller_id == self._seller_id
        head = self._head()
        if head and not self._hangs_on(head[0]):
            return head
        count = self._conn.scalar(select(func.count()).where(mine)) or 0
        tip = self._conn.scalar(select(audit.c.hash).where(mine).order_by(audit.c.seq.desc()).limit(1))
        if tip is None and head is None:
            return GENESIS, 0
        if tip is None or self._hangs_on(tip):
            return new_id() * 2, count
        return tip, count

    def _hangs_on(self, mark: str) -> bool:
        query = select(audit.c.seq).where(audit.c.seller_id == self._seller_id, audit.c.previous_hash == mark)
        return self._conn.scalar(query.limit(1)) is not None

    def _head(self) -> tuple[str, int] | None:
        query = select(audit_head.c.hash, audit_head.c.count)
        found = self._conn.execute(query.where(audit_head.c.seller_id == self._seller_id)).one_or_none()
        return (str(found[0]), int(found[1])) if found else None


def verify_all(conn: Connection) -> list[ChainLook]:
    """Walk the chains of all sellers."""
    return [Audit(conn, each).verify() for each in conn.scalars(select(seller.c.id).order_by(seller.c.id))]


def _hash_of(row: Row[tuple[object, ...]]) -> str:
    return chained_hash(
        row.previous_hash, row.seller_id, row.at, row.actor, row.action, row.subject, row.facts
    )


def chained_hash(
    previous: str, seller_id: str, at: datetime, actor: str, action: str, subject: str, facts: str
) -> str:
    chained = f"{previous}\n{seller_id}\n{at.isoformat()}\n{actor}\n{action}\n{subject}\n{facts}"
    return hashlib.sha256(chained.encode()).hexdigest()
