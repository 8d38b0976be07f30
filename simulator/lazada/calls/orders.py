"""Orders: listed by window and offset, one by one, and the items of up to fifty."""

from simulator.lazada import errors, numbers
from simulator.lazada.calls.endpoint import Call, Told, is_within
from simulator.lazada.calls.order_wire import item_fields, order_fields, statuses
from simulator.lazada.statuses import FILTERS, GROUPS
from simulator.world.orders import Order

LIMITS, OFFSETS = range(1, 101), range(5001)
IDS = 50


async def search(call: Call) -> Told:
    created_after, updated_after = call.moment("created_after"), call.moment("update_after")
    if created_after is None and updated_after is None:
        raise errors.missing("created_after")
    created_before, updated_before = call.moment("created_before"), call.moment("update_before")
    word, by, direction = (
        call.params.get("status"),
        call.params.get("sort_by", "created_at"),
        call.params.get("sort_direction", "DESC"),
    )
    if word is not None and word not in FILTERS:
        raise errors.numbered("36", "Invalid status filter")
    if direction not in {"ASC", "DESC"}:
        raise errors.numbered("74", "Invalid sort direction")
    if by not in {"created_at", "updated_at"}:
        raise errors.numbered("75", "Invalid sort filter")
    limit, offset = call.number("limit", 100, LIMITS, "19"), call.number("offset", 0, OFFSETS, "14")
    known_until = call.sim.clock.now() - call.sim.visibility_lag
    found = [
        order
        for order in call.shop.orders.values()
        if order.seen_at(known_until)
        and is_within(order.created_at, created_after, created_before)
        and is_within(order.updated_at, updated_after, updated_before)
        and (word in {None, "all"} or set(statuses(call.sim, order)) & GROUPS.get(word or "", {word}))
    ]
    found.sort(
        key=lambda order: (
            int((order.created_at if by == "created_at" else order.updated_at).timestamp()),
            order.order_sn,
        ),
        reverse=direction == "DESC",
    )
    shown = [order_fields(call, order) for order in found[offset : offset + limit]]
    return Told({"count": len(shown), "countTotal": len(found), "orders": shown})


async def get(call: Call) -> Told:
    return Told(order_fields(call, find_order(call, call.needed("order_id"))))


async def items(call: Call) -> Told:
    return Told(item_fields(call, find_order(call, call.needed("order_id"))))


async def items_of_many(call: Call) -> Told:
    """Show the items of several orders; those that nobody knows are left out."""
    found = [order for each in call.ids("order_ids", IDS) if (order := call.sim.index.order(call.shop, each))]
    if not found:
        raise errors.numbered("39", "No Orders Were Found")
    rows = [
        {
            "order_id": numbers.order_id(order.order_sn),
            "order_number": numbers.order_id(order.order_sn),
            "order_items": item_fields(call, order),
        }
        for order in found
    ]
    return Told(rows)


def find_order(call: Call, number: object) -> Order:
    order = call.sim.index.order(call.shop, number)
    if order is None:
        raise errors.no_order(number)
    return order
