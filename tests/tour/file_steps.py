"""The step of a price list: sent in with bad rows, refused row by row, mended, approved, applied, taken back."""

import time
from collections.abc import Collection, Sequence
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from tests.stage import Message, until
from tests.tour.bulk_steps import prices
from tests.tour.walk import Walk

ROWS, BAD = 500, 12
PERCENT = 5
HELD = (
    "SELECT listing.external_id, listing_variant.external_id FROM listing_variant"
    " JOIN listing ON listing.id = listing_variant.listing_id WHERE locked_until IS NOT NULL"
)
WRONG = ("ninety", None, "=A1", -1)


async def change_by_file(walk: Walk) -> None:
    """The exported products with other prices; what is wrong comes back with its reason, the rest once it is mended."""
    before = await prices(walk)
    sheet, asked = await _repriced(walk)
    wrong = asked[:: len(asked) // BAD][:BAD]
    good = {number: sheet.price(number).value for number in wrong}
    for at, number in enumerate(wrong):
        sheet.price(number).value = WRONG[at % len(WRONG)]
    said = await walk.phone.send_file("prices.xlsx", sheet.saved())
    back = await walk.phone.sees(f"{BAD} of {sheet.rows} rows cannot be taken", after=said, within_s=60)
    await walk.phone.sees(f"{len(asked) - BAD} prices from a file", after=back.id)
    sheet = Sheet(await walk.phone.fetch_file(back))
    assert sheet.told() == wrong, (sheet.told(), wrong)

    for number, price in good.items():
        sheet.price(number).value = price
    said = await walk.phone.send_file("prices.xlsx", sheet.saved())
    n = f"{len(asked)} prices"
    draft = await walk.phone.sees(f"{n} from a file", " 0 cannot be taken", after=said, within_s=60)
    await walk.phone.press(draft, "^Ask for these")
    await _type_count(walk, await walk.phone.sees_in(draft, "Asked by Sari"), len(asked))
    assert await prices(walk) == before, "sent before it was approved"
    began = time.perf_counter()
    said = await walk.phone.say(str(len(asked)))
    done = await walk.phone.sees(f"{n} are live", after=said, within_s=400)
    walk.report.figure("file_approved_to_live_s", time.perf_counter() - began)
    walk.report.figure("file_rows", sheet.rows)
    after = await prices(walk)
    assert sum(after[each] != price for each, price in before.items()) == len(asked)

    await walk.phone.press(done, "^Undo")
    await walk.phone.press(await walk.phone.sees_in(done, f"Take {n} back?"), "^Yes")
    await walk.phone.sees_in(done, f"Taken back: {len(asked)} of {len(asked)}", within_s=400)

    async def is_back() -> bool:
        return await prices(walk) == before

    await until(is_back, "the old prices to be back", within_s=60)


class Sheet:
    """A file of prices in somebody's spreadsheet."""

    def __init__(self, content: bytes) -> None:
        self._book: Workbook = load_workbook(BytesIO(content))
        self._page = self._book.worksheets[0]
        self._names = [cell.value for cell in self._page[1]]

    @property
    def rows(self) -> int:
        return int(self._page.max_row) - 1

    def price(self, number: int) -> Cell:
        return self.cell("price", number)

    def cell(self, name: str, number: int) -> Cell:
        found = self._page.cell(number, self._names.index(name) + 1)
        assert isinstance(found, Cell)
        return found

    def keep(self, numbers: Sequence[int]) -> None:
        """Throw all rows away but these."""
        kept = [[cell.value for cell in self._page[number]] for number in (1, *numbers)]
        self._book = Workbook()
        self._page = self._book.worksheets[0]
        for row in kept:
            self._page.append(row)

    def told(self) -> list[int]:
        """Return the numbers of the rows with a problem."""
        return [number for number in range(2, self.rows + 2) if self.cell("problem", number).value]

    def saved(self) -> bytes:
        out = BytesIO()
        self._book.save(out)
        return out.getvalue()


async def _repriced(walk: Walk) -> tuple[Sheet, list[int]]:
    """Have the products exported and lower the prices of 500 that no promotion holds; return the rows of those."""
    offer = await walk.phone.sees("Files out", after=await walk.phone.say("/export"))
    await walk.phone.press(offer, "^Products · XLSX")
    made: Message = await walk.phone.sees("Products: ", after=offer.id)
    sheet = Sheet(await walk.phone.fetch_file(made))
    held = {tuple(each) for each in walk.stage.rows(HELD)}
    free = [number for number in range(2, sheet.rows + 2) if _is_free(sheet, number, held)][:ROWS]
    assert len(free) == ROWS, len(free)
    sheet.keep(free)
    asked = list(range(2, ROWS + 2))
    for number in asked:
        was = sheet.price(number).value
        assert isinstance(was, int | float)
        sheet.price(number).value = int(was) * (100 - PERCENT) // 100
    return sheet, asked


def _is_free(sheet: "Sheet", number: int, held: Collection[tuple[object, ...]]) -> bool:
    named = (sheet.cell("listing_id", number).value, sheet.cell("variant_id", number).value)
    return sheet.cell("state", number).value in {"listed", "unlisted"} and named not in held


async def _type_count(walk: Walk, asked: Message, count: int) -> None:
    """Begin to approve what is beyond a limit: the one owner types how many prices it has."""
    await walk.phone.press(asked, "^Type how many")
    await walk.phone.sees_in(asked, f"type how many prices it has and send it: {count}")


FILE_STEPS = (
    (
        "500 prices in a file, 12 of them bad: refused row by row, mended, approved, taken back",
        change_by_file,
    ),
)
