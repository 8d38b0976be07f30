"""Shopee's words for what orders and listings are, and ours. A word that is not here stays UNKNOWN."""

from domain.catalogue import ListingState
from domain.orders import OrderStatus, ParcelState
from domain.platform import CancelReason

_ORDERS = {
    "UNPAID": OrderStatus.UNPAID,
    "PENDING": OrderStatus.PENDING,
    "INVOICE_PENDING": OrderStatus.PENDING,  # paid, waiting for the invoice (Brazil)
    "READY_TO_SHIP": OrderStatus.TO_SHIP,
    "RETRY_SHIP": OrderStatus.TO_SHIP,  # the pickup failed: it must be arranged anew
    "PROCESSED": OrderStatus.ARRANGED,
    "SHIPPED": OrderStatus.SHIPPED,
    "TO_CONFIRM_RECEIVE": OrderStatus.DELIVERED,
    "COMPLETED": OrderStatus.COMPLETED,
    "IN_CANCEL": OrderStatus.CANCEL_ASKED,
    "CANCELLED": OrderStatus.CANCELLED,
    "TO_RETURN": OrderStatus.RETURNING,
}

_PARCELS = {
    "LOGISTICS_NOT_START": ParcelState.WAITING,
    "LOGISTICS_NOT_STARTED": ParcelState.WAITING,  # so spelled in a sample of one push
    "LOGISTICS_PENDING_ARRANGE": ParcelState.WAITING,
    "LOGISTICS_READY": ParcelState.TO_ARRANGE,
    "LOGISTICS_PICKUP_RETRY": ParcelState.TO_ARRANGE,
    "LOGISTICS_REQUEST_CREATED": ParcelState.ARRANGED,
    "LOGISTICS_PICKUP_DONE": ParcelState.HANDED_OVER,
    "LOGISTICS_DELIVERY_DONE": ParcelState.DELIVERED,
    "LOGISTICS_INVALID": ParcelState.CANCELLED,
    "LOGISTICS_REQUEST_CANCELED": ParcelState.CANCELLED,
    "LOGISTICS_COD_REJECTED": ParcelState.CANCELLED,
    "LOGISTICS_PICKUP_FAILED": ParcelState.FAILED,
    "LOGISTICS_DELIVERY_FAILED": ParcelState.FAILED,
    "LOGISTICS_LOST": ParcelState.FAILED,
}

_INSTANT_WORDS = ("instant", "same day", "sameday", "same-day")
"""No field of an order tells such a courier; its name does."""

_REASONS = {
    "OUT_OF_STOCK": CancelReason.OUT_OF_STOCK,
    "CUSTOMER_REQUEST": CancelReason.BUYER_ASKED,
    "UNDELIVERABLE_AREA": CancelReason.AREA_NOT_SERVED,
    "COD_NOT_SUPPORTED": CancelReason.COD_NOT_SUPPORTED,
}
"""Why a seller cancelled; what others give as a reason are free texts."""

_LISTINGS = {
    "NORMAL": ListingState.LISTED,
    "UNLIST": ListingState.UNLISTED,
    "REVIEWING": ListingState.REVIEWING,
    "BANNED": ListingState.BANNED,
    "SELLER_DELETE": ListingState.DELETED,
    "SHOPEE_DELETE": ListingState.DELETED,
}

EXISTING = tuple(word for word, state in _LISTINGS.items() if state is not ListingState.DELETED)
EVERY = tuple(_LISTINGS)

WORDS = {
    ".item_status": frozenset(_LISTINGS),
    ".order_status": frozenset(_ORDERS),
    ".package_list[].logistics_status": frozenset(_PARCELS),
}
"""The words we know, by the ending of the field that has them."""

USABLE_SHOP = "NORMAL"
SELLABLE_VARIANT = "MODEL_NORMAL"
ONGOING_PROMOTION = "ongoing"
BUNDLE = "bundle_deal"


def order_status(word: str) -> OrderStatus:
    return _ORDERS.get(word, OrderStatus.UNKNOWN)


def parcel_state(word: str) -> ParcelState:
    return _PARCELS.get(word, ParcelState.UNKNOWN)


def is_instant(courier: str) -> bool:
    return any(word in courier.lower() for word in _INSTANT_WORDS)


def listing_state(word: str) -> ListingState:
    return _LISTINGS.get(word, ListingState.UNKNOWN)


def cancel_reason(words: str) -> str:
    """Return our word for a seller's reason; what is none of them stays as it was said."""
    return _REASONS.get(words, words)


def cancel_word(reason: CancelReason) -> str:
    return next(word for word, ours in _REASONS.items() if ours is reason)
