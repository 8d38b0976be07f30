"""Holidays: a shop that sells nothing for a while, by its seller's wish."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.platform.order_actions import ActionResult
from domain.shops import ShopAccess


@dataclass(frozen=True, slots=True)
class Holiday:
    """Whether a shop is on holiday, and until when if it ends by itself."""

    is_on: bool
    ends_at: datetime | None = None


class Holidays(Protocol):
    async def fetch_holiday(self, shop: ShopAccess) -> Holiday: ...

    async def set_holiday(self, shop: ShopAccess, *, is_on: bool) -> ActionResult:
        """Begin a holiday without an end, or end one; the same said twice is as well said.

        Raises PlatformUnavailable only if nothing was sent; an unknown fate is a result UNKNOWN.
        """
