"""The platform's words for the states of orders, packages, products, cancellations and returns."""

from simulator.world.orders import Order, OrderState, Parcel
from simulator.world.returns import Return, ReturnState
from simulator.world.shops import ListingState

_ORDER = {
    OrderState.UNPAID: "UNPAID",
    OrderState.HELD: "ON_HOLD",
    OrderState.INVOICE_DUE: "ON_HOLD",
    OrderState.TO_SHIP: "AWAITING_SHIPMENT",
    OrderState.ARRANGED: "AWAITING_COLLECTION",
    OrderState.PICKUP_FAILED: "AWAITING_COLLECTION",  # no word of it here: the courier comes again
    OrderState.IN_TRANSIT: "IN_TRANSIT",
    OrderState.DELIVERED: "DELIVERED",
    OrderState.RETURN_ASKED: "DELIVERED",  # returns are told by calls of their own
    OrderState.COMPLETED: "COMPLETED",
    OrderState.CANCELLED: "CANCELLED",
}
ORDER_STATUSES = frozenset({*_ORDER.values(), "PARTIALLY_SHIPPING"})
PACKAGE_STATUSES = frozenset({"PROCESSING", "FULFILLING", "COMPLETED", "CANCELLED"})
HELD = frozenset({OrderState.HELD, OrderState.INVOICE_DUE})

_PACKAGE = {
    OrderState.IN_TRANSIT: "FULFILLING",
    OrderState.DELIVERED: "COMPLETED",
    OrderState.RETURN_ASKED: "COMPLETED",
    OrderState.COMPLETED: "COMPLETED",
    OrderState.CANCELLED: "CANCELLED",
    OrderState.PICKUP_FAILED: "PROCESSING",
}

PRODUCT_STATUS = {
    ListingState.ACTIVE: "ACTIVATE",
    ListingState.UNLISTED: "SELLER_DEACTIVATED",
    ListingState.BANNED: "FREEZE",
    ListingState.IN_REVIEW: "PENDING",
    ListingState.DELETED: "DELETED",
}
PRODUCT_STATUSES = frozenset({*PRODUCT_STATUS.values(), "ALL", "DRAFT", "FAILED", "PLATFORM_DEACTIVATED"})
AUDIT_STATUS = {ListingState.ACTIVE: "APPROVED", ListingState.IN_REVIEW: "AUDITING"}

_RETURN = {
    ReturnState.ASKED: "RETURN_OR_REFUND_REQUEST_PENDING",
    ReturnState.AGREED: "AWAITING_BUYER_SHIP",
    ReturnState.COMING_BACK: "BUYER_SHIPPED_ITEM",
    ReturnState.JUDGING: "REFUND_OR_RETURN_REQUEST_REJECT",  # that it is judged stands beside it
    ReturnState.DISPUTED: "REFUND_OR_RETURN_REQUEST_REJECT",
    ReturnState.SETTLED: "RETURN_OR_REFUND_REQUEST_COMPLETE",
    ReturnState.CALLED_OFF: "RETURN_OR_REFUND_REQUEST_CANCEL",
}
RETURN_STATUSES = frozenset(
    {*_RETURN.values(), "AWAITING_BUYER_RESPONSE", "RETURN_OR_REFUND_REQUEST_SUCCESS"}
)
CANCEL_STATUSES = frozenset(
    f"CANCELLATION_REQUEST_{word}" for word in ("PENDING", "SUCCESS", "COMPLETE", "CANCEL")
)


def order_status(order: Order) -> str:
    state = order.state
    if state is OrderState.CANCEL_ASKED:
        state = order.resume_to or OrderState.TO_SHIP
    if state is OrderState.TO_SHIP and any(parcel.arranged_at for parcel in order.parcels):
        return "PARTIALLY_SHIPPING"
    return _ORDER[state]


def pushed_status(order: Order) -> str:
    """Return the word that webhooks have for it: one is spelled otherwise there."""
    status = order_status(order)
    return "CANCEL" if status == "CANCELLED" else status


def unit_status(order: Order) -> str:
    """Return the word of a line, which knows neither a hold nor parts."""
    status = order_status(order)
    return "AWAITING_SHIPMENT" if status in {"ON_HOLD", "PARTIALLY_SHIPPING"} else status


def package_status(order: Order, parcel: Parcel) -> str:
    state = order.state
    if state is OrderState.CANCEL_ASKED and order.resume_to is OrderState.PICKUP_FAILED:
        state = OrderState.PICKUP_FAILED
    return _PACKAGE.get(state) or ("PROCESSING" if parcel.arranged_at else "TO_FULFILL")


def return_status(back: Return) -> str:
    if back.state is ReturnState.ASKED and back.offer is not None and not back.offer.is_buyers:
        return "AWAITING_BUYER_RESPONSE"
    return _RETURN[back.state]
