"""Files out: products with prices and stock, orders, stock movements, for who manages the seller."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import InputError
from domain.exports import LAYOUTS, ORDERS_SINCE, ROWS_AT_MOST, Export, FileForm
from domain.people import Role
from services.decisions import need
from services.table_files import Cells, make_file, write_rows
from storage.database import Connection, Database
from storage.repositories import exports
from storage.repositories.audit import Audit

MADE_AT_MOST, MADE_WITHIN = 20, timedelta(days=1)
"""How many files a seller may have made within what time (`promises.md` R19)."""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file ready to be sent, with how many rows; `is_cut` when older ones had no room."""

    path: Path
    what: Export
    rows: int
    is_cut: bool


class ExportService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def offered(self, visitor: Visitor) -> dict[Export, int]:
        """Return how many rows each file would have. Raises NotAllowed("role")."""
        need(visitor, Role.MANAGER)
        seller_id, shops, since = visitor.seller_id, visitor.view.shops, self._clock() - ORDERS_SINCE
        return await self._db.read(lambda conn: exports.counts(conn, seller_id, shops, since))

    async def make(self, visitor: Visitor, what: Export, form: FileForm, folder: Path) -> MadeFile:
        """Make a file. Raises NotAllowed("role"), and InputError("too_many_exports") for the 21st of a day."""
        need(visitor, Role.MANAGER)
        now = self._clock()
        await self._db.write(lambda conn: _note(conn, visitor, what, now), "export.note")
        zone, columns = ZoneInfo(visitor.view.zone), LAYOUTS[what]
        rows, path = folder / "rows", folder / f"{what}-{now.astimezone(zone):%Y-%m-%d}.{form}"

        def work(conn: Connection) -> tuple[int, bool]:
            found = exports.rows(conn, visitor.seller_id, what, visitor.view.shops, now - ORDERS_SINCE)
            count = write_rows(rows, columns, _texts(islice(found, ROWS_AT_MOST), zone))
            return count, next(found, None) is not None

        count, is_cut = await self._db.read(work)
        await make_file(form, rows, path)
        return MadeFile(path, what, count, is_cut)


def _note(conn: Connection, visitor: Visitor, what: Export, now: datetime) -> None:
    audit = Audit(conn, visitor.seller_id)
    made = audit.times(exports.MADE, now - MADE_WITHIN)
    if len(made) >= MADE_AT_MOST:
        raise InputError("too_many_exports", most=MADE_AT_MOST, again=made[-MADE_AT_MOST] + MADE_WITHIN)
    audit.add(
        actor=visitor.member.user_id,
        action=exports.MADE,
        subject=f"export:{what}",
        facts={"file": what},
        now=now,
    )


def _texts(rows: Iterable[Iterable[Any]], zone: ZoneInfo) -> Iterator[Cells]:
    for row in rows:
        yield [_text(each, zone) for each in row]


def _text(cell: Any, zone: ZoneInfo) -> str | None:
    """Write a number without an end of noughts, and a time as ISO 8601 in the chat's zone."""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return None if cell is None else str(cell)
