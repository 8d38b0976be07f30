"""Cancelling: by the seller with a reason that is asked for first, or an answer to a buyer who asks for it.

Both are reads by their method and writes by what they do.
"""

from simulator.lazada import errors, numbers
from simulator.lazada.calls.endpoint import Call, Told
from simulator.lazada.calls.order_wire import find_unit, status_of
from simulator.lazada.calls.orders import find_order
from simulator.world import trade
from simulator.world.orders import Order, OrderLine, OrderState

REASONS = {
    "10000019": "Sourcing Delay",
    "10000021": "Out of Stock",
    "10000023": "Wrong Price or Pricing Error",
}
EMPTIES_SHELF = frozenset({"10000021", "10000023"})
DECLINE_REASONS = {"10100001": "Item is packed already"}
MOST = 100
CANCELLABLE = frozenset({"pending", "packed", "ready_to_ship"})


async def validate(call: Call) -> Told:
    order, units = _asked(call)
    if not units or _refusal(call, order, units):
        return Told(
            {"tip_type": "error", "tip_content": "The order can not be cancelled.", "reason_options": []}
        )
    options = [{"reason_id": key, "reason_name": name} for key, name in REASONS.items()]
    tip = "Cancelling may set the SKU stock to 0."
    return Told({"tip_type": "warning", "tip_content": tip, "reason_options": options})


async def create(call: Call) -> Told:
    """Cancel; a refusal is told under success."""
    order, units = _asked(call)
    reason = call.needed("reason_id")
    if not units or reason not in REASONS or _refusal(call, order, units):
        return Told({"tip_type": "error", "tip_content": "The order can not be cancelled."})
    counted: dict[int, int] = {}
    for line, _ in units:
        counted[line.line_id] = counted.get(line.line_id, 0) + 1
    world, shop = call.sim.world, call.shop
    order.cancelled_by, order.cancel_reason = "seller", REASONS[reason]
    if counted == {line.line_id: left for line in order.lines if (left := order.units_left(line))}:
        trade.cancel(world, shop, order, by="seller", reason=REASONS[reason])
    else:
        call.sim.cancelled_units |= {unit for _, unit in units}
        trade.cancel_units(world, shop, order, counted)
    if reason in EMPTIES_SHELF:
        for line in {each.line_id: each for each, _ in units}.values():
            if found := shop.find_variant(line.listing_id, line.variant_id):
                for place in found[1].stock:
                    world.change_stock(shop, found[0], found[1], place, 0)
    return Told({"tip_type": "success", "tip_content": "The order has been cancelled."})


def _asked(call: Call) -> tuple[Order, list[tuple[OrderLine, int]]]:
    order = find_order(call, call.needed("order_id"))
    found = [find_unit(order, each) for each in call.ids("order_item_id_list", MOST)]
    return order, [each for each in found if each is not None]


def _refusal(call: Call, order: Order, units: list[tuple[OrderLine, int]]) -> bool:
    if order.state is OrderState.CANCEL_ASKED:
        return True
    return any(status_of(call.sim, order, line, unit) not in CANCELLABLE for line, unit in units)


async def decide(call: Call) -> Told:
    """Answer a buyer who wants to cancel."""
    number, agreed = call.needed("reverse_order_id"), call.needed("agree_cancel")
    order = next(
        (each for each in call.shop.orders.values() if str(numbers.cancel_id(each.order_sn)) == number), None
    )
    if order is None or order.state is not OrderState.CANCEL_ASKED:
        raise errors.numbered("39", "No such cancellation waits for an answer")
    if agreed == "true":
        trade.cancel(call.sim.world, call.shop, order, by="buyer", reason=order.cancel_reason)
    else:
        trade.refuse_cancel(call.sim.world, call.shop, order)
    return Told({"tip_type": "success", "tip_content": ""})
