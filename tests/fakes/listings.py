"""The fake platform's listings as a seller edits them: a role of its own over the platform's shops."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.catalogue import ListingState
from domain.errors import FateUnknown
from domain.listing_changes import LISTED, ListingField
from domain.platform import Outcome, PushResult
from domain.shops import ShopAccess

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform

BOOST_LASTS = timedelta(hours=4)


class FakeListingWrites:
    """Takes every edit of a listing it has; `refusals` names those it turns down."""

    def __init__(self, platform: "FakePlatform") -> None:
        self._platform = platform
        self.refusals: dict[str, str] = {}
        self.pushed: list[tuple[str, ListingField, str]] = []
        self.boosted_until: dict[str, datetime] = {}

    async def push_listing(
        self, shop: ShopAccess, external_id: str, field: ListingField, value: str
    ) -> PushResult:
        def act() -> PushResult:
            known = self._platform.opened(shop)
            why = "not_found" if external_id not in known.listings else self.refusals.get(external_id, "")
            if why:
                return PushResult(external_id, "", Outcome.REJECTED, why)
            self.pushed.append((external_id, field, value))
            if field is ListingField.BOOST:
                return self._boost(external_id)
            if field is ListingField.SHOWN:
                state = ListingState.LISTED if value == LISTED else ListingState.UNLISTED
                known.listings[external_id] = replace(known.listings[external_id], state=state)
            else:
                changed = {field.value: value}
                known.listings[external_id] = replace(known.listings[external_id], **changed)  # type: ignore[arg-type]
            return PushResult(external_id, "", Outcome.OK)

        try:
            return await self._platform.called("push_listing", act)
        except FateUnknown:
            return PushResult(external_id, "", Outcome.UNKNOWN)

    async def boosted(self, shop: ShopAccess) -> Mapping[str, timedelta]:
        def act() -> Mapping[str, timedelta]:
            known = self._platform.opened(shop)
            return {each: left for each, left in self._boosts().items() if each in known.listings}

        return await self._platform.called("boosted", act)

    def _boost(self, external_id: str) -> PushResult:
        running = self._boosts()
        if external_id in running:
            return PushResult(external_id, "", Outcome.REJECTED, "boosted_lately")
        if len(running) >= self._platform.platform.info.boosts_at_once:
            return PushResult(external_id, "", Outcome.REJECTED, "other")
        self.boosted_until[external_id] = self._platform.now() + BOOST_LASTS
        return PushResult(external_id, "", Outcome.OK)

    def _boosts(self) -> dict[str, timedelta]:
        now = self._platform.now()
        return {each: until - now for each, until in self.boosted_until.items() if until > now}
