"""The ledger of one seller: balances, and the movements they are made of."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select, update

from domain.catalogue import ListingState
from domain.orders import OrderStatus
from domain.stock import GONE, HOLDING, MAIN, Held, Keeping, Movement, Policy, Reason
from storage.insertion import insert_new
from storage.repositories import rows
from storage.repositories.stock_lists import FEWEST
from storage.tables.catalogue import listing, listing_variant, variant
from storage.tables.orders import order_line, sale_order
from storage.tables.shops import shop
from storage.tables.stock import stock_balance, stock_movement


@dataclass(frozen=True, slots=True)
class Balance:
    """What a count and the movements since then amount to."""

    variant_id: str
    on_hand: int
    allocated: int
    counted_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Sold:
    """So many units of a counted variant in one order, through one listing variant."""

    order_id: str
    listing_variant_id: str
    variant_id: str
    quantity: int


_ANY = select(stock_balance.c.variant_id).where(stock_balance.c.seller_id == bindparam("seller")).limit(1)
_LINES: Select[Any] = (
    select(
        order_line.c.order_id,
        listing_variant.c.id.label("listing_variant_id"),
        listing_variant.c.variant_id,
        func.sum(order_line.c.quantity).label("quantity"),
    )
    .join(sale_order, sale_order.c.id == order_line.c.order_id)
    .join(
        listing,
        (listing.c.shop_id == sale_order.c.shop_id)
        & (listing.c.external_id == order_line.c.listing_external_id),
    )
    .join(
        listing_variant,
        (listing_variant.c.listing_id == listing.c.id)
        & (listing_variant.c.external_id == order_line.c.variant_external_id),
    )
    .group_by(order_line.c.order_id, listing_variant.c.id, listing_variant.c.variant_id)
)


class Ledger:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def is_kept(self) -> bool:
        """Tell whether anything was ever counted: before that orders move nothing."""
        return self._conn.execute(_ANY, {"seller": self._seller_id}).first() is not None

    def balances(self, variant_ids: Collection[str], *, for_update: bool = False) -> dict[str, Balance]:
        """Return the balances of those that were counted; `for_update` makes other movements wait, in order."""
        query = (
            select(stock_balance)
            .where(
                stock_balance.c.seller_id == self._seller_id,
                stock_balance.c.variant_id.in_(sorted(variant_ids)),
                stock_balance.c.location == MAIN,
            )
            .order_by(stock_balance.c.variant_id)
        )
        found = self._conn.execute(query.with_for_update() if for_update else query)
        return {
            row.variant_id: Balance(row.variant_id, row.on_hand, row.allocated, row.counted_at, row.version)
            for row in found
        }

    def open(self, variant_id: str, now: datetime) -> bool:
        """Begin to keep a variant, from nothing; False when it is kept already."""
        values = {"seller_id": self._seller_id, "variant_id": variant_id, "location": MAIN, "counted_at": now}
        return insert_new(self._conn, stock_balance, values | {"on_hand": 0, "allocated": 0, "version": 1})

    def counted(self, variant_id: str, now: datetime) -> None:
        query = update(stock_balance).where(
            stock_balance.c.seller_id == self._seller_id, stock_balance.c.variant_id == variant_id
        )
        self._conn.execute(query.values(counted_at=now))

    def add(self, moved: Movement) -> bool:
        """Count a movement once; False when its source was counted before, or nothing of it is kept."""
        balance = self.balances([moved.variant_id], for_update=True).get(moved.variant_id)
        if balance is None:
            return False
        values = {
            "id": moved.id,
            "seller_id": self._seller_id,
            "variant_id": moved.variant_id,
            "location": moved.location,
            "reason": moved.reason,
            "on_hand": moved.on_hand,
            "allocated": moved.allocated,
            "source": moved.source,
            "order_id": moved.order_id,
            "listing_variant_id": moved.listing_variant_id,
            "actor": moved.actor,
            "at": moved.at,
            "seq": balance.version + 1,
        }
        if not insert_new(self._conn, stock_movement, values):
            return False
        query = update(stock_balance).where(
            stock_balance.c.seller_id == self._seller_id,
            stock_balance.c.variant_id == moved.variant_id,
            stock_balance.c.location == moved.location,
        )
        self._conn.execute(
            query.values(
                on_hand=stock_balance.c.on_hand + moved.on_hand,
                allocated=stock_balance.c.allocated + moved.allocated,
                version=balance.version + 1,
            )
        )
        return True

    def movement(self, movement_id: str) -> Movement | None:
        query = select(stock_movement).where(
            stock_movement.c.seller_id == self._seller_id, stock_movement.c.id == movement_id
        )
        row = self._conn.execute(query).one_or_none()
        return _movement_of(row) if row else None

    def history(self, variant_id: str, *, offset: int, limit: int) -> list[Movement]:
        """Return the movements of a variant, the newest first."""
        query = (
            select(stock_movement)
            .where(stock_movement.c.seller_id == self._seller_id, stock_movement.c.variant_id == variant_id)
            .order_by(stock_movement.c.seq.desc())
            .offset(offset)
            .limit(limit)
        )
        return [_movement_of(row) for row in self._conn.execute(query)]

    def count_movements(self, variant_id: str) -> int:
        query = select(func.count()).where(
            stock_movement.c.seller_id == self._seller_id, stock_movement.c.variant_id == variant_id
        )
        return int(self._conn.execute(query).scalar_one())

    def by_source(self, sources: Collection[str]) -> dict[str, Movement]:
        """Return the movements that these events made, by event."""
        query = select(stock_movement).where(
            stock_movement.c.seller_id == self._seller_id, stock_movement.c.source.in_(list(sources))
        )
        return {row.source: _movement_of(row) for row in self._conn.execute(query)}

    def undone(self, movement_ids: Collection[str]) -> set[str]:
        """Return which of these movements were taken back."""
        found = self.by_source([f"undo:{each}" for each in movement_ids])
        return {each.removeprefix("undo:") for each in found}

    def is_undone(self, movement_id: str) -> bool:
        return bool(self.undone([movement_id]))

    def held(self, order_ids: Collection[str]) -> dict[tuple[str, str], tuple[str, Held]]:
        """Return by order and listing variant which variant an order moved, and what it holds of it."""
        query = (
            select(
                stock_movement.c.order_id,
                stock_movement.c.listing_variant_id,
                stock_movement.c.variant_id,
                func.sum(stock_movement.c.on_hand).label("on_hand"),
                func.sum(stock_movement.c.allocated).label("allocated"),
            )
            .where(
                stock_movement.c.seller_id == self._seller_id, stock_movement.c.order_id.in_(list(order_ids))
            )
            .group_by(
                stock_movement.c.order_id, stock_movement.c.listing_variant_id, stock_movement.c.variant_id
            )
        )
        return {
            (row.order_id, row.listing_variant_id): (
                row.variant_id,
                Held(int(row.on_hand), int(row.allocated)),
            )
            for row in self._conn.execute(query)
        }

    def sold_in(self, order_ids: Collection[str]) -> list[Sold]:
        """Return what these orders sold of counted variants."""
        query = _LINES.join(stock_balance, stock_balance.c.variant_id == listing_variant.c.variant_id).where(
            order_line.c.seller_id == self._seller_id, order_line.c.order_id.in_(list(order_ids))
        )
        return [_sold_of(row) for row in self._conn.execute(query)]

    def sold_lately(self, variant_id: str, since: datetime, most: int) -> tuple[int, datetime]:
        """Return how many units orders took of a variant since then, and since when that is known.

        At most so many of the newest movements are read. What was promised at the first count is older.
        """
        query = (
            select(stock_movement.c.at, stock_movement.c.on_hand, stock_movement.c.allocated)
            .where(
                stock_movement.c.seller_id == self._seller_id,
                stock_movement.c.variant_id == variant_id,
                stock_movement.c.order_id != "",
                stock_movement.c.at > since,
                stock_movement.c.source.not_like("%:opening"),
            )
            .order_by(stock_movement.c.seq.desc())
            .limit(most)
        )
        found = self._conn.execute(query).all()
        first = (
            select(stock_movement.c.at)
            .where(stock_movement.c.seller_id == self._seller_id, stock_movement.c.variant_id == variant_id)
            .order_by(stock_movement.c.seq)
            .limit(1)
        )
        known_from = found[-1].at if len(found) == most else self._conn.scalar(first) or since
        return sum(row.allocated - row.on_hand for row in found), max(since, known_from)

    def corrected_since(self, variant_id: str, since: datetime) -> int:
        """Return how often since then an edit in a shop was taken for true."""
        query = select(func.count()).where(
            stock_movement.c.seller_id == self._seller_id,
            stock_movement.c.variant_id == variant_id,
            stock_movement.c.reason == Reason.CORRECTION,
            stock_movement.c.at > since,
        )
        return int(self._conn.execute(query).scalar_one())

    def promised(self, variant_id: str) -> list[Sold]:
        """Return what open orders have sold of a variant, as far as it waits on the shelf."""
        query = _LINES.where(
            sale_order.c.seller_id == self._seller_id,
            sale_order.c.status.in_(sorted([*HOLDING, OrderStatus.UNKNOWN])),
            listing_variant.c.variant_id == variant_id,
        )
        return [_sold_of(row) for row in self._conn.execute(query)]

    def sold_through(
        self, listing_variant_ids: Collection[str], since: datetime
    ) -> list[tuple[Sold, OrderStatus]]:
        """Return what orders sold through these, as far as it waits on the shelf or was placed since and has left."""
        waits = sale_order.c.status.in_(sorted([*HOLDING, OrderStatus.UNKNOWN]))
        left = sale_order.c.status.in_(sorted(GONE)) & (sale_order.c.placed_at >= since)
        query = _LINES.add_columns(sale_order.c.status).where(
            sale_order.c.seller_id == self._seller_id,
            listing_variant.c.id.in_(sorted(listing_variant_ids)),
            or_(waits, left),
        )
        found = self._conn.execute(query.group_by(sale_order.c.status))
        return [(_sold_of(row), OrderStatus(row.status)) for row in found]

    def promised_before_count(self, variant_id: str) -> int:
        """Return how many units of a variant open orders wait for."""
        return sum(each.quantity for each in self.promised(variant_id))

    def shown(self, variant_ids: Collection[str]) -> dict[str, int]:
        """Return how many units the shops show of each variant; where they differ the fewest, which all have."""
        query = (
            select(listing_variant.c.variant_id, FEWEST.label("units"))
            .join(listing, listing.c.id == listing_variant.c.listing_id)
            .join(shop, shop.c.id == listing_variant.c.shop_id)
            .where(
                listing_variant.c.seller_id == self._seller_id,
                listing_variant.c.variant_id.in_(list(variant_ids)),
                listing.c.state != ListingState.DELETED,
            )
            .group_by(listing_variant.c.variant_id)
        )
        found: dict[str, int] = defaultdict(int)
        for row in self._conn.execute(query):
            found[row.variant_id] = int(row.units)
        return found

    def policies(self, variant_ids: Collection[str]) -> dict[str, Policy]:
        query = select(variant.c.id, variant.c.stock_policy).where(
            variant.c.seller_id == self._seller_id, variant.c.id.in_(list(variant_ids))
        )
        return {row.id: Policy(row.stock_policy) for row in self._conn.execute(query)}

    def keeping(self, variant_id: str) -> Keeping | None:
        query = select(variant.c.stock_policy, variant.c.keeps_back, variant.c.keeping_version).where(
            variant.c.seller_id == self._seller_id, variant.c.id == variant_id
        )
        row = self._conn.execute(query).one_or_none()
        return Keeping(Policy(row.stock_policy), row.keeps_back, row.keeping_version) if row else None

    def keep(self, variant_id: str, policy: Policy, keeps_back: int, version: int) -> bool:
        """Say how a variant is kept from now on; False when somebody said otherwise since that version."""
        query = update(variant).where(
            variant.c.seller_id == self._seller_id,
            variant.c.id == variant_id,
            variant.c.keeping_version == version,
        )
        values = {"stock_policy": policy, "keeps_back": keeps_back, "keeping_version": version + 1}
        return self._conn.execute(query.values(values)).rowcount == 1

    def alert_at(self, variant_id: str) -> int | None:
        """Return the number of available units at which somebody wants to be told, None where nobody said."""
        query = select(variant.c.alert_at).where(
            variant.c.seller_id == self._seller_id, variant.c.id == variant_id
        )
        return self._conn.execute(query).scalar_one_or_none()

    def set_alert_at(self, variant_id: str, units: int | None) -> None:
        query = update(variant).where(variant.c.seller_id == self._seller_id, variant.c.id == variant_id)
        self._conn.execute(query.values(alert_at=units))


def _sold_of(row: rows.AnyRow) -> Sold:
    return Sold(row.order_id, row.listing_variant_id, row.variant_id, int(row.quantity))


def _movement_of(row: rows.AnyRow) -> Movement:
    return Movement(
        id=row.id,
        variant_id=row.variant_id,
        reason=Reason(row.reason),
        on_hand=row.on_hand,
        allocated=row.allocated,
        source=row.source,
        at=row.at,
        actor=row.actor,
        order_id=row.order_id,
        listing_variant_id=row.listing_variant_id,
        location=row.location,
    )
