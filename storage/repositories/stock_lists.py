"""The whole stock of a seller in order, and its counts, kept as shops are read: a page costs the same however much there is."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.catalogue import ListingState
from domain.shops import ShopState
from storage.tables.catalogue import listing, listing_variant, product, variant
from storage.tables.shops import shop
from storage.tables.stock import stock_place, stock_tally
from storage.upsert import upsert

OFF_SALE = (ListingState.DELETED, ListingState.BANNED)

_AVAILABLE = listing_variant.c.available
_SELLS = listing_variant.c.is_sellable & (shop.c.state != ShopState.UNLINKED)
FEWEST = func.coalesce(func.min(case((_SELLS, _AVAILABLE))), func.min(_AVAILABLE))
"""How many every shop shows that sells a variant: what only one of them has left cannot be sold in all."""

_AT_ONCE = 500

_TITLE = 120
"""So much of a title sorts: an index has no room for one of any length."""

_TALLY = select(stock_tally.c.on_sale, stock_tally.c.sold_out).where(
    stock_tally.c.seller_id == bindparam("seller")
)
_PAGE = (
    select(stock_place.c.variant_id)
    .where(stock_place.c.seller_id == bindparam("seller"))
    .order_by(stock_place.c.units, stock_place.c.title, stock_place.c.variant_id)
    .offset(bindparam("skipped"))
    .limit(bindparam("places"))
)


def counts(conn: Connection, seller_id: str) -> tuple[int, int]:
    """Return how many variants are in some shop, and how many of them are sold out in one at least."""
    row = conn.execute(_TALLY, {"seller": seller_id}).one_or_none()
    return (row.on_sale, row.sold_out) if row else (0, 0)


def scarcest(conn: Connection, seller_id: str, *, offset: int, limit: int) -> list[str]:
    """Return the ids of variants in some shop, the scarcest first."""
    return list(conn.scalars(_PAGE, {"seller": seller_id, "skipped": offset, "places": limit}))


def keep(conn: Connection, seller_id: str, variant_ids: Collection[str], at: datetime) -> set[str]:
    """Bring the places of these variants, and the counts, to what their shops show now.

    Return which of them changed or went. One that had stock and has none now keeps since when: what came in
    sold out is no news.
    """
    ids = sorted(variant_ids)
    query = (
        select(variant.c.id, product.c.title, FEWEST.label("units"))
        .join(product, product.c.id == variant.c.product_id)
        .join(listing_variant, listing_variant.c.variant_id == variant.c.id)
        .join(listing, listing.c.id == listing_variant.c.listing_id)
        .join(shop, shop.c.id == listing_variant.c.shop_id)
        .where(
            variant.c.seller_id == seller_id,
            variant.c.id.in_(ids),
            listing.c.state.not_in(OFF_SALE),
            shop.c.state != ShopState.UNLINKED,
        )
        .group_by(variant.c.id, product.c.title)
        .order_by(variant.c.id)
    )
    now = {row.id: (row.units, row.title[:_TITLE]) for row in conn.execute(query)}
    stored = select(stock_place).where(stock_place.c.variant_id.in_(ids))
    places = {row.variant_id: row for row in conn.execute(stored)}
    before = {each: (row.units, row.title) for each, row in places.items()}
    changed = [
        {"variant_id": each, "seller_id": seller_id, "units": units, "title": title}
        | {"out_at": _out_at(places.get(each), units, at)}
        for each, (units, title) in now.items()
        if before.get(each) != (units, title)
    ]
    upsert(conn, stock_place, changed, keys=["variant_id"], update=["units", "title", "out_at"])
    gone = sorted(before.keys() - now.keys())
    if gone:
        conn.execute(delete(stock_place).where(stock_place.c.variant_id.in_(gone)))
    more = len(now) - len(before)
    sold_out = _sold_out(now) - _sold_out(before)
    if more or sold_out:
        row = {"seller_id": seller_id, "on_sale": more, "sold_out": sold_out}
        conn.execute(_adding(conn.dialect.name), row)
    return {each["variant_id"] for each in changed} | set(gone)


def _out_at(place: Any, units: int, now: datetime) -> datetime | None:
    if place is None or units > 0:
        return None
    return now if place.units > 0 else place.out_at


def keep_of_shop(conn: Connection, seller_id: str, shop_id: str, at: datetime) -> None:
    """Bring the places of all that a shop sells to what they are since it was linked or unlinked."""
    query = select(listing_variant.c.variant_id).where(
        listing_variant.c.seller_id == seller_id, listing_variant.c.shop_id == shop_id
    )
    ids = sorted(set(conn.scalars(query)))
    for start in range(0, len(ids), _AT_ONCE):
        keep(conn, seller_id, ids[start : start + _AT_ONCE], at)


def _sold_out(places: dict[str, tuple[int, str]]) -> int:
    return sum(units <= 0 for units, _ in places.values())


@cache
def _adding(dialect: str) -> Any:
    statement: Any = sqlite.insert(stock_tally) if dialect == "sqlite" else postgresql.insert(stock_tally)
    added = {name: stock_tally.c[name] + statement.excluded[name] for name in ("on_sale", "sold_out")}
    return statement.on_conflict_do_update(index_elements=["seller_id"], set_=added)
