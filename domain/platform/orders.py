"""Orders: which changed, and what they are now."""

from collections.abc import Sequence
from typing import Protocol

from domain.orders import OrderSnapshot
from domain.platform.paging import Page, Window
from domain.shops import ShopAccess


class Orders(Protocol):
    async def orders_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        """List order numbers changed in a window no longer than `PlatformInfo.window`."""

    async def fetch_orders(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[OrderSnapshot]:
        """Read orders; at most `PlatformInfo.orders_per_fetch` ids. One that is unknown there is left out."""
