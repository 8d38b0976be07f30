"""A shop of shirts in several sizes, and bulk changes over it, as several tests need them."""

from dataclasses import dataclass, field
from decimal import Decimal

from domain.bulk import Move, Recipe
from domain.catalogue import ListingState
from domain.changes import Change, ChangeState
from domain.chats import Visitor
from domain.money import Money
from domain.people import Role
from domain.platform import ListingSnapshot
from domain.shops import Shop
from domain.tickets import Action
from services.bulk_cards import BulkCard
from services.products import ProductQuery
from services.views import Pressed
from storage.repositories.changes import Changes
from tests.factories import listing_snapshot, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import MESSAGE, House

BEFORE = 100_000
TEN_OFF = Recipe(Move.PERCENT, Decimal(-10))
ALL = ProductQuery()


def shirts(listings: int = 4, sizes: int = 3, price: int = BEFORE) -> list[ListingSnapshot]:
    """Return so many shirts, each in so many sizes, all of one price."""
    return [
        listing_snapshot(
            f"9{at:05d}",
            *(
                variant_snapshot(
                    f"{at}{size}",
                    price,
                    sku=f"KAOS-{at}-{size}",
                    name=f"Size {size}",
                    options=(f"Size {size}",),
                )
                for size in range(1, sizes + 1)
            ),
            title=f"Kaos Polos {at:02d}",
            tiers=("Size",),
        )
        for at in range(1, listings + 1)
    ]


@dataclass(slots=True)
class Rack:
    """One shop of shirts; `truth` is what the platform has."""

    house: House
    shop: Shop = field(init=False)
    truth: FakeShop = field(init=False)

    @classmethod
    async def filled(cls, house: House, listings: int = 4, sizes: int = 3) -> "Rack":
        rack = cls(house)
        rack.shop, rack.truth = await house.stocked(*shirts(listings, sizes))
        return rack

    async def draft(
        self, recipe: Recipe = TEN_OFF, query: ProductQuery = ALL, *, by: Visitor | None = None
    ) -> BulkCard:
        return await self.house.services.bulks.draft(by or self.house.owner, query, recipe)

    async def asked(
        self, recipe: Recipe = TEN_OFF, query: ProductQuery = ALL, *, by: Visitor | None = None
    ) -> BulkCard:
        """Draw up a bulk change and ask for it."""
        drawn = await self.draft(recipe, query, by=by)
        await self.press(drawn, Action.ASK_BULK, by=by)
        return await self.card(drawn.id)

    async def approved(self, recipe: Recipe = TEN_OFF, query: ProductQuery = ALL) -> BulkCard:
        asked = await self.asked(recipe, query)
        await self.press(asked, Action.APPROVE_BULK)
        return await self.card(asked.id)

    async def press(self, card: BulkCard, action: Action, *, by: Visitor | None = None) -> Pressed:
        """Press a button of a card in the presser's own chat."""
        visitor = by or self.house.owner
        needed = Role.PACKER if action is Action.ASK_BULK else Role.MANAGER
        data = await self.house.services.buttons.token(visitor.view.id, action, card.id, card.version, needed)
        return await self.house.services.buttons.press(visitor, data, MESSAGE)

    async def card(self, bulk_id: str) -> BulkCard:
        return await self.house.services.bulks.card(self.house.owner.seller_id, bulk_id)

    async def apply(self, card: BulkCard) -> BulkCard:
        """Send what may be sent, and return the change as it is then."""
        await self.house.services.bulk_applying.apply(self.house.owner.seller_id, card.id)
        return await self.card(card.id)

    async def changes(self, bulk_id: str) -> list[Change]:
        seller_id = self.house.owner.seller_id
        return await self.house.database.read(lambda conn: Changes(conn, seller_id).of_proposal(bulk_id))

    def prices(self) -> list[Money]:
        """Return what the platform shows, variant by variant."""
        return [one.price.listed for each in self.truth.listings.values() for one in each.variants]

    def ban(self, listing: str) -> None:
        """Let the platform hide a listing."""
        self.truth.listings[listing] = listing_snapshot(
            listing, *self.truth.listings[listing].variants, title="Kaos Polos", state=ListingState.BANNED
        )


def states(card: BulkCard) -> dict[ChangeState, int]:
    """Count the prices of a card by where they stand."""
    found = [each.state for each in card.lines]
    return {state: found.count(state) for state in dict.fromkeys(found)}
