"""One shop of a seller: what it lists, at which price, with how many units at which location."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from simulator.world.catalogue import ProductSpec, VariantSpec
from simulator.world.currencies import Market
from simulator.world.orders import Order
from simulator.world.promotions import Promotion
from simulator.world.returns import Return
from simulator.world.reviews import Review


class ListingState(StrEnum):
    ACTIVE = "active"
    UNLISTED = "unlisted"
    BANNED = "banned"
    IN_REVIEW = "in_review"
    DELETED = "deleted"


@dataclass(slots=True)
class ListingVariant:
    id: int
    spec: VariantSpec
    price: Decimal
    stock: dict[str, int]
    """Units by location, those kept back for promotions included."""

    @property
    def label(self) -> str:
        return ",".join(self.spec.options)

    @property
    def total_stock(self) -> int:
        return sum(self.stock.values())


@dataclass(slots=True)
class Listing:
    id: int
    product: ProductSpec
    state: ListingState
    variants: list[ListingVariant]
    listed_at: datetime
    updated_at: datetime

    @property
    def has_options(self) -> bool:
        return bool(self.product.tiers)

    def variant(self, variant_id: int) -> ListingVariant | None:
        return next((variant for variant in self.variants if variant.id == variant_id), None)


@dataclass(slots=True)
class Shop:
    id: int
    name: str
    about: str
    seller: str
    market: Market
    locations: tuple[str, ...]
    opened_at: datetime
    listings: dict[int, Listing] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    promotions: list[Promotion] = field(default_factory=list)
    returns: dict[str, Return] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)
    boosted_until: dict[int, datetime] = field(default_factory=dict)
    """Until when a listing is shown first, or may not be again."""

    def boosts(self, now: datetime) -> dict[int, datetime]:
        """Return the listings that are shown first now, each with until when."""
        return {number: until for number, until in self.boosted_until.items() if until > now}

    def live_promotions(self, variant_id: int, now: datetime) -> Iterator[Promotion]:
        """Yield what is running or still to come for a variant."""
        return (p for p in self.promotions if variant_id in p.rows and not p.is_over(now))

    def ongoing_promotion(self, variant_id: int, now: datetime) -> Promotion | None:
        """Find the promotion a buyer gets: the cheapest of those running."""
        running = [p for p in self.live_promotions(variant_id, now) if p.is_ongoing(now)]
        return min(running, key=lambda p: p.rows[variant_id].price, default=None)

    def reserved(self, variant_id: int, now: datetime) -> int:
        return sum(p.rows[variant_id].reserved for p in self.live_promotions(variant_id, now))

    def available(self, variant: ListingVariant, now: datetime) -> int:
        return max(0, variant.total_stock - self.reserved(variant.id, now))

    def buyer_price(self, variant: ListingVariant, now: datetime) -> Decimal:
        promotion = self.ongoing_promotion(variant.id, now)
        return promotion.rows[variant.id].price if promotion else variant.price

    def find_variant(self, listing_id: int, variant_id: int) -> tuple[Listing, ListingVariant] | None:
        """Find a variant; 0 stands for the only one of a listing without options."""
        listing = self.listings.get(listing_id)
        if listing is None:
            return None
        if variant_id == 0 and not listing.has_options:
            return listing, listing.variants[0]
        variant = listing.variant(variant_id)
        return (listing, variant) if variant else None

    def find_sku(self, sku: str) -> tuple[Listing, ListingVariant] | None:
        for listing in self.listings.values():
            for variant in listing.variants:
                if variant.spec.sku == sku:
                    return listing, variant
        return None
