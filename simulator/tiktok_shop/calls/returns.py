"""Returns: read with what the seller must do next, approved or rejected by a decision that answers it."""

from decimal import Decimal, InvalidOperation

from simulator.stand_in.photos import image_id, image_url
from simulator.tiktok_shop import numbers
from simulator.tiktok_shop.calls.cancellations import RETURN_REASONS, UNKNOWN_REASON, once, refund
from simulator.tiktok_shop.calls.endpoint import Json, ShopCall, is_within, listed, moments
from simulator.tiktok_shop.calls.order_wire import money, unit_numbers
from simulator.tiktok_shop.calls.pages import order_of, page
from simulator.tiktok_shop.errors import ApiError, returns_parameter
from simulator.tiktok_shop.statuses import RETURN_STATUSES, return_status
from simulator.world import trade
from simulator.world.orders import OrderLine
from simulator.world.returns import Offer, Return, ReturnState

SIZES = range(10, 51)
REASONS = {
    "damaged": ("ecom_order_delivered_refund_and_return_reason_defective", "Item is defective"),
    "wrong_item": ("ecom_order_delivered_refund_and_return_reason_wrong_item", "Wrong item was sent"),
    "missing_item": ("ecom_order_delivered_refund_reason_missing", "Item is missing"),
    "changed_mind": ("ecom_order_delivered_refund_and_return_reason_no_need", "No longer needed"),
}
TYPES = frozenset({"REFUND", "RETURN_AND_REFUND", "REPLACEMENT"})

NOT_TO_APPROVE = ApiError(25001044, "The return request cannot be approved.")
WITH_THE_PLATFORM = ApiError(25011010, "request has been transferred to platform operator")
WRONG_ACTION = ApiError(25001016, "reverse reason not match action type")
RECEIVED = ApiError(25020011, "return already received")
NOT_FOUND = ApiError(25007006, "Order not found.")


async def search(call: ShopCall) -> Json:
    by, is_descending = order_of(call, ("create_time", "update_time"), "create_time", "DESC")
    body = call.body
    ids, orders = (
        listed(body.get("return_ids", []), "return_ids"),
        listed(body.get("order_ids", []), "order_ids"),
    )
    types = listed(body.get("return_types", []), "return_types")
    statuses = listed(body.get("return_status", []), "return_status")
    if set(types) - TYPES or set(statuses) - RETURN_STATUSES:
        raise returns_parameter()
    created, updated = moments(body, "create_time"), moments(body, "update_time")
    found = [
        back
        for back in call.shop.returns.values()
        if (not ids or numbers.return_id(back.number) in ids)
        and (not orders or numbers.order_id(back.order.order_sn) in orders)
        and (not types or _type(back) in types)
        and (not statuses or return_status(back) in statuses)
        and is_within(back.created_at.timestamp(), created)
        and is_within(back.updated_at.timestamp(), updated)
    ]

    def key(back: Return) -> tuple[int, str]:
        at = back.created_at if by == "create_time" else back.updated_at
        return int(at.timestamp()), numbers.return_id(back.number)

    shown, token = page(call, found, key, sizes=SIZES, usual=10, is_descending=is_descending)
    return {
        "total_count": len(found),
        "next_page_token": token,
        "return_orders": [_shown(call, back) for back in shown],
    }


def _type(back: Return) -> str:
    return "RETURN_AND_REFUND" if back.wants_goods else "REFUND"


def next_action(back: Return) -> str:
    """Name what the seller is asked to do, if anything."""
    if back.state is ReturnState.ASKED and back.offer is None:
        return "SELLER_RESPOND_RETURN" if back.wants_goods else "SELLER_RESPOND_REFUND"
    return "SELLER_RESPOND_RECEIVE_PACKAGE" if back.state is ReturnState.COMING_BACK else ""


def _shown(call: ShopCall, back: Return) -> Json:
    market = call.shop.market
    reason, text = REASONS[back.reason]
    action = next_action(back)
    fields: Json = {
        "return_id": numbers.return_id(back.number),
        "order_id": numbers.order_id(back.order.order_sn),
        "return_type": _type(back),
        "return_status": return_status(back),
        "role": "BUYER",
        "return_reason": reason,
        "return_reason_text": text,
        "shipment_type": "PLATFORM",
        "handover_method": "DROP_OFF",
        "return_tracking_number": back.tracking_number,
        "can_buyer_keep_item": False,
        "is_combined_return": False,
        "create_time": int(back.created_at.timestamp()),
        "update_time": int(back.updated_at.timestamp()),
        "seller_next_action_response": [{"action": action, "deadline": int(back.answer_by.timestamp())}]
        if action
        else [],
        "refund_amount": refund(back.amount, market.currency, money(back.amount, market)),
        "discount_amount": [],
        "return_line_items": [_line(call, line, unit) for line, unit in units_back(back)],
        "return_warehouse_address": {"full_address": "Jl. Contoh No. 1, Menteng, Jakarta Pusat"},
    }
    if back.state is ReturnState.JUDGING:
        fields["arbitration_status"] = "IN_PROGRESS"
    if back.offer is not None:
        fields["partial_refund"] = {
            "currency": market.currency,
            "amount": money(back.offer.amount, market),
        }
    return fields


