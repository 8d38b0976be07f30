"""Tables as files, made in a process of their own: 100,000 rows take seconds in which no button would answer.

`python -P services/table_files.py FORM ROWS FILE` reads lines of JSON, the first one the columns as [name, is number],
each other one a row of texts (null: empty). It knows no settings and no secrets, and loads nothing else
of StoreSync than the names of the columns.

A foreign text must never become a formula (OWASP ASVS 5.0, 1.2.10): in CSV it gets a quote before it, in XLSX it is
typed as text and marked as quoted.
"""

import asyncio
import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from domain.exports import BEGINS_FORMULA, Column, FileForm

ROOT = Path(__file__).parents[1]
WITHIN_S = 300.0
_CELL = 16_383
"""A cell of a spreadsheet takes 32,767 units of UTF-16, two of which an emoji may be; more breaks readers of CSV, too."""
_NICE = 10

Cells = Sequence[str | None]


class FileNotMade(Exception):
    """The process that makes files ended without one."""


async def make_file(form: FileForm, rows: Path, into: Path) -> None:
    """Make a file of rows that were written by `write_rows`."""
    words = (sys.executable, "-P", __file__, form, str(rows), str(into))
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    process = await asyncio.create_subprocess_exec(*words, env=environment, stderr=asyncio.subprocess.PIPE)
    try:
        _, told = await asyncio.wait_for(process.communicate(), WITHIN_S)
    except BaseException:
        process.kill()
        raise
    if process.returncode:
        raise FileNotMade(told.decode("utf-8", "replace")[-400:])


def write_rows(path: Path, columns: Sequence[Column], rows: Iterable[Cells]) -> int:
    """Write columns and rows down for the process that makes a file of them; return how many rows there were."""
    count = 0
    with path.open("w", encoding="ascii") as out:
        out.write(json.dumps([[each.name, each.is_number] for each in columns]) + "\n")
        for row in rows:
            # Half an emoji has no place in a file.
            texts = [each[:_CELL].encode("utf-8", "replace").decode() if each else each for each in row]
            out.write(json.dumps(texts) + "\n")
            count += 1
    return count


def main(form: str, rows: Path, into: Path) -> None:
    """Make a file of what `write_rows` wrote."""
    with rows.open(encoding="ascii") as lines:
        columns = [Column(name, is_number) for name, is_number in json.loads(next(lines))]
        read = (json.loads(line) for line in lines)
        (_write_csv if form == FileForm.CSV else _write_xlsx)(into, columns, read)


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterator[list[str | None]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([each.name for each in columns])
        for row in rows:
            writer.writerow([_plain(cell, each) for cell, each in zip(row, columns, strict=True)])


def _plain(cell: str | None, column: Column) -> str:
    if not cell or column.is_number:
        return cell or ""
    return f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell


def _write_xlsx(path: Path, columns: Sequence[Column], rows: Iterator[list[str | None]]) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415 - the process that only asks for a file does without

    with Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        text = book.add_format({"quote_prefix": True, "num_format": "@"})
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, 16)
        for column, each in enumerate(columns):
            page.write_string(0, column, each.name, book.add_format({"bold": True}))
        for at, row in enumerate(rows, 1):
            for column, (cell, each) in enumerate(zip(row, columns, strict=True)):
                if cell and each.is_number:
                    page.write_number(at, column, Decimal(cell))
                elif cell:
                    page.write_string(at, column, cell, text)


if __name__ == "__main__":
    os.nice(_NICE)
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
