"""The fake platform's holidays: which of its shops are on one."""

from datetime import datetime
from typing import TYPE_CHECKING

from domain.errors import FateUnknown
from domain.platform import ActionResult, Holiday, Outcome
from domain.shops import ShopAccess

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform


class FakeHolidays:
    """The `Holidays` role of a `FakePlatform`; `refusal` turns every switch down."""

    def __init__(self, bazaar: "FakePlatform") -> None:
        self._bazaar = bazaar
        self.resting: dict[str, datetime | None] = {}
        self.refusal = ""
        self.switched: list[bool] = []

    async def fetch_holiday(self, shop: ShopAccess) -> Holiday:
        def act() -> Holiday:
            known = self._bazaar.opened(shop).external_id
            return Holiday(known in self.resting, self.resting.get(known))

        return await self._bazaar.called("fetch_holiday", act)

    async def set_holiday(self, shop: ShopAccess, *, is_on: bool) -> ActionResult:
        def act() -> ActionResult:
            known = self._bazaar.opened(shop).external_id
            if self.refusal:
                return ActionResult(Outcome.REJECTED, self.refusal)
            self.switched.append(is_on)
            self.resting.pop(known, None)
            if is_on:
                self.resting[known] = None
            return ActionResult(Outcome.OK)

        try:
            return await self._bazaar.called("set_holiday", act)
        except FateUnknown:
            return ActionResult(Outcome.UNKNOWN)
