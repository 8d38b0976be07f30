"""What became true in the world. Platforms turn these facts into their own pushes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from simulator.world.orders import OrderState


@dataclass(frozen=True, slots=True)
class OrderChanged:
    shop_id: int
    order_sn: str
    state: OrderState
    at: datetime
    returned_after_completion: bool = False


@dataclass(frozen=True, slots=True)
class PriceChanged:
    shop_id: int
    listing_id: int
    variant_id: int
    old: Decimal
    new: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class StockChanged:
    shop_id: int
    listing_id: int
    variant_id: int
    location: str
    old: int
    new: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PromotionChanged:
    shop_id: int
    promotion_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ParcelChanged:
    """A parcel was arranged, picked up, or cut anew."""

    shop_id: int
    order_sn: str
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ParcelTracked:
    """A courier's number for a parcel can be seen."""

    shop_id: int
    order_sn: str
    number: str
    tracking_number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnChanged:
    """A return was asked for, answered, or came a step further; `old` is empty for a new one."""

    shop_id: int
    order_sn: str
    number: str
    old: str
    new: str
    at: datetime


WorldEvent = (
    OrderChanged
    | PriceChanged
    | StockChanged
    | PromotionChanged
    | ParcelChanged
    | ParcelTracked
    | ReturnChanged
)
