"""The fake platform's listings as a seller edits them: a role of its own over the platform's shops."""

from dataclasses import replace
from typing import TYPE_CHECKING

from domain.catalogue import ListingState
from domain.errors import FateUnknown
from domain.listing_changes import LISTED, ListingField
from domain.platform import Outcome, PushResult
from domain.shops import ShopAccess

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform


class FakeListingWrites:
    """Takes every edit of a listing it has; `refusals` names those it turns down."""

    def __init__(self, platform: "FakePlatform") -> None:
        self._platform = platform
        self.refusals: dict[str, str] = {}
        self.pushed: list[tuple[str, ListingField, str]] = []

    async def push_listing(
        self, shop: ShopAccess, external_id: str, field: ListingField, value: str
    ) -> PushResult:
        def act() -> PushResult:
            known = self._platform.opened(shop)
            why = "not_found" if external_id not in known.listings else self.refusals.get(external_id, "")
            if why:
                return PushResult(external_id, "", Outcome.REJECTED, why)
            self.pushed.append((external_id, field, value))
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
