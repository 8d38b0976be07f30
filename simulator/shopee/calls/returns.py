"""Returns as a seller reads them: the list, one in detail, what may be offered, why one may object."""

from decimal import Decimal
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.order_wire import recipient
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.parameters import INT64, integer
from simulator.stand_in.photos import image_id, image_url
from simulator.world.currencies import smallest_step
from simulator.world.returns import Return, ReturnState

WINDOW_S = 15 * 86_400
REASON = {
    "damaged": "PHYSICAL_DMG",
    "wrong_item": "WRONG_ITEM",
    "missing_item": "ITEM_MISSING",
    "changed_mind": "CHANGE_MIND",
}
STATUS = {
    ReturnState.ASKED: "REQUESTED",
    ReturnState.AGREED: "ACCEPTED",
    ReturnState.COMING_BACK: "PROCESSING",
    ReturnState.JUDGING: "JUDGING",
    ReturnState.DISPUTED: "SELLER_DISPUTE",
    ReturnState.SETTLED: "CLOSED",
    ReturnState.CALLED_OFF: "CANCELLED",
}
GOODS = {
    ReturnState.COMING_BACK: "LOGISTICS_PICKUP_DONE",
    ReturnState.SETTLED: "LOGISTICS_DELIVERY_DONE",
}
"""How far the goods are; before that they wait to be sent."""
AT_BUYERS = "LOGISTICS_PENDING_ARRANGE"

OBJECTIONS = (
    (50, "Received item is not the one sold", ("Photo of the parcel being opened", "Photo of the item")),
    (51, "Item was in order when it was packed", ("Photo taken while packing",)),
)
"""Why a seller may object, with the proof each asks for; the first of each is a must."""

NO_RETURN = ApiError("error_data", "The return you queried doesn't exist.")


async def get_return_list(call: ShopCall) -> dict[str, Any]:
    page_no, page_size = integer(call.query, "page_no"), integer(call.query, "page_size")
    if page_no is None or page_size is None or not 1 <= page_size <= 100 or page_no < 0:
        raise wrong_parameter("page_no and page_size are required; page_size should be between 1 and 100.")
    created, updated = _window(call, "create_time"), _window(call, "update_time")
    status = call.query.get("status", "")
    found = [
        back
        for back in call.shop.returns.values()
        if created[0] <= int(back.created_at.timestamp()) <= created[1]
        and updated[0] <= int(back.updated_at.timestamp()) <= updated[1]
        and status in {"", STATUS[back.state]}
    ]
    found.sort(key=lambda back: back.updated_at, reverse=True)
    start = page_no * page_size
    rows = [_common(call, back) | _flat(back) for back in found[start : start + page_size]]
    return {"response": {"more": start + page_size < len(found), "return": rows}}


def _window(call: ShopCall, name: str) -> tuple[int, int]:
    start, end = integer(call.query, f"{name}_from"), integer(call.query, f"{name}_to")
    if start is None and end is None:
        return 0, INT64
    if start is None or end is None or not 0 <= end - start <= WINDOW_S:
        raise wrong_parameter(f"The period between {name}_from and {name}_to must not more than 15 days.")
    return start, end


async def get_return_detail(call: ShopCall) -> dict[str, Any]:
    back = find_return(call, call.query.get("return_sn", ""))
    offer = back.offer
    is_open = back.state is ReturnState.ASKED
    waits_for = "PENDING_RESPOND" if offer is None or offer.is_buyers else "PENDING_BUYER_RESPOND"
    nested = {
        "buyer_videos": [],
        "activity": [],
        "seller_proof": {
            "seller_proof_status": proof_status(back),
            "seller_evidence_deadline": int(back.answer_by.timestamp()),
        },
        "seller_compensation": {
            "seller_compensation_status": "COMPENSATION_NOT_APPLICABLE",
            "seller_compensation_due_date": 0,
            "compensation_amount": 0,
        },
        "negotiation": {
            "negotiation_status": waits_for if is_open else "TERMINATED",
            "latest_solution": "RETURN_REFUND" if (offer or back).wants_goods else "REFUND",
            "latest_offer_amount": (offer or back).amount,
            "latest_offer_creator": back.order.buyer.username
            if offer is None or offer.is_buyers
            else "seller",
            "counter_limit": 2,
            "offer_due_date": int(back.answer_by.timestamp()),
        },
        "return_pickup_address": _pickup(back),
        "logistics_status": "LOGISTICS_PENDING_ARRANGE",
        "reverse_logistics_status": _goods(back),
    }
    return {"response": _common(call, back) | nested}


