"""Files that come in: how large one may be, which columns make it a list of prices, and why a row cannot be taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.bulk import Skip
from domain.errors import InputError


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a file may have at most, and what reading it may cost (`promises.md` R18).

    `texts` are those a workbook keeps apart from its cells, `characters` all that its cells hold together.
    """

    size_bytes: int = 5_000_000
    parts: int = 1_000
    unpacked_bytes: int = 50_000_000
    ratio: int = 100
    rows: int = 20_000
    columns: int = 50
    cell: int = 5_000
    texts: int = 400_000
    characters: int = 16_000_000
    cpu_s: int = 8
    memory_bytes: int = 240 * 2**20
    within_s: float = 60.0


LIMITS = FileLimits()


class Odd(StrEnum):
    """What stands in a cell and is neither a text nor a number; its value is never used."""

    FORMULA = "formula"
    DATE = "date"
    ERROR = "error"


Cell = str | Decimal | Odd | None


class Flaw(StrEnum):
    """Why a row cannot be taken, before any price rule is asked."""

    NO_PRICE = "no_price"
    UNREADABLE = "unreadable"
    FORMULA = "formula"
    DATE = "date"
    NO_SHOP = "no_shop"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    OTHER_SKU = "other_sku"
    TWICE = "twice"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row as it stands in the file under its number there; empty where the file has no such column."""

    number: int
    is_hidden: bool
    shop: str
    platform: str
    listing_id: str
    variant_id: str
    sku: str
    currency: str
    price: Cell


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken, with the reason."""

    row: SentRow
    why: Flaw | Skip


PRICE, SKU, LISTING, VARIANT = "price", "sku", "listing_id", "variant_id"
READ = ("shop", "platform", LISTING, VARIANT, SKU, "currency")
"""What is read beside the price; other columns are passed over (`docs/exports.md`)."""
_ELSEWHERE = frozenset({"order_number", "quantity", "at", "location", "on_hand", "stock"})
"""Columns of other files, and of those that cannot be sent in."""
_WHOLE_DIGITS = 18


@dataclass(frozen=True, slots=True)
class PriceColumns:
    """Where a list of prices has its columns."""

    places: dict[str, int]

    def row(self, number: int, cells: Sequence[Cell], *, is_hidden: bool) -> SentRow:
        """Read one row."""
        texts = {name: words_of(self._cell(name, cells)) for name in READ}
        return SentRow(number, is_hidden, price=self._cell(PRICE, cells), **texts)

    def _cell(self, name: str, cells: Sequence[Cell]) -> Cell:
        at = self.places.get(name)
        return cells[at] if at is not None and at < len(cells) else None


def price_columns(head: Sequence[Cell]) -> PriceColumns:
    """Find the columns of a list of prices by their names.

    Raises InputError("file_other") for what holds something else, InputError("file_columns").
    """
    names = [words_of(each).lower() for each in head]
    known = {PRICE, *READ}
    places = {name: at for at, name in reversed(list(enumerate(names))) if name in known}
    if any(names.count(each) > 1 for each in known):
        raise InputError("file_columns")
    if PRICE not in places and set(names) & _ELSEWHERE:
        raise InputError("file_other")
    if PRICE not in places or not (SKU in places or {LISTING, VARIANT} <= set(places)):
        raise InputError("file_columns")
    return PriceColumns(places)


def words_of(cell: Cell) -> str:
    """Return what a cell says; a number that a spreadsheet made of an id, without a point."""
    if isinstance(cell, Decimal):
        return f"{cell:f}" if abs(cell.adjusted()) < _WHOLE_DIGITS else str(cell)
    return "" if cell is None or isinstance(cell, Odd) else cell.strip()
