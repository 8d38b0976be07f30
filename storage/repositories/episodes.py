"""Times of scarcity of one seller's variants: the newest of each variant, and what has to be looked at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from domain.low_stock import Episode, Scarcity
from domain.stock import MAIN, Policy
from storage.insertion import insert_new
from storage.tables.catalogue import listing, listing_variant, product, variant
from storage.tables.low_stock import stock_episode
from storage.tables.stock import stock_balance, stock_place, stock_tally


@dataclass(frozen=True, slots=True)
class Known:
    """An episode as it is stored; `version` goes with the next writing of it."""

    episode: Episode
    version: int


@dataclass(frozen=True, slots=True)
class WatchMark:
    """What says whether and from where on a variant is watched."""

    alert_at: int | None
    is_on_sale: bool
    has_run_out: bool


@dataclass(frozen=True, slots=True)
class LowHead:
    """A variant in an episode, as a list shows it."""

    episode: Episode
    title: str
    name: str
    sku: str


_LOWEST = (
    select(stock_episode, product.c.title, variant.c.name, variant.c.sku)
    .join(variant, variant.c.id == stock_episode.c.variant_id)
    .join(product, product.c.id == variant.c.product_id)
    .where(stock_episode.c.seller_id == bindparam("seller"), stock_episode.c.closed_at.is_(None))
    .order_by(stock_episode.c.cover_h, stock_episode.c.units, stock_episode.c.variant_id)
    .offset(bindparam("skipped"))
    .limit(bindparam("places"))
)


class Episodes:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def of(self, variant_ids: Collection[str]) -> dict[str, Known]:
        """Return the newest episode of each variant that had one."""
        query = select(stock_episode).where(self._mine, stock_episode.c.variant_id.in_(sorted(variant_ids)))
        return {row.variant_id: Known(episode_of(row), row.version) for row in self._conn.execute(query)}

    def put(self, after: Episode, known: Known | None) -> bool:
        """Write an episode; False when somebody wrote its variant's first."""
        values: dict[str, Any] = {
            "number": after.number,
            "level": after.level,
            "now": after.now,
            "units": after.units,
            "cover_h": after.cover_h,
            "level_at": after.level_at,
            "above_since": after.above_since,
            "closed_at": after.closed_at,
            "version": known.version + 1 if known else 1,
        }
        if known is None:
            key = {"seller_id": self._seller_id, "variant_id": after.variant_id}
            return insert_new(self._conn, stock_episode, key | values)
        query = update(stock_episode).where(
            self._mine,
            stock_episode.c.variant_id == after.variant_id,
            stock_episode.c.version == known.version,
        )
        return self._conn.execute(query.values(values)).rowcount == 1

    def marks(self, variant_ids: Collection[str]) -> dict[str, WatchMark]:
        query = (
            select(
                variant.c.id,
                variant.c.alert_at,
                stock_place.c.variant_id.label("place"),
                stock_place.c.out_at,
            )
            .join(stock_place, stock_place.c.variant_id == variant.c.id, isouter=True)
            .where(variant.c.seller_id == self._seller_id, variant.c.id.in_(sorted(variant_ids)))
        )
        return {
            row.id: WatchMark(row.alert_at, row.place is not None, row.out_at is not None)
            for row in self._conn.execute(query)
        }

    def shops_of(self, variant_id: str) -> list[str]:
        """Return the shops that sell a variant."""
        query = (
            select(listing_variant.c.shop_id)
            .join(listing, listing.c.id == listing_variant.c.listing_id)
            .where(listing_variant.c.seller_id == self._seller_id, listing_variant.c.variant_id == variant_id)
            .distinct()
        )
        return sorted(self._conn.scalars(query))

    def lowest(self, *, offset: int, limit: int) -> list[LowHead]:
        """Return what is low now, what lasts the shortest first."""
        page = {"seller": self._seller_id, "skipped": offset, "places": limit}
        found = self._conn.execute(_LOWEST, page)
        return [LowHead(episode_of(row), row.title, row.name, row.sku) for row in found]

    def counts(self) -> tuple[int, int]:
        """Return how many variants are low now, and how many of these are out."""
        is_out = func.count().filter(stock_episode.c.now == Scarcity.OUT)
        query = select(func.count(), is_out).where(self._mine, stock_episode.c.closed_at.is_(None))
        row = self._conn.execute(query).one()
        return int(row[0]), int(row[1])

    def now_low(self, variant_ids: Collection[str]) -> dict[str, Scarcity]:
        """Return how low each of these is, of those that are."""
        query = select(stock_episode.c.variant_id, stock_episode.c.now).where(
            self._mine,
            stock_episode.c.closed_at.is_(None),
            stock_episode.c.now.is_not(None),
            stock_episode.c.variant_id.in_(sorted(variant_ids)),
        )
        return {row.variant_id: Scarcity(row.now) for row in self._conn.execute(query)}

    def to_look_at(self) -> list[str]:
        """Return every variant that is low or might have become it without anybody noticing.

        What was counted has its threshold or its usual one; of what was not, who has a threshold or ran out.
        """
        kept = (stock_balance.c.variant_id == variant.c.id) & (stock_balance.c.location == MAIN)
        available = stock_balance.c.on_hand - stock_balance.c.allocated
        counted = stock_balance.c.variant_id.is_not(None) & or_(
            variant.c.alert_at.is_(None), available <= variant.c.alert_at
        )
        uncounted = stock_balance.c.variant_id.is_(None) & or_(
            variant.c.alert_at.is_not(None), stock_place.c.out_at.is_not(None)
        )
        now_open = stock_episode.c.variant_id.is_not(None) & stock_episode.c.closed_at.is_(None)
        query = (
            select(variant.c.id)
            .join(stock_place, stock_place.c.variant_id == variant.c.id, isouter=True)
            .join(stock_balance, kept, isouter=True)
            .join(stock_episode, stock_episode.c.variant_id == variant.c.id, isouter=True)
            .where(
                variant.c.seller_id == self._seller_id,
                or_(
                    now_open,
                    (variant.c.stock_policy == Policy.TRACKED)
                    & stock_place.c.variant_id.is_not(None)
                    & or_(counted, uncounted),
                ),
            )
            .order_by(variant.c.id)
        )
        return list(self._conn.scalars(query))

    @property
    def _mine(self) -> ColumnElement[bool]:
        return stock_episode.c.seller_id == self._seller_id


def is_look_due(conn: Connection, now: datetime) -> bool:
    return conn.execute(select(stock_tally.c.seller_id).where(_due(now)).limit(1)).first() is not None


def claim_looks(conn: Connection, now: datetime, again: datetime, limit: int) -> list[str]:
    """Take sellers whose stock is to be looked at; others that ask at the same time get other sellers."""
    query = (
        select(stock_tally.c.seller_id)
        .where(_due(now))
        .order_by(stock_tally.c.look_due, stock_tally.c.seller_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = list(conn.scalars(query))
    if taken:
        conn.execute(update(stock_tally).where(stock_tally.c.seller_id.in_(taken)).values(look_due=again))
    return taken


def _due(now: datetime) -> ColumnElement[bool]:
    return stock_tally.c.look_due.is_(None) | (stock_tally.c.look_due <= now)


def episode_of(row: Any) -> Episode:
    return Episode(
        variant_id=row.variant_id,
        number=row.number,
        level=Scarcity(row.level),
        now=None if row.now is None else Scarcity(row.now),
        units=row.units,
        cover_h=row.cover_h,
        level_at=row.level_at,
        above_since=row.above_since,
        closed_at=row.closed_at,
    )
