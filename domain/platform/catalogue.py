"""Catalogue: listings read, prices pushed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.catalogue import ListingState, PlacedUnits, Price, Promotion
from domain.money import Money
from domain.platform.paging import Page
from domain.shops import ShopAccess


@dataclass(frozen=True, slots=True)
class ListingVariantSnapshot:
    """One variant of a listing. `external_id` is "0" where the listing has no variants."""

    external_id: str
    name: str
    sku: str
    price: Price
    available: int
    reserved: int
    is_sellable: bool
    image_url: str = ""
    options: tuple[str, ...] = ()
    promotion: Promotion | None = None
    places: tuple[PlacedUnits, ...] = ()


@dataclass(frozen=True, slots=True)
class ListingSnapshot:
    """What a platform said of a listing, and when; `tiers` names what its variants differ in."""

    external_id: str
    title: str
    state: ListingState
    raw_state: str
    updated_at: datetime
    image_url: str
    variants: tuple[ListingVariantSnapshot, ...]
    tiers: tuple[str, ...] = ()
    category: str = ""
    """The platform's id of what kind of goods it is; fees depend on it."""
    sku: str = ""
    description: str = ""
    weight: str = ""
    wholesale: Money | None = None
    """What one unit costs those who buy several, the dearest of such offers."""


@dataclass(frozen=True, slots=True)
class PricePush:
    """A list price to set on one variant of one listing."""

    listing_external_id: str
    variant_external_id: str
    price: Money


@dataclass(frozen=True, slots=True)
class StockPush:
    """Units to hold for sale of one variant of one listing, what promotions keep back of them included.

    `expected` is what the shop should show now: where it shows something else nothing is set. What is more or less
    than that goes to, or comes from, the location `place`, as far as it is one of the shop's and has as much.
    """

    listing_external_id: str
    variant_external_id: str
    units: int
    expected: int
    place: str = ""


class Outcome(StrEnum):
    OK = "ok"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of one pushed value. `reason` is a code of ours (see `adapters/*/errors.py`) when rejected."""

    listing_external_id: str
    variant_external_id: str
    outcome: Outcome
    reason: str = ""


class Catalogue(Protocol):
    async def locations(self, shop: ShopAccess) -> Mapping[str, str]:
        """Return what a shop's locations are called, by id; nothing where it has one alone, or names none."""

    async def listings_changed(self, shop: ShopAccess, since: datetime | None, cursor: str) -> Page:
        """List ids of listings changed since a moment (None: all that exist, deleted ones aside)."""

    async def fetch_listings(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ListingSnapshot]:
        """Read listings with their variants; at most `PlatformInfo.listings_per_fetch` ids."""

    async def push_prices(self, shop: ShopAccess, prices: Sequence[PricePush]) -> Sequence[PushResult]:
        """Set list prices; every price asked for has its result. Never raises for a single refused price.

        Raises PlatformUnavailable only if nothing was sent; an unknown fate is a result UNKNOWN.
        """

    async def push_stock(self, shop: ShopAccess, stock: Sequence[StockPush]) -> Sequence[PushResult]:
        """Set stock where the shop shows what is expected, else reject it ("shows_other"). As `push_prices`."""
