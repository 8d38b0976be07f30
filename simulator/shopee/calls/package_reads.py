"""Packages by themselves: searched, in detail, and the older list of what is to be shipped."""

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.order_wire import grams_of, package_lines, recipient
from simulator.shopee.calls.packages import MOST, Package, package_by_number
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.logistics import channel_of
from simulator.shopee.parameters import body_integer, integer, list_values
from simulator.world.orders import Order, OrderState

ALL, PENDING, TO_PROCESS, PROCESSED = range(4)
OPEN = {
    OrderState.HELD: PENDING,
    OrderState.INVOICE_DUE: PENDING,
    OrderState.TO_SHIP: TO_PROCESS,
    OrderState.PICKUP_FAILED: TO_PROCESS,
    OrderState.ARRANGED: PROCESSED,
}
"""Orders whose parcels are still with the seller, and the group each falls into."""

SHIP_BY, CREATED, CONFIRMED = 1, 2, 3


async def search_package_list(call: ShopCall) -> dict[str, Any]:
    wanted, pagination, sort = (_object(call.body, name) for name in ("filter", "pagination", "sort"))
    page_size = body_integer(pagination, "page_size")
    if page_size is None or not 1 <= page_size <= 100:
        raise wrong_parameter("page_size should be between 1 and 100.")
    status = body_integer(wanted, "package_status") or ALL
    if not ALL <= status <= PROCESSED:
        raise wrong_parameter("package_status should be between 0 and 3.")
    channels = wanted.get("logistics_channel_ids") or []
    found = [package for package in _open(call) if _fits(package, status, channels)]
    sort_type = body_integer(sort, "sort_type") or SHIP_BY
    is_ascending = sort.get("ascending", True) is not False
    found.sort(key=lambda package: _sort_key(package.order, sort_type), reverse=not is_ascending)
    start = _read_cursor(pagination.get("cursor") or "")
    page = found[start : start + page_size]
    more = start + page_size < len(found)
    return {
        "response": {
            "packages_list": [_row(call, package) for package in page],
            "pagination": {
                "total_count": len(found),
                "next_cursor": _write_cursor(start + page_size) if more else "",
                "more": more,
            },
            "sort": {"sort_type": sort_type, "is_asc": is_ascending},
        }
    }


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong_parameter(f"{name} should be an object.")
    return value


def _open(call: ShopCall) -> Iterator[Package]:
    for order in call.shop.orders.values():
        if order.state in OPEN:
            yield from (Package(order, parcel) for parcel in order.parcels)


def _fits(package: Package, status: int, channels: list[int]) -> bool:
    if channels and channel_of(package.parcel.courier).id not in channels:
        return False
    return status in {ALL, _group(package)}


def _group(package: Package) -> int:
    """Tell the group of a parcel; of a split order one may be through while another is not."""
    if package.order.state is OrderState.TO_SHIP and package.parcel.arranged_at:
        return PROCESSED
    return OPEN[package.order.state]


def _sort_key(order: Order, sort_type: int) -> tuple[datetime, str]:
    moments = {
        SHIP_BY: order.created_at + timedelta(days=order.days_to_ship),
        CREATED: order.created_at,
        CONFIRMED: order.paid_at or order.created_at,
    }
    if sort_type not in moments:
        raise wrong_parameter("sort_type should be 1, 2 or 3.")
    return moments[sort_type], order.order_sn


def _row(call: ShopCall, package: Package) -> dict[str, Any]:
    location = package.parcel.lines[0].location
    return {
        "order_sn": package.order.order_sn,
        "package_number": package.number,
        "logistics_channel_id": channel_of(package.parcel.courier).id,
        "product_location_id": location or f"{call.shop.market.region}Z",
        "is_shipment_arranged": package.parcel.arranged_at is not None,
    }


async def get_package_detail(call: ShopCall) -> dict[str, Any]:
    numbers = list_values(call.query, "package_number_list")
    if not 1 <= len(numbers) <= MOST:
        raise wrong_parameter("package_number_list should have between 1 and 50 package_number.")
    found = [package for number in numbers if (package := package_by_number(call.shop, number))]
    if not found:
        raise ApiError("error_not_found", "Wrong parameters, detail: the package is not found.")
    return {"response": {"package_list": [_detail(call, package) for package in found]}}


def _detail(call: ShopCall, package: Package) -> dict[str, Any]:
    order, parcel = package.order, package.parcel
    is_held = order.state is OrderState.HELD
    return {
        "order_sn": order.order_sn,
        "package_number": package.number,
        "fulfillment_status": package.status,
        "update_time": int(order.updated_at.timestamp()),
        "logistics_channel_id": channel_of(parcel.courier).id,
        "shipping_carrier": parcel.courier,
        "allow_self_design_awb": True,
        "days_to_ship": order.days_to_ship,
        "ship_by_date": int((order.created_at + timedelta(days=order.days_to_ship)).timestamp()),
        "pending_terms": ["SYSTEM_PENDING"] if is_held else [],
        "pending_description": ["The order is being verified by Shopee."] if is_held else [],
        "tracking_number": parcel.number_at(call.sim.clock.now()),
        "pickup_done_time": int(parcel.picked_up_at.timestamp()) if parcel.picked_up_at else 0,
        "is_split_up": len(order.parcels) > 1,
        "item_list": package_lines(call, parcel, with_skus=True),
        "parcel_chargeable_weight_gram": grams_of(parcel.lines),
        "recipient_address": recipient(order),
    }


async def get_shipment_list(call: ShopCall) -> dict[str, Any]:
    page_size = integer(call.query, "page_size")
    if page_size is None or page_size < 1:
        raise wrong_parameter("Wrong parameters, detail: page_size is required.")
    if page_size > 100:
        raise wrong_parameter("Wrong parameters, detail: page_size must be 100 or less.")
    ready = [package for package in _open(call) if package.is_ready]
    start = _read_cursor(call.query.get("cursor", ""))
    more = start + page_size < len(ready)
    return {
        "response": {
            "order_list": [
                {"order_sn": package.order.order_sn, "package_number": package.number}
                for package in ready[start : start + page_size]
            ],
            "more": more,
            "next_cursor": _write_cursor(start + page_size) if more else "",
        }
    }


def _write_cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"at:{start}".encode()).decode()


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, start = base64.urlsafe_b64decode(cursor.encode()).decode().split(":")
        if word != "at":
            raise wrong_parameter("cursor is invalid.")
        return int(start)
    except (binascii.Error, ValueError) as error:
        raise wrong_parameter("cursor is invalid.") from error
