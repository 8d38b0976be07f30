"""Orders of one seller."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, union_all, update

from domain.ids import new_id
from domain.money import Money
from domain.orders import PAID, WORK, Known, Order, OrderLine, OrderSnapshot, OrderStatus
from domain.shops import ShopState
from storage.repositories import order_lists, parcels, rows, tallies
from storage.repositories.words import storable, storable_row
from storage.tables.orders import order_line, parcel, parcel_line, sale_order
from storage.tables.shops import shop


@dataclass(frozen=True, slots=True)
class OrderHead:
    """An order as a list shows it."""

    order_id: str
    number: str
    shop_name: str
    status: OrderStatus
    raw_status: str
    total: Money | None
    first_line: str
    units: int
    lines: int
    courier: str
    placed_at: datetime
    ship_by: datetime | None
    is_cod: bool = False


# The seller is compared here and not by the database: PostgreSQL, which knows nothing of a table that has
# just been filled, would read all of the seller's orders by another index to find fifty of one shop.
_KNOWN = select(
    sale_order.c.seller_id,
    sale_order.c.external_id,
    sale_order.c.id,
    sale_order.c.status,
    sale_order.c.updated_at,
    sale_order.c.digest,
).where(
    sale_order.c.shop_id == bindparam("shop"),
    sale_order.c.external_id.in_(bindparam("numbers", expanding=True)),
)
_REPLACED = update(sale_order).where(
    sale_order.c.seller_id == bindparam("seller"), sale_order.c.id == bindparam("order")
)

_GONE = select(shop.c.id).where(shop.c.seller_id == bindparam("seller"), shop.c.state == ShopState.UNLINKED)

LAST_CHARACTER = "\U0010ffff"


class Orders:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def known(self, shop_id: str, numbers: Sequence[str]) -> dict[str, Known]:
        """Return what is stored of these order numbers of a shop."""
        asked = {"shop": shop_id, "numbers": list(numbers)}
        return {
            row.external_id: Known(row.id, OrderStatus(row.status), row.updated_at, row.digest)
            for row in self._conn.execute(_KNOWN, asked)
            if row.seller_id == self._seller_id
        }

    def insert(self, shop_id: str, snapshots: Sequence[OrderSnapshot], now: datetime) -> dict[str, str]:
        """Store orders seen for the first time; return their ids by number."""
        ids = {each.external_id: new_id() for each in snapshots}
        if not snapshots:
            return ids
        heads = [
            {
                "id": ids[each.external_id],
                "seller_id": self._seller_id,
                "shop_id": shop_id,
                "external_id": each.external_id,
                "number_reversed": each.external_id[::-1].upper(),
                "recorded_at": now,
                "told_at": None,
                **_head_values(each),
            }
            for each in snapshots
        ]
        self._conn.execute(sale_order.insert(), heads)
        tallies.move(self._conn, self._seller_id, [], [each.status for each in snapshots])
        self._add_parts(shop_id, [(ids[each.external_id], each) for each in snapshots])
        return ids

    def replace(self, shop_id: str, changed: Sequence[tuple[Known, OrderSnapshot]]) -> None:
        """Overwrite stored orders with newer snapshots."""
        if not changed:
            return
        left, entered = [known.status for known, _ in changed], [seen.status for _, seen in changed]
        tallies.move(self._conn, self._seller_id, left, entered)
        orders = [(known.order_id, seen) for known, seen in changed]
        of = {"seller": self._seller_id}
        self._conn.execute(
            _REPLACED, [of | {"order": order_id} | _head_values(seen) for order_id, seen in orders]
        )
        ids = [order_id for order_id, _ in orders]
        self._conn.execute(delete(order_line).where(order_line.c.order_id.in_(ids)))
        self._conn.execute(delete(parcel_line).where(parcel_line.c.order_id.in_(ids)))
        self._add_parts(shop_id, orders)

    def mark_told(self, order_id: str, now: datetime) -> None:
        query = update(sale_order).where(
            self._mine, sale_order.c.id == order_id, sale_order.c.told_at.is_(None)
        )
        self._conn.execute(query.values(told_at=now))

    def get(self, order_id: str) -> Order | None:
        query = select(sale_order).where(self._mine, sale_order.c.id == order_id)
        row = self._conn.execute(query).one_or_none()
        if row is None:
            return None
        found = self._conn.execute(
            select(order_line).where(order_line.c.order_id == order_id).order_by(order_line.c.position)
        )
        lines = tuple(rows.order_line_of(line, row.currency) for line in found)
        snapshot = rows.snapshot_of(row, lines, parcels.of_order(self._conn, order_id, lines))
        return Order(row.id, row.seller_id, row.shop_id, snapshot, row.recorded_at, row.told_at)

    def number(self, order_id: str) -> str:
        """Return the number of an order, nothing for one that is not the seller's."""
        query = select(sale_order.c.external_id).where(self._mine, sale_order.c.id == order_id)
        return self._conn.execute(query).scalar_one_or_none() or ""

    def page(
        self, statuses: Collection[OrderStatus], until: datetime, *, offset: int, limit: int
    ) -> list[OrderHead]:
        """Return heads, newest first, of orders placed up to `until`; none to work on of a shop that is unlinked."""
        gone = self._gone if set(statuses) <= WORK else []
        query = order_lists.page(tuple(sorted(statuses)), but_for_shops=bool(gone))
        bound: dict[str, Any] = {
            "seller": self._seller_id,
            "until": until,
            "reach": offset + limit,
            "skipped": offset,
            "places": limit,
        }
        bound |= {"gone": gone} if gone else {}
        return self._with_lines(self._conn.execute(query, bound).all())

    def heads(self, order_ids: Sequence[str]) -> list[OrderHead]:
        """Return the heads of these orders, in this order; what is not the seller's is left out."""
        query = order_lists.HEADS.where(self._mine, sale_order.c.id.in_(order_ids))
        by_id = {head.order_id: head for head in self._with_lines(self._conn.execute(query).all())}
        return [by_id[each] for each in order_ids if each in by_id]

    def counts(self, until: datetime) -> dict[OrderStatus, int]:
        """Return how many orders placed up to `until` stand in each state."""
        found = self._conn.execute(order_lists.LATER, {"seller": self._seller_id, "until": until})
        later = {OrderStatus(status): count for status, count in found}
        counts = tallies.totals(self._conn, self._seller_id)
        return {status: left for status, count in counts.items() if (left := count - later[status])}

    def left_behind(self, until: datetime) -> dict[OrderStatus, int]:
        """Return how many of those in states to work on are of shops that are unlinked: nobody works on them here."""
        if not (gone := self._gone):
            return {}
        query = (
            select(sale_order.c.status, func.count())
            .where(self._mine, sale_order.c.shop_id.in_(gone), sale_order.c.status.in_(WORK))
            .where(sale_order.c.placed_at <= until)
            .group_by(sale_order.c.status)
        )
        return {OrderStatus(status): count for status, count in self._conn.execute(query)}

    def find(self, words: str, limit: int) -> list[OrderHead]:
        """Return orders whose number ends in `words`, or one of whose parcels has it as tracking number."""
        words = storable(words)
        tail = words[::-1].upper()
        tracked = (
            select(parcel_line.c.order_id)
            .join(parcel, parcel.c.id == parcel_line.c.parcel_id)
            .where(parcel.c.seller_id == self._seller_id, parcel.c.tracking_number == words)
        )
        ends_so = sale_order.c.number_reversed.startswith(tail, autoescape=True)
        if self._conn.dialect.name == "sqlite":  # whose LIKE ignores letter case, and therefore every index
            number = sale_order.c.number_reversed
            ends_so = (number >= tail) & (number < tail + LAST_CHARACTER) & ends_so
        named = select(sale_order.c.id).where(self._mine, ends_so)
        query = (
            order_lists.HEADS.where(sale_order.c.id.in_(union_all(named, tracked)))
            .order_by(sale_order.c.placed_at.desc())
            .limit(limit)
        )
        return self._with_lines(self._conn.execute(query).all())

    def rivals(self, numbers: Sequence[str], statuses: Collection[OrderStatus], tail: int) -> list[str]:
        """Return the numbers of orders in these states that end like one of `numbers`, letter case aside.

        The database looks at the tails, so that a long list of open orders is not carried here for each page.
        """
        ends = {number[::-1].upper()[:tail] for number in numbers}
        bound = {"seller": self._seller_id, "statuses": list(statuses), "tail": tail, "ends": list(ends)}
        return list(self._conn.execute(order_lists.RIVALS, bound).scalars())

    def sold_since(self, since: datetime, *, until: datetime | None = None) -> tuple[list[Money], int]:
        """Return sums per currency and the count of orders paid since a moment, or before another."""
        # By state too, and sorted out here: asked for these states, SQLite would read all that ever were in them.
        query = (
            select(
                sale_order.c.currency,
                sale_order.c.status,
                func.sum(sale_order.c.total).label("total"),
                func.count().label("n"),
            )
            .where(self._mine, sale_order.c.paid_at >= since)
            .group_by(sale_order.c.currency, sale_order.c.status)
        )
        if until:
            query = query.where(sale_order.c.paid_at < until)
        found = [row for row in self._conn.execute(query) if OrderStatus(row.status) in PAID]
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in found:
            sums[row.currency] += row.total or 0
        sold = [Money(total, currency) for currency, total in sorted(sums.items()) if total]
        return sold, sum(row.n for row in found)

    def next_to_pack(self) -> datetime | None:
        """Return the nearest ship-by moment among orders to pack."""
        query = select(func.min(sale_order.c.ship_by)).where(
            self._mine, sale_order.c.status == OrderStatus.TO_SHIP
        )
        if gone := self._gone:
            query = query.where(sale_order.c.shop_id.not_in(gone))
        return self._conn.execute(query).scalar()

    @property
    def _gone(self) -> list[str]:
        """Return the shops that the seller has unlinked."""
        return list(self._conn.scalars(_GONE, {"seller": self._seller_id}))

    @property
    def _mine(self) -> ColumnElement[bool]:
        return sale_order.c.seller_id == self._seller_id

    def _with_lines(self, found: Sequence[rows.AnyRow]) -> list[OrderHead]:
        lines: dict[str, list[rows.AnyRow]] = {}
        for line in self._conn.execute(order_lists.LINES, {"orders": [row.id for row in found]}):
            lines.setdefault(line.order_id, []).append(line)
        return [_head(row, lines.get(row.id, [])) for row in found]

    def _add_parts(self, shop_id: str, orders: Sequence[tuple[str, OrderSnapshot]]) -> None:
        lines = [
            {"order_id": order_id, "position": position, "seller_id": self._seller_id, **_line_values(line)}
            for order_id, seen in orders
            for position, line in enumerate(seen.lines)
        ]
        if lines:
            self._conn.execute(order_line.insert(), lines)
        parcels.add(self._conn, self._seller_id, shop_id, orders)


