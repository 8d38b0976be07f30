"""Products, variants and listings of one seller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, exists, func, select, update

from domain.catalogue import ListingState, ListingVariant, Variant
from domain.ids import new_id
from domain.money import Money
from domain.platform import ListingSnapshot, ListingVariantSnapshot
from domain.shops import ShopState
from storage.repositories import rows, stock_lists
from storage.repositories.shops import take_turns
from storage.repositories.words import distinct, in_places, in_words, storable, storable_row
from storage.tables.catalogue import listing, listing_variant, product, variant
from storage.tables.shops import shop
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class StockHead:
    """A variant as a list shows it; `listed` is None where its shops disagree, `shop_id` "" where it is in several."""

    variant_id: str
    title: str
    name: str
    sku: str
    available: int
    reserved: int
    listed: Money | None
    shops: int
    shop_id: str = ""


class Catalogue:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def record(self, shop_id: str, snapshots: Sequence[ListingSnapshot], now: datetime) -> set[str]:
        """Take in listings, older snapshots left out; return of which variants the shops show another stock.

        A new listing variant founds a variant of its own; what bears the same SKU is made one when all was read.
        """
        take_turns(self._conn, shop_id)
        snapshots = self._current(shop_id, snapshots)
        self._upsert_listings(shop_id, snapshots, now)
        external = [each.external_id for each in snapshots]
        query = select(listing.c.external_id, listing.c.id).where(
            listing.c.shop_id == shop_id, listing.c.external_id.in_(external)
        )
        ids = {row.external_id: row.id for row in self._conn.execute(query)}
        found = self._conn.execute(
            select(listing_variant).where(listing_variant.c.listing_id.in_(list(ids.values())))
        ).all()
        stored = {(row.listing_id, row.external_id) for row in found}
        self._rename(ids, snapshots, found)
        self._found_variants(ids, snapshots, stored, shop_id, now)
        self._renew_variants(ids, snapshots, stored, shop_id, now)
        self._close_gone(ids, snapshots)
        touched = select(listing_variant.c.variant_id).where(
            listing_variant.c.listing_id.in_(list(ids.values())), listing_variant.c.variant_id.is_not(None)
        )
        return stock_lists.keep(self._conn, self._seller_id, set(self._conn.scalars(touched)), now)

    def page(self, words: str, *, offset: int, limit: int) -> list[StockHead]:
        """Return variants whose title, name or SKU holds every word, the scarcest first."""
        if not words.split():
            ids = stock_lists.scarcest(self._conn, self._seller_id, offset=offset, limit=limit)
            found = self._conn.execute(self._heads("").where(variant.c.id.in_(ids)))
            heads = {row.variant_id: _head(row) for row in found}
            return [heads[each] for each in ids if each in heads]
        query = self._heads(words).order_by("available", "title", "variant_id").offset(offset).limit(limit)
        return [_head(row) for row in self._conn.execute(query)]

    def sold_out(self) -> int:
        """Return how many variants cannot be sold for want of stock."""
        return stock_lists.counts(self._conn, self._seller_id)[1]

    def count(self, words: str) -> tuple[int, int]:
        """Return how many variants match, and how many of them cannot be sold for want of stock."""
        if not words.split():
            return stock_lists.counts(self._conn, self._seller_id)
        heads = self._heads(words).subquery()
        sold_out = func.sum(case((heads.c.available <= 0, 1), else_=0))
        row = self._conn.execute(select(func.count(), sold_out).select_from(heads)).one()
        return int(row[0]), int(row[1] or 0)

    def by_sku(self, sku: str) -> list[StockHead]:
        """Return the variants with this SKU, letter case aside; a missing one names nothing."""
        if not sku:
            return []
        query = self._heads("").where(variant.c.sku_folded == storable(sku).casefold()).limit(20)
        return [_head(row) for row in self._conn.execute(query)]

    def variant(self, variant_id: str) -> Variant | None:
        """Return a variant, or the one that stands for it since it was found to be the same."""
        query = (
            select(variant, product.c.title)
            .join(product, product.c.id == variant.c.product_id)
            .where(variant.c.seller_id == self._seller_id)
        )
        row = self._conn.execute(query.where(variant.c.id == variant_id)).one_or_none()
        if row is not None and row.joined_to:
            row = self._conn.execute(query.where(variant.c.id == row.joined_to)).one_or_none()
        if row is None:
            return None
        floor = None if row.floor is None else Money(row.floor, row.floor_currency)
        return Variant(row.id, row.seller_id, row.sku, row.title, row.name, floor)

    def hold(self, variant_id: str) -> bool:
        """Let nobody else join or count a variant until this transaction ends; False when another stands for it."""
        query = select(variant.c.id).where(
            variant.c.seller_id == self._seller_id, variant.c.id == variant_id, variant.c.joined_to.is_(None)
        )
        return self._conn.execute(query.with_for_update(key_share=True)).first() is not None

    def set_floor(self, variant_id: str, floor: Money | None) -> None:
        query = update(variant).where(variant.c.seller_id == self._seller_id, variant.c.id == variant_id)
        self._conn.execute(
            query.values(
                floor=None if floor is None else floor.amount,
                floor_currency=None if floor is None else floor.currency,
            )
        )

    def shown(self, variant_id: str) -> list[ListingVariant]:
        """Return how each shop shows a variant; listings that are gone and shops no longer linked left out."""
        query = (
            self._listing_variants()
            .join(shop, shop.c.id == listing_variant.c.shop_id)
            .where(
                listing_variant.c.variant_id == variant_id,
                listing.c.state != ListingState.DELETED,
                shop.c.state != ShopState.UNLINKED,
            )
            .order_by(shop.c.name, listing_variant.c.id)
        )
        return [rows.listing_variant_of(row) for row in self._conn.execute(query)]

    def listing_variant(self, listing_variant_id: str) -> ListingVariant | None:
        query = self._listing_variants().where(listing_variant.c.id == listing_variant_id)
        row = self._conn.execute(query).one_or_none()
        return rows.listing_variant_of(row) if row else None

    def count_listings(self, shop_id: str) -> int:
        query = (
            select(func.count())
            .select_from(listing)
            .where(listing.c.seller_id == self._seller_id, listing.c.shop_id == shop_id)
        )
        return int(self._conn.execute(query).scalar_one())

    def _heads(self, words: str) -> Any:
        low, high = func.min(listing_variant.c.listed), func.max(listing_variant.c.listed)
        query = (
            select(
                variant.c.id.label("variant_id"),
                product.c.title.label("title"),
                variant.c.name.label("name"),
                variant.c.sku.label("sku"),
                stock_lists.FEWEST.label("available"),
                func.max(listing_variant.c.reserved).label("reserved"),
                low.label("low"),
                high.label("high"),
                func.min(listing_variant.c.currency).label("currency"),
                func.count().label("shops"),
                func.min(listing_variant.c.shop_id).label("first_shop"),
                func.max(listing_variant.c.shop_id).label("last_shop"),
            )
            .join(product, product.c.id == variant.c.product_id)
            .join(listing_variant, listing_variant.c.variant_id == variant.c.id)
            .join(listing, listing.c.id == listing_variant.c.listing_id)
            .join(shop, shop.c.id == listing_variant.c.shop_id)
            .where(
                variant.c.seller_id == self._seller_id,
                listing.c.state.not_in(stock_lists.OFF_SALE),
            )
            .group_by(variant.c.id, product.c.title, variant.c.name, variant.c.sku)
        )
        for word in distinct(words):
            query = query.where(
                product.c.title.icontains(word, autoescape=True)
                | variant.c.name.icontains(word, autoescape=True)
                | variant.c.sku.icontains(word, autoescape=True)
            )
        return query

    def _listing_variants(self) -> Any:
        return rows.LISTING_VARIANTS.where(self._mine)

    @property
    def _mine(self) -> ColumnElement[bool]:
        return listing_variant.c.seller_id == self._seller_id

    def _current(self, shop_id: str, snapshots: Sequence[ListingSnapshot]) -> list[ListingSnapshot]:
        """Return the newest snapshot of each listing that is not older than what is stored.

        Stock and prices may change without moving the time, so that equal times count as newer.
        """
        latest = {each.external_id: each for each in sorted(snapshots, key=lambda seen: seen.updated_at)}
        query = select(listing.c.external_id, listing.c.updated_at).where(
            listing.c.shop_id == shop_id, listing.c.external_id.in_(list(latest))
        )
        stored = {row.external_id: row.updated_at for row in self._conn.execute(query)}
        return [
            each
            for each in latest.values()
            if each.updated_at >= stored.get(each.external_id, each.updated_at)
        ]

    def _upsert_listings(self, shop_id: str, snapshots: Sequence[ListingSnapshot], now: datetime) -> None:
        heads = [
            storable_row(
                {
                    "id": new_id(),
                    "seller_id": self._seller_id,
                    "shop_id": shop_id,
                    "external_id": each.external_id,
                    "title": each.title,
                    "state": each.state,
                    "raw_state": each.raw_state,
                    "image_url": each.image_url,
                    "tiers": in_words(each.tiers),
                    "category": each.category,
                    "sku": each.sku[:128],
                    "description": each.description,
                    "weight": each.weight[:16],
                    "wholesale": each.wholesale.amount if each.wholesale else None,
                    "updated_at": each.updated_at,
                    "seen_at": now,
                }
            )
            for each in snapshots
        ]
        fresh = ["title", "state", "raw_state", *DESCRIBED, "updated_at", "seen_at"]
        upsert(self._conn, listing, heads, keys=["shop_id", "external_id"], update=fresh)

    def _found_variants(
        self,
        ids: dict[str, str],
        snapshots: Sequence[ListingSnapshot],
        stored: set[tuple[str, str]],
        shop_id: str,
        now: datetime,
    ) -> None:
        products, variants, links = [], [], []
        for each in snapshots:
            listing_id = ids[each.external_id]
            fresh = [
                (at, one)
                for at, one in enumerate(each.variants)
                if (listing_id, one.external_id) not in stored
            ]
            if not fresh:
                continue
            founded = {"id": new_id(), "seller_id": self._seller_id, "title": each.title, "created_at": now}
            products.append(storable_row(founded))
            for at, one in fresh:
                made = {
                    "id": new_id(),
                    "seller_id": self._seller_id,
                    "product_id": founded["id"],
                    "sku": one.sku,
                    "sku_folded": one.sku.casefold(),
                    "name": one.name,
                    "created_at": now,
                }
                variants.append(storable_row(made))
                head = {"id": new_id(), "seller_id": self._seller_id, "shop_id": shop_id}
                links.append(
                    head | {"listing_id": listing_id, "variant_id": made["id"]} | _shown_values(one, at, now)
                )
        if products:
            self._conn.execute(product.insert(), products)
            self._conn.execute(variant.insert(), variants)
            self._conn.execute(listing_variant.insert(), links)

    def _renew_variants(
        self,
        ids: dict[str, str],
        snapshots: Sequence[ListingSnapshot],
        stored: set[tuple[str, str]],
        shop_id: str,
        now: datetime,
    ) -> None:
        head = {"seller_id": self._seller_id, "shop_id": shop_id}
        shown = [
            head | {"id": new_id(), "listing_id": ids[each.external_id]} | _shown_values(one, at, now)
            for each in snapshots
            for at, one in enumerate(each.variants)
            if (ids[each.external_id], one.external_id) in stored
        ]
        fresh = [name for name in _SHOWN if name != "external_id"]
        upsert(self._conn, listing_variant, shown, keys=["listing_id", "external_id"], update=fresh)

    def _rename(
        self, ids: dict[str, str], snapshots: Sequence[ListingSnapshot], found: Sequence[rows.AnyRow]
    ) -> None:
        """Give a variant that one listing alone offers the SKU it has there now."""
        were = {(row.listing_id, row.external_id): row for row in found}
        for each in snapshots:
            for one in each.variants:
                was, sku = were.get((ids[each.external_id], one.external_id)), storable(one.sku)
                if was is None or was.sku == sku:
                    continue
                other = listing_variant.alias("other")
                is_shared = exists().where(other.c.variant_id == variant.c.id, other.c.id != was.id)
                query = update(variant).where(variant.c.id == was.variant_id, ~is_shared)
                self._conn.execute(query.values(sku=sku, sku_folded=storable(one.sku.casefold())))

    def _close_gone(self, ids: dict[str, str], snapshots: Sequence[ListingSnapshot]) -> None:
        """Zero the variants that a listing no longer has: they cannot be sold, and history keeps them."""
        for each in snapshots:
            kept = [one.external_id for one in each.variants]
            query = update(listing_variant).where(
                listing_variant.c.listing_id == ids[each.external_id],
                listing_variant.c.external_id.not_in(kept),
            )
            self._conn.execute(query.values(available=0, is_sellable=False))


DESCRIBED = ("image_url", "tiers", "category", "sku", "description", "weight", "wholesale")

_SHOWN = (
    "external_id",
    "name",
    "options",
    "position",
    "sku",
    "currency",
    "listed",
    "is_taxed",
    "buyer_pays",
    "locked_until",
    "promotion",
    "promotion_ends",
    "places",
    "available",
    "reserved",
    "is_sellable",
    "image_url",
    "seen_at",
)


def _shown_values(one: ListingVariantSnapshot, at: int, now: datetime) -> dict[str, Any]:
    values = {
        "external_id": one.external_id,
        "name": one.name,
        "options": in_words(one.options),
        "position": at,
        "sku": one.sku,
        "currency": one.price.listed.currency,
        "listed": one.price.listed.amount,
        "is_taxed": one.price.is_taxed,
        "buyer_pays": one.price.buyer_pays.amount,
        "locked_until": one.price.locked_until,
        "promotion": one.promotion.name if one.promotion else "",
        "promotion_ends": one.promotion.ends_at if one.promotion else None,
        "places": in_places(one.places),
        "available": one.available,
        "reserved": one.reserved,
        "is_sellable": one.is_sellable,
        "image_url": one.image_url,
        "seen_at": now,
    }
    return storable_row(values)


def _head(row: rows.AnyRow) -> StockHead:
    agreed = Money(row.low, row.currency) if row.low == row.high else None
    only = row.first_shop if row.first_shop == row.last_shop else ""
    return StockHead(
        row.variant_id, row.title, row.name, row.sku, row.available, row.reserved, agreed, row.shops, only
    )