def _goods(back: Return) -> str:
    """Tell how far the goods are: those that never left the buyer do not arrive when the money goes."""
    left_buyer = any(state is ReturnState.COMING_BACK for _, state in back.history)
    return GOODS.get(back.state, AT_BUYERS) if left_buyer else AT_BUYERS


def _pickup(back: Return) -> dict[str, Any]:
    """Show where the goods are picked up, masked as everywhere."""
    shown = recipient(back.order)
    return {"address": shown.pop("full_address"), **shown}


async def get_available_solutions(call: ShopCall) -> dict[str, Any]:
    back = find_return(call, call.query.get("return_sn", ""))
    is_open = back.state is ReturnState.ASKED
    least, most = bounds(call, back)
    return {
        "response": {
            "return_sn": back.number,
            "offer_return_refund": {
                "eligibility": is_open and back.wants_goods,
                "refund_amount_adjustable": False,
            },
            "offer_refund": {
                "eligibility": is_open,
                "refund_amount_adjustable": is_open,
                "max_refund_amount": most,
                "min_refund_amount": least,
            },
        }
    }


def bounds(call: ShopCall, back: Return) -> tuple[Decimal, Decimal]:
    """Return between which amounts money without goods may be offered."""
    return smallest_step(call.shop.market), back.amount


async def get_return_dispute_reason(call: ShopCall) -> dict[str, Any]:
    find_return(call, call.query.get("return_sn", ""))
    rows = [
        {
            "dispute_reason": str(number),
            "dispute_requirement": text,
            "sample_evidence": [],
            "evidence_module_list": [
                {"module_index": at, "requirement": wanted, "is_required": at == 1}
                for at, wanted in enumerate(proofs, start=1)
            ],
        }
        for number, text, proofs in OBJECTIONS
    ]
    return {"response": {"dispute_reason_list": rows}}


def find_return(call: ShopCall, number: str) -> Return:
    if not number:
        raise wrong_parameter("return_sn is required.")
    back = call.shop.returns.get(number)
    if back is None:
        raise NO_RETURN
    return back


def proof_status(back: Return) -> str:
    return "UPLOADED" if back.evidence else "PENDING"


def _flat(back: Return) -> dict[str, Any]:
    """Show what a list has flat and a detail in objects."""
    return {
        "negotiation_status": "PENDING_RESPOND" if back.state is ReturnState.ASKED else "TERMINATED",
        "seller_proof_status": proof_status(back),
        "seller_compensation_status": "COMPENSATION_NOT_APPLICABLE",
    }


def _common(call: ShopCall, back: Return) -> dict[str, Any]:
    buyer = back.order.buyer
    return {
        "image": [image_url(call.address, image_id(key)) for key in back.photos],
        "reason": REASON[back.reason],
        "text_reason": back.words,
        "return_sn": back.number,
        "refund_amount": back.amount,
        "currency": call.shop.market.currency,
        "create_time": int(back.created_at.timestamp()),
        "update_time": int(back.updated_at.timestamp()),
        "status": STATUS[back.state],
        "due_date": int(back.answer_by.timestamp()),
        "tracking_number": back.tracking_number,
        "needs_logistics": back.wants_goods,
        "amount_before_discount": back.amount,
        "user": {"username": buyer.username, "email": "********@shopee.com", "portrait": ""},
        "item": [
            {
                "model_id": line.variant_id,
                "name": line.title,
                "images": [image_url(call.address, image_id(line.image))],
                "amount": units,
                "item_price": line.price,
                "is_add_on_deal": False,
                "is_main_item": False,
                "add_on_deal_id": 0,
                "item_id": line.listing_id,
                "item_sku": line.listing_sku,
                "variation_sku": line.sku,
            }
            for line, units in back.lines
        ],
        "order_sn": back.order.order_sn,
        "return_ship_due_date": 0,
        "return_seller_due_date": int(back.answer_by.timestamp()),
        "return_refund_type": "RRBOC",
        "return_solution": 0 if back.wants_goods else 1,
        "return_refund_request_type": 0,
        "validation_type": "warehouse_validation" if back.is_warehouse_checked else "seller_validation",
        "is_seller_arrange": False,
        "is_shipping_proof_mandatory": False,
        "reassessed_request_reason": "",
        "dispute_reason": [str(back.dispute_reason)] if back.dispute_reason else [],
        "dispute_text_reason": [back.dispute_words] if back.dispute_words else [],
    }
