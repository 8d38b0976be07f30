"""Listing writes: what a listing says of itself, and whether buyers see it."""

from typing import Protocol

from domain.listing_changes import ListingField
from domain.platform.catalogue import PushResult
from domain.shops import ShopAccess


class ListingWrites(Protocol):
    async def push_listing(
        self, shop: ShopAccess, external_id: str, field: ListingField, value: str
    ) -> PushResult:
        """Set one thing of a listing, or show and hide it; the result's `variant_external_id` is empty.

        Raises PlatformUnavailable only if nothing was sent; an unknown fate is a result UNKNOWN.
        """
