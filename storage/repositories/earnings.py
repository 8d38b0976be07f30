"""What one seller's goods cost, what platforms took of orders and paid, and what that teaches."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from domain.earnings import Cost, Fee, FeeKind, Settlement, Taught
from domain.money import Money
from domain.orders import OrderStatus
from domain.platform import Release
from storage.tables.catalogue import listing, listing_variant
from storage.tables.earnings import fee_lesson, settlement, settlement_fee, variant_cost
from storage.tables.orders import order_line, sale_order
from storage.upsert import upsert

AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line of an order with what its earning depends on; `variant_id` is empty for goods we do not know."""

    order_id: str
    shop_id: str
    status: OrderStatus
    placed_at: datetime
    variant_id: str
    category: str
    quantity: int
    each: Money


_LINES: Select[Any] = (
    select(
        order_line.c.order_id,
        order_line.c.quantity,
        order_line.c.unit_price,
        sale_order.c.shop_id,
        sale_order.c.status,
        sale_order.c.placed_at,
        sale_order.c.currency,
        listing.c.category,
        listing_variant.c.variant_id,
    )
    .join(sale_order, sale_order.c.id == order_line.c.order_id)
    .outerjoin(
        listing,
        (listing.c.shop_id == sale_order.c.shop_id)
        & (listing.c.external_id == order_line.c.listing_external_id),
    )
    .outerjoin(
        listing_variant,
        (listing_variant.c.listing_id == listing.c.id)
        & (listing_variant.c.external_id == order_line.c.variant_external_id),
    )
)


