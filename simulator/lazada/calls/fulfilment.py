"""Parcels: couriers allocated, items packed, packages told ready, undone, followed; success is told three times."""

from typing import Any

from simulator.lazada import errors, numbers
from simulator.lazada.calls.endpoint import NO_ERROR, Call, Json, Told, ms, result
from simulator.lazada.calls.order_wire import find_unit, parcel_of, status_of, unit_numbers
from simulator.lazada.calls.orders import find_order
from simulator.world.events import OrderChanged
from simulator.world.orders import Order, OrderLine, OrderState, Parcel
from simulator.world.parcels import arrange_parcel

MOST = 20
OK = ("0", "success", False)
UNPACKABLE = ("700026", "item current status not allow to pack", False)
ORDER_GONE = ("700025", "order not found", False)
ITEM_GONE = ("700021", "order item not found", False)
APART = ("700031", "order is not ready to fulfil", False)
PACKAGE_GONE = ("600001", "package not found", False)
PACKAGE_OFF = ("600002", "package has been cancelled", False)
PACKAGE_STATE = ("700000", "package status does not allow it", False)
Verdict = tuple[str, str, bool]


async def providers(call: Call) -> Told:
    rows = _rows(call.json("getShipmentProvidersReq"), "orders")
    for row in rows:
        find_order(call, row.get("order_id"))
    told = {"platform_default": 1, "shipment_providers": [], "shipping_allocate_type": "TFS"}
    return result(told, **NO_ERROR)


async def pack(call: Call) -> Told:
    asked = call.json("packReq")
    rows = _rows(asked, "pack_order_list")
    if asked.get("delivery_type") != "dropship" or asked.get("shipping_allocate_type") != "TFS":
        raise errors.numbered("5", "Invalid Request Format")
    return result({"pack_order_list": [_packed(call, row) for row in rows]})


def _packed(call: Call, row: Json) -> Json:
    order = call.sim.index.order(call.shop, row.get("order_id"))
    units = [str(each) for each in row.get("order_item_list") or ()]
    verdicts = {unit: _judged(call, order, unit, units) for unit in units}
    for verdict, parcel in verdicts.values():
        if verdict == OK and parcel is not None and order is not None:
            _number(call, order, parcel)
    return {
        "order_id": row.get("order_id"),
        "order_item_list": [_item(call, unit, *verdict) for unit, verdict in verdicts.items()],
    }


def _judged(call: Call, order: Order | None, unit: str, units: list[str]) -> tuple[Verdict, Parcel | None]:
    """Say whether an item can be packed; what goes with it must be packed with it."""
    if order is None:
        return ORDER_GONE, None
    found = find_unit(order, unit)
    if found is None:
        return ITEM_GONE, None
    line, number = found
    parcel = parcel_of(order, line)
    is_held = order.state is OrderState.CANCEL_ASKED
    if parcel is None or is_held or status_of(call.sim, order, line, number) != "pending":
        return UNPACKABLE, None
    if not _live(call, order, parcel.lines) <= set(units):
        return APART, None
    return OK, parcel


def _live(call: Call, order: Order, lines: list[OrderLine]) -> set[str]:
    return {
        str(unit)
        for line in lines
        for unit in unit_numbers(line)
        if status_of(call.sim, order, line, unit) != "canceled"
    }


def _number(call: Call, order: Order, parcel: Parcel) -> None:
    now = call.sim.clock.now()
    call.sim.packed.add(parcel.number)
    if not parcel.tracking_number:
        parcel.tracking_number = f"LX{call.shop.market.region}{call.sim.random.randrange(10**9, 10**10)}"
        parcel.tracked_from = now + call.sim.world.tracking_lag
        order.touch(now)
        call.sim.world.tell(OrderChanged(call.shop.id, order.order_sn, order.state, now))


def _item(call: Call, unit: str, verdict: Verdict, parcel: Parcel | None) -> Json:
    code, text, retry = verdict
    return {
        "order_item_id": int(unit),
        "msg": text,
        "item_err_code": code,
        "tracking_number": parcel.number_at(call.sim.clock.now()) or None if parcel else None,
        "shipment_provider": parcel.courier if parcel else None,
        "package_id": numbers.package_id(parcel) if parcel else None,
        "retry": retry,
    }


async def ready(call: Call) -> Told:
    """Tell packages ready: from then on the courier is expected."""

    def act(order: Order, parcel: Parcel) -> Verdict:
        if order.state is OrderState.CANCELLED:
            return PACKAGE_OFF
        if (
            parcel.arranged_at
            or parcel.number not in call.sim.packed
            or order.state is not OrderState.TO_SHIP
        ):
            return PACKAGE_STATE
        lag, number = call.sim.world.tracking_lag, parcel.tracked_from
        arrange_parcel(call.sim.world, call.shop, order, parcel)
        parcel.tracked_from = number if lag else parcel.tracked_from
        return OK

    return _each(call, "readyToShipReq", act)


async def repack(call: Call) -> Told:
    """Undo packages; their items may be packed again."""

    def act(order: Order, parcel: Parcel) -> Verdict:
        if parcel.arranged_at or parcel.number not in call.sim.packed:
            return PACKAGE_STATE
        call.sim.packed.discard(parcel.number)
        order.touch(call.sim.clock.now())
        return OK

    return _each(call, "rePackReq", act)


def _each(call: Call, name: str, act: Any) -> Told:
    told = []
    for row in _rows(call.json(name), "packages"):
        found = find_package(call, str(row.get("package_id")))
        code, text, retry = act(*found) if found else PACKAGE_GONE
        told.append({"package_id": row.get("package_id"), "msg": text, "item_err_code": code, "retry": retry})
    return result({"packages": told})


def _rows(asked: Any, name: str) -> list[Json]:
    rows = asked.get(name) if isinstance(asked, dict) else None
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise errors.numbered("5", "Invalid Request Format")
    if len(rows) > MOST:
        raise errors.numbered("700022", "too many orders in one request")
    return rows


def find_package(call: Call, number: str) -> tuple[Order, Parcel] | None:
    for order in reversed(call.shop.orders.values()):
        for parcel in order.parcels:
            if numbers.package_id(parcel) == number:
                return order, parcel
    return None


async def trace(call: Call) -> Told:
    order = find_order(call, call.needed("order_id"))
    words = {
        OrderState.ARRANGED: "Ready to ship",
        OrderState.IN_TRANSIT: "Picked up",
        OrderState.DELIVERED: "Delivered",
    }
    rows = [{"title": words[state], "event_time": ms(at)} for at, state in order.history if state in words]
    return Told({"success": True, "module": rows}, "result")
