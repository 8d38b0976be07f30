"""Shopee's words for what orders and listings are, and ours. A word that is not here stays UNKNOWN."""

from domain.catalogue import ListingState
from domain.orders import OrderStatus

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

USABLE_SHOP = "NORMAL"
SELLABLE_VARIANT = "MODEL_NORMAL"
ONGOING_PROMOTION = "ongoing"
BUNDLE = "bundle_deal"


def order_status(word: str) -> OrderStatus:
    return _ORDERS.get(word, OrderStatus.UNKNOWN)


def listing_state(word: str) -> ListingState:
    return _LISTINGS.get(word, ListingState.UNKNOWN)
