"""Orders as ready-made rows, and the plainest way to store them with each driver: executemany, then commit."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import asyncpg

from domain.ids import new_id
from domain.orders import OrderSnapshot

Rows = dict[str, list[tuple[object, ...]]]
"""The rows of a batch by their table, with every column that we keep too."""

COLUMNS = {
    "sale_order": "id seller_id shop_id external_id number_reversed status raw_status placed_at paid_at updated_at "
    "ship_by currency total buyer_name buyer_city buyer_note seller_note payment_method courier is_cod cancelled_by "
    "cancel_reason digest recorded_at",
    "order_line": "order_id position seller_id listing_external_id variant_external_id unit_ids title variant_name sku "
    "quantity unit_price list_price image_url",
    "parcel": "id seller_id shop_id external_id raw_status courier tracking_number",
    "parcel_line": "parcel_id order_id position quantity",
}


def rows_of(batch: Sequence[OrderSnapshot], seller_id: str, shop_id: str, *, times_as_text: bool) -> Rows:
    rows: Rows = {table: [] for table in COLUMNS}
    for order in batch:
        order_id = new_id()
        rows["sale_order"].append(
            tuple(_head(order, order_id, seller_id, shop_id, times_as_text=times_as_text))
        )
        for position, line in enumerate(order.lines):
            rows["order_line"].append((
                order_id, position, seller_id, line.listing_external_id, line.variant_external_id,
                " ".join(line.unit_ids), line.title, line.variant_name, line.sku, line.quantity,
                int(line.unit_price.amount * 10_000), int(line.list_price.amount * 10_000), line.image_url,
            ))  # fmt: skip
        for parcel in order.parcels:
            parcel_id = new_id()
            rows["parcel"].append(
                (parcel_id, seller_id, shop_id, parcel.external_id, parcel.raw_status, parcel.courier, "")
            )
            rows["parcel_line"] += [
                (parcel_id, order_id, position, held.quantity) for position, held in enumerate(parcel.lines)
            ]
    return rows


def _head(
    order: OrderSnapshot, order_id: str, seller_id: str, shop_id: str, *, times_as_text: bool
) -> Iterator[object]:
    times = (order.placed_at, order.paid_at, order.updated_at, order.ship_by)
    written = [at and (at.replace(tzinfo=None).isoformat(" ") if times_as_text else at) for at in times]
    yield from (
        order_id,
        seller_id,
        shop_id,
        order.external_id,
        order.external_id[::-1],
        order.status,
        order.raw_status,
    )
    yield from written
    yield from (order.currency, int(order.total.amount * 10_000) if order.total else None)
    yield from (order.buyer_name, order.buyer_city, order.buyer_note, order.seller_note, order.payment_method)
    yield from (
        order.courier,
        order.is_cod,
        order.cancelled_by,
        order.cancel_reason,
        order.digest,
        written[2],
    )


class RawSqlite:
    """The standard library's driver as it comes."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)

    def store(self, batches: Sequence[Rows]) -> None:
        for batch in batches:
            for table, rows in batch.items():
                self._connection.executemany(_insert(table, "?" * len(COLUMNS[table].split())), rows)
            self._connection.commit()

    def close(self) -> None:
        self._connection.close()


async def store_with_asyncpg(connection: asyncpg.Connection, batches: Sequence[Rows]) -> None:
    for batch in batches:
        async with connection.transaction():
            for table, rows in batch.items():
                marks = [f"${number}" for number, _ in enumerate(COLUMNS[table].split(), start=1)]
                await connection.executemany(_insert(table, marks), rows)


def _insert(table: str, marks: Sequence[str]) -> str:
    names = ", ".join(COLUMNS[table].split())
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(marks)})"  # noqa: S608 - the names are our own
