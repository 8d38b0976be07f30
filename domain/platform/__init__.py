"""What StoreSync needs of a platform, as small protocols. See `docs/architecture.md`."""

from domain.platform.can import Can, PlatformInfo
from domain.platform.catalogue import (
    Catalogue,
    ListingSnapshot,
    ListingVariantSnapshot,
    Outcome,
    PricePush,
    PushResult,
    StockPush,
)
from domain.platform.hooks import Hint, HintKind, Hooks
from domain.platform.linking import GrantedShop, LinkingRole, ShopSnapshot
from domain.platform.orders import Orders
from domain.platform.paging import Page, Window
from domain.platform.platform import Platform

__all__ = [
    "Can",
    "Catalogue",
    "GrantedShop",
    "Hint",
    "HintKind",
    "Hooks",
    "LinkingRole",
    "ListingSnapshot",
    "ListingVariantSnapshot",
    "Orders",
    "Outcome",
    "Page",
    "Platform",
    "PlatformInfo",
    "PricePush",
    "PushResult",
    "ShopSnapshot",
    "StockPush",
    "Window",
]
