"""Reverse orders: listed in cents, agreed to or refused by an action, line by line where it is a no."""

from decimal import Decimal
from typing import Any

from simulator.lazada import errors, numbers
from simulator.lazada.calls.cancellations import DECLINE_REASONS
from simulator.lazada.calls.endpoint import Call, Json, Told, ms
from simulator.lazada.calls.order_wire import unit_numbers
from simulator.lazada.statuses import reverse_status
from simulator.world import trade
from simulator.world.orders import Order, OrderLine, OrderState
from simulator.world.returns import Return, ReturnState

PAGES, SIZES = range(1, 10_000), range(1, 101)
TYPES = frozenset({"CANCEL", "RETURN", "ONLY_REFUND"})
REASONS = {
    "damaged": (10100002, "Item is damaged"),
    "wrong_item": (10100003, "Wrong item"),
    "missing_item": (10100004, "Missing item"),
    "changed_mind": (10100005, "Change of mind"),
}
REFUSE_REASONS = {"20100001": "The item was in order when it was sent", "20100002": "Agreed with the buyer"}
WHOLE = frozenset({"VND"})
"""Currencies that are not told in cents."""


def cents(amount: Decimal, currency: str) -> int:
    return int(amount if currency in WHOLE else amount * 100)


async def search(call: Call) -> Told:
    call.needed("page_no"), call.needed("page_size")
    number, size = call.number("page_no", 1, PAGES, "14"), call.number("page_size", 10, SIZES, "19")
    kinds = set(call.json("request_type_list")) if "request_type_list" in call.params else TYPES
    if kinds - TYPES:
        raise errors.numbered("36", "Invalid request type")
    rows = [_shown(call, each) for each in call.shop.returns.values()]
    rows += [
        _wish(call, order) for order in call.shop.orders.values() if order.state is OrderState.CANCEL_ASKED
    ]
    found = [each for each in rows if each["request_type"] in kinds and _fits(call, each)]
    found.sort(key=lambda each: each["reverse_order_lines"][0]["return_order_line_gmt_modified"])
    shown = found[(number - 1) * size : number * size]
    page = {"success": True, "page_no": number, "page_size": size, "total": len(found), "items": shown}
    return Told(page, "result")


def _fits(call: Call, row: Json) -> bool:
    for name in ("reverse_order_id", "trade_order_id"):
        if name in call.params and call.params[name] != str(row[name]):
            return False
    moved: int = row["reverse_order_lines"][0]["return_order_line_gmt_modified"] * 1000
    start = call.params.get("ReverseOrderLineModifiedTimeRangeStart", "0")
    end = call.params.get("ReverseOrderLineModifiedTimeRangeEnd", str(2**62))
    if not start.isdecimal() or not end.isdecimal():
        raise errors.bad_date(start)
    return int(start) <= moved <= int(end)


def kind_of(back: Return) -> str:
    return "RETURN" if back.wants_goods else "ONLY_REFUND"


def units_back(back: Return) -> list[tuple[OrderLine, int]]:
    return [(line, unit) for line, count in back.lines for unit in unit_numbers(line)[:count]]


def _shown(call: Call, back: Return) -> Json:
    currency, units = call.shop.market.currency, units_back(back)
    left = back.amount
    lines = []
    for line, unit in units:
        refund = min(line.price, left)
        left -= refund
        code, text = REASONS[back.reason]
        fields = {
            "reverse_status": reverse_status(back),
            "refund_amount": cents(refund, currency),
            "reason_code": code,
            "reason_text": text,
            "is_need_refund": "true",
            "is_dispute": back.state is ReturnState.JUDGING,
            "tracking_number": back.tracking_number,
            "sla": ms(back.answer_by) if back.state is ReturnState.ASKED else 0,
            "return_order_line_gmt_create": int(back.created_at.timestamp()),
            "return_order_line_gmt_modified": int(back.updated_at.timestamp()),
        }
        lines.append(_line(call, back.order, line, unit) | fields)
    return {
        "reverse_order_id": numbers.reverse_id(back.number),
        "trade_order_id": numbers.order_id(back.order.order_sn),
        "request_type": kind_of(back),
        "is_rtm": not back.is_warehouse_checked,
        "shipping_type": "PICK_UP",
        "reverse_order_lines": lines,
    }


