"""TikTok Shop's words for what orders, packages, products and returns are, and ours. A word that is not here stays UNKNOWN."""

from domain.catalogue import ListingState
from domain.orders import OrderStatus, ParcelState
from domain.platform import CancelReason
from domain.returns import ReturnState

_ORDERS = {
    "UNPAID": OrderStatus.UNPAID,
    "ON_HOLD": OrderStatus.PENDING,  # the buyer may think better of it for an hour
    "AWAITING_SHIPMENT": OrderStatus.TO_SHIP,
    "PARTIALLY_SHIPPING": OrderStatus.TO_SHIP,
    "AWAITING_COLLECTION": OrderStatus.ARRANGED,
    "IN_TRANSIT": OrderStatus.SHIPPED,
    "DELIVERED": OrderStatus.DELIVERED,
    "COMPLETED": OrderStatus.COMPLETED,
    "CANCELLED": OrderStatus.CANCELLED,
    "CANCEL": OrderStatus.CANCELLED,  # so spelled in webhooks
}
_MAY_BE_CANCELLED = frozenset({OrderStatus.PENDING, OrderStatus.TO_SHIP, OrderStatus.ARRANGED})

_PACKAGES = {
    "TO_FULFILL": ParcelState.TO_ARRANGE,
    "PROCESSING": ParcelState.ARRANGED,
    "FULFILLING": ParcelState.HANDED_OVER,
    "COMPLETED": ParcelState.DELIVERED,
    "CANCELLED": ParcelState.CANCELLED,
}

_PRODUCTS = {
    "ACTIVATE": ListingState.LISTED,
    "SELLER_DEACTIVATED": ListingState.UNLISTED,
    "DRAFT": ListingState.UNLISTED,
    "PENDING": ListingState.REVIEWING,
    "FAILED": ListingState.REVIEWING,
    "PLATFORM_DEACTIVATED": ListingState.BANNED,
    "FREEZE": ListingState.BANNED,
    "DELETED": ListingState.DELETED,
}

_RETURNS = {
    "RETURN_OR_REFUND_REQUEST_PENDING": ReturnState.ASKED,
    "AWAITING_BUYER_RESPONSE": ReturnState.ASKED,  # our part of a refund lies with the buyer
    "REPLACEMENT_REQUEST_PENDING": ReturnState.ASKED,
    "AWAITING_BUYER_SHIP": ReturnState.ACCEPTED,
    "BUYER_SHIPPED_ITEM": ReturnState.COMING_BACK,
    "RETURN_OR_REFUND_REQUEST_SUCCESS": ReturnState.ACCEPTED,
    "RETURN_OR_REFUND_REQUEST_COMPLETE": ReturnState.CLOSED,
    "REPLACEMENT_REQUEST_COMPLETE": ReturnState.CLOSED,
    "REPLACEMENT_REQUEST_REFUND_SUCCESS": ReturnState.CLOSED,
    "REFUND_OR_RETURN_REQUEST_REJECT": ReturnState.DISPUTED,
    "REJECT_RECEIVE_PACKAGE": ReturnState.DISPUTED,
    "REPLACEMENT_REQUEST_REJECT": ReturnState.DISPUTED,
    "RETURN_OR_REFUND_REQUEST_CANCEL": ReturnState.CANCELLED,
    "RETURN_OR_REFUND_CANCEL": ReturnState.CANCELLED,
    "RETURN_OR_REFUND__REQUEST_CANCELLED": ReturnState.CANCELLED,
    "RETURN_OR_REFUND_REQUEST_CANCELLED": ReturnState.CANCELLED,
    "REPLACEMENT_REQUEST_CANCEL": ReturnState.CANCELLED,
}
_REASONS = {
    "out of stock": CancelReason.OUT_OF_STOCK,
    "buyer requested cancellation": CancelReason.BUYER_ASKED,
}
"""Why a seller cancelled, by the text that an order has for it."""

_INSTANT_WORDS = ("instant", "same day", "sameday", "same-day")
_INSTANT_LEVEL = 100

CANCELLED_UNIT = "CANCELLED"
GONE = frozenset({"DELETED"})
JUDGED = "IN_PROGRESS"
PENDING_CANCELLATION = "CANCELLATION_REQUEST_PENDING"
SELLABLE_SKU = frozenset({None, "", "NORMAL"})

WORDS = {
    "orders[].status": frozenset(_ORDERS),
    ".package_status": frozenset({*_PACKAGES, ""}),
    "products[].status": frozenset(_PRODUCTS),
    ".return_status": frozenset(_RETURNS),
}
"""The words we know, by the ending of the field that has them."""

FRONTS = {"TOKOPEDIA": "Tokopedia"}
"""In Indonesia goods are shown there, too; orders that came from there say so."""


def order_status(word: str, *, is_cancel_asked: bool) -> OrderStatus:
    """Return where an order stands; that its buyer wants to cancel stands beside its status here."""
    status = _ORDERS.get(word, OrderStatus.UNKNOWN)
    return OrderStatus.CANCEL_ASKED if is_cancel_asked and status in _MAY_BE_CANCELLED else status


def parcel_state(word: str, *, is_held: bool) -> ParcelState:
    state = _PACKAGES.get(word, ParcelState.UNKNOWN)
    return ParcelState.WAITING if is_held and state is ParcelState.TO_ARRANGE else state


def listing_state(word: str) -> ListingState:
    return _PRODUCTS.get(word, ListingState.UNKNOWN)


def return_state(word: str, arbitration: str) -> ReturnState:
    return ReturnState.JUDGING if arbitration == JUDGED else _RETURNS.get(word, ReturnState.UNKNOWN)


def cancel_reason(words: str) -> str:
    """Return our word for a seller's reason; what is none of them stays as it was said."""
    return _REASONS.get(words.lower(), words)


def is_instant(courier: str, option: str, level: int | None) -> bool:
    named = f"{courier} {option}".lower()
    return level == _INSTANT_LEVEL or any(word in named for word in _INSTANT_WORDS)
