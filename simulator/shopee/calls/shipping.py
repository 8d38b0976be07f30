"""How a parcel may be shipped, and arranging it: one, or up to fifty of one channel."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.packages import (
    MOST,
    Package,
    optional_number,
    package_by_number,
    package_of,
    refuse_held,
)
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.logistics import ADDRESSES, BRANCHES, FIELDS, channel_of, pickup_slots
from simulator.shopee.parameters import body_integer, required_text, rows
from simulator.world.couriers import Courier, Way
from simulator.world.orders import OrderState
from simulator.world.parcels import SHIPPABLE, arrange_parcel

LONGEST_NUMBER = 30
NEEDS_PACKAGE = ApiError(
    "logistics.ship_order_need_pacakge_number", "Please request with package_number for this split order."
)
"""The misspelling is the platform's."""

ALREADY = ApiError(
    "logistics.package_already_shipped",
    "This package has already been arranged shipment and you can't call this API again.",
)


async def get_shipping_parameter(call: ShopCall) -> dict[str, Any]:
    order_sn = call.query.get("order_sn", "")
    if not order_sn:
        raise wrong_parameter("order_sn is required.")
    package = package_of(call, order_sn, optional_number(call.query))
    _check_asked(package)
    offer = _offer(call, channel_of(package.parcel.courier).courier)
    if offer["dropoff"]:
        offer["dropoff"]["slug_list"] = None
    return {"response": offer}


def _check_asked(package: Package) -> None:
    refuse_held(package.order)
    if not package.is_ready:
        raise ApiError(
            "error_param", "Shipping parameters can only be obtained when package is ready to be shipped"
        )


def _offer(call: ShopCall, courier: Courier) -> dict[str, Any]:
    """Name each way the courier takes with the fields it wants; what it does not take is not named."""
    market, now = call.shop.market, call.sim.clock.now()
    slots = pickup_slots(courier, market, now)
    needed: dict[str, list[str]] = {}
    offer: dict[str, Any] = {"info_needed": needed, "pickup": None, "dropoff": None}
    if Way.DROPOFF in courier.ways:
        needed["dropoff"] = ["branch_id"] if courier.has_branches else []
        branches = [branch.fields("branch_id", market) for branch in BRANCHES]
        offer["dropoff"] = {"branch_list": branches if courier.has_branches else None}
    if Way.PICKUP in courier.ways:
        needed["pickup"] = ["address_id", "pickup_time_id"] if slots else ["address_id"]
        address = ADDRESSES[market.region].fields("address_id", market)
        flags = {"address_flag": ["default_address", "pickup_address"], "time_slot_list": slots}
        offer["pickup"] = {"address_list": [address | flags]}
    if Way.OWN in courier.ways:
        needed["non_integrated"] = ["tracking_no"]
    return offer


async def get_mass_shipping_parameter(call: ShopCall) -> dict[str, Any]:
    courier, fit, failed = _of_one_channel(call)
    ready = [package for package in fit if package.is_ready]
    failed += [_failed(each, "The package is not ready to be shipped.") for each in fit if not each.is_ready]
    offer = _offer(call, courier) if ready else {"info_needed": {}, "pickup": None, "dropoff": None}
    done = {"success_list": [{"package_number": each.number} for each in ready], "fail_list": failed}
    return {"response": offer | done}


async def ship_order(call: ShopCall) -> dict[str, Any]:
    order_sn = required_text(call.body, "order_sn")
    package = package_of(call, order_sn, optional_number(call.body), which=NEEDS_PACKAGE)
    way, given = _way(call.body)
    _check_state(package)
    own_number = _checked(call, channel_of(package.parcel.courier).courier, way, given)
    arrange_parcel(call.sim.world, call.shop, package.order, package.parcel, own_number)
    return {}


async def mass_ship_order(call: ShopCall) -> dict[str, Any]:
    """Arrange parcels of one channel in one way; each is told whether it was."""
    courier, fit, failed = _of_one_channel(call)
    way, given = _way(call.body)
    numbers = _own_numbers(given) if way is Way.OWN else {}
    if way is not Way.OWN:
        _checked(call, courier, way, given)
    arranged = []
    for package in fit:
        try:
            _check_state(package)
            if way is Way.OWN:
                _checked(call, courier, way, {"tracking_number": numbers.get(package.number)})
        except ApiError as refusal:
            failed.append(_failed(package, refusal.message))
            continue
        own_number = numbers.get(package.number, "")
        arrange_parcel(call.sim.world, call.shop, package.order, package.parcel, own_number)
        arranged.append({"package_number": package.number})
    return {"success_list": arranged, "fail_list": failed}


