"""What leaves as a sheet is read by another library as it was: texts as texts, numbers as numbers."""

import io

import pytest
from openpyxl import load_workbook

from services.sheets import sheet


def read(content: bytes) -> list[list[object]]:
    page = load_workbook(io.BytesIO(content)).active
    assert page is not None
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    return [list(row) for row in page.iter_rows(values_only=True)]


def test_rows_come_back_as_they_were() -> None:
    rows: list[list[str | int]] = [["SKU", "Pieces"], ["LAMP-01", 22], ["หลอดไฟ · Đèn LED", 0]]
    assert read(sheet(rows)) == rows


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", "http://shop.example", "007", "a" * 300, "{=A1}"]
)
def test_foreign_text_is_no_formula_no_link_and_no_number(text: str) -> None:
    assert read(sheet([[text]])) == [[text]]


def test_half_an_emoji_does_not_cost_the_sheet() -> None:
    assert read(sheet([["half \ud83d emoji", 1]])) == [["half ? emoji", 1]]


def test_it_prints_no_wider_than_a_page_with_its_columns_named_on_each() -> None:
    rows: list[list[str | int]] = [["SKU", "Pieces"], ["LAMP-01", 22]]
    page = load_workbook(io.BytesIO(sheet(rows, "B3 & B4"))).active
    assert page is not None
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.paperSize, page.page_setup.fitToHeight) == (9, 0)
    assert page.print_title_rows == "$1:$1"
    assert (page.oddFooter.left.text, page.oddFooter.right.text) == ("B3 && B4", "&P / &N")
