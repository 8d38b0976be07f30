"""What a seller does to an order: cancel, answer a buyer who wants to, cut it into parcels, note something."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.packages import NO_ORDER, PREFIX
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.parameters import body_integer, required_integer, required_text, rows
from simulator.world import trade
from simulator.world.orders import Order, OrderLine, OrderState
from simulator.world.parcels import cut

REASONS = frozenset({"OUT_OF_STOCK", "CUSTOMER_REQUEST", "UNDELIVERABLE_AREA", "COD_NOT_SUPPORTED"})
FAR_AWAY = frozenset({"TW", "MY"})
"""Where an area can be given as the reason."""

MOST_PARCELS = 5
ARCHIVED_AFTER_DAYS = 90
LONGEST_NOTE = 500
TOO_LATE = ApiError("order.error_limit", "Can not cancel this order")


async def cancel_order(call: ShopCall) -> dict[str, Any]:
    order = _order(call)
    reason = required_text(call.body, "cancel_reason")
    if reason not in REASONS or (reason == "UNDELIVERABLE_AREA" and call.shop.market.region not in FAR_AWAY):
        raise wrong_parameter(f"cancel_reason {reason} is invalid.")
    if reason == "COD_NOT_SUPPORTED" and not order.cod:
        raise wrong_parameter(f"cancel_reason {reason} is invalid.")
    if order.state not in {OrderState.TO_SHIP, OrderState.UNPAID} or _is_part_arranged(order):
        raise TOO_LATE
    if reason == "OUT_OF_STOCK":
        for row in rows(call.body, "item_list", at_most=len(order.lines)):
            _line(order, row)
    if call.body.get("partial_cancel_item_list") is None:
        trade.cancel(call.sim.world, call.shop, order, by="seller", reason=reason)
    else:
        _cancel_some(call, order)
    return _updated(order)


def _is_part_arranged(order: Order) -> bool:
    return any(parcel.arranged_at for parcel in order.parcels)


def _cancel_some(call: ShopCall, order: Order) -> None:
    units: dict[int, int] = {}
    for row in rows(call.body, "partial_cancel_item_list", at_most=len(order.lines)):
        line = _line(order, row)
        wanted = required_integer(row, "model_quantity")
        if not 1 <= wanted <= order.units_left(line):
            raise wrong_parameter("model_quantity is invalid.")
        units[line.line_id] = wanted
    if all(units.get(line.line_id, 0) == order.units_left(line) for line in order.lines):
        raise wrong_parameter("partial_cancel_item_list should not name the whole order.")
    trade.cancel_units(call.sim.world, call.shop, order, units)


async def handle_buyer_cancellation(call: ShopCall) -> dict[str, Any]:
    order = _order(call)
    operation = required_text(call.body, "operation")
    if operation not in {"ACCEPT", "REJECT"}:
        raise wrong_parameter("operation should be ACCEPT or REJECT.")
    if order.state is not OrderState.CANCEL_ASKED:
        raise ApiError(
            "order.cancel_order_invalid_status",
            "Invalid order_status.The order status should be IN_CANCEL.",
        )
    if operation == "ACCEPT":
        trade.cancel(call.sim.world, call.shop, order, by="buyer", reason=order.cancel_reason)
    else:
        trade.refuse_cancel(call.sim.world, call.shop, order)
    return _updated(order)


async def split_order(call: ShopCall) -> dict[str, Any]:
    """Cut an order; every line has its place in one parcel, none in two."""
    order = _order(call)
    if len(order.parcels) > 1:
        raise ApiError("order.order_has_been_split", "The order has been split.")
    if order.state is not OrderState.TO_SHIP or _is_part_arranged(order) or len(order.lines) < 2:
        raise ApiError("order.order_cannot_split", "Cannot split this order.")
    packages = rows(call.body, "package_list", at_most=MOST_PARCELS)
    groups = [[_line(order, row) for row in rows(each, "item_list", at_most=50)] for each in packages]
    placed = [line.line_id for group in groups for line in group]
    if len(placed) != len(set(placed)):
        raise ApiError("order.order_split_duplicate_item", "Cannot split order with duplicate items.")
    if len(placed) < len(order.lines):
        raise ApiError("order.order_split_package_missing_item", "Cannot split order with missing items.")
    cut(call.sim.world, call.shop, order, groups)
    return {
        "response": {
            "order_sn": order.order_sn,
            "package_list": [
                {
                    "package_number": PREFIX + parcel.number,
                    "item_list": [_item(line) for line in parcel.lines],
                }
                for parcel in order.parcels
            ],
        }
    }


async def unsplit_order(call: ShopCall) -> dict[str, Any]:
    order = _order(call)
    if len(order.parcels) < 2 or order.state is not OrderState.TO_SHIP or _is_part_arranged(order):
        raise ApiError("order.order_cannot_undo_split", "Cannot undo split this order.")
    cut(call.sim.world, call.shop, order, [order.lines])
    return {}


async def set_note(call: ShopCall) -> dict[str, Any]:
    order = _order(call)
    note = call.body.get("note")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        raise wrong_parameter(f"note should be a string of at most {LONGEST_NOTE} characters.")
    now = call.sim.clock.now()
    if (now - order.created_at).days >= ARCHIVED_AFTER_DAYS:
        raise ApiError("error_archived_order_update", "Cannot update old order")
    order.note, order.noted_at = note, now
    order.touch(now)
    return {}


def _order(call: ShopCall) -> Order:
    order = call.shop.orders.get(required_text(call.body, "order_sn"))
    if order is None:
        raise NO_ORDER
    return order


def _line(order: Order, row: dict[str, Any]) -> OrderLine:
    item_id, model_id = required_integer(row, "item_id"), body_integer(row, "model_id") or 0
    for line in order.lines:
        if (line.listing_id, line.variant_id) == (item_id, model_id):
            return line
    raise ApiError("order.order_split_item_not_exist", "The item is not exist in the order.")


def _item(line: OrderLine) -> dict[str, Any]:
    return {
        "item_id": line.listing_id,
        "model_id": line.variant_id,
        "order_item_id": line.listing_id,
        "promotion_group_id": 0,
        "model_quantity": line.quantity,
    }


def _updated(order: Order) -> dict[str, Any]:
    return {"response": {"update_time": int(order.updated_at.timestamp())}}