def units_back(back: Return) -> list[tuple[OrderLine, str]]:
    return [(line, unit) for line, count in back.lines for unit in unit_numbers(line)[:count]]


def _line(call: ShopCall, line: OrderLine, unit: str) -> Json:
    market = call.shop.market
    found = call.shop.find_variant(line.listing_id, line.variant_id)
    return {
        "return_line_item_id": str(int(unit) + 10**15),
        "order_line_item_id": unit,
        "sku_id": numbers.sku_id(found[1].id if found else line.variant_id),
        "sku_name": line.options.replace(",", ", "),
        "product_name": line.title,
        "seller_sku": line.sku or line.listing_sku,
        "product_image": {"url": image_url(call.address, image_id(line.image)), "width": 200, "height": 200},
        "refund_amount": refund(line.price, market.currency, money(line.price, market)),
    }


async def records(call: ShopCall) -> Json:
    back = _find(call)
    return {
        "records": [
            {
                "event": "ORDER_RETURN",
                "role": "BUYER",
                "description": "Customer submitted a return request",
                "reason_text": REASONS[back.reason][1],
                "note": back.words,
                "images": [
                    {"url": image_url(call.address, image_id(key)), "width": 200, "height": 200}
                    for key in back.photos
                ],
                "videos": [],
                "create_time": int(back.created_at.timestamp()),
            }
        ]
    }


async def approve(call: ShopCall) -> Json:
    back = _find(call)
    return once(call, lambda: _approve(call, back))


def _approve(call: ShopCall, back: Return) -> None:
    decision = call.body.get("decision")
    if back.state is ReturnState.JUDGING:
        raise WITH_THE_PLATFORM
    action = next_action(back)
    if not action:
        raise NOT_TO_APPROVE
    world, shop = call.sim.world, call.shop
    if decision == "OFFER_PARTIAL_REFUND" and action in {"SELLER_RESPOND_RETURN", "SELLER_RESPOND_REFUND"}:
        back.offer = Offer(_partial(call, back), wants_goods=False, is_buyers=False)
        back.touch(call.sim.clock.now())
    elif decision != "APPROVE" + action.removeprefix("SELLER_RESPOND").replace(
        "_RECEIVE_PACKAGE", "_RECEIVED_PACKAGE"
    ):
        raise WRONG_ACTION
    elif decision == "APPROVE_RETURN" and not call.body.get("buyer_keep_item", False):
        trade.settle(world, shop, back, ReturnState.AGREED)
    else:
        trade.settle(world, shop, back, ReturnState.SETTLED)


def _partial(call: ShopCall, back: Return) -> Decimal:
    offered = call.body.get("partial_refund")
    try:
        amount = Decimal(offered["amount"]) if isinstance(offered, dict) else Decimal(0)
    except (InvalidOperation, KeyError, TypeError):
        raise returns_parameter() from None
    if not 0 < amount <= back.amount or not isinstance(offered, dict):
        raise returns_parameter()
    if offered.get("currency") != call.shop.market.currency:
        raise returns_parameter()
    return amount


async def reject(call: ShopCall) -> Json:
    back = _find(call)
    return once(call, lambda: _reject(call, back))


def _reject(call: ShopCall, back: Return) -> None:
    if call.body.get("reject_reason") not in RETURN_REASONS:
        raise UNKNOWN_REASON
    if back.state is ReturnState.JUDGING:
        raise WITH_THE_PLATFORM
    if back.state is ReturnState.SETTLED:
        raise RECEIVED
    action = next_action(back)
    wanted = action.removeprefix("SELLER_RESPOND").replace("_RECEIVE_PACKAGE", "_RECEIVED_PACKAGE")
    if not action or call.body.get("decision") != f"REJECT{wanted}":
        raise WRONG_ACTION
    back.dispute_words = str(call.body.get("comment", ""))
    trade.settle(call.sim.world, call.shop, back, ReturnState.DISPUTED)


def _find(call: ShopCall) -> Return:
    back = call.sim.index.returned(call.shop, call.path["return_id"])
    if back is None:
        raise NOT_FOUND
    return back
