"""Money: which orders a platform has paid out, and what it took of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.earnings import Settlement
from domain.platform.paging import Window
from domain.shops import ShopAccess


@dataclass(frozen=True, slots=True)
class Release:
    """An order's money was released to the seller."""

    order_external_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """`next_cursor` is None on the last page."""

    releases: tuple[Release, ...]
    next_cursor: str | None = None


class Settlements(Protocol):
    async def released(self, shop: ShopAccess, window: Window, cursor: str) -> ReleasePage:
        """List orders whose money was released in a window no longer than `PlatformInfo.window`."""

    async def fetch_settlements(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[Settlement]:
        """Read what was taken of orders; at most `PlatformInfo.settlements_per_fetch` ids.

        One that is unknown there, or that cannot be read, is left out.
        """
