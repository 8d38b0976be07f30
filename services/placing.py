"""Stock by location: what lies where in shops that have several, and a count of one of them, as a draft."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.catalogue import ListingVariant
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import NotFound
from domain.people import Role
from domain.platform import Can, Platform
from domain.shops import Shop, ShopState
from domain.stock import Placed
from services import counting
from services.decisions import need
from services.tokens import TokenService
from services.views import VariantCard
from storage.database import Connection, Database
from storage.repositories.catalogue import Catalogue
from storage.repositories.shops import Shops


@dataclass(frozen=True, slots=True)
class StockedPlace:
    """So many units of one variant at one location of a shop; the name is the platform's id where it has none."""

    shop: Shop
    variant_id: str
    listing_variant_id: str
    place: str
    name: str
    units: int


class PlacingService:
    def __init__(
        self, db: Database, clock: Clock, *, tokens: TokenService, platforms: Mapping[str, Platform]
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._platforms = platforms

    def several(self, card: VariantCard) -> list[tuple[Shop, ListingVariant]]:
        """Return the shops of a card that keep this variant at several locations and may be told how many."""
        return [
            (each.shop, each.shown)
            for each in card.shown
            if len(each.shown.places) > 1
            and each.shop.state is ShopState.LINKED
            and Can.PLACE_STOCK in self._platforms[each.shop.platform].info.can
        ]

    async def places(self, visitor: Visitor, card: VariantCard) -> tuple[StockedPlace, ...]:
        """Ask the shops how many of a variant lie where now; what was sold since it was read last counts."""
        need(visitor, Role.PACKER)
        found: list[StockedPlace] = []
        for shop, listed in self.several(card):
            found += await self._read(shop, listed)
        return tuple(found)

    async def place(self, visitor: Visitor, listing_variant_id: str, place: str) -> StockedPlace:
        """Ask how many lie at one location now. Raises NotFound("button_unknown") for one that is gone."""
        need(visitor, Role.PACKER)

        def work(conn: Connection) -> tuple[Shop | None, ListingVariant | None]:
            listed = Catalogue(conn, visitor.seller_id).listing_variant(listing_variant_id)
            return (Shops(conn, visitor.seller_id).get(listed.shop_id) if listed else None), listed

        shop, listed = await self._db.read(work)
        if shop is None or listed is None or Can.PLACE_STOCK not in self._platforms[shop.platform].info.can:
            raise NotFound("button_unknown")
        found = next((each for each in await self._read(shop, listed) if each.place == place), None)
        if found is None:
            raise NotFound("button_unknown")
        return found

    async def draw_up(self, visitor: Visitor, at: StockedPlace, units: int) -> None:
        """Keep a draft: nothing is counted or sent by it. Raises InputError("stock_number")."""
        placed = Placed(at.listing_variant_id, at.place, at.name, at.units, units)
        now = self._clock()
        await self._db.write(
            lambda conn: counting.place(conn, visitor, at.variant_id, placed, now), "stock.place"
        )

    async def _read(self, shop: Shop, listed: ListingVariant) -> list[StockedPlace]:
        numbers = [listed.listing_external_id]
        seen = await self._tokens.call(
            shop.id, lambda platform, access: platform.catalogue.fetch_listings(access, numbers)
        )
        names = await self._tokens.call(
            shop.id, lambda platform, access: platform.catalogue.locations(access)
        )
        now = self._clock()

        def work(conn: Connection) -> ListingVariant | None:
            Catalogue(conn, shop.seller_id).record(shop.id, seen, now)
            return Catalogue(conn, shop.seller_id).listing_variant(listed.id)

        latest = await self._db.write(work, "stock.placed_read")
        return [
            StockedPlace(
                shop,
                latest.variant_id,
                latest.id,
                each.location,
                names.get(each.location) or each.location,
                each.units,
            )
            for each in (latest.places if latest else ())
            if latest
        ]
