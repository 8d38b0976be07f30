"""The whole stock of a seller without going through all of it: only what a list shows is looked at closely."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, func, select

from domain.catalogue import ListingState
from storage.tables.catalogue import listing, listing_variant, variant

OFF_SALE = (ListingState.DELETED, ListingState.BANNED)

_WALKED_PER_PLACE = 4
"""How many listing variants are walked for one place of a list, at first: a variant may be in several shops."""


def _shown_by(seller: ColumnElement[str]) -> Select[Any]:
    return (
        select(listing_variant.c.variant_id, listing_variant.c.available)
        .join(listing, listing.c.id == listing_variant.c.listing_id)
        .where(
            listing_variant.c.seller_id == seller,
            listing_variant.c.variant_id.is_not(None),
            listing.c.state.not_in(OFF_SALE),
        )
    )


_SELLER: ColumnElement[str] = bindparam("seller")
_SHOWN = _shown_by(_SELLER)
_WALK = _SHOWN.order_by(listing_variant.c.available).limit(bindparam("steps"))
_ON_SALE = (
    select(func.count())
    .select_from(variant)
    .where(
        variant.c.seller_id == _SELLER,
        exists()
        .where(listing_variant.c.variant_id == variant.c.id, listing.c.state.not_in(OFF_SALE))
        .where(listing.c.id == listing_variant.c.listing_id),
    )
)
_SOLD_OUT = _SHOWN.where(listing_variant.c.available <= 0).with_only_columns(
    func.count(listing_variant.c.variant_id.distinct())
)


def on_sale(conn: Connection, seller_id: str) -> int:
    """Return how many variants are in some shop."""
    return int(conn.scalar(_ON_SALE, {"seller": seller_id}) or 0)


def sold_out(conn: Connection, seller_id: str) -> int:
    """Return how many variants cannot be sold, in one shop at least, for want of stock."""
    return int(conn.scalar(_SOLD_OUT, {"seller": seller_id}) or 0)


def scarcest(conn: Connection, seller_id: str, places: int) -> ColumnElement[bool] | None:
    """Return what the `places` scarcest variants have in common and most others have not; None: nothing is known.

    The index on stock is walked from its low end until so many variants were met.
    """
    steps = places * _WALKED_PER_PLACE
    while True:
        met: set[str] = set()
        walked = conn.execute(_WALK, {"seller": seller_id, "steps": steps}).all()
        for row in walked:
            met.add(row.variant_id)
            if len(met) == places:
                low = select(listing_variant.c.variant_id).where(
                    listing_variant.c.seller_id == seller_id, listing_variant.c.available <= row.available
                )
                return variant.c.id.in_(low)
        if len(walked) < steps:
            return None
        steps *= _WALKED_PER_PLACE
