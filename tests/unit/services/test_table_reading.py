"""Tables that come in: read as they are seen on the screen, and refused where a file is not what it says."""

import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from domain.errors import InputError
from domain.imports import LIMITS, Cell, FileLimits, Odd
from services import table_reading
from services.sheets import sheet
from tests.integration.services.pricelists import saved, xlsx

SMALL = FileLimits(rows=3, columns=4, cell=20, characters=400, texts=10, unpacked_bytes=200_000, parts=20)
PLAIN = sheet([["sku", "price"], ["A", 1]])


def read(content: bytes, folder: Path, limits: FileLimits = LIMITS) -> list[list[Cell]]:
    """Read a file in this process, as its own would."""
    sent, rows = folder / "sent", folder / "rows"
    sent.write_bytes(content)
    table_reading.main(sent, rows, limits)
    return [cells for _, _, cells in table_reading.read_rows(rows)]


def repacked(change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> bytes:
    """Return the plain workbook with some of its parts changed or left out, and more of them."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(PLAIN)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def with_page(body: str) -> bytes:
    """Return a workbook whose page is this XML."""
    return repacked(lambda name, part: body.encode() if name.endswith("sheet1.xml") else part)


def with_texts(texts: str) -> bytes:
    """Return a workbook that keeps its texts apart, as most programs do, and refers to the first three."""
    page = "".join(f'<c t="s"><v>{at}</v></c>' for at in range(3))
    parts = {"sheet1.xml": f"<worksheet><row>{page}</row></worksheet>", "Strings.xml": f"<sst>{texts}</sst>"}
    return repacked(
        lambda name, part: next((new.encode() for end, new in parts.items() if name.endswith(end)), part)
    )


def as_is(_: str, part: bytes) -> bytes:
    return part


def locked() -> bytes:
    """Return the plain workbook with the mark of a password on its first part."""
    made = bytearray(PLAIN)
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        struct.pack_into("<H", made, made.index(sign) + at, 1)
    return bytes(made)


def overlapping() -> bytes:
    """Return a workbook two of whose parts begin at the same place."""
    made = bytearray(PLAIN)
    first = made.index(b"PK\1\2")
    second = made.index(b"PK\1\2", first + 4)
    made[second + 42 : second + 46] = made[first + 42 : first + 46]
    return bytes(made)


def test_cells_are_what_a_spreadsheet_shows(tmp_path: Path) -> None:
    book = Workbook()
    hidden, page = book.active, book.create_sheet()
    assert hidden is not None
    hidden.sheet_state = "hidden"
    hidden.append(["not", "this"])
    page.append(["sku", "price", "note"])
    page.append(["00017", 19.99, CellRichText("two ", TextBlock(InlineFont(b=True), "parts"))])
    page.append(["B", "=1+1", date(2026, 11, 11)])
    page.append([None, None, None])
    page.append([123456, 1e15, True])
    assert read(saved(book), tmp_path) == [
        ["sku", "price", "note"],
        ["00017", Decimal("19.99"), "two parts"],
        ["B", Odd.FORMULA, Odd.DATE],
        [Decimal(123456), Decimal("1E+15"), "1"],
    ]


def test_noise_beyond_what_is_shown_is_no_digit(tmp_path: Path) -> None:
    page = '<worksheet><sheetData><row><c><v>19.989999999999998</v></c><c t="e"><v>#REF!</v></c></row></sheetData></worksheet>'
    assert read(with_page(page), tmp_path) == [[Decimal("19.99"), Odd.ERROR]]


def test_texts_that_are_kept_apart_are_whole_and_not_spoken(tmp_path: Path) -> None:
    texts = "<si><t>sku</t></si><si><r><t>two </t></r><r><t>parts</t></r></si><si><t>東京</t><rPh><t>とう</t></rPh></si>"
    assert read(with_texts(texts), tmp_path) == [["sku", "two parts", "東京"]]


@pytest.mark.parametrize("content", [
    "sku,price\r\nA,1\r\n".encode("utf-8-sig"),
    b"sku;price\nA;1\n",
    "sku\tprice\nA\t1\n".encode("utf-16"),
    b'"sku","price"\n\n"A","1"',
])  # fmt: skip
def test_csv_is_read_however_it_was_saved(content: bytes, tmp_path: Path) -> None:
    assert read(content, tmp_path) == [["sku", "price"], ["A", "1"]]


def test_the_quote_that_we_put_before_a_formula_is_taken_away(tmp_path: Path) -> None:
    assert read(b"sku,price\n'=A,'B\n", tmp_path)[1] == ["=A", "'B"]


REFUSED: dict[str, tuple[bytes, str]] = {
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", "file_kind"),
    "other zip": (repacked(lambda name, part: None if "workbook" in name else part), "file_kind"),
    "old or encrypted": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "file_locked"),
    "password": (locked(), "file_locked"),
    "macros": (repacked(as_is, {"xl/vbaProject.bin": b"x"}), "file_macros"),
    "macros by type": (
        repacked(lambda name, part: part.replace(b"main+xml", b"macroEnabled.main+xml") if "Types" in name else part),
        "file_macros",
    ),
    "nested": (repacked(as_is, {"xl/embeddings/inner.xlsx": PLAIN}), "file_broken"),
    "overlapping": (overlapping(), "file_broken"),
    "cut": (PLAIN[: len(PLAIN) // 2], "file_broken"),
    "no page": (repacked(lambda name, part: None if "sheet1.xml" in name else part), "file_broken"),
    "entities": (
        with_page('<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'), "file_broken",
    ),
    "outer entity": (with_page('<!DOCTYPE w SYSTEM "file:///etc/passwd"><worksheet/>'), "file_broken"),
    "bad place": (with_page('<worksheet><row><c r="ABCDEFG1"><v>1</v></c></row></worksheet>'), "file_broken"),
    "unpacks to much": (repacked(as_is, {"xl/more.xml": bytes(300_000)}), "file_heavy"),
    "many parts": (repacked(as_is, {f"xl/{at}.xml": b"x" for at in range(20)}), "file_heavy"),
    "many rows": (xlsx(*[("a", "b")] * 5), "file_heavy"),
    "wide": (xlsx(("a", "b", "c", "d", "e")), "file_heavy"),
    "long cell": (xlsx(("a" * 21,)), "file_heavy"),
    "many texts": (with_texts("<si><t>a</t></si>" * 11), "file_heavy"),
    "no such text": (with_texts("<si><t>a</t></si>"), "file_broken"),
    "csv of zeros": (b"sku,price\nA\0,1\n", "file_kind"),
    "csv of another alphabet": ("sku,price\nÄ,1\n".encode("cp1252"), "file_letters"),
    "csv with odd quotes": (b'sku,price\n"A"B,1\n', "file_broken"),
    "csv with a long cell": (b"sku,price\n" + b"a" * 21 + b",1\n", "file_heavy"),
    "csv that never ends a quote": (b'sku,price\n"' + b"a" * 10, "file_broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_a_plain_table_is_refused(name: str, tmp_path: Path) -> None:
    content, code = REFUSED[name]
    with pytest.raises(InputError) as refused:
        read(content, tmp_path, SMALL)
    assert refused.value.code == code


async def test_it_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    rows = await table_reading.read_table(PLAIN, tmp_path)
    assert [cells for _, _, cells in table_reading.read_rows(rows)] == [["sku", "price"], ["A", Decimal(1)]]
    many = b"sku,price\n" + b"A,1\n" * 200_000
    roomy = FileLimits(rows=10**6, characters=10**8)
    for limits in (replace(roomy, within_s=0.0), replace(roomy, memory_bytes=2**20)):
        with pytest.raises(InputError) as refused:
            list(table_reading.read_rows(await table_reading.read_table(many, tmp_path, limits)))
        assert refused.value.code == "file_heavy"
    with pytest.raises(InputError, match="file_large"):
        await table_reading.read_table(b"x" * 11, tmp_path, FileLimits(size_bytes=10))
