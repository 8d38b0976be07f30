"""Listing writes: what a listing says of itself, and whether buyers see it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from domain.listing_changes import ListingField
from domain.platform.catalogue import PushResult
from domain.shops import ShopAccess


class ListingWrites(Protocol):
    async def push_listing(
        self, shop: ShopAccess, external_id: str, field: ListingField, value: str
    ) -> PushResult:
        """Set one thing of a listing, show, hide or boost it; the result's `variant_external_id` is empty.

        Raises PlatformUnavailable only if nothing was sent; an unknown fate is a result UNKNOWN.
        """

    async def boosted(self, shop: ShopAccess) -> Mapping[str, timedelta]:
        """Return the listings that are shown first now, each with how long it still is."""
