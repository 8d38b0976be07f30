"""Listings of one seller as the product screens show them: pages, one with its variants, its picture."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, update

from domain.catalogue import Listing, ListingState, ListingVariant
from domain.money import Money
from storage.repositories import rows
from storage.repositories.words import distinct, out_of_words
from storage.tables.catalogue import listing, listing_photo, listing_variant, option_photo
from storage.tables.low_stock import stock_episode
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class ListingHead:
    """A listing as a list shows it: its variants together, `low` and `high` the ends of their prices."""

    listing: Listing
    variants: int
    sold_out: int
    available: int
    low: Money | None
    high: Money | None


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """What a bot calls a picture; without `file_id` it could not be had at `kept_at`."""

    url_digest: str
    file_id: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which listings a page shows: of these shops, with all these words, in these states if any are named."""

    shop_ids: Collection[str]
    words: str = ""
    states: Collection[ListingState] = ()
    is_sold_out: bool = False
    is_low: bool = False


class Listings:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def count(self, wanted: Wanted) -> int:
        query = select(func.count()).select_from(listing).where(*self._conditions(wanted))
        return int(self._conn.execute(query).scalar_one())

    def page(self, wanted: Wanted, *, offset: int, limit: int) -> list[ListingHead]:
        """Return listings by title."""
        query = (
            select(listing)
            .where(*self._conditions(wanted))
            .order_by(listing.c.title, listing.c.id)
            .offset(offset)
            .limit(limit)
        )
        found = [_listing_of(row) for row in self._conn.execute(query)]
        sums = self._sums([each.id for each in found])
        return [_head(each, sums.get(each.id)) for each in found]

    def get(self, listing_id: str) -> Listing | None:
        query = select(listing).where(listing.c.seller_id == self._seller_id, listing.c.id == listing_id)
        row = self._conn.execute(query).one_or_none()
        return _listing_of(row) if row else None

    def variants(self, listing_id: str) -> list[ListingVariant]:
        """Return what a listing still sells, in the order of its shop."""
        query = rows.LISTING_VARIANTS.where(
            listing_variant.c.seller_id == self._seller_id,
            listing_variant.c.listing_id == listing_id,
            _SOLD_HERE,
        ).order_by(listing_variant.c.position, listing_variant.c.id)
        return [rows.listing_variant_of(row) for row in self._conn.execute(query)]

    def variants_of(self, wanted: Wanted, limit: int) -> list[ListingVariant]:
        """Return all that these listings sell, listing by listing."""
        query = (
            rows.LISTING_VARIANTS.where(*self._conditions(wanted), _SOLD_HERE)
            .order_by(listing.c.title, listing.c.id, listing_variant.c.position, listing_variant.c.id)
            .limit(limit)
        )
        return [rows.listing_variant_of(row) for row in self._conn.execute(query)]

    def photo(self, listing_id: str, bot_id: str) -> KeptPhoto | None:
        query = (
            select(listing_photo)
            .join(listing, listing.c.id == listing_photo.c.listing_id)
            .where(
                listing.c.seller_id == self._seller_id,
                listing_photo.c.listing_id == listing_id,
                listing_photo.c.bot_id == bot_id,
            )
        )
        row = self._conn.execute(query).one_or_none()
        return KeptPhoto(row.url_digest, row.file_id, row.kept_at) if row else None

    def keep_photo(self, listing_id: str, bot_id: str, kept: KeptPhoto) -> None:
        if self.get(listing_id) is None:
            return
        values = {
            "listing_id": listing_id,
            "bot_id": bot_id,
            "url_digest": kept.url_digest,
            "file_id": kept.file_id,
            "kept_at": kept.kept_at,
        }
        fresh = ["url_digest", "file_id", "kept_at"]
        upsert(self._conn, listing_photo, [values], keys=["listing_id", "bot_id"], update=fresh)

    def option_photo(self, listing_id: str, bot_id: str, url_digest: str) -> KeptPhoto | None:
        query = (
            select(option_photo)
            .join(listing, listing.c.id == option_photo.c.listing_id)
            .where(
                listing.c.seller_id == self._seller_id,
                option_photo.c.listing_id == listing_id,
                option_photo.c.bot_id == bot_id,
                option_photo.c.url_digest == url_digest,
            )
        )
        row = self._conn.execute(query).one_or_none()
        return KeptPhoto(row.url_digest, row.file_id, row.kept_at) if row else None

    def keep_option_photo(self, listing_id: str, bot_id: str, kept: KeptPhoto) -> None:
        if self.get(listing_id) is None:
            return
        values = {
            "listing_id": listing_id,
            "bot_id": bot_id,
            "url_digest": kept.url_digest,
            "file_id": kept.file_id,
            "kept_at": kept.kept_at,
        }
        keys, fresh = ["listing_id", "bot_id", "url_digest"], ["file_id", "kept_at"]
        upsert(self._conn, option_photo, [values], keys=keys, update=fresh)

    def note_boosts(self, shop_id: str, until: Mapping[str, datetime]) -> None:
        """Note which listings of a shop are shown first, by their external ids; all others are not."""
        mine = (listing.c.seller_id == self._seller_id) & (listing.c.shop_id == shop_id)
        others = listing.c.boosted_until.is_not(None) & listing.c.external_id.not_in(sorted(until))
        self._conn.execute(update(listing).where(mine, others).values(boosted_until=None))
        for number, moment in until.items():
            query = update(listing).where(mine, listing.c.external_id == number)
            self._conn.execute(query.values(boosted_until=moment))

    def boosted(self, shop_id: str, now: datetime) -> list[Listing]:
        """Return what a shop shows first, the one that ends next first."""
        query = (
            select(listing)
            .where(
                listing.c.seller_id == self._seller_id,
                listing.c.shop_id == shop_id,
                listing.c.boosted_until > now,
            )
            .order_by(listing.c.boosted_until, listing.c.id)
        )
        return [_listing_of(row) for row in self._conn.execute(query)]

    def _conditions(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        conditions = [
            listing.c.seller_id == self._seller_id,
            listing.c.shop_id.in_(sorted(wanted.shop_ids)),
            listing.c.state != ListingState.DELETED,
        ]
        if wanted.states:
            conditions.append(listing.c.state.in_(sorted(wanted.states)))
        if wanted.is_sold_out:
            conditions.append(~exists(_variants().where(listing_variant.c.available > 0)))
        if wanted.is_low:
            is_low = (stock_episode.c.variant_id == listing_variant.c.variant_id) & (
                stock_episode.c.now.is_not(None)
            )
            conditions.append(exists(_variants().where(exists().where(is_low))))
        conditions += [
            listing.c.title.icontains(word, autoescape=True)
            | exists(_variants().where(listing_variant.c.sku.icontains(word, autoescape=True)))
            for word in distinct(wanted.words)
        ]
        return conditions

    def _sums(self, listing_ids: Sequence[str]) -> dict[str, rows.AnyRow]:
        query = (
            select(
                listing_variant.c.listing_id,
                func.count().label("variants"),
                func.count().filter(listing_variant.c.available <= 0).label("sold_out"),
                func.sum(listing_variant.c.available).label("available"),
                func.min(listing_variant.c.listed).label("low"),
                func.max(listing_variant.c.listed).label("high"),
                func.min(listing_variant.c.currency).label("currency"),
            )
            .where(listing_variant.c.listing_id.in_(list(listing_ids)), _SOLD_HERE)
            .group_by(listing_variant.c.listing_id)
        )
        return {row.listing_id: row for row in self._conn.execute(query)}


_SOLD_HERE = listing_variant.c.is_sellable.is_(True)
"""What a listing no longer has stays in the books, and cannot be sold."""


def _variants() -> Select[Any]:
    query = select(listing_variant.c.id).where(listing_variant.c.listing_id == listing.c.id, _SOLD_HERE)
    return query.correlate(listing)


def _head(of: Listing, sums: rows.AnyRow | None) -> ListingHead:
    if sums is None:
        return ListingHead(of, 0, 0, 0, None, None)
    low, high = Money(sums.low, sums.currency), Money(sums.high, sums.currency)
    return ListingHead(of, sums.variants, sums.sold_out, int(sums.available), low, high)


def _listing_of(row: rows.AnyRow) -> Listing:
    return Listing(
        id=row.id,
        shop_id=row.shop_id,
        external_id=row.external_id,
        title=row.title,
        state=ListingState(row.state),
        raw_state=row.raw_state,
        image_url=row.image_url,
        tiers=out_of_words(row.tiers),
        seen_at=row.seen_at,
        sku=row.sku,
        description=row.description,
        weight=row.weight,
        boosted_until=row.boosted_until,
    )
