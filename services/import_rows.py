"""Which listing variant each row of a list of prices means, and which price it has: or why neither can be told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from domain.amounts import parse_amount
from domain.bulk import Skip
from domain.catalogue import ListingVariant
from domain.chats import Visitor
from domain.errors import InputError
from domain.imports import BadRow, Flaw, Odd, PriceColumns, SentRow, price_columns
from domain.money import Money
from domain.shops import Shop
from services.products import shops_here
from services.table_reading import read_rows
from storage.database import Connection
from storage.repositories.imports import Shelves

_UNREAD = {Odd.FORMULA: Flaw.FORMULA, Odd.DATE: Flaw.DATE, Odd.ERROR: Flaw.UNREADABLE}
Why = Flaw | Skip


@dataclass(slots=True)
class Sorted:
    """The rows of a file: those that ask for another price, by listing variant, and what is left of them."""

    asked: dict[str, tuple[SentRow, Money]] = field(default_factory=dict)
    same: int = 0
    bad: list[BadRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stock:
    """What rows may mean: the shops of a person, what is listed by its numbers, what is sold by SKU."""

    shops: Sequence[Shop]
    listed: dict[tuple[str, str], list[ListingVariant]]
    sold: dict[str, list[ListingVariant]]

    def meant(self, row: SentRow) -> ListingVariant | Flaw:
        """Return the one listing variant that a row means."""
        shops = {each.id for each in self.shops if _is_named(each, row)}
        if not shops:
            return Flaw.NO_SHOP
        named = (
            self.listed.get((row.listing_id, row.variant_id))
            if row.listing_id
            else self.sold.get(row.sku.casefold())
        )
        found = [each for each in named or () if each.shop_id in shops]
        if len(found) != 1:
            return Flaw.SEVERAL if found else Flaw.NOT_FOUND
        return found[0] if not row.sku or _plain(row.sku) == _plain(found[0].sku) else Flaw.OTHER_SKU


def read_prices(path: Path) -> list[SentRow]:
    """Read the rows of a list of prices below the names of its columns.

    Raises InputError("file_empty"), and for what the file is refused or its columns are not known.
    """
    columns: PriceColumns | None = None
    rows = []
    for number, is_hidden, cells in read_rows(path):
        if columns is None:
            columns = price_columns(cells)
        else:
            rows.append(columns.row(number, cells, is_hidden=is_hidden))
    if not rows:
        raise InputError("file_empty")
    return rows


def sort_rows(conn: Connection, visitor: Visitor, rows: Sequence[SentRow]) -> Sorted:
    """Find what each row means; two rows that mean the same are both wrong."""
    stock = _stock(conn, visitor, rows)
    meant = [(row, stock.meant(row)) for row in rows]
    times = Counter(one.id for _, one in meant if isinstance(one, ListingVariant))
    done = Sorted()
    for row, one in meant:
        if not isinstance(one, ListingVariant):
            done.bad.append(BadRow(row, one))
            continue
        price = Flaw.TWICE if times[one.id] > 1 else price_of(row, one.price.listed)
        if not isinstance(price, Money):
            done.bad.append(BadRow(row, price))
        elif price == one.price.listed:
            done.same += 1
        else:
            done.asked[one.id] = (row, price)
    return done


def price_of(row: SentRow, before: Money) -> Money | Why:
    """Return the price a row asks for; a hidden row may ask for none but the one that is."""
    if row.currency and row.currency.upper() != before.currency:
        return Skip.OTHER_CURRENCY
    price = _amount(row, before.currency)
    if not isinstance(price, Decimal):
        return price
    asked = Money(price, before.currency)
    return Flaw.HIDDEN if row.is_hidden and asked != before else asked


def _amount(row: SentRow, currency: str) -> Decimal | Flaw:
    if isinstance(row.price, Odd):
        return _UNREAD[row.price]
    if row.price is None or row.price == "":
        return Flaw.NO_PRICE
    if isinstance(row.price, Decimal):
        return row.price
    try:
        return parse_amount(row.price, currency)
    except InputError:
        return Flaw.UNREADABLE


def _stock(conn: Connection, visitor: Visitor, rows: Sequence[SentRow]) -> _Stock:
    shops = shops_here(conn, visitor)
    shelves = Shelves(conn, visitor.seller_id, [each.id for each in shops])
    listed: dict[tuple[str, str], list[ListingVariant]] = {}
    for each in shelves.of_listings({row.listing_id for row in rows if row.listing_id}):
        listed.setdefault((each.listing_external_id, each.external_id), []).append(each)
    sold: dict[str, list[ListingVariant]] = {}
    for each in shelves.of_skus({row.sku for row in rows if row.sku and not row.listing_id}):
        sold.setdefault(each.sku.casefold(), []).append(each)
    return _Stock(shops, listed, sold)


def _is_named(shop: Shop, row: SentRow) -> bool:
    is_name = not row.shop or row.shop.casefold() == shop.name.strip().casefold()
    return is_name and (not row.platform or row.platform.casefold() == shop.platform)


def _plain(sku: str) -> str:
    """Return a SKU as two programs may write it: spreadsheets take noughts away that a number begins with."""
    return sku.strip().casefold().lstrip("0")


def reasons(bad: Iterable[BadRow]) -> list[tuple[Why, int]]:
    """Count the reasons, the most frequent first."""
    return Counter(each.why for each in bad).most_common()
