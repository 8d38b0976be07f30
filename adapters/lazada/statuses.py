"""Lazada's words for what units, products and reverse orders are, and ours. A word that is not here stays UNKNOWN."""

from collections.abc import Collection

from domain.catalogue import ListingState
from domain.orders import OrderStatus, ParcelState
from domain.platform import CancelReason
from domain.returns import ReturnState

_UNITS: dict[str, tuple[OrderStatus, ParcelState]] = {
    "unpaid": (OrderStatus.UNPAID, ParcelState.WAITING),
    "pending": (OrderStatus.TO_SHIP, ParcelState.TO_ARRANGE),
    "topack": (OrderStatus.TO_SHIP, ParcelState.TO_ARRANGE),
    "repacked": (OrderStatus.TO_SHIP, ParcelState.TO_ARRANGE),
    "packed": (OrderStatus.TO_SHIP, ParcelState.TO_ARRANGE),  # it has a number, and nobody comes for it yet
    "toship": (OrderStatus.TO_SHIP, ParcelState.TO_ARRANGE),
    "ready_to_ship": (OrderStatus.ARRANGED, ParcelState.ARRANGED),
    "shipping": (OrderStatus.SHIPPED, ParcelState.HANDED_OVER),
    "shipped": (OrderStatus.SHIPPED, ParcelState.HANDED_OVER),
    "failed": (OrderStatus.SHIPPED, ParcelState.FAILED),
    "failed_delivery": (OrderStatus.SHIPPED, ParcelState.FAILED),
    "lost": (OrderStatus.SHIPPED, ParcelState.FAILED),
    "lost_by_3pl": (OrderStatus.SHIPPED, ParcelState.FAILED),
    "damaged_by_3pl": (OrderStatus.SHIPPED, ParcelState.FAILED),
    "shipped_back": (OrderStatus.RETURNING, ParcelState.FAILED),
    "shipped_back_failed": (OrderStatus.RETURNING, ParcelState.FAILED),
    "delivered": (OrderStatus.DELIVERED, ParcelState.DELIVERED),
    "returned": (OrderStatus.COMPLETED, ParcelState.DELIVERED),
    "shipped_back_success": (OrderStatus.COMPLETED, ParcelState.FAILED),
    "package_scrapped": (OrderStatus.COMPLETED, ParcelState.FAILED),
    "canceled": (OrderStatus.CANCELLED, ParcelState.CANCELLED),
}
"""By the word of a unit, the least advanced first: an order has no state of its own."""
_ADVANCE = {word: place for place, word in enumerate(_UNITS)}
CANCELLED_UNIT = "canceled"
PACKABLE = frozenset({"pending", "repacked", "topack"})
PACKED = frozenset({"packed", "toship"})
CANCELLABLE = PACKABLE | PACKED
"""The platform would go on to ready_to_ship; we stop where somebody comes for the parcel."""
SHIPPED_OUT = frozenset({"shipped", "shipping", "delivered", "returned"})
_MAY_BE_CANCELLED = frozenset({OrderStatus.TO_SHIP, OrderStatus.ARRANGED})

_PRODUCTS = {
    "active": ListingState.LISTED,
    "live": ListingState.LISTED,
    "inactive": ListingState.UNLISTED,
    "pending": ListingState.REVIEWING,
    "pending qc": ListingState.REVIEWING,
    "rejected": ListingState.REVIEWING,
    "suspended": ListingState.BANNED,
    "lock": ListingState.BANNED,
    "deleted": ListingState.DELETED,
}

_RETURNS = {
    "REQUEST_INITIATE": ReturnState.ASKED,
    "REFUND_INIT": ReturnState.ASKED,
    "RTM_INIT": ReturnState.ACCEPTED,
    "RTW_INIT": ReturnState.ACCEPTED,
    "RTM_SHIPPING_BACK": ReturnState.COMING_BACK,
    "RTW_SHIPPING_BACK": ReturnState.COMING_BACK,
    "RTM_RECEIVE_ITEM": ReturnState.COMING_BACK,
    "RTW_REFUND_PENDING": ReturnState.ACCEPTED,
    "REFUND_PENDING": ReturnState.ACCEPTED,
    "REFUND_SUCCESS": ReturnState.CLOSED,
    "CANCEL_REFUND_ISSUED": ReturnState.CLOSED,
    "REQUEST_REJECT": ReturnState.DISPUTED,
    "REFUND_REJECTED": ReturnState.DISPUTED,
    "RTW_REJECT": ReturnState.DISPUTED,
    "REQUEST_CANCEL": ReturnState.CANCELLED,
    "RTM_CANCELED": ReturnState.CANCELLED,
    "RTW_CANCELED": ReturnState.CANCELLED,
    "CANCEL_INIT": ReturnState.ASKED,
    "CANCEL_SUCCESS": ReturnState.CLOSED,
}
_WHO = {"customer": "buyer", "buyer": "buyer", "seller": "seller", "internal": "system", "system": "system"}
_OUT_OF_STOCK = "out of stock"

WORDS = {
    "data[].status": frozenset(_UNITS),
    "order_items[].status": frozenset(_UNITS),
    "orders[].statuses[]": frozenset(_UNITS),
    ".reverse_status": frozenset(_RETURNS),
}
"""The words we know, by the ending of the field that has them."""


def rolled_up(words: Collection[str]) -> str:
    """Return the word an order is known by: its least advanced unit's, or one that nobody knows."""
    live = [word for word in words if word != CANCELLED_UNIT]
    strange = [word for word in live if word not in _ADVANCE]
    if strange or not live:
        return strange[0] if strange else CANCELLED_UNIT
    return min(live, key=lambda word: _ADVANCE[word])


def order_status(word: str, *, is_cancel_asked: bool) -> OrderStatus:
    status = _UNITS[word][0] if word in _UNITS else OrderStatus.UNKNOWN
    return OrderStatus.CANCEL_ASKED if is_cancel_asked and status in _MAY_BE_CANCELLED else status


def parcel_state(word: str) -> ParcelState:
    return _UNITS[word][1] if word in _UNITS else ParcelState.UNKNOWN


def listing_state(word: str) -> ListingState:
    return _PRODUCTS.get(word.lower(), ListingState.UNKNOWN)


def return_state(word: str, *, is_judged: bool) -> ReturnState:
    return ReturnState.JUDGING if is_judged else _RETURNS.get(word, ReturnState.UNKNOWN)


def who(initiator: str) -> str:
    """Return who cancelled; it stands behind what was done, "null-null" where nothing was."""
    word = initiator.rpartition("-")[2].lower()
    return _WHO.get(word, "" if word == "null" else word)


def is_out_of_stock(words: str) -> bool:
    return words.strip().lower() == _OUT_OF_STOCK


def cancel_reason(words: str) -> str:
    """Return our word for a seller's reason; what is none of ours stays as it was said."""
    return CancelReason.OUT_OF_STOCK if is_out_of_stock(words) else words
