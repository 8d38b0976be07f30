"""Cancelling: by the seller with a reason of the list, or an answer to a buyer who asks for it."""

from collections.abc import Callable
from decimal import Decimal

from simulator.stand_in.photos import image_id, image_url
from simulator.tiktok_shop import aftersales, numbers
from simulator.tiktok_shop.aftersales import Cancellation
from simulator.tiktok_shop.calls.endpoint import Json, ShopCall, is_within, listed, moments
from simulator.tiktok_shop.calls.order_wire import money, unit_numbers, units
from simulator.tiktok_shop.calls.orders import find_order
from simulator.tiktok_shop.calls.pages import order_of, page
from simulator.tiktok_shop.errors import ApiError, returns_parameter
from simulator.tiktok_shop.statuses import CANCEL_STATUSES, HELD
from simulator.world import trade
from simulator.world.orders import Order, OrderState

SIZES = range(1, 51)
PAID_REASONS = {
    "seller_cancel_reason_out_of_stock": "Out of stock",
    "seller_cancel_reason_wrong_price": "Wrong price",
    "seller_cancel_paid_reason_buyer_requested_cancellation": "Buyer requested cancellation",
}
UNPAID_REASONS = {
    "seller_cancel_unpaid_reason_out_of_stock": "Out of stock",
    "seller_cancel_unpaid_reason_wrong_price": "Wrong price",
    "seller_cancel_unpaid_reason_buyer_hasnt_paid_within_time_allowed": "Not paid in time",
}
REJECT_REASONS = {
    "seller_reject_apply_product_has_been_packed": "Product has been packed",
    "order_manage_list_action_respond_popup_reject_reason_buyer_agree": "Reached an agreement with the buyer",
}
CANCELLABLE = HELD | {OrderState.TO_SHIP, OrderState.UNPAID}

ORDER_NOT_FOUND = ApiError(25007006, "Order not found.")
ALREADY = ApiError(
    25001011, "A return request is already in process, or the order has already been cancelled."
)
SHIPPED = ApiError(
    25001045, "The order has already been shipped and we are unable to cancel shipment with the courier."
)
WRONG_REASON = ApiError(25001021, "Reason not match order status")
UNKNOWN_REASON = ApiError(
    25001014, "Unknown return reason. Please ensure you are passing a valid return reason."
)
NO_PART = ApiError(25005010, "Unable to cancel individual line items within this request.")
NOT_TO_APPROVE = ApiError(25011012, "reverse status cannot approve application")
NOT_TO_REJECT = ApiError(25011011, "reverse status cannot reject application")
CANCELLED = ApiError(25020009, "reverse already cancelled")
APPROVED = ApiError(25020010, "Aftersales has been approved and cannot be rejected.")


async def cancel(call: ShopCall) -> Json:
    number, reason = call.body.get("order_id"), call.body.get("cancel_reason")
    if not isinstance(number, str) or not isinstance(reason, str):
        raise returns_parameter()
    order = call.sim.index.order(call.shop, number)
    if order is None:
        raise ORDER_NOT_FOUND
    if order.state in {OrderState.CANCELLED, OrderState.CANCEL_ASKED}:
        raise ALREADY
    if order.state not in CANCELLABLE:
        raise SHIPPED
    reasons = UNPAID_REASONS if order.state is OrderState.UNPAID else PAID_REASONS
    if reason not in reasons:
        raise WRONG_REASON if reason in PAID_REASONS | UNPAID_REASONS else UNKNOWN_REASON
    if call.body.get("order_line_item_ids") or call.body.get("skus"):
        raise NO_PART
    trade.cancel(call.sim.world, call.shop, order, by="seller", reason=reasons[reason])
    made = list(aftersales.of_order(order))[-1]
    return {"cancel_id": made.id, "cancel_status": "CANCELLATION_REQUEST_SUCCESS"}


async def search(call: ShopCall) -> Json:
    by, is_descending = order_of(call, ("create_time", "update_time"), "create_time", "DESC")
    body = call.body
    ids, orders = (
        listed(body.get("cancel_ids", []), "cancel_ids"),
        listed(body.get("order_ids", []), "order_ids"),
    )
    kinds = listed(body.get("cancel_types", []), "cancel_types")
    statuses = listed(body.get("cancel_status", []), "cancel_status")
    if set(statuses) - CANCEL_STATUSES or set(kinds) - {"CANCEL", "BUYER_CANCEL"}:
        raise returns_parameter()
    created, updated = moments(body, "create_time"), moments(body, "update_time")
    found = [
        each
        for each in aftersales.of_shop(call.shop)
        if (not ids or each.id in ids)
        and (not orders or numbers.order_id(each.order.order_sn) in orders)
        and (not kinds or each.kind in kinds)
        and (not statuses or each.status in statuses)
        and is_within(each.created_at.timestamp(), created)
        and is_within(each.updated_at.timestamp(), updated)
    ]

    def key(each: Cancellation) -> tuple[int, str]:
        at = each.created_at if by == "create_time" else each.updated_at
        return int(at.timestamp()), each.id

    shown, token = page(call, found, key, sizes=SIZES, usual=10, is_descending=is_descending)
    return {
        "total_count": len(found),
        "next_page_token": token,
        "cancellations": [_shown(call, each) for each in shown],
    }


