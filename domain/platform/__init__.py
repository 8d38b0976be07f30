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
from domain.platform.fulfilment import (
    Branch,
    Fulfilment,
    HandOver,
    LabelFile,
    LabelRequest,
    Labels,
    Need,
    ParcelRef,
    ParcelResult,
    PickupAddress,
    PickupSlot,
    Shipment,
    ShippingChoice,
    ShippingOffer,
    ShippingOptions,
    Tracking,
    parcel_refs,
)
from domain.platform.hooks import Hint, HintKind, Hooks
from domain.platform.linking import GrantedShop, LinkingRole, ShopSnapshot
from domain.platform.money import Release, ReleasePage, Settlements
from domain.platform.order_actions import (
    ActionResult,
    Cancellation,
    CancelReason,
    LineUnits,
    OrderActions,
)
from domain.platform.orders import Orders
from domain.platform.paging import Page, Window
from domain.platform.platform import Platform

__all__ = [
    "ActionResult",
    "Branch",
    "Can",
    "CancelReason",
    "Cancellation",
    "Catalogue",
    "Fulfilment",
    "GrantedShop",
    "HandOver",
    "Hint",
    "HintKind",
    "Hooks",
    "LabelFile",
    "LabelRequest",
    "Labels",
    "LineUnits",
    "LinkingRole",
    "ListingSnapshot",
    "ListingVariantSnapshot",
    "Need",
    "OrderActions",
    "Orders",
    "Outcome",
    "Page",
    "ParcelRef",
    "ParcelResult",
    "PickupAddress",
    "PickupSlot",
    "Platform",
    "PlatformInfo",
    "PricePush",
    "PushResult",
    "Release",
    "ReleasePage",
    "Settlements",
    "Shipment",
    "ShippingChoice",
    "ShippingOffer",
    "ShippingOptions",
    "ShopSnapshot",
    "StockPush",
    "Tracking",
    "Window",
    "parcel_refs",
]
