"""Packages: listed, shown, given their times, shipped one by one or many at once."""

from typing import Any

from simulator.stand_in.photos import image_id, image_url
from simulator.tiktok_shop import errors, numbers
from simulator.tiktok_shop.calls.endpoint import Json, ShopCall, is_within, moments
from simulator.tiktok_shop.calls.order_wire import recipient, unit_numbers
from simulator.tiktok_shop.calls.pages import order_of, page
from simulator.tiktok_shop.errors import ApiError
from simulator.tiktok_shop.shipping import (
    OWN,
    Package,
    find_package,
    is_sellers_own,
    option_id,
    packages,
    pickup_slots,
    provider_id,
)
from simulator.tiktok_shop.statuses import HELD, PACKAGE_STATUSES, package_status
from simulator.world.couriers import COURIERS, Way
from simulator.world.orders import OrderState
from simulator.world.parcels import arrange_parcel

SIZES = range(1, 51)
MOST_SHIPPED = 50
SHOWN_OF_RECIPIENT = ("full_address", "phone_number", "name", "postal_code", "address_detail", "region_code")

ON_HOLD = ApiError(
    21011044, "Order status is on hold. Please process when order status update to awaiting shipment"
)
CANCELLED = ApiError(21011041, "Cannot complete the operation when order is cancelled.")
SHIPPED = ApiError(21011040, "Package has already been shipped.")
AFTERSALE = ApiError(
    21011007, "Package item has after-sale request, please process the after-sale request first."
)
OUT_OF_SLOT = ApiError(
    21011053, "Fail to ship package because the shipment time is outside of the pick-up time slot."
)
BAD_NUMBER = ApiError(21011022, "Invalid tracking number or provider ID. Please double check and try again.")
ONCE = ApiError(21011051, "The tracking number can only be updated once.")
REGION = ApiError(21008106, "This interface cannot be used in this region.")


async def search(call: ShopCall) -> Json:
    by, is_descending = order_of(
        call, ("create_time", "update_time", "order_pay_time"), "create_time", "DESC"
    )
    status = call.body.get("package_status")
    if status is not None and status not in PACKAGE_STATUSES:
        raise errors.invalid("body.package_status")
    created, updated = moments(call.body, "create_time"), moments(call.body, "update_time")
    found = [
        each
        for each in packages(call.shop)
        if each.order.state is not OrderState.UNPAID
        and status in {None, package_status(each.order, each.parcel)}
        and is_within(each.order.created_at.timestamp(), created)
        and is_within(each.order.updated_at.timestamp(), updated)
    ]

    def key(each: Package) -> tuple[int, str]:
        at = each.order.updated_at if by == "update_time" else each.order.created_at
        return int(at.timestamp()), each.id

    shown, token = page(call, found, key, sizes=SIZES, usual=20, is_descending=is_descending)
    rows = [
        {"id": each.id, "status": package_status(each.order, each.parcel), **_common(call, each)}
        for each in shown
    ]
    return {"total_count": len(found), "next_page_token": token, "packages": rows}


async def detail(call: ShopCall) -> Json:
    package = _find(call, call.path["package_id"])
    own, shown = is_sellers_own(package.order), recipient(package.order)
    return {
        "package_id": package.id,
        "package_status": package_status(package.order, package.parcel),
        **_common(call, package),
        "split_and_combine_tag": "COMBINE"
        if len(package.parts) > 1
        else "SPLIT"
        if len(package.order.parcels) > 1
        else "DEFAULT",
        "has_multi_skus": len(package.parcel.lines) > 1,
        "note_tag": "BUYER_NOTED" if package.order.note_from_buyer else "BUYER_UNNOTED",
        "shipping_type": "SELLER" if own else "TIKTOK",
        "delivery_option_id": option_id(package.parcel.courier),
        "delivery_option_name": "Standard Shipping",
        "weight": {
            "value": str(sum(line.grams * line.quantity for line in package.parcel.lines)),
            "unit": "GRAM",
        },
        "dimension": {"length": "25", "width": "20", "height": "6", "unit": "CM"},
        "recipient_address": {name: shown[name] for name in SHOWN_OF_RECIPIENT},
    }


def _common(call: ShopCall, package: Package) -> Json:
    return {
        "orders": [
            {"id": numbers.order_id(order.order_sn), "skus": [_sku(call, line) for line in parcel.lines]}
            for order, parcel in package.parts
        ],
        "order_line_item_ids": [
            unit for order, parcel in package.parts for line in parcel.lines for unit in unit_numbers(line)
        ],
        "tracking_number": package.parcel.number_at(call.sim.clock.now()),
        "shipping_provider_id": provider_id(package.parcel.courier),
        "shipping_provider_name": package.parcel.courier,
        "create_time": int(package.order.created_at.timestamp()),
        "update_time": int(package.order.updated_at.timestamp()),
    }


def _sku(call: ShopCall, line: Any) -> Json:
    found = call.shop.find_variant(line.listing_id, line.variant_id)
    return {
        "id": numbers.sku_id(found[1].id if found else line.variant_id),
        "name": line.options.replace(",", ", "),
        "image_url": image_url(call.address, image_id(line.image)),
        "quantity": line.quantity,
    }


