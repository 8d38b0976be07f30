"""Orders: which changed, and what they are now."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from domain.orders import OrderSnapshot
from domain.platform.paging import Page, Window
from domain.shops import ShopAccess

NOTHING: Mapping[str, str] = MappingProxyType({})


class Orders(Protocol):
    async def orders_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        """List order numbers changed in a window no longer than `PlatformInfo.window`."""

    async def fetch_orders(
        self, shop: ShopAccess, ids: Sequence[str], stored: Mapping[str, str] = NOTHING
    ) -> Sequence[OrderSnapshot]:
        """Read orders; at most `PlatformInfo.orders_per_fetch` ids. One that is unknown there is left out.

        `stored` has digests of orders by id: one that is still the same may be left out, too.
        """
