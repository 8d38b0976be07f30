"""Years of a busy seller: orders of several shops, and listings with stock.

What is open today does not grow with the years, so every size has as much to pack.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from bench.books import Books
from domain.catalogue import ListingState
from domain.orders import OrderStatus
from domain.shops import Shop
from storage.database import Connection
from storage.repositories import stock_lists, tallies
from storage.tables.catalogue import listing, listing_variant, product, variant
from storage.tables.orders import order_line, sale_order

TO_PACK = 800
"""As many as three people pack on the biggest day."""

_CHUNK = 5_000
_ENDED = (*[OrderStatus.COMPLETED] * 18, OrderStatus.CANCELLED, OrderStatus.RETURNING)
_PRICE = Decimal(129_000)

Row = dict[str, Any]
Stocked = tuple[Row, Row, Row, Row]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Size:
    orders: int
    listings: int

    def __str__(self) -> str:
        return f"{self.orders:,} orders, {self.listings:,} listings"


async def write_history(books: Books, shops: list[Shop], size: Size) -> None:
    """Fill the books of the seller whose shops these are; the newest order was placed just now."""
    for heads in _chunks(_orders(books.seller_id, shops, size.orders), size.orders):
        await books.database.write(partial(_add_orders, books.seller_id, heads), "bench.history")
    for stocked in _chunks(_listings(books.seller_id, shops, size.listings), size.listings):
        await books.database.write(partial(_add_listings, books.seller_id, stocked), "bench.history")


def _add_orders(seller_id: str, heads: list[Row], conn: Connection) -> None:
    conn.execute(sale_order.insert(), heads)
    conn.execute(order_line.insert(), [_line(head) for head in heads])
    tallies.move(conn, seller_id, [], [head["status"] for head in heads])


def _add_listings(seller_id: str, stocked: list[Stocked], conn: Connection) -> None:
    for place, table in enumerate((product, variant, listing, listing_variant)):
        conn.execute(table.insert(), [each[place] for each in stocked])
    stock_lists.keep(conn, seller_id, [str(each[1]["id"]) for each in stocked], stocked[0][2]["seen_at"])


def _chunks(rows: Iterator[T], count: int) -> Iterator[list[T]]:
    for start in range(0, count, _CHUNK):
        yield [next(rows) for _ in range(min(_CHUNK, count - start))]


def _orders(seller_id: str, shops: list[Shop], count: int) -> Iterator[Row]:
    now = datetime.now(UTC)
    for number in range(count):
        name = f"26{100_000_000 + number * 7}"
        at = now - timedelta(minutes=number)
        is_open = number < TO_PACK
        status = OrderStatus.TO_SHIP if is_open else _ENDED[number % len(_ENDED)]
        yield {
            "id": f"o{number}", "seller_id": seller_id, "shop_id": shops[number % len(shops)].id, "external_id": name,
            "number_reversed": name[::-1], "status": status, "raw_status": status.upper(), "placed_at": at,
            "paid_at": at, "updated_at": at, "ship_by": at + timedelta(days=2), "currency": "IDR", "total": _PRICE,
            "buyer_name": "B***o", "buyer_city": "KOTA BANDUNG", "buyer_note": "", "seller_note": "",
            "payment_method": "ShopeePay", "courier": "J&T Express", "is_cod": False, "cancelled_by": "",
            "cancel_reason": "", "digest": name, "recorded_at": at, "told_at": None,
        }  # fmt: skip


def _line(order: Row) -> Row:
    return {
        "order_id": order["id"], "position": 0, "seller_id": order["seller_id"], "listing_external_id": "2500139861",
        "variant_external_id": "0", "unit_ids": "1", "title": "Lampu LED E27 12W Putih Hemat Energi",
        "variant_name": "Putih", "sku": "LAMP-12W", "quantity": 2, "unit_price": _PRICE, "list_price": _PRICE,
        "image_url": "",
    }  # fmt: skip


def _listings(seller_id: str, shops: list[Shop], count: int) -> Iterator[Stocked]:
    """Yield product, variant, listing and listing variant; one in twenty is sold out, the rest have up to 500."""
    now = datetime.now(UTC)
    for number in range(count):
        shop_id, title, sku = (
            shops[number % len(shops)].id,
            f"Lampu LED E27 12W no. {number}",
            f"LAMP-{number}",
        )
        available = 0 if number % 20 == 0 else number * 7919 % 500 + 1
        yield (
            {"id": f"p{number}", "seller_id": seller_id, "title": title, "created_at": now},
            {
                "id": f"v{number}", "seller_id": seller_id, "product_id": f"p{number}", "sku": sku,
                "sku_folded": sku.casefold(), "name": "Putih", "created_at": now,
            },
            {
                "id": f"l{number}", "seller_id": seller_id, "shop_id": shop_id, "product_id": f"p{number}",
                "external_id": f"25{number}", "title": title, "state": ListingState.LISTED, "raw_state": "NORMAL",
                "image_url": "", "updated_at": now, "seen_at": now,
            },
            {
                "id": f"x{number}", "seller_id": seller_id, "shop_id": shop_id, "listing_id": f"l{number}",
                "external_id": "0", "variant_id": f"v{number}", "name": "Putih", "sku": sku, "currency": "IDR",
                "listed": _PRICE, "is_taxed": True, "buyer_pays": _PRICE, "available": available, "reserved": 0,
                "is_sellable": True, "image_url": "", "seen_at": now,
            },
        )  # fmt: skip
