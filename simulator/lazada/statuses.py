"""The platform's words for the states of items of orders, of products and of reverse orders."""

from simulator.world.orders import Order, OrderState, Parcel
from simulator.world.returns import Return, ReturnState
from simulator.world.shops import ListingState

_ITEM = {
    OrderState.UNPAID: "unpaid",
    OrderState.HELD: "unpaid",  # no word of a hold here: a payment that is looked at is not there yet
    OrderState.INVOICE_DUE: "unpaid",
    OrderState.TO_SHIP: "pending",
    OrderState.ARRANGED: "ready_to_ship",
    OrderState.PICKUP_FAILED: "ready_to_ship",
    OrderState.IN_TRANSIT: "shipped",
    OrderState.DELIVERED: "delivered",
    OrderState.RETURN_ASKED: "delivered",  # returns are told by calls of their own
    OrderState.COMPLETED: "delivered",
    OrderState.CANCELLED: "canceled",
}
FILTERS = frozenset(
    [
        "unpaid",
        "pending",
        "packed",
        "canceled",
        "ready_to_ship",
        "delivered",
        "returned",
        "shipped",
        "failed",
        "topack",
        "toship",
        "shipping",
        "lost",
        "lost_by_3pl",
        "damaged_by_3pl",
        "failed_delivery",
        "shipped_back",
        "shipped_back_success",
        "shipped_back_failed",
        "package_scrapped",
        "all",
    ]
)
GROUPS = {"topack": {"pending"}, "toship": {"packed"}, "shipping": {"ready_to_ship", "shipped"}}
_ADVANCE = ("unpaid", "pending", "packed", "ready_to_ship", "shipped", "delivered", "returned", "canceled")

PRODUCT = {
    ListingState.ACTIVE: "Active",
    ListingState.UNLISTED: "InActive",
    ListingState.BANNED: "Suspended",
    ListingState.IN_REVIEW: "Pending QC",
    ListingState.DELETED: "Deleted",
}
PRODUCT_FILTERS = {
    "all": frozenset(ListingState) - {ListingState.DELETED},
    "live": frozenset({ListingState.ACTIVE}),
    "inactive": frozenset({ListingState.UNLISTED}),
    "deleted": frozenset({ListingState.DELETED}),
    "pending": frozenset({ListingState.IN_REVIEW}),
    "rejected": frozenset({ListingState.BANNED}),
    "sold-out": frozenset({ListingState.ACTIVE}),
}
_REVERSE = {
    ReturnState.ASKED: "REQUEST_INITIATE",
    ReturnState.AGREED: "RTM_INIT",
    ReturnState.COMING_BACK: "RTM_SHIPPING_BACK",
    ReturnState.JUDGING: "REQUEST_REJECT",  # that it is judged stands beside it
    ReturnState.DISPUTED: "REQUEST_REJECT",
    ReturnState.SETTLED: "REFUND_SUCCESS",
    ReturnState.CALLED_OFF: "REQUEST_CANCEL",
}


def unit_status(order: Order, parcel: Parcel | None, packed: set[str]) -> str:
    """Return the word of an item; `packed` names the parcels that were packed and not told ready."""
    state = order.state
    if state is OrderState.CANCEL_ASKED:
        state = order.resume_to or OrderState.TO_SHIP
    if state is OrderState.TO_SHIP and parcel is not None:
        if parcel.arranged_at:
            return "ready_to_ship"
        return "packed" if parcel.number in packed else "pending"
    return _ITEM[state]


def rolled_up(words: set[str]) -> str:
    """Return the least advanced of the words of an order's items."""
    return min(words, key=_ADVANCE.index)


def reverse_status(back: Return) -> str:
    return _REVERSE[back.state]
