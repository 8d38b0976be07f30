"""A file sent into the chat: read apart from us, checked row by row, and drawn up as one bulk price change.

What is drawn up is bound to its plan, and the plan to the file: another file, or the same one sent again, is
another draft, and the one before it can no longer be asked for.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from domain.bulk import MOST, Bulk, BulkState, Move, Planned, Recipe, Scope, SentFile, Source, digest_of
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import InputError
from domain.exports import Column, FileForm
from domain.ids import new_id
from domain.imports import LIMITS, BadRow, Cell, words_of
from domain.money import Money
from domain.people import Role
from domain.platform import Platform
from services.bulk_cards import BulkCard, draft_card
from services.bulk_plans import plan_each, steps
from services.decisions import need
from services.import_rows import Sorted, read_prices, sort_rows
from services.table_files import Cells, make_file, write_rows
from services.table_reading import read_rows, read_table
from storage.database import Connection, Database
from storage.repositories import imports
from storage.repositories.audit import Audit
from storage.repositories.bulks import Bulks

READ_AT_MOST, READ_WITHIN = 10, timedelta(days=1)
"""How many files of a seller are read within what time (`promises.md` R19)."""
PROBLEM = "problem"
"""The column in which a file that goes back has the reason beside each row."""
_NAME = 120


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a file: `bad` rows with their reasons, and the draft of the others, where one is needed."""

    file: SentFile
    bad: tuple[BadRow, ...]
    card: BulkCard | None
    rows: Path


class ImportService:
    def __init__(self, db: Database, clock: Clock, platforms: Mapping[str, Platform]) -> None:
        self._db = db
        self._clock = clock
        self._platforms = platforms
        self._one_at_a_time = asyncio.Semaphore()

    def check_size(self, size_bytes: int) -> None:
        """Raise InputError("file_large") for a file that is not even fetched."""
        if size_bytes > LIMITS.size_bytes:
            raise InputError("file_large", most=LIMITS.size_bytes // 1_000_000)

    async def take(self, visitor: Visitor, name: str, content: bytes, folder: Path) -> Intake:
        """Read a list of prices and draw up what can be taken of it; nothing is asked for by that.

        Raises NotAllowed("role"), and InputError with the reason why nothing of the file can be taken.
        """
        need(visitor, Role.MANAGER)
        self.check_size(len(content))
        digest, now = sha256(content).hexdigest(), self._clock()
        await self._db.write(lambda conn: _note(conn, visitor, digest, now), "import.note")
        async with self._one_at_a_time:
            path = await read_table(content, folder)
        sent = await asyncio.to_thread(read_prices, path)

        def check(conn: Connection) -> tuple[Sorted, list[Planned]]:
            done = sort_rows(conn, visitor, sent)
            if len(done.asked) > MOST:
                raise InputError("file_changes", most=MOST)
            prices = {each: price for each, (_, price) in done.asked.items()}
            return done, plan_each(conn, visitor, prices, self._platforms)

        done, plan = await self._db.read(check)
        refused = [BadRow(done.asked[each.shown.id][0], each.skip) for each in plan if each.skip]
        bad = sorted((*done.bad, *refused), key=lambda each: each.row.number)
        file = SentFile(name[:_NAME], digest, len(sent), done.same, len(bad))
        card = await self._draw_up(visitor, file, steps(plan), now)
        return Intake(file, tuple(bad), card, path)

    async def answer(self, intake: Intake, words: Mapping[int, str], folder: Path) -> Path:
        """Make a file of all rows as they came, with words beside some by their number."""
        rows, path = folder / "checked", folder / "prices-checked.xlsx"
        await asyncio.to_thread(_write_back, intake.rows, words, rows)
        await make_file(FileForm.XLSX, rows, path)
        return path

    async def _draw_up(
        self, visitor: Visitor, file: SentFile, plan: Sequence[Planned], now: datetime
    ) -> BulkCard | None:
        if not plan:
            return None
        made = Bulk(
            id=new_id(),
            seller_id=visitor.seller_id,
            source=Source.FILE,
            scope=Scope(),
            recipe=Recipe(Move.EACH, Decimal(0)),
            state=BulkState.DRAFT,
            version=1,
            requested_by=visitor.member.user_id,
            requested_at=now,
            digest=digest_of(plan),
            file=file,
        )
        prices: dict[str, Money] = {each.shown.id: each.after for each in plan}

        def work(conn: Connection) -> BulkCard:
            bulks = Bulks(conn, visitor.seller_id)
            bulks.drop_drafts(visitor.member.user_id)
            bulks.add(made)
            bulks.keep_prices(made.id, prices)
            return draft_card(conn, visitor.seller_id, made, plan)

        return await self._db.write(work, "import.draft")


def _note(conn: Connection, visitor: Visitor, digest: str, now: datetime) -> None:
    audit = Audit(conn, visitor.seller_id)
    read = audit.times(imports.READ, now - READ_WITHIN)
    if len(read) >= READ_AT_MOST:
        raise InputError("too_many_imports", most=READ_AT_MOST, again=read[-READ_AT_MOST] + READ_WITHIN)
    audit.add(
        actor=visitor.member.user_id,
        action=imports.READ,
        subject="import:prices",
        facts={"sha256": digest},
        now=now,
    )


def _write_back(sent: Path, words: Mapping[int, str], into: Path) -> None:
    """Write the rows of a file down once more, each with what is wrong with it before its cells."""
    width, worded = 0, set[int]()
    head: list[Cell] | None = None
    for _, _, cells in read_rows(sent):
        if head is None:
            head = cells
            continue
        width = max(width, len(cells))
        worded |= {at for at, each in enumerate(cells) if isinstance(each, str)}
    names = [words_of(each) for each in head or ()]
    names += [""] * (width - len(names))
    kept = [at for at, name in enumerate(names) if name.lower() != PROBLEM]
    columns = [Column(PROBLEM), *(Column(names[at], is_number=at not in worded) for at in kept)]

    def rows() -> Iterator[Cells]:
        told = read_rows(sent)
        next(told, None)
        for number, _, cells in told:
            texts = [words_of(cells[at]) if at < len(cells) else "" for at in kept]
            yield [words.get(number), *(each or None for each in texts)]

    write_rows(into, columns, rows())