def _of_one_channel(call: ShopCall) -> tuple[Courier, list[Package], list[dict[str, Any]]]:
    """Sort the packages asked for into those of the one channel, and those that fail."""
    asked = [required_text(row, "package_number") for row in rows(call.body, "package_list", at_most=MOST)]
    found = [(number, package_by_number(call.shop, number)) for number in asked]
    known = [package for _, package in found if package]
    failed = [
        {"package_number": number, "fail_reason": "The package is not exist."}
        for number, package in found
        if package is None
    ]
    wanted = body_integer(call.body, "logistics_channel_id")
    if not known:
        raise ApiError("logistics.error_param", "No package of the list can be shipped.")
    channel = channel_of(known[0].parcel.courier)
    if wanted is not None:
        channel = next((each for each in map(_channel, known) if each.id == wanted), channel)
    elif len({_channel(package).id for package in known}) > 1:
        raise ApiError("logistics.error_param", "Packages should be of the same logistics channel.")
    fit = [package for package in known if _channel(package) == channel and wanted in {None, channel.id}]
    failed += [
        _failed(package, "The package is of another logistics channel.")
        for package in known
        if package not in fit
    ]
    return channel.courier, fit, failed


def _channel(package: Package) -> Any:
    return channel_of(package.parcel.courier)


def _failed(package: Package, reason: str) -> dict[str, Any]:
    return {"package_number": package.number, "fail_reason": reason}


def _own_numbers(given: dict[str, Any]) -> dict[str, str]:
    listed = rows(given, "tracking_number", at_most=MOST)
    return {required_text(row, "package_number"): required_text(row, "tracking_number") for row in listed}


def _way(body: dict[str, Any]) -> tuple[Way, dict[str, Any]]:
    """Read the one way that was chosen; an empty object chooses it as well."""
    chosen = [(way, body[name]) for way, name in FIELDS.items() if body.get(name) is not None]
    if not chosen:
        raise wrong_parameter("one of pickup, dropoff and non_integrated is required.")
    if len(chosen) > 1:
        raise ApiError(
            "logistics.ship_order_only_support_one_type",
            "Please select just one way to ship order: pickup or dropoff or non_integrated.",
        )
    way, given = chosen[0]
    if not isinstance(given, dict):
        raise wrong_parameter(f"{FIELDS[way]} should be an object.")
    return way, given


def _check_state(package: Package) -> None:
    order, parcel = package.order, package.parcel
    refuse_held(order)
    if order.state is OrderState.CANCELLED:
        raise ApiError("error_status", "The order has been cancelled.")
    if package.is_ready and order.state in SHIPPABLE:
        return
    if parcel.arranged_at is not None:
        raise ALREADY
    raise ApiError("logistics.ship_order_not_ready_to_ship", "The order is not ready to ship.")


def _checked(call: ShopCall, courier: Courier, way: Way, given: dict[str, Any]) -> str:
    """Check what the way wants; return the number of the seller's own courier."""
    if way not in courier.ways:
        name = FIELDS[way]
        raise ApiError(f"logistics.ship_order_unsupport_{name}", f"The order does not support {name}.")
    if way is Way.PICKUP:
        _check_pickup(call, courier, given)
    if way is Way.DROPOFF and courier.has_branches:
        _check_branch(given)
    return _own_number(given) if way is Way.OWN else ""


def _check_pickup(call: ShopCall, courier: Courier, given: dict[str, Any]) -> None:
    slots = pickup_slots(courier, call.shop.market, call.sim.clock.now())
    address = body_integer(given, "address_id")
    if address is None or (slots and not given.get("pickup_time_id")):
        raise ApiError(
            "logistics.ship_order_need_address_pickup_time",
            "Please request with address_id and pickup_time_id.",
        )
    if address != ADDRESSES[call.shop.market.region].id:
        raise ApiError("logistics.address_not_found", "The address is not found.")
    if slots and given["pickup_time_id"] not in {slot["pickup_time_id"] for slot in slots}:
        raise ApiError(
            "logistics.ship_order_pickup_time_invalid",
            "Invalid pickup time id. Please check the pick up time id.",
        )


def _check_branch(given: dict[str, Any]) -> None:
    branch = body_integer(given, "branch_id")
    if branch is None:
        raise ApiError("logistics.ship_order_need_branch_id", "Please request with branch_id.")
    if branch not in {each.id for each in BRANCHES}:
        raise ApiError("logistics.error_store_not_found", "The branch is not found.")


def _own_number(given: dict[str, Any]) -> str:
    number = given.get("tracking_number")
    if not isinstance(number, str) or not number:
        raise ApiError("logistics.ship_order_need_tracking_number", "Please request with tracking_number.")
    if len(number) > LONGEST_NUMBER:
        raise ApiError("logistics.ship_order_long_tracking_number", "The tracking number is too long.")
    return number
