"""What is sold (Product, Variant) and how each shop shows it (Listing, ListingVariant)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.money import Money


class ListingState(StrEnum):
    """Whether buyers can see a listing; UNKNOWN keeps the platform's own word beside it."""

    LISTED = "listed"
    UNLISTED = "unlisted"
    REVIEWING = "reviewing"
    BANNED = "banned"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Price:
    """A listing variant's prices in its shop.

    `listed` is the list price as the platform's write call wants it, `is_taxed` whether tax is in it;
    `buyer_pays` is what a buyer pays now; while `locked_until` lies ahead the platform refuses to
    change `listed`.
    """

    listed: Money
    is_taxed: bool
    buyer_pays: Money
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """What holds a listing variant or keeps units of it back: by the platform's word for it, until when."""

    name: str
    ends_at: datetime


_ID_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PlacedUnits:
    """So many units of the seller's at one of his locations, by the platform's id; empty where he has one only."""

    location: str
    units: int

    @property
    def short(self) -> str:
        """Return what tells the location from its neighbours: its id, or the end of a long one."""
        return self.location if len(self.location) <= _ID_SHOWN else f"…{self.location[-4:]}"


@dataclass(frozen=True, slots=True)
class Variant:
    """One sellable version of a product. `sku` is the seller's own code and may be missing."""

    id: str
    seller_id: str
    sku: str
    title: str
    name: str
    floor: Money | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A product as one shop offers it. `tiers` names what its variants differ in, by the platform's words.

    `sku` is the listing's own, beside those of its variants; `weight` is in kilograms, as the platform writes it.
    `boosted_until` is until when its platform shows it first, by what we read last.
    """

    id: str
    shop_id: str
    external_id: str
    title: str
    state: ListingState
    raw_state: str
    image_url: str
    tiers: tuple[str, ...]
    seen_at: datetime
    sku: str = ""
    description: str = ""
    weight: str = ""
    boosted_until: datetime | None = None

    def is_boosted(self, now: datetime) -> bool:
        return self.boosted_until is not None and self.boosted_until > now


@dataclass(frozen=True, slots=True)
class ListingVariant:
    """One variant as one shop shows it; `options` has its choice in each tier of the listing.

    `wholesale` is what one unit costs those who buy several, where the listing offers that.
    """

    id: str
    shop_id: str
    listing_id: str
    listing_external_id: str
    external_id: str
    variant_id: str
    title: str
    name: str
    sku: str
    state: ListingState
    price: Price
    available: int
    reserved: int
    image_url: str
    seen_at: datetime
    options: tuple[str, ...] = ()
    promotion: Promotion | None = None
    places: tuple[PlacedUnits, ...] = ()
    wholesale: Money | None = None

    @property
    def units(self) -> int:
        """What the shop holds for sale, kept back for promotions or not."""
        return self.available + self.reserved
