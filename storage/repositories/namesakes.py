"""Variants of one seller that bear the same SKU: found, held still, made one, or kept apart."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update

from domain.catalogue import ListingState
from domain.namesakes import Apart, Joint, Market, Namesake
from domain.shops import ShopState
from domain.stock import Policy, ShownState
from storage.insertion import insert_new
from storage.tables.catalogue import listing, listing_variant, variant, variant_apart
from storage.tables.earnings import variant_cost
from storage.tables.shops import shop, sync_mark
from storage.tables.stock import shown_stock, stock_balance, stock_draft

AT_ONCE = 200

_OTHER = variant.alias("other")
_IS_SHARED = exists().where(
    _OTHER.c.seller_id == variant.c.seller_id,
    _OTHER.c.sku_folded == variant.c.sku_folded,
    _OTHER.c.id != variant.c.id,
    _OTHER.c.joined_to.is_(None),
)
_IS_COUNTED = exists().where(stock_balance.c.variant_id == variant.c.id)
_HAS_COST = exists().where(variant_cost.c.variant_id == variant.c.id)
_WAITS = exists().where(
    shown_stock.c.variant_id == variant.c.id, shown_stock.c.state == ShownState.HELD.value
)
_HAS_OWN = or_(
    variant.c.floor.is_not(None),
    variant.c.alert_at.is_not(None),
    variant.c.keeps_back != 0,
    variant.c.stock_policy != Policy.TRACKED.value,
    _HAS_COST,
)


class Namesakes:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def shared(self, shop_id: str, listings: Sequence[str] | None) -> list[str]:
        """Return the SKUs of a shop (of these listings, by the platform's ids) that other variants bear, too."""
        query = (
            select(variant.c.sku_folded)
            .join(listing_variant, listing_variant.c.variant_id == variant.c.id)
            .where(listing_variant.c.shop_id == shop_id, self._mine, variant.c.sku_folded != "", _IS_SHARED)
            .distinct()
        )
        if listings is None:
            return sorted(self._conn.scalars(query))
        query = query.join(listing, listing.c.id == listing_variant.c.listing_id)
        found: set[str] = set()
        for start in range(0, len(listings), AT_ONCE):
            some = listing.c.external_id.in_(listings[start : start + AT_ONCE])
            found |= set(self._conn.scalars(query.where(some)))
        return sorted(found)

    def hold(self, skus: Collection[str]) -> None:
        """Let nobody else join or count the variants of these SKUs until this transaction ends."""
        query = (
            select(variant.c.id)
            .where(self._mine, variant.c.sku_folded.in_(sorted(skus)), variant.c.joined_to.is_(None))
            .order_by(variant.c.id)
            .with_for_update(key_share=True)
        )
        self._conn.execute(query).all()

    def bearing(self, skus: Collection[str], being_read: str = "") -> list[Namesake]:
        """Return the variants that shops sell under these SKUs, the oldest first.

        A shop that was not read to its end may give a SKU twice and counts only as the one `being_read`; what a
        shop has renamed since does not bear its SKU any more.
        """
        query = (
            select(
                variant.c.id,
                variant.c.sku_folded,
                listing_variant.c.shop_id,
                listing_variant.c.sku,
                listing_variant.c.currency,
                shop.c.is_simulated,
                _IS_COUNTED.label("is_counted"),
                _HAS_OWN.label("has_own"),
                or_(_WAITS, variant.c.stock_policy != Policy.TRACKED.value).label("is_held"),
            )
            .join(listing_variant, listing_variant.c.variant_id == variant.c.id)
            .join(listing, listing.c.id == listing_variant.c.listing_id)
            .join(shop, shop.c.id == listing_variant.c.shop_id)
            .join(sync_mark, (sync_mark.c.shop_id == shop.c.id) & (sync_mark.c.stream == "listings"))
            .where(
                self._mine,
                variant.c.sku_folded.in_(sorted(skus)),
                listing.c.state != ListingState.DELETED,
                shop.c.state != ShopState.UNLINKED,
                or_(sync_mark.c.backfill_done_at.is_not(None), shop.c.id == being_read),
            )
            .order_by(variant.c.created_at, variant.c.id)
        )
        rows: dict[str, list[Any]] = {}
        for row in self._conn.execute(query):
            rows.setdefault(row.id, []).append(row)
        return [_namesake(some) for some in rows.values() if _is_borne(some)]

    def apart(self, variant_ids: Collection[str]) -> Apart:
        """Return which pairs of these somebody said are not the same."""
        ids = sorted(variant_ids)
        query = select(variant_apart.c.one_id, variant_apart.c.other_id).where(
            variant_apart.c.seller_id == self._seller_id,
            variant_apart.c.one_id.in_(ids),
            variant_apart.c.other_id.in_(ids),
        )
        return {frozenset(pair) for pair in self._conn.execute(query)}

    def keep_apart(self, joint: Joint, now: datetime) -> None:
        one, other = sorted(joint)
        key = {"one_id": one, "other_id": other}
        insert_new(self._conn, variant_apart, key | {"seller_id": self._seller_id, "said_at": now})

    def listing_variants(self, variant_id: str) -> dict[str, str]:
        """Return what offers a variant, with its shop."""
        query = select(listing_variant.c.id, listing_variant.c.shop_id).where(
            listing_variant.c.seller_id == self._seller_id, listing_variant.c.variant_id == variant_id
        )
        return {row.id: row.shop_id for row in self._conn.execute(query)}

    def join(self, joint: Joint) -> None:
        """Give all listings of one variant to another; what was said of it goes along where the other has none."""
        source, into = joint
        self._move(listing_variant, joint)
        drafts = stock_draft.c.variant_id == source
        self._conn.execute(stock_draft.delete().where(stock_draft.c.seller_id == self._seller_id, drafts))
        costs = select(func.count()).where(variant_cost.c.variant_id == into)
        if not self._conn.scalar(costs):
            self._move(variant_cost, joint)
        self._carry(joint)
        query = update(variant).where(self._mine, or_(variant.c.id == source, variant.c.joined_to == source))
        self._conn.execute(query.values(joined_to=into))
        said = select(variant_apart).where(
            variant_apart.c.seller_id == self._seller_id,
            or_(variant_apart.c.one_id == source, variant_apart.c.other_id == source),
        )
        for row in self._conn.execute(said).all():
            other = row.other_id if row.one_id == source else row.one_id
            if other != into:
                self.keep_apart(Joint(into, other), row.said_at)

    def _carry(self, joint: Joint) -> None:
        """Have the one that stays take what the other was told, as far as it was told nothing itself."""
        columns = [variant.c[each] for each in ("floor", "floor_currency", "alert_at")]
        told = {
            row.id: row
            for row in self._conn.execute(select(variant.c.id, *columns).where(variant.c.id.in_(joint)))
        }
        was, stays = told[joint.source], told[joint.into]
        values: dict[str, Any] = {}
        if stays.floor is None and was.floor is not None:
            values |= {"floor": was.floor, "floor_currency": was.floor_currency}
        if stays.alert_at is None and was.alert_at is not None:
            values |= {"alert_at": was.alert_at}
        if values:
            self._conn.execute(update(variant).where(self._mine, variant.c.id == joint.into).values(values))

    def _move(self, table: Any, joint: Joint) -> None:
        query = update(table).where(table.c.seller_id == self._seller_id, table.c.variant_id == joint.source)
        self._conn.execute(query.values(variant_id=joint.into))

    @property
    def _mine(self) -> ColumnElement[bool]:
        return variant.c.seller_id == self._seller_id


def _is_borne(rows: list[Any]) -> bool:
    return all(row.sku.casefold() == row.sku_folded for row in rows)


def _namesake(rows: list[Any]) -> Namesake:
    first = rows[0]
    markets = {Market(row.currency, row.is_simulated) for row in rows}
    return Namesake(
        variant_id=first.id,
        sku=first.sku_folded,
        market=min(markets),
        shops=tuple(row.shop_id for row in rows),
        is_counted=bool(first.is_counted),
        has_own=bool(first.has_own),
        is_held=bool(first.is_held),
    )
