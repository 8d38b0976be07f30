"""Tracking numbers, one or many, and where a parcel has been."""

from datetime import datetime
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.packages import (
    MOST,
    Package,
    optional_number,
    package_by_number,
    package_of,
)
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.logistics import channel_of
from simulator.shopee.parameters import required_text, rows
from simulator.world.orders import OrderState

NO_ORDER = ApiError("logistics.invalid_error", "The order is not exist.")
STEPS = {
    OrderState.ARRANGED: ("ORDER_CREATED", "Pengirim telah mengatur pengiriman"),
    OrderState.PICKUP_FAILED: ("PICKUP_RETRY", "Kurir gagal menjemput paket"),
    OrderState.IN_TRANSIT: ("PICKED_UP", "Paket telah diserahkan ke kurir"),
    OrderState.DELIVERED: ("DELIVERED", "Paket telah diterima"),
    OrderState.CANCELLED: ("CANCELED", "Pengiriman dibatalkan"),
}
"""What the courier's system says of each step, newest first on the wire."""


async def get_tracking_number(call: ShopCall) -> dict[str, Any]:
    package = _asked(call)
    return {"response": _number(package, call.sim.clock.now())}


def _asked(call: ShopCall) -> Package:
    order_sn = call.query.get("order_sn", "")
    if not order_sn:
        raise wrong_parameter("order_sn is required.")
    return package_of(call, order_sn, optional_number(call.query), no_order=NO_ORDER)


def _number(package: Package, now: datetime) -> dict[str, Any]:
    """Show the number if it can be seen; an instant courier is met with a code besides."""
    number = package.parcel.number_at(now)
    if not number:
        return {"tracking_number": "", "hint": ""}
    is_instant = channel_of(package.parcel.courier).courier.is_instant
    return {"tracking_number": number, "hint": "", "pickup_code": number[-4:] if is_instant else ""}


async def get_mass_tracking_number(call: ShopCall) -> dict[str, Any]:
    asked = [required_text(row, "package_number") for row in rows(call.body, "package_list", at_most=MOST)]
    found: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for number in asked:
        package = package_by_number(call.shop, number)
        if package is None:
            failed.append({"package_number": number, "fail_reason": "The package is not exist."})
        else:
            found.append({"package_number": number} | _number(package, call.sim.clock.now()))
    return {"response": {"success_list": found, "fail_list": failed}}


async def get_tracking_info(call: ShopCall) -> dict[str, Any]:
    package = _asked(call)
    if not package.parcel.tracking_number:
        raise ApiError("logistics.error_status_limit", "The package has no tracking info yet.")
    steps = [
        {
            "update_time": int(at.timestamp()),
            "description": STEPS[state][1],
            "logistics_status": STEPS[state][0],
        }
        for at, state in reversed(package.order.history)
        if state in STEPS
    ]
    return {
        "response": {
            "order_sn": package.order.order_sn,
            "package_number": package.number,
            "logistics_status": package.status,
            "tracking_info": steps,
        }
    }
