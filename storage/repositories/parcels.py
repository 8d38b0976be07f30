"""Parcels as the platforms tell them: written with their orders, read with their lines."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from domain.ids import new_id
from domain.orders import OrderLine, OrderSnapshot, Parcel, ParcelLine, ParcelState
from storage.repositories import rows
from storage.repositories.words import storable_row
from storage.tables.orders import parcel, parcel_line
from storage.upsert import upsert

_TOLD = ["raw_status", "courier", "tracking_number", "state", "courier_id", "place", "is_instant"]


def add(conn: Connection, seller_id: str, shop_id: str, orders: Sequence[tuple[str, OrderSnapshot]]) -> None:
    """Store the parcels of these orders, with what travels in each."""
    seen_parcels = [(order_id, seen, each) for order_id, seen in orders for each in seen.parcels]
    if not seen_parcels:
        return
    numbers = [each.external_id for _, _, each in seen_parcels]
    known = select(parcel.c.external_id, parcel.c.id, parcel.c.tracking_number).where(
        parcel.c.shop_id == shop_id, parcel.c.external_id.in_(numbers)
    )
    tracked = {row.external_id: row.tracking_number for row in conn.execute(known)}
    heads = [
        storable_row(
            {
                "id": new_id(),
                "seller_id": seller_id,
                "shop_id": shop_id,
                "external_id": each.external_id,
                "raw_status": each.raw_status,
                "courier": each.courier,
                # A platform may tell the number elsewhere than with the order: nothing told takes none away.
                "tracking_number": each.tracking_number or tracked.get(each.external_id, ""),
                "state": each.state,
                "courier_id": each.courier_id,
                "place": each.place,
                "is_instant": each.is_instant,
            }
        )
        for _, _, each in seen_parcels
    ]
    upsert(conn, parcel, heads, keys=["shop_id", "external_id"], update=_TOLD)
    ids = {row.external_id: row.id for row in conn.execute(known)}
    held = [
        {
            "parcel_id": ids[each.external_id],
            "order_id": order_id,
            "position": position,
            "quantity": quantity,
        }
        for order_id, seen, each in seen_parcels
        for position, quantity in _positions(seen, each)
    ]
    if held:
        conn.execute(parcel_line.insert(), held)


def of_order(conn: Connection, order_id: str, lines: tuple[OrderLine, ...]) -> tuple[Parcel, ...]:
    """Return the parcels of an order."""
    query = (
        select(parcel, parcel_line.c.position, parcel_line.c.quantity)
        .join(parcel_line, parcel_line.c.parcel_id == parcel.c.id)
        .where(parcel_line.c.order_id == order_id)
        .order_by(parcel.c.external_id, parcel_line.c.position)
    )
    parts: dict[str, tuple[rows.AnyRow, list[ParcelLine]]] = {}
    for row in conn.execute(query):
        line = lines[row.position]
        held = ParcelLine(line.listing_external_id, line.variant_external_id, row.quantity)
        parts.setdefault(row.id, (row, []))[1].append(held)
    return tuple(
        Parcel(
            external_id=row.external_id,
            raw_status=row.raw_status,
            courier=row.courier,
            tracking_number=row.tracking_number,
            lines=tuple(held),
            state=ParcelState(row.state),
            courier_id=row.courier_id,
            place=row.place,
            is_instant=bool(row.is_instant),
        )
        for row, held in parts.values()
    )


def ids_of(conn: Connection, shop_id: str, numbers: Sequence[str]) -> dict[str, str]:
    """Return our ids of a shop's parcels, by the platform's."""
    query = select(parcel.c.external_id, parcel.c.id).where(
        parcel.c.shop_id == shop_id, parcel.c.external_id.in_(numbers)
    )
    return {row.external_id: row.id for row in conn.execute(query)}


def _positions(seen: OrderSnapshot, of: Parcel) -> list[tuple[int, int]]:
    """Return (position of the order line, units) for what travels in a parcel."""
    where = {
        (line.listing_external_id, line.variant_external_id): position
        for position, line in reversed(list(enumerate(seen.lines)))
    }
    held: dict[int, int] = {}
    for line in of.lines:
        position = where.get((line.listing_external_id, line.variant_external_id))
        if position is not None:
            held[position] = held.get(position, 0) + line.quantity
    return list(held.items())
