"""The world: its shops, its clock, its chance, and who is told when something becomes true."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from simulator.world.catalogue import ProductSpec
from simulator.world.clock import Clock
from simulator.world.currencies import MARKETS, local_price
from simulator.world.events import PriceChanged, PromotionChanged, StockChanged, WorldEvent
from simulator.world.promotions import Promotion
from simulator.world.shops import Listing, ListingState, ListingVariant, Shop


@dataclass(frozen=True, slots=True)
class ShopPlan:
    """What to open: a name, a market, the goods on its shelf."""

    id: int
    name: str
    about: str
    seller: str
    region: str
    locations: tuple[str, ...] = ("",)
    """One nameless location is a shop without warehouses of its own."""


class World:
    def __init__(self, *, seed: int, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.random = Random(seed)
        self.shops: dict[int, Shop] = {}
        self.tracking_lag = timedelta()
        """How long couriers take until a parcel's number can be seen."""
        self.numbers_due: list[tuple[int, str, str]] = []
        """Shop, order and parcel of numbers that nobody was told yet."""
        self._listeners: list[Callable[[WorldEvent], None]] = []
        self._next_listing_id = 2_500_139_861
        self._next_variant_id = 2_000_458_801
        self._next_promotion_id = 665_123_666_665_499

    def subscribe(self, listener: Callable[[WorldEvent], None]) -> None:
        self._listeners.append(listener)

    def tell(self, event: WorldEvent) -> None:
        for listener in self._listeners:
            listener(event)

    def open_shop(self, plan: ShopPlan, products: list[ProductSpec]) -> Shop:
        now = self.clock.now()
        shop = Shop(
            id=plan.id,
            name=plan.name,
            about=plan.about,
            seller=plan.seller,
            market=MARKETS[plan.region],
            locations=plan.locations,
            opened_at=now - timedelta(days=700),
        )
        for product in products:
            listing = self._list(shop, product, now)
            shop.listings[listing.id] = listing
        self.shops[shop.id] = shop
        return shop

    def _list(self, shop: Shop, product: ProductSpec, now: datetime) -> Listing:
        self._next_listing_id += self.random.randrange(3, 90)
        listed_at = now - timedelta(
            days=self.random.randrange(40, 600), seconds=self.random.randrange(86_400)
        )
        updated_at = now - timedelta(days=self.random.randrange(1, 39), seconds=self.random.randrange(86_400))
        variants = []
        for spec in product.variants:
            self._next_variant_id += self.random.randrange(1, 9)
            stock = {place: self._draw_stock(product) for place in shop.locations}
            price = local_price(spec.price_idr, shop.market)
            variants.append(ListingVariant(self._next_variant_id, spec, price, stock))
        state = ListingState(product.state)
        return Listing(self._next_listing_id, product, state, variants, listed_at, updated_at)

    def _draw_stock(self, product: ProductSpec) -> int:
        """One variant in twenty is sold out, one in eight nearly, the rest have some weeks of sales."""
        luck = self.random.random()
        if luck < 0.05:
            return 0
        if luck < 0.17:
            return self.random.randrange(1, 6)
        return self.random.randrange(8, 30) * product.popularity + self.random.randrange(10)

    def change_price(self, shop: Shop, listing: Listing, variant: ListingVariant, price: Decimal) -> None:
        now, old = self.clock.now(), variant.price
        if price == old:
            return
        variant.price = price
        listing.updated_at = now
        self.tell(PriceChanged(shop.id, listing.id, variant.id, old, price, now))

    def change_stock(
        self, shop: Shop, listing: Listing, variant: ListingVariant, location: str, units: int
    ) -> None:
        now, old = self.clock.now(), variant.stock[location]
        if units == old:
            return
        variant.stock[location] = units
        listing.updated_at = now
        self.tell(StockChanged(shop.id, listing.id, variant.id, location, old, units, now))

    def show_listing(self, listing: Listing, state: ListingState) -> None:
        """Show a listing to buyers, or hide it."""
        if listing.state is not state:
            listing.state, listing.updated_at = state, self.clock.now()

    def edit_listing(self, listing: Listing, product: ProductSpec) -> None:
        """Let a listing say something else of itself."""
        if listing.product != product:
            listing.product, listing.updated_at = product, self.clock.now()

    def next_promotion_id(self) -> int:
        self._next_promotion_id += self.random.randrange(100, 999)
        return self._next_promotion_id

    def run_promotion(self, shop: Shop, promotion: Promotion) -> None:
        shop.promotions.append(promotion)
        self.tell(PromotionChanged(shop.id, promotion.id, self.clock.now()))

    def end_promotion(self, shop: Shop, promotion: Promotion) -> None:
        promotion.ends_at = self.clock.now()
        self.tell(PromotionChanged(shop.id, promotion.id, self.clock.now()))
