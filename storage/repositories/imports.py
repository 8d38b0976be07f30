"""What the rows of a file that came in may name: listing variants by their listing's number, or by SKU."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, select

from domain.catalogue import ListingState, ListingVariant
from storage.repositories import rows
from storage.tables.catalogue import listing, listing_variant

READ = "import.read"
_AT_ONCE = 500


class Shelves:
    """All that some shops of one seller sell."""

    def __init__(self, conn: Connection, seller_id: str, shop_ids: Collection[str]) -> None:
        self._conn = conn
        self._mine = (
            (listing_variant.c.seller_id == seller_id)
            & listing_variant.c.shop_id.in_(list(shop_ids))
            & listing_variant.c.is_sellable.is_(True)
            & (listing.c.state != ListingState.DELETED)
        )

    def of_listings(self, external_ids: Collection[str]) -> list[ListingVariant]:
        """Return what is sold under these numbers of the platforms."""
        return self._found(listing.c.external_id, external_ids)

    def beside(self, listing_ids: Collection[str]) -> list[ListingVariant]:
        """Return all that these listings of ours sell."""
        return self._found(listing.c.id, listing_ids)

    def of_skus(self, skus: Collection[str]) -> list[ListingVariant]:
        """Return what has one of these SKUs, whether they are written in capitals or not."""
        if not skus:
            return []
        query = select(listing_variant.c.id, listing_variant.c.sku).join(
            listing, listing.c.id == listing_variant.c.listing_id
        )
        wanted = {each.casefold() for each in skus}
        named = self._conn.execute(query.where(self._mine))
        return self._found(listing_variant.c.id, [row.id for row in named if row.sku.casefold() in wanted])

    def _found(self, named: ColumnElement[str], among: Collection[str]) -> list[ListingVariant]:
        query = rows.LISTING_VARIANTS.where(self._mine).order_by(
            listing.c.title, listing.c.id, listing_variant.c.position, listing_variant.c.id
        )
        return [
            rows.listing_variant_of(row)
            for some in _in_parts(among)
            for row in self._conn.execute(query.where(named.in_(some)))
        ]


def _in_parts(names: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(names))
    for at in range(0, len(ordered), _AT_ONCE):
        yield ordered[at : at + _AT_ONCE]