class Earnings:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    # Orders and their lines

    def lines_of(self, order_ids: Collection[str]) -> list[SoldLine]:
        """Return the lines of these orders."""
        return [
            line
            for some in _batches(order_ids)
            for line in self._lines(_LINES.where(sale_order.c.id.in_(some)))
        ]

    def lines_paid_since(self, since: datetime) -> list[SoldLine]:
        return self._lines(_LINES.where(sale_order.c.paid_at >= since))

    def _lines(self, query: Select[Any]) -> list[SoldLine]:
        found = self._conn.execute(query.where(sale_order.c.seller_id == self._seller_id))
        return [
            SoldLine(
                row.order_id,
                row.shop_id,
                OrderStatus(row.status),
                row.placed_at,
                row.variant_id or "",
                row.category or "",
                row.quantity,
                Money(row.unit_price, row.currency),
            )
            for row in found
        ]

    def category_of(self, listing_id: str) -> str:
        """Return the platform's category of a listing, nothing where it is not known."""
        query = select(listing.c.category).where(
            listing.c.seller_id == self._seller_id, listing.c.id == listing_id
        )
        return self._conn.execute(query).scalar_one_or_none() or ""

    # Costs

    def costs(self, variant_ids: Collection[str]) -> dict[str, list[Cost]]:
        """Return every cost known of these variants, the oldest first."""
        known: dict[str, list[Cost]] = defaultdict(list)
        for some in _batches(variant_ids):
            query = select(variant_cost).where(
                variant_cost.c.seller_id == self._seller_id, variant_cost.c.variant_id.in_(some)
            )
            for row in self._conn.execute(query.order_by(variant_cost.c.since)):
                known[row.variant_id].append(Cost(Money(row.each, row.currency), row.since))
        return known

    def set_cost(self, variant_id: str, cost: Cost) -> None:
        """Keep a cost; one that began at the same moment is replaced."""
        row = {
            "variant_id": variant_id,
            "currency": cost.each.currency,
            "since": cost.since,
            "seller_id": self._seller_id,
            "each": cost.each.amount,
        }
        upsert(self._conn, variant_cost, [row], keys=["variant_id", "currency", "since"], update=["each"])

    def drop_costs(self, variant_id: str) -> None:
        query = delete(variant_cost).where(
            variant_cost.c.seller_id == self._seller_id, variant_cost.c.variant_id == variant_id
        )
        self._conn.execute(query)

    # Settlements

    def note_releases(self, shop_id: str, releases: Sequence[Release]) -> int:
        """Note which of our orders were paid out, to be read; return how many were not known to be."""
        at = {each.order_external_id: each.at for each in releases}
        query = (
            select(sale_order.c.id, sale_order.c.external_id)
            .outerjoin(settlement, settlement.c.order_id == sale_order.c.id)
            .where(
                sale_order.c.seller_id == self._seller_id,
                sale_order.c.shop_id == shop_id,
                sale_order.c.external_id.in_(list(at)),
                settlement.c.order_id.is_(None),
            )
        )
        rows = [
            {
                "order_id": row.id,
                "seller_id": self._seller_id,
                "shop_id": shop_id,
                "released_at": at[row.external_id],
            }
            for row in self._conn.execute(query)
        ]
        upsert(self._conn, settlement, rows, keys=["order_id"], update=[])
        return len(rows)

    def unread(self, shop_id: str, limit: int) -> dict[str, str]:
        """Return ids by number of orders that were paid out and not read, the latest first."""
        query = (
            select(sale_order.c.external_id, sale_order.c.id)
            .join(settlement, settlement.c.order_id == sale_order.c.id)
            .where(self._mine, settlement.c.shop_id == shop_id, settlement.c.read_at.is_(None))
            .order_by(settlement.c.released_at.desc())
            .limit(limit)
        )
        return {row.external_id: row.id for row in self._conn.execute(query)}

    def record(
        self,
        ids: Mapping[str, str],
        statements: Sequence[Settlement],
        categories: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Keep what was read of the orders `ids` (by number); those without a statement are not asked again."""
        self._conn.execute(
            update(settlement)
            .where(self._mine, settlement.c.order_id.in_(list(ids.values())))
            .values(read_at=now)
        )
        for each in statements:
            order_id = ids[each.order_external_id]
            self._conn.execute(
                update(settlement)
                .where(self._mine, settlement.c.order_id == order_id)
                .values(
                    goods=each.goods.amount,
                    payout=each.payout.amount,
                    is_refunded=each.is_refunded,
                    category=categories.get(order_id, ""),
                )
            )
        fees = [
            {
                "order_id": ids[each.order_external_id],
                "kind": fee.kind,
                "seller_id": self._seller_id,
                "amount": fee.amount.amount,
            }
            for each in statements
            for fee in each.fees
        ]
        upsert(self._conn, settlement_fee, fees, keys=["order_id", "kind"], update=["amount"])

    def settled(self, order_ids: Collection[str]) -> dict[str, Settlement]:
        """Return the statements of these orders, as far as there are."""
        found: dict[str, Settlement] = {}
        for some in _batches(order_ids):
            fees: dict[str, list[Any]] = defaultdict(list)
            taken = select(settlement_fee).where(settlement_fee.c.order_id.in_(some))
            for fee in self._conn.execute(taken.order_by(settlement_fee.c.kind)):
                fees[fee.order_id].append(fee)
            query = (
                select(settlement, sale_order.c.external_id, sale_order.c.currency)
                .join(sale_order, sale_order.c.id == settlement.c.order_id)
                .where(self._mine, settlement.c.order_id.in_(some), settlement.c.payout.is_not(None))
            )
            found |= {row.order_id: _statement(row, fees[row.order_id]) for row in self._conn.execute(query)}
        return found

    # What settled orders teach

    def learn(self, shop_id: str, currency: str, since: datetime) -> None:
        """Add up what was taken of a shop's orders paid out since a moment, for each category and in all."""
        lessons: dict[str, _Lesson] = defaultdict(_Lesson)
        teaching = (
            self._mine,
            settlement.c.shop_id == shop_id,
            settlement.c.released_at >= since,
            settlement.c.payout.is_not(None),
            settlement.c.is_refunded.is_(False),
        )
        sums = select(
            settlement.c.category, func.count().label("orders"), func.sum(settlement.c.goods).label("goods")
        )
        for row in self._conn.execute(sums.where(*teaching).group_by(settlement.c.category)):
            for category in {row.category, ""}:
                lessons[category].orders += row.orders
                lessons[category].goods += row.goods
        taken = (
            select(
                settlement.c.category,
                settlement_fee.c.kind,
                func.sum(settlement_fee.c.amount).label("amount"),
            )
            .join(settlement_fee, settlement_fee.c.order_id == settlement.c.order_id)
            .where(*teaching)
            .group_by(settlement.c.category, settlement_fee.c.kind)
        )
        for row in self._conn.execute(taken):
            for category in {row.category, ""}:
                lessons[category].fees[row.kind] += row.amount
        self._conn.execute(delete(fee_lesson).where(fee_lesson.c.shop_id == shop_id))
        rows = [
            {
                "shop_id": shop_id,
                "category": category,
                "kind": kind,
                "seller_id": self._seller_id,
                "currency": currency,
                "orders": lesson.orders,
                "goods": lesson.goods,
                "amount": amount,
            }
            for category, lesson in lessons.items()
            for kind, amount in lesson.fees.items()
        ]
        if rows:
            self._conn.execute(fee_lesson.insert(), rows)

    def taught(self, shop_ids: Collection[str]) -> dict[str, dict[str, Taught]]:
        """Return what is known of fees, by shop and category."""
        query = select(fee_lesson).where(
            fee_lesson.c.seller_id == self._seller_id, fee_lesson.c.shop_id.in_(sorted(shop_ids))
        )
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in self._conn.execute(query.order_by(fee_lesson.c.kind)):
            found[row.shop_id, row.category].append(row)
        known: dict[str, dict[str, Taught]] = defaultdict(dict)
        for (shop_id, category), rows in found.items():
            fees = tuple(Fee(FeeKind(row.kind), Money(row.amount, row.currency)) for row in rows)
            known[shop_id][category] = Taught(rows[0].orders, Money(rows[0].goods, rows[0].currency), fees)
        return known

    @property
    def _mine(self) -> Any:
        return settlement.c.seller_id == self._seller_id


def _batches(ids: Collection[str]) -> Iterator[list[str]]:
    """Cut ids into lists that fit a statement of either database."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _statement(row: Any, fees: Sequence[Any]) -> Settlement:
    return Settlement(
        row.external_id,
        Money(row.goods, row.currency),
        tuple(Fee(FeeKind(fee.kind), Money(fee.amount, row.currency)) for fee in fees),
        Money(row.payout, row.currency),
    )


class _Lesson:
    """Sums under way."""

    def __init__(self) -> None:
        self.orders = 0
        self.goods = Decimal(0)
        self.fees: dict[str, Decimal] = defaultdict(Decimal)
