"""A sheet that any spreadsheet opens: one page of texts and whole numbers, nothing of it a formula or a link."""

import io
from collections.abc import Sequence


def sheet(rows: Sequence[Sequence[str | int]]) -> bytes:
    """Return an XLSX file with these rows; a text stays a text, whatever it begins with."""
    # Loaded with the first sheet: who only reads orders does without.
    from xlsxwriter import Workbook  # noqa: PLC0415

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(at, column, value)
                else:
                    # Half an emoji has no place in a file.
                    page.write_string(at, column, value.encode("utf-8", "replace").decode())
    return out.getvalue()
