"""Products as the shops offer them: listings listed and found, one with its variants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.catalogue import Listing, ListingState, ListingVariant
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import NotFound
from domain.platform import Can, Platform
from domain.shops import Shop
from domain.stock import ShownState
from services.orders import oldest_sync
from storage.database import Connection, Database
from storage.repositories.listings import ListingHead, Listings, Wanted
from storage.repositories.shops import Shops
from storage.repositories.shown_stock import Shown, ShownStock

PAGE = 5


class ProductFilter(StrEnum):
    """The lists of `/products`; the values travel in buttons, so they are short."""

    ALL = "a"
    LISTED = "l"
    UNLISTED = "u"
    SOLD_OUT = "s"
    LOW = "w"


_STATES = {
    ProductFilter.ALL: (),
    ProductFilter.LISTED: (ListingState.LISTED,),
    ProductFilter.UNLISTED: (ListingState.UNLISTED,),
    ProductFilter.SOLD_OUT: (ListingState.LISTED,),
    ProductFilter.LOW: (ListingState.LISTED,),
}

_EDITABLE = frozenset({ListingState.LISTED, ListingState.UNLISTED})


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """What to list. `shop` is a shop's id or its beginning; nothing shows all that the chat shows."""

    filter: ProductFilter = ProductFilter.ALL
    shop: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One line of `/products`."""

    head: ListingHead
    shop: Shop


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A page of listings by title; `shops` are those to choose from, `shop` the chosen one."""

    query: ProductQuery
    rows: tuple[ProductRow, ...]
    shops: tuple[Shop, ...]
    shop: Shop | None
    total: int
    page: int
    pages: int
    as_of: datetime | None
    is_demo: bool


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """The variants that share their first option; all of a listing that has no second tier."""

    option: str
    variants: tuple[ListingVariant, ...]


@dataclass(frozen=True, slots=True)
class ProductCard:
    """One listing in its shop. `on_its_way` and `refused` count stock numbers sent and not yet shown there."""

    listing: Listing
    shop: Shop
    variants: tuple[ListingVariant, ...]
    on_its_way: int
    refused: int
    can_be_edited: bool = False
    can_be_boosted: bool = False
    boosted: tuple[Listing, ...] = ()
    places: int = 0
    """So many listings of the shop may be shown first; `boosted` are those that are."""

    @property
    def groups(self) -> tuple[OptionGroup, ...]:
        """The variants by their first option, where there is a second one to choose; else none."""
        if len(self.listing.tiers) < 2 or any(len(each.options) < 2 for each in self.variants):
            return ()
        found: dict[str, list[ListingVariant]] = {}
        for each in self.variants:
            found.setdefault(each.options[0], []).append(each)
        return tuple(OptionGroup(option, tuple(of)) for option, of in found.items())


class ProductService:
    def __init__(self, db: Database, clock: Clock, platforms: Mapping[str, Platform]) -> None:
        self._db = db
        self._clock = clock
        self._platforms = platforms

    async def page(self, visitor: Visitor, query: ProductQuery, page: int = 1) -> ProductPage:
        """List listings whose title or a SKU holds every word, by title."""

        def work(conn: Connection) -> ProductPage:
            listings, shops = Listings(conn, visitor.seller_id), shops_here(conn, visitor)
            chosen = chosen_shop(shops, query)
            looked_at = [chosen] if chosen else shops
            wanted = wanted_by(shops, query)
            total = listings.count(wanted)
            pages = max(1, -(-total // PAGE))
            at = min(max(page, 1), pages)
            heads = listings.page(wanted, offset=(at - 1) * PAGE, limit=PAGE)
            by_id = {each.id: each for each in shops}
            return ProductPage(
                query=query,
                rows=tuple(ProductRow(head, by_id[head.listing.shop_id]) for head in heads),
                shops=tuple(shops),
                shop=chosen,
                total=total,
                page=at,
                pages=pages,
                as_of=oldest_sync(looked_at),
                is_demo=any(each.is_simulated for each in shops),
            )

        return await self._db.read(work)

    async def card(self, visitor: Visitor, listing_id: str) -> ProductCard:
        """Return a listing with what it sells. Raises NotFound("product_unknown")."""
        now = self._clock()
        card = await self._db.read(lambda conn: product_card(conn, visitor, listing_id, now))
        platform = self._platforms.get(card.shop.platform)
        if platform is None:
            return card
        can = platform.info.can
        return replace(
            card,
            can_be_edited=Can.EDIT_LISTINGS in can and card.listing.state in _EDITABLE,
            can_be_boosted=Can.BOOST_LISTINGS in can and card.listing.state is ListingState.LISTED,
            places=platform.info.boosts_at_once,
        )


def chosen_shop(shops: Sequence[Shop], query: ProductQuery) -> Shop | None:
    """Return the shop that a list names, if it is one of these."""
    return next((each for each in shops if query.shop and each.id.startswith(query.shop)), None)


def wanted_by(shops: Sequence[Shop], query: ProductQuery) -> Wanted:
    """Return which listings of these shops a list is of."""
    chosen = chosen_shop(shops, query)
    return Wanted(
        [each.id for each in ([chosen] if chosen else shops)],
        query.words,
        _STATES[query.filter],
        is_sold_out=query.filter is ProductFilter.SOLD_OUT,
        is_low=query.filter is ProductFilter.LOW,
    )


def shops_here(conn: Connection, visitor: Visitor) -> list[Shop]:
    return [each for each in Shops(conn, visitor.seller_id).all() if visitor.view.shows(each.id)]


def product_card(conn: Connection, visitor: Visitor, listing_id: str, now: datetime) -> ProductCard:
    listings = Listings(conn, visitor.seller_id)
    found = listings.get(listing_id)
    shop = next((each for each in shops_here(conn, visitor) if found and each.id == found.shop_id), None)
    if found is None or shop is None:
        raise NotFound("product_unknown")
    variants = listings.variants(listing_id)
    kept = ShownStock(conn, visitor.seller_id).get([each.id for each in variants]).values()
    return ProductCard(
        listing=found,
        shop=shop,
        variants=tuple(variants),
        on_its_way=sum(map(_is_on_its_way, kept)),
        refused=sum(each.state is ShownState.REFUSED for each in kept),
        boosted=tuple(listings.boosted(shop.id, now)),
    )


def _is_on_its_way(shown: Shown) -> bool:
    is_moving = shown.state in {ShownState.SENDING, ShownState.UNKNOWN}
    return is_moving or (shown.state is ShownState.READY and shown.units != shown.target)