def _shown(call: ShopCall, made: Cancellation) -> Json:
    order, market = made.order, call.shop.market
    waits = made.status.endswith("PENDING")
    return {
        "cancel_id": made.id,
        "order_id": numbers.order_id(order.order_sn),
        "cancel_type": made.kind,
        "cancel_status": "CANCELLATION_REQUEST_CANCELLED" if made.status.endswith("CANCEL") else made.status,
        "role": made.role,
        "cancel_reason": "ecom_order_to_ship_canceled_reason_created_by_mistakes",
        "cancel_reason_text": order.cancel_reason,
        "create_time": int(made.created_at.timestamp()),
        "update_time": int(made.updated_at.timestamp()),
        "seller_next_action_response": [
            {"action": "SELLER_RESPOND_CANCEL", "deadline": int(made.answer_by.timestamp())}
        ]
        if waits
        else [],
        "refund_amount": refund(order.total, market.currency, money(order.total, market)),
        "cancel_line_items": [
            {
                "cancel_line_item_id": str(int(unit) + 10**15),
                "order_line_item_id": unit,
                "sku_id": numbers.sku_id(line.variant_id),
                "sku_name": line.options.replace(",", ", "),
                "product_name": line.title,
                "seller_sku": line.sku or line.listing_sku,
                "product_image": {
                    "url": image_url(call.address, image_id(line.image)),
                    "width": 200,
                    "height": 200,
                },
                "refund_amount": refund(line.price, market.currency, money(line.price, market)),
            }
            for line in order.lines
            for unit in unit_numbers(line)
        ],
    }


def refund(amount: Decimal, currency: str, written: str) -> Json:
    nought = written if not amount else "0"
    return {
        "currency": currency,
        "refund_total": written,
        "refund_subtotal": written,
        "refund_shipping_fee": nought,
        "refund_tax": nought,
        "buyer_service_fee": nought,
    }


async def approve(call: ShopCall) -> Json:
    made = _find(call)

    def act() -> None:
        if made.status.endswith("CANCEL"):
            raise CANCELLED
        if not made.status.endswith("PENDING"):
            raise NOT_TO_APPROVE
        reason = made.order.cancel_reason
        trade.cancel(call.sim.world, call.shop, made.order, by="buyer", reason=reason)

    return once(call, act)


async def reject(call: ShopCall) -> Json:
    made = _find(call)
    if call.body.get("reject_reason") not in REJECT_REASONS:
        raise UNKNOWN_REASON

    def act() -> None:
        if made.status.endswith("COMPLETE"):
            raise APPROVED
        if not made.status.endswith("PENDING"):
            raise NOT_TO_REJECT
        trade.refuse_cancel(call.sim.world, call.shop, made.order)

    return once(call, act)


def once(call: ShopCall, act: Callable[[], None]) -> Json:
    """Do something once for an idempotency key; said again with the same key it has been done already."""
    key = call.query.get("idempotency_key")
    if key is not None and len(key) > 255:
        raise returns_parameter()
    if key is None or key not in call.sim.answered:
        act()
    if key is not None:
        call.sim.answered[key] = True
    return {}


def _find(call: ShopCall) -> Cancellation:
    made = aftersales.find(call.shop, call.path["cancel_id"])
    if made is None:
        raise returns_parameter()
    return made


async def eligibility(call: ShopCall) -> Json:
    """Say what of an order the seller may cancel or give back, and for which reasons."""
    order: Order = find_order(call)
    is_eligible = order.state in CANCELLABLE
    reasons = UNPAID_REASONS if order.state is OrderState.UNPAID else PAID_REASONS
    rows = []
    for line in order.lines:
        row: Json = {
            "request_type": "CANCEL",
            "order_line_items_ids": unit_numbers(line)[: units(order, line)],
            "eligible": is_eligible,
        }
        if is_eligible:
            row["available_reason_names"] = list(reasons)
        else:
            row |= {"ineligible_code": 25001001, "ineligible_reason": "invalid order status"}
        rows.append({"sku_id": numbers.sku_id(line.variant_id), "line_item_eligibility": [row]})
    return {"sku_eligibility": rows}


async def reject_reasons(call: ShopCall) -> Json:
    """List why a cancellation or a return may be rejected; the list is of that one request."""
    number = call.query.get("return_or_cancel_id")
    if not number:
        raise returns_parameter()
    if aftersales.find(call.shop, number):
        names = REJECT_REASONS
    elif call.sim.index.returned(call.shop, number):
        names = RETURN_REASONS
    else:
        raise returns_parameter()
    return {"reasons": [{"name": name, "text": text} for name, text in names.items()]}


RETURN_REASONS = {
    "seller_reject_apply_you_have_reached_an_agreement": "You have reached an agreement with the buyer",
    "seller_reject_apply_item_was_in_order": "The item was in order when it was sent",
}


async def calculate_refund(call: ShopCall) -> Json:
    number = call.body.get("order_id")
    order = call.sim.index.order(call.shop, number) if isinstance(number, str) else None
    if order is None:
        raise ORDER_NOT_FOUND
    wanted = set(listed(call.body.get("order_line_item_ids", []), "order_line_item_ids"))
    total = sum(
        (line.price for line in order.lines for unit in unit_numbers(line) if not wanted or unit in wanted),
        Decimal(0),
    )
    market = call.shop.market
    return {"order_refund_amount": refund(total, market.currency, money(total, market))}