def _line(call: Call, order: Order, line: OrderLine, unit: int) -> Json:
    sku = numbers.sku_of(call.shop, line)
    return {
        "reverse_order_line_id": numbers.reverse_line_id(unit),
        "trade_order_line_id": unit,
        "ofc_status": "",
        "item_unit_price": cents(line.price, call.shop.market.currency),
        "refund_payment_method": "wallet",
        "whqc_decision": "",
        "seller_sku_id": line.sku or line.listing_sku,
        "platform_sku_id": str(sku),
        "trade_order_gmt_create": int(order.created_at.timestamp()),
        "product": {"product_id": numbers.item_id(line.listing_id), "product_sku": str(sku)},
        "buyer": {"buyer_id": numbers.buyer_id(order.buyer.user_id)},
    }


def _wish(call: Call, order: Order) -> Json:
    """Show a buyer's wish to cancel, which is a reverse order, too."""
    at = int(order.updated_at.timestamp())
    fields = {
        "reverse_status": "CANCEL_INIT",
        "refund_amount": 0,
        "reason_code": 10000001,
        "reason_text": order.cancel_reason,
        "is_need_refund": "true",
        "is_dispute": False,
        "tracking_number": "",
        "sla": 0,
        "return_order_line_gmt_create": at,
        "return_order_line_gmt_modified": at,
    }
    return {
        "reverse_order_id": numbers.cancel_id(order.order_sn),
        "trade_order_id": numbers.order_id(order.order_sn),
        "request_type": "CANCEL",
        "is_rtm": False,
        "shipping_type": "",
        "reverse_order_lines": [
            _line(call, order, line, unit) | fields for line in order.lines for unit in unit_numbers(line)
        ],
    }


async def reasons(call: Call) -> Told:
    """List why a line may be refused."""
    wanted = call.needed("reverse_order_line_id")
    backs = {
        str(numbers.reverse_line_id(unit))
        for back in call.shop.returns.values()
        for _, unit in units_back(back)
    }
    waiting = {
        str(numbers.reverse_line_id(unit))
        for order in call.shop.orders.values()
        if order.state is OrderState.CANCEL_ASKED
        for line in order.lines
        for unit in unit_numbers(line)
    }
    names = REFUSE_REASONS if wanted in backs else DECLINE_REASONS if wanted in waiting else {}
    return Told([{"reason_id": key, "reason_text": text} for key, text in names.items()])


async def update(call: Call) -> Told:
    back, action = _find(call), call.needed("action")
    items = call.ids("reverse_order_item_ids", 100)
    known = {str(numbers.reverse_line_id(unit)) for _, unit in units_back(back)}
    if not items or set(items) - known:
        raise errors.numbered("37", "One or more ids are incorrect")
    asked = back.state is ReturnState.ASKED and back.wants_goods and not back.is_warehouse_checked
    steps: dict[str, tuple[bool, ReturnState]] = {
        "agreeReturn": (asked, ReturnState.AGREED),
        "instantRefund": (asked, ReturnState.SETTLED),
        "refuseReturn": (asked, ReturnState.DISPUTED),
        "agreeRefund": (back.state is ReturnState.COMING_BACK, ReturnState.SETTLED),
        "refuseRefund": (back.state is ReturnState.COMING_BACK, ReturnState.DISPUTED),
    }
    if action not in steps or not steps[action][0]:
        raise errors.numbered("5", "The action does not fit the state")
    if action.startswith("refuse"):
        _check_refusal(call, action, items)
        call.sim.refused_lines |= set(items)
        if not known <= call.sim.refused_lines:
            return Told({})
        back.dispute_words = call.params.get("comment", "")
    elif set(items) != known:
        raise errors.numbered("5", "All lines are answered together")
    trade.settle(call.sim.world, call.shop, back, steps[action][1])
    return Told({})


def _check_refusal(call: Call, action: str, items: list[str]) -> None:
    if (
        len(items) != 1
        or call.params.get("reason_id") not in REFUSE_REASONS
        or not call.params.get("comment")
    ):
        raise errors.missing("reason_id")
    if action == "refuseRefund" and not call.params.get("image_info"):
        raise errors.missing("image_info")


async def decide_refund(call: Call) -> Told:
    """Answer a buyer who keeps the goods, one line at a time; the last yes settles it."""
    back, items = _find(call), call.ids("reverse_order_item_ids", 1)
    if back.state is not ReturnState.ASKED or back.wants_goods or call.needed("action") != "agreeRefund":
        raise errors.numbered("5", "The action does not fit the state")
    call.sim.agreed_lines |= set(items)
    if {str(numbers.reverse_line_id(unit)) for _, unit in units_back(back)} <= call.sim.agreed_lines:
        trade.settle(call.sim.world, call.shop, back, ReturnState.SETTLED)
    return Told({})


def _find(call: Call) -> Return:
    back: Any = call.sim.index.returned(call.shop, call.needed("reverse_order_id"))
    if back is None:
        raise errors.numbered("39", "No reverse order was found")
    found: Return = back
    return found
