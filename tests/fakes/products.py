"""Products and their pictures in memory."""

from dataclasses import dataclass, field

from domain.catalogue import Listing
from domain.chats import Visitor
from domain.errors import NotFound
from domain.shops import Shop
from services.photos import Photo
from services.products import ProductCard, ProductPage, ProductQuery
from tests.unit.bot import records as r
from tests.unit.bot import screens_products as p


@dataclass
class Products:
    cards: dict[str, ProductCard] = field(default_factory=dict)
    asked: list[tuple[ProductQuery, int]] = field(default_factory=list)

    async def page(self, visitor: Visitor, query: ProductQuery, page: int = 1) -> ProductPage:
        self.asked.append((query, page))
        rows = [p.row(variants=len(card.variants)) for card in self.cards.values()]
        return p.page(*rows, query=query, page=page, pages=9, shops=(r.shop(), p.OTHER))

    async def card(self, visitor: Visitor, listing_id: str) -> ProductCard:
        if listing_id not in self.cards:
            raise NotFound("product_unknown")
        return self.cards[listing_id]


@dataclass
class Photos:
    """Pictures by listing: what Telegram knows already, and what can be fetched."""

    by_name: dict[str, str] = field(default_factory=dict)
    to_fetch: dict[str, bytes] = field(default_factory=dict)
    fetched: int = 0

    async def known(self, visitor: Visitor, bot_id: str, listing: Listing) -> Photo | None:
        name = self.by_name.get(listing.id)
        return None if name is None else Photo(listing.id, name)

    async def fetch(self, listing: Listing, shop: Shop) -> Photo:
        self.fetched += 1
        return Photo(listing.id, content=self.to_fetch.get(listing.id, b""))

    async def keep(self, visitor: Visitor, bot_id: str, listing: Listing, photo: Photo) -> None:
        self.by_name[listing.id] = "" if photo.is_refused else photo.file_id
