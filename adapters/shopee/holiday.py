"""Shopee in the `Holidays` role."""

from datetime import UTC, datetime

import msgspec

from adapters.shopee.client import SLUG, ShopeeClient
from adapters.shopee.errors import SHOP_RESTRICTED, judge_but_refusals
from adapters.shopee.wire import Answer, Wrapped
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse
from domain.platform import ActionResult, Holiday, Outcome
from domain.shops import ShopAccess

FULL = 0
"""The whole shop; 1 is for a part of its listings only."""


class HolidayMode(msgspec.Struct):
    holiday_mode_on: bool | None = False
    holiday_mode_end_time: int | None = 0


class ShopeeHolidays:
    """The `Holidays` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    async def fetch_holiday(self, shop: ShopAccess) -> Holiday:
        told = await self._client.get(shop, "/shop/get_shop_holiday_mode", (), Wrapped[HolidayMode])
        try:
            ends = told.holiday_mode_end_time
            return Holiday(bool(told.holiday_mode_on), datetime.fromtimestamp(ends, UTC) if ends else None)
        except (ValueError, OverflowError, OSError):  # a moment that is none
            raise UnexpectedResponse(
                platform=SLUG, operation="get_shop_holiday_mode", reason="unreadable"
            ) from None

    async def set_holiday(self, shop: ShopAccess, *, is_on: bool) -> ActionResult:
        body: dict[str, object] = {"holiday_mode_on": is_on}
        if is_on:
            body["holiday_mode_type"] = FULL
        path = "/shop/set_shop_holiday_mode"
        try:
            told = await self._client.write(shop, path, body, Answer, judge=judge_but_refusals)
        except (FateUnknown, UnexpectedResponse):
            return ActionResult(Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return ActionResult(Outcome.REJECTED, SHOP_RESTRICTED)
        return ActionResult(Outcome.REJECTED, "other") if told.error else ActionResult(Outcome.OK)
