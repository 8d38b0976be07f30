"""The platform's words for the states of orders, parcels and listings."""

from simulator.world.orders import Order, OrderState, Parcel
from simulator.world.shops import ListingState

ORDER_STATUS = {
    OrderState.UNPAID: "UNPAID",
    OrderState.HELD: "PENDING",
    OrderState.INVOICE_DUE: "INVOICE_PENDING",
    OrderState.TO_SHIP: "READY_TO_SHIP",
    OrderState.ARRANGED: "PROCESSED",
    OrderState.PICKUP_FAILED: "RETRY_SHIP",
    OrderState.IN_TRANSIT: "SHIPPED",
    OrderState.DELIVERED: "TO_CONFIRM_RECEIVE",
    OrderState.CANCEL_ASKED: "IN_CANCEL",
    OrderState.CANCELLED: "CANCELLED",
    OrderState.RETURN_ASKED: "TO_RETURN",
    OrderState.COMPLETED: "COMPLETED",
}
LISTABLE_STATUSES = frozenset(
    {
        "UNPAID",
        "READY_TO_SHIP",
        "PROCESSED",
        "SHIPPED",
        "COMPLETED",
        "IN_CANCEL",
        "CANCELLED",
        "INVOICE_PENDING",
    }
)
"""RETRY_SHIP, TO_CONFIRM_RECEIVE and TO_RETURN cannot be asked for."""

LOGISTICS_STATUS = {
    OrderState.UNPAID: "LOGISTICS_NOT_START",
    OrderState.HELD: "LOGISTICS_NOT_START",
    OrderState.INVOICE_DUE: "LOGISTICS_NOT_START",
    OrderState.TO_SHIP: "LOGISTICS_READY",
    OrderState.ARRANGED: "LOGISTICS_REQUEST_CREATED",
    OrderState.PICKUP_FAILED: "LOGISTICS_PICKUP_RETRY",
    OrderState.IN_TRANSIT: "LOGISTICS_PICKUP_DONE",
    OrderState.DELIVERED: "LOGISTICS_DELIVERY_DONE",
    OrderState.CANCEL_ASKED: "LOGISTICS_READY",
    OrderState.RETURN_ASKED: "LOGISTICS_DELIVERY_DONE",
    OrderState.COMPLETED: "LOGISTICS_DELIVERY_DONE",
}
ITEM_STATUS = {
    ListingState.ACTIVE: "NORMAL",
    ListingState.UNLISTED: "UNLIST",
    ListingState.BANNED: "BANNED",
    ListingState.IN_REVIEW: "REVIEWING",
    ListingState.DELETED: "SELLER_DELETE",
}
ITEM_STATUSES = frozenset({*ITEM_STATUS.values(), "SHOPEE_DELETE"})


def order_status(state: OrderState, *, show_pending: bool) -> str:
    """Name a state; without the flag a paid order under review still shows as ready, with its parcel not started."""
    if state is OrderState.HELD and not show_pending:
        return "READY_TO_SHIP"
    return ORDER_STATUS[state]


def package_status(order: Order, parcel: Parcel) -> str:
    """Name the state of one parcel; of a split order one may be arranged before the others."""
    if order.state is OrderState.CANCELLED:
        return "LOGISTICS_LOST" if parcel.picked_up_at else "LOGISTICS_REQUEST_CANCELED"
    if parcel.arranged_at and order.state in {OrderState.TO_SHIP, OrderState.CANCEL_ASKED}:
        return LOGISTICS_STATUS[OrderState.ARRANGED]
    return LOGISTICS_STATUS[order.state]