def _head_values(seen: OrderSnapshot) -> dict[str, Any]:
    values = {
        "status": seen.status,
        "raw_status": seen.raw_status,
        "placed_at": seen.placed_at,
        "paid_at": seen.paid_at,
        "updated_at": seen.updated_at,
        "ship_by": seen.ship_by,
        "currency": seen.currency,
        "total": None if seen.total is None else seen.total.amount,
        "buyer_name": seen.buyer_name,
        "buyer_city": seen.buyer_city,
        "buyer_note": seen.buyer_note,
        "seller_note": seen.seller_note,
        "payment_method": seen.payment_method,
        "courier": seen.courier,
        "is_cod": seen.is_cod,
        "sold_on": seen.sold_on,
        "cancelled_by": seen.cancelled_by,
        "cancel_reason": seen.cancel_reason,
        "digest": seen.digest,
    }
    return storable_row(values)


def _line_values(line: OrderLine) -> dict[str, Any]:
    values = {
        "listing_external_id": line.listing_external_id,
        "variant_external_id": line.variant_external_id,
        "unit_ids": " ".join(line.unit_ids),
        "title": line.title,
        "variant_name": line.variant_name,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": line.unit_price.amount,
        "list_price": line.list_price.amount,
        "image_url": line.image_url,
        "cancelled": line.cancelled,
    }
    return storable_row(values)


def _head(row: rows.AnyRow, lines: Sequence[rows.AnyRow]) -> OrderHead:
    first = lines[0] if lines else None
    return OrderHead(
        order_id=row.id,
        number=row.external_id,
        shop_name=row.shop_name,
        status=OrderStatus(row.status),
        raw_status=row.raw_status,
        total=None if row.total is None else Money(row.total, row.currency),
        first_line=first.title if first else "",
        units=sum(line.quantity for line in lines),
        lines=len(lines),
        courier=row.courier,
        placed_at=row.placed_at,
        ship_by=row.ship_by,
        is_cod=row.is_cod,
    )
