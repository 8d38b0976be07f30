"""A sheet that any spreadsheet opens: one page of texts and whole numbers, nothing of it a formula or a link.

It prints as it is: A4, no wider than a page, the names of its columns on top of each.
"""

import io
from collections.abc import Sequence

A4 = 9


def sheet(rows: Sequence[Sequence[str | int]], title: str = "") -> bytes:
    """Return an XLSX file with these rows, the first one the names of the columns.

    A text stays a text, whatever it begins with. Printed, the title stands at the foot of each page.
    """
    # Loaded with the first sheet: who only reads orders does without.
    from xlsxwriter import Workbook  # noqa: PLC0415

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.freeze_panes(1, 0)
        page.set_row(0, None, book.add_format({"bold": True}))
        page.set_footer(f"&L{title.replace('&', '&&')}&R&P / &N")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(at, column, value)
                else:
                    # Half an emoji has no place in a file.
                    page.write_string(at, column, value.encode("utf-8", "replace").decode())
        page.autofit()
    return out.getvalue()
