"""Price lists as people send them: made by another program than the one that reads them."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path

from openpyxl import Workbook, load_workbook

from domain.exports import Export, FileForm
from services.imports import Intake
from tests.integration.services.house import House

Row = Sequence[object]


def xlsx(*rows: Row, hidden: Sequence[int] = ()) -> bytes:
    """Return a workbook of these rows; some of them hidden, by their number."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    for number in hidden:
        page.row_dimensions[number].hidden = True
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(*rows: Row, mark: str = ",") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode()


async def sent(house: House, content: bytes, folder: Path, name: str = "prices.xlsx") -> Intake:
    """Let the owner send a file."""
    return await house.services.imports.take(house.owner, name, content, folder)


async def exported(house: House, folder: Path, prices: dict[int, object]) -> bytes:
    """Return the file of products as it is exported, with other prices in some rows by their number."""
    made = await house.services.exports.make(house.owner, Export.PRODUCTS, FileForm.XLSX, folder)
    return mended(made.path, prices)


def mended(path: Path, prices: dict[int, object]) -> bytes:
    """Return a file with other prices in some rows, everything else as it was."""
    book = load_workbook(path)
    page = book.worksheets[0]
    at = [cell.value for cell in page[1]].index("price") + 1
    for number, price in prices.items():
        page.cell(number, at).value = price
    return saved(book)
