"""What can be had as a file, and what stands in its columns (`docs/exports.md`)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Export(StrEnum):
    """What a file holds: a row a listing variant, a row an order line, a row a stock movement."""

    PRODUCTS = "products"
    ORDERS = "orders"
    MOVEMENTS = "movements"


class FileForm(StrEnum):
    """What kind of file it is."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, which stays the same in every language. `is_number`: a sheet may reckon with it."""

    name: str
    is_number: bool = False


BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""With these a text becomes a formula in CSV: it has a quote before it there, which is taken away when it comes back."""
ORDERS_SINCE = timedelta(days=90)
ROWS_AT_MOST = 200_000
"""Of more rows the newest are in the file, which says so."""

_SHOP = (Column("shop"), Column("platform"))
LAYOUTS: dict[Export, tuple[Column, ...]] = {
    Export.PRODUCTS: (
        *_SHOP,
        Column("listing_id"),
        Column("variant_id"),
        Column("title"),
        Column("option"),
        Column("sku"),
        Column("state"),
        Column("currency"),
        Column("price", is_number=True),
        Column("available", is_number=True),
        Column("reserved", is_number=True),
        Column("on_hand", is_number=True),
        Column("allocated", is_number=True),
    ),
    Export.ORDERS: (
        *_SHOP,
        Column("order_number"),
        Column("status"),
        Column("placed_at"),
        Column("ship_by"),
        Column("courier"),
        Column("sku"),
        Column("title"),
        Column("option"),
        Column("quantity", is_number=True),
        Column("cancelled", is_number=True),
        Column("currency"),
        Column("unit_price", is_number=True),
    ),
    Export.MOVEMENTS: (
        Column("at"),
        Column("sku"),
        Column("title"),
        Column("option"),
        Column("location"),
        Column("reason"),
        Column("on_hand", is_number=True),
        Column("allocated", is_number=True),
        Column("order_number"),
        Column("by"),
    ),
}
