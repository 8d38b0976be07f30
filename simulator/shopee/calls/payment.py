"""Money: escrow of an order, of several, and which were released when."""

from decimal import Decimal
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.money import escrow_of, has_escrow, released_at
from simulator.shopee.parameters import integer, list_values
from simulator.world.orders import Order, OrderLine, OrderState

MOST = 50
PAGE_SIZES = range(1, 101)
USUAL_PAGE = 40
NOUGHT = (
    "voucher_from_seller", "voucher_from_shopee", "coins", "buyer_transaction_fee", "payment_promotion",
    "seller_lost_compensation", "seller_coin_cash_back", "escrow_tax", "shopee_shipping_rebate",
    "shipping_fee_discount_from_3pl", "seller_shipping_discount", "drc_adjustable_refund", "shopee_discount",
    "original_shopee_discount", "reverse_shipping_fee", "withholding_tax", "campaign_fee",
)  # fmt: skip
"""Terms of the formula that play no part here."""


async def get_escrow_detail(call: ShopCall) -> dict[str, Any]:
    number = call.query.get("order_sn", "")
    if not number:
        raise wrong_parameter("order_sn is required.")
    order = call.shop.orders.get(number)
    if order is None or not has_escrow(order):
        raise ApiError(
            "order_not_found",
            "Order SN provided is invalid or does not belong to you. Please enter a valid Order SN.",
        )
    return {"response": _detail(call, order)}


async def get_escrow_detail_batch(call: ShopCall) -> dict[str, Any]:
    """Answer for those orders that have escrow; the response is a list."""
    asked = call.body.get("order_sn_list", list_values(call.query, "order_sn_list"))
    if not isinstance(asked, list) or not all(isinstance(each, str) for each in asked) or not asked:
        raise wrong_parameter("order_sn_list should be a list of strings.")
    if len(asked) > MOST:
        raise ApiError("exceed_max_limit", "The size of order_sn_list exceeds the limit.")
    found = [order for number in asked if (order := call.shop.orders.get(number)) and has_escrow(order)]
    return {"response": [{"escrow_detail": _detail(call, order)} for order in found]}


async def get_escrow_list(call: ShopCall) -> dict[str, Any]:
    since, until = (_moment(call, name) for name in ("release_time_from", "release_time_to"))
    size, number = integer(call.query, "page_size"), integer(call.query, "page_no")
    size, number = USUAL_PAGE if size is None else size, 1 if number is None else number
    if size not in PAGE_SIZES or number < 1:
        raise wrong_parameter("page_size should be between 1 and 100, page_no from 1.")
    released = [
        (int(at.timestamp()), order)
        for order in call.shop.orders.values()
        if (at := released_at(order)) and since <= int(at.timestamp()) <= until
    ]
    released.sort(key=lambda row: (row[0], row[1].order_sn), reverse=True)
    page = released[(number - 1) * size : number * size]
    rows = [
        {
            "order_sn": order.order_sn,
            "payout_amount": escrow_of(call.shop, order).amount,
            "escrow_release_time": at,
        }
        for at, order in page
    ]
    return {"response": {"escrow_list": rows, "more": number * size < len(released)}}


def _moment(call: ShopCall, name: str) -> int:
    raw = call.query.get(name, "")
    if not raw.isascii() or not raw.isdecimal():
        raise ApiError("error_param", f"{name}: Invalid type. Expected: integer, given: string")
    return int(raw)


def _detail(call: ShopCall, order: Order) -> dict[str, Any]:
    escrow = escrow_of(call.shop, order)
    is_final = order.state is OrderState.COMPLETED
    income: dict[str, Any] = dict.fromkeys(NOUGHT, 0) | {
        "escrow_amount": escrow.amount,
        "buyer_total_amount": order.total,
        "order_original_price": escrow.list_value,
        "original_price": escrow.list_value,
        "order_discounted_price": escrow.goods,
        "order_selling_price": escrow.list_value,
        "order_seller_discount": escrow.list_value - escrow.goods,
        "seller_discount": escrow.list_value - escrow.goods,
        "cost_of_goods_sold": escrow.goods,
        "original_cost_of_goods_sold": escrow.goods,
        "seller_return_refund": escrow.refund,
        "commission_fee": escrow.commission,
        "service_fee": escrow.service,
        "seller_transaction_fee": escrow.transaction,
        "seller_order_processing_fee": escrow.processing,
        "order_ams_commission_fee": escrow.affiliate,
        "buyer_paid_shipping_fee": escrow.buyer_shipping,
        "estimated_shipping_fee": order.shipping_fee,
        "actual_shipping_fee": escrow.actual_shipping,
        "final_shipping_fee": escrow.buyer_shipping - escrow.actual_shipping if is_final else Decimal(0),
        "seller_voucher_code": [],
        "items": [_item(line) for line in order.lines],
        "buyer_payment_method": order.payment_method,
        "instalment_plan": "N/A",
    }
    return {
        "order_sn": order.order_sn,
        "buyer_user_name": order.buyer.username,
        "return_order_sn_list": [],
        "order_income": income,
        "buyer_payment_info": {},
    }


def _item(line: OrderLine) -> dict[str, Any]:
    """Show a line with its totals, not with the prices of a unit."""
    return {
        "item_id": line.listing_id,
        "item_name": line.title,
        "item_sku": line.listing_sku,
        "model_id": line.variant_id,
        "model_name": line.options,
        "model_sku": line.sku,
        "original_price": line.list_price * line.quantity,
        "selling_price": line.list_price * line.quantity,
        "discounted_price": line.price * line.quantity,
        "seller_discount": (line.list_price - line.price) * line.quantity,
        "shopee_discount": 0,
        "discount_from_coin": 0,
        "discount_from_voucher_shopee": 0,
        "discount_from_voucher_seller": 0,
        "activity_type": "",
        "activity_id": 0,
        "is_main_item": False,
        "quantity_purchased": line.quantity,
        "ams_commission_fee": 0,
    }
