"""Tables that somebody sends in, read in a process of their own: what is hostile in a file costs that process alone.

`python -P services/table_reading.py FILE ROWS LIMITS` writes lines of JSON: [number, is hidden, cells] a row, a cell
being a text, ["n", number], ["x", what else it is] or null; or one line that tells why the file is refused.
It knows no settings and no secrets, may spend so much time and memory and no more, and loads nothing else of
StoreSync than how files are laid out.
"""

import asyncio
import csv
import json
import os
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from io import StringIO
from pathlib import Path
from xml.parsers.expat import ExpatError

from domain.errors import InputError
from domain.exports import BEGINS_FORMULA
from domain.imports import LIMITS, Cell, FileLimits, Odd
from domain.workbooks import TakeRow, read_workbook

ROOT = Path(__file__).parents[1]
_NICE = 10
_ZIP, _OLD = (b"PK\3\4", b"PK\5\6"), b"\xd0\xcf\x11\xe0"
_BREAKS = (
    zipfile.BadZipFile, zlib.error, ExpatError, csv.Error, ValueError, LookupError, EOFError, RuntimeError, OSError,
)  # fmt: skip
"""What the readers of the standard library raise for a file that is not what it says."""
_HEAD = 2_000

Row = tuple[int, bool, list[Cell]]


async def read_table(content: bytes, folder: Path, limits: FileLimits = LIMITS) -> Path:
    """Read a table in a process that is killed when it takes too long; return where its rows are.

    Raises InputError with the code that tells why the file is refused.
    """
    if len(content) > limits.size_bytes:
        raise InputError("file_large", most=limits.size_bytes // 1_000_000)
    sent, rows = folder / "sent", folder / "rows"
    await asyncio.to_thread(sent.write_bytes, content)
    words = (sys.executable, "-P", __file__, str(sent), str(rows), json.dumps(asdict(limits)))
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    process = await asyncio.create_subprocess_exec(*words, env=environment, stderr=asyncio.subprocess.DEVNULL)
    try:
        code = await asyncio.wait_for(process.wait(), limits.within_s)
    except TimeoutError:
        process.kill()
        await process.wait()
        code = -1
    except BaseException:
        process.kill()
        raise
    if code:
        raise InputError("file_heavy", rows=limits.rows, columns=limits.columns, letters=limits.cell)
    return rows


def read_rows(path: Path, limits: FileLimits = LIMITS) -> Iterator[Row]:
    """Yield the rows that `read_table` wrote. Raises InputError for a file that was refused."""
    with path.open(encoding="ascii") as lines:
        for line in lines:
            told = json.loads(line)
            if isinstance(told, str):
                raise InputError(told, rows=limits.rows, columns=limits.columns, letters=limits.cell)
            number, is_hidden, cells = told
            yield number, is_hidden, [_cell(each) for each in cells]


def _cell(told: str | list[str] | None) -> Cell:
    if not isinstance(told, list):
        return told
    kind, value = told
    return Decimal(value) if kind == "n" else Odd(value)


def _told(cell: Cell) -> str | list[str] | None:
    if isinstance(cell, Decimal):
        return ["n", str(cell)]
    return ["x", cell.value] if isinstance(cell, Odd) else cell


class _Rows:
    """Writes rows down as they come, up to what a file may hold."""

    def __init__(self, limits: FileLimits) -> None:
        self._limits = limits
        self._characters = 0
        self.lines: list[str] = []

    def take(self, number: int, is_hidden: bool, cells: Sequence[Cell]) -> None:  # noqa: FBT001 - a row as it comes
        if not any(each.strip() if isinstance(each, str) else each is not None for each in cells):
            return
        line = json.dumps([number, is_hidden, [_told(each) for each in cells]])
        self._characters += len(line)
        is_full = len(self.lines) > self._limits.rows or self._characters > self._limits.characters
        if is_full or len(cells) > self._limits.columns:
            raise InputError("file_heavy")
        self.lines.append(line)


def main(sent: Path, into: Path, limits: FileLimits) -> None:
    """Read a file and write its rows down, or why it is refused."""
    rows = _Rows(limits)
    try:
        content = sent.read_bytes()
        _reader_of(content)(content, limits, rows.take)
        lines = rows.lines
    except InputError as refused:
        lines = [json.dumps(refused.code)]
    except MemoryError:
        lines = [json.dumps("file_heavy")]
    except _BREAKS:
        lines = [json.dumps("file_broken")]
    into.write_text("\n".join(lines), encoding="ascii")


def _reader_of(content: bytes) -> Callable[[bytes, FileLimits, TakeRow], None]:
    if content.startswith(_OLD):
        raise InputError("file_locked")
    return read_workbook if content.startswith(_ZIP) else _read_csv


def _read_csv(content: bytes, limits: FileLimits, take: TakeRow) -> None:
    text = _decoded(content)
    csv.field_size_limit(limits.cell)
    try:
        read = csv.reader(StringIO(text, newline=""), delimiter=_mark(text), strict=True)
        for number, cells in enumerate(read, 1):
            take(number, False, [_unquoted(each) for each in cells])
    except csv.Error as broken:
        raise InputError("file_heavy" if "limit" in str(broken) else "file_broken") from None


def _decoded(content: bytes) -> str:
    """Read UTF-8, or UTF-16 that says so; what has zeros in it is no text."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("file_kind" if b"\0" in content else "file_letters") from None
    if "\0" in text:
        raise InputError("file_kind")
    return text


def _mark(text: str) -> str:
    """Return what parts the columns: where decimals have a comma, spreadsheets write a semicolon."""
    head = text.lstrip()[:_HEAD].partition("\n")[0]
    return max(",;\t", key=head.count)


def _unquoted(cell: str) -> str:
    """Take the quote away that keeps a text of ours from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(BEGINS_FORMULA) else cell


def _confine(limits: FileLimits) -> None:
    """Give up what reading a file does not need: more time or memory ends this process."""
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * limits.characters, 2 * limits.characters))


if __name__ == "__main__":
    allowed = FileLimits(**json.loads(sys.argv[3]))
    _confine(allowed)
    main(Path(sys.argv[1]), Path(sys.argv[2]), allowed)