async def handover_slots(call: ShopCall) -> Json:
    package = _find(call, call.path["package_id"])
    if refusal := _unshippable(package):
        raise refusal
    courier = COURIERS[package.parcel.courier]
    return {
        "can_pickup": Way.PICKUP in courier.ways,
        "can_drop_off": Way.DROPOFF in courier.ways,
        "can_van_collection": False,
        "drop_off_point_url": "https://seller.sim.example/dropoff" if Way.DROPOFF in courier.ways else "",
        "pickup_slots": pickup_slots(courier.name, call.shop.market, call.sim.clock.now()),
    }


async def ship(call: ShopCall) -> Json:
    _ship(call, call.path["package_id"], call.body)
    return {}


async def ship_many(call: ShopCall) -> Json:
    """Ship packages each by itself; what is refused of them stands in the answer's `errors`, under code 0."""
    rows = call.body.get("packages")
    if not isinstance(rows, list) or not rows:
        raise errors.missing("body.packages")
    if len(rows) > MOST_SHIPPED:
        raise errors.invalid("body.packages")
    refused = []
    for row in rows:
        number = row.get("id", "") if isinstance(row, dict) else ""
        if not isinstance(number, str) or not number:
            raise errors.invalid("body.packages.id")
        try:
            _ship(call, number, row)
        except ApiError as error:
            refused.append({"code": error.code, "message": error.message, "detail": {"package_id": number}})
    return {"errors": refused}


def _ship(call: ShopCall, number: str, how: Json) -> None:
    package = _find(call, number)
    if refusal := _unshippable(package):
        raise refusal
    own_number = _own_number(package, how)
    if not own_number:
        _check_handover(call, package, how)
    for order, parcel in package.parts:
        if package.parts[0][1] is not parcel:
            own_number = package.parcel.tracking_number
        arrange_parcel(call.sim.world, call.shop, order, parcel, own_number)


def _own_number(package: Package, how: Json) -> str:
    """Return the number of the seller's own courier, which only his own parcels have, and must have."""
    told = how.get("self_shipment") or {}
    tracking, provider = told.get("tracking_number", ""), told.get("shipping_provider_id", "")
    if is_sellers_own(package.order):
        if not tracking or provider != provider_id(package.parcel.courier):
            raise BAD_NUMBER
        return str(tracking)
    return ""


def _check_handover(call: ShopCall, package: Package, how: Json) -> None:
    """Check a pickup time where one is named. The way itself is not looked at any more in these markets."""
    method = how.get("handover_method")
    if method not in {None, "PICKUP", "DROP_OFF"}:
        raise errors.invalid("body.handover_method")
    slot = how.get("pickup_slot")
    if slot is None:
        return
    offered = pickup_slots(package.parcel.courier, call.shop.market, call.sim.clock.now())
    wanted = (slot.get("start_time"), slot.get("end_time"))
    if wanted not in {(each["start_time"], each["end_time"]) for each in offered if each["avaliable"]}:
        raise OUT_OF_SLOT


def _unshippable(package: Package) -> ApiError | None:
    states = {order.state for order, _ in package.parts}
    if OrderState.CANCELLED in states:
        return CANCELLED
    if states & HELD:
        return ON_HOLD
    if OrderState.CANCEL_ASKED in states:
        return AFTERSALE
    if states != {OrderState.TO_SHIP} or package.parcel.arranged_at:
        return SHIPPED
    return None


async def update_number(call: ShopCall) -> Json:
    """Put a number of the seller's own right, once."""
    if "package_id" in call.path:
        package = _find(call, call.path["package_id"])
    else:
        order = call.sim.index.order(call.shop, call.path["order_id"])
        if order is None:
            raise errors.not_this_sellers()
        package = Package(((order, order.parcels[0]),))
    if not package.parcel.arranged_at or not is_sellers_own(package.order):
        raise BAD_NUMBER
    number = call.body.get("tracking_number")
    if not number or call.body.get("shipping_provider_id") != provider_id(package.parcel.courier):
        raise BAD_NUMBER
    key = f"number of {package.id}"
    if key in call.sim.answered:
        raise ONCE
    call.sim.answered[key] = True
    package.parcel.tracking_number = str(number)
    package.order.touch(call.sim.clock.now())
    return {}


async def mark_shipped(_call: ShopCall) -> Json:
    """Only the US, the UK and others in the west send this way."""
    raise REGION


async def tracking(call: ShopCall) -> Json:
    order = call.sim.index.order(call.shop, call.path["order_id"])
    if order is None:
        raise errors.not_this_sellers()
    words = {
        OrderState.ARRANGED: "Menunggu kurir",
        OrderState.IN_TRANSIT: "Paket dijemput kurir",
        OrderState.DELIVERED: "Paket telah diterima",
    }
    rows = [
        {"description": words[state], "update_time_millis": int(at.timestamp() * 1000)}
        for at, state in order.history
        if state in words
    ]
    return {"tracking": rows[::-1]}


async def shipping_providers(call: ShopCall) -> Json:
    if call.path["delivery_option_id"] != OWN:
        text = (
            "The delivery of the specified delivery_option_id is fulfilled by TikTok. "
            "No shipping provider will be returned."
        )
        raise ApiError(21008117, text)
    own = [courier.name for courier in COURIERS.values() if Way.OWN in courier.ways]
    return {"shipping_providers": [{"id": provider_id(name), "name": name} for name in own]}


def _find(call: ShopCall, number: str) -> Package:
    package = find_package(call.shop, number)
    if package is None or package.order.state is OrderState.UNPAID:
        raise errors.not_this_sellers()
    return package
