"""Orders: the list, which carries nearly all of each, and up to fifty in detail."""

from decimal import Decimal

from simulator.tiktok_shop import errors, numbers
from simulator.tiktok_shop.calls.endpoint import Json, ShopCall, is_within, listed, moments, query_list
from simulator.tiktok_shop.calls.order_wire import money, order_fields, unit_numbers, units
from simulator.tiktok_shop.calls.pages import order_of, page
from simulator.tiktok_shop.shipping import is_sellers_own
from simulator.tiktok_shop.statuses import ORDER_STATUSES, order_status
from simulator.world.orders import Order, OrderState

SIZES = range(1, 101)
IDS = 50


async def search(call: ShopCall) -> Json:
    by, is_descending = order_of(call, ("create_time", "update_time"), "create_time", "DESC")
    created, updated = moments(call.body, "create_time"), moments(call.body, "update_time")
    known_until = call.sim.clock.now() - call.sim.visibility_lag
    found = [
        order
        for order in call.shop.orders.values()
        if order.seen_at(known_until)
        and is_within(order.created_at.timestamp(), created)
        and is_within(order.updated_at.timestamp(), updated)
        and _fits(call, order)
    ]

    def key(order: Order) -> tuple[int, str]:
        at = order.created_at if by == "create_time" else order.updated_at
        return int(at.timestamp()), numbers.order_id(order.order_sn)

    shown, token = page(call, found, key, sizes=SIZES, usual=20, is_descending=is_descending)
    told: Json = {"total_count": len(found), "next_page_token": token}
    if shown:  # without any the list is left out
        told["orders"] = [_shown(call, order) for order in shown]
    return told


def _fits(call: ShopCall, order: Order) -> bool:
    body = call.body
    status = body.get("order_status")
    if status is not None and status not in ORDER_STATUSES:
        raise errors.invalid("body.order_status")
    if status is not None and order_status(order) != status:
        return False
    if (shipping := body.get("shipping_type")) and (shipping == "SELLER") != is_sellers_own(order):
        return False
    if "is_buyer_request_cancel" in body:
        return bool(body["is_buyer_request_cancel"]) == (order.state is OrderState.CANCEL_ASKED)
    if "buyer_user_id" in body:
        return bool(body["buyer_user_id"] == numbers.buyer_id(order.buyer.user_id))
    if "warehouse_ids" in body:
        return order.lines[0].location in listed(body["warehouse_ids"], "warehouse_ids", 100)
    return True


async def detail(call: ShopCall) -> Json:
    """Show orders by id; one that nobody knows is left out, one of another seller refuses them all."""
    ids = query_list([call.query.get("ids", "")])
    if not ids:
        raise errors.missing("query.ids")
    if len(ids) > IDS:
        raise errors.invalid("query.ids")
    found = []
    for each in ids:
        if order := call.sim.index.order(call.shop, each):
            found.append(_shown(call, order))
        elif any(call.sim.index.order(shop, each) for shop in call.sim.world.shops.values()):
            raise errors.not_this_sellers()
    return {"orders": found}


async def price_detail(call: ShopCall) -> Json:
    order = find_order(call)
    market, nothing = call.shop.market, Decimal(0)
    listed_sum = sum((line.list_price * units(order, line) for line in order.lines), nothing)
    fields = {
        "total": listed_sum + order.shipping_fee,
        "payment": order.total,
        "sku_list_price": listed_sum,
        "sku_sale_price": order.goods_total,
        "subtotal": order.goods_total,
        "subtotal_deduction_seller": listed_sum - order.goods_total,
        "subtotal_deduction_platform": nothing,
        "subtotal_tax_amount": nothing,
        "shipping_list_price": order.shipping_fee,
        "shipping_sale_price": order.shipping_fee,
        "shipping_fee_deduction_seller": nothing,
        "shipping_fee_deduction_platform": nothing,
        "tax_amount": nothing,
        "net_price_amount": order.goods_total,
        "cod_fee": nothing,
    }
    return {
        "currency": market.currency,
        **{name: money(amount, market) for name, amount in fields.items()},
        "tax_rate": "0",
        "line_items": [
            {
                "id": unit,
                "currency": market.currency,
                "sku_list_price": money(line.list_price, market),
                "sku_sale_price": money(line.price, market),
            }
            for line in order.lines
            for unit in unit_numbers(line)
        ],
    }


def find_order(call: ShopCall) -> Order:
    order = call.sim.index.order(call.shop, call.path["order_id"])
    if order is None:
        raise WRONG_PARAMETER
    return order


WRONG_PARAMETER = errors.ApiError(
    21001001, "Invalid parameters. Please ensure you are passing the correct request parameter(s)."
)


def _shown(call: ShopCall, order: Order) -> Json:
    return order_fields(call.shop, order, call.address, call.sim.clock.now())
