"""The order list, by window and cursor, and order details."""

import base64
import binascii
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.order_wire import order_fields
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.parameters import boolean, integer, list_values
from simulator.shopee.statuses import LISTABLE_STATUSES, order_status
from simulator.world.orders import OrderState

WINDOW_S = 15 * 86_400
DETAIL_LIMIT = 50
Key = tuple[int, str]


async def get_order_list(call: ShopCall) -> dict[str, Any]:
    field, time_from, time_to = _window(call)
    page_size = _required(call, "page_size")
    if not 1 <= page_size <= 100:
        raise wrong_parameter("page_size should be between 1 and 100.")
    status = call.query.get("order_status") or None
    if status is not None and status not in LISTABLE_STATUSES:
        raise wrong_parameter(f"order_status {status} is invalid.")
    show_pending = boolean(call.query, "request_order_status_pending")
    shown_fields = set(list_values(call.query, "response_optional_fields"))
    after = _read_cursor(call.query.get("cursor", ""))
    found = [
        (key, state)
        for key, state in _indexed(call, field, time_from, time_to)
        if (after is None or key < after)
        and (status is None or order_status(state, show_pending=show_pending) == status)
    ]
    found.sort(reverse=True)
    page, has_more = found[:page_size], len(found) > page_size
    order_list = []
    for (_, order_sn), state in page:
        row = {"order_sn": order_sn}
        if "order_status" in shown_fields:
            row["order_status"] = order_status(state, show_pending=show_pending)
        order_list.append(row)
    next_cursor = _write_cursor(page[-1][0]) if has_more else ""
    return {"response": {"more": has_more, "next_cursor": next_cursor, "order_list": order_list}}


def _window(call: ShopCall) -> tuple[str, int, int]:
    field = call.query.get("time_range_field", "")
    if field not in {"create_time", "update_time"}:
        raise wrong_parameter("time_range_field should be create_time or update_time.")
    time_from, time_to = _required(call, "time_from"), _required(call, "time_to")
    if not time_from < time_to <= time_from + WINDOW_S:
        raise ApiError(
            "order.order_list_invalid_time", "Start time must be earlier than end time and diff in 15days."
        )
    return field, time_from, time_to


def _required(call: ShopCall, name: str) -> int:
    value = integer(call.query, name)
    if value is None:
        raise wrong_parameter(f"{name} is required.")
    return value


def _indexed(call: ShopCall, field: str, time_from: int, time_to: int) -> list[tuple[Key, OrderState]]:
    """List the orders of a window, edges included, as an index that runs behind by the visibility lag knows them."""
    known_until = call.sim.clock.now() - call.sim.visibility_lag
    entries = []
    for order in call.shop.orders.values():
        seen = order.seen_at(known_until)
        if seen is None:
            continue
        changed_at, state = seen
        at = int((order.created_at if field == "create_time" else changed_at).timestamp())
        if time_from <= at <= time_to:
            entries.append(((at, order.order_sn), state))
    return entries


def _write_cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(f"{key[0]}:{key[1]}".encode()).decode()


def _read_cursor(cursor: str) -> Key | None:
    if not cursor:
        return None
    try:
        at, order_sn = base64.urlsafe_b64decode(cursor.encode()).decode().split(":")
        return int(at), order_sn
    except (binascii.Error, ValueError) as error:
        raise wrong_parameter("cursor is invalid.") from error


async def get_order_detail(call: ShopCall) -> dict[str, Any]:
    numbers = list_values(call.query, "order_sn_list")
    if not 1 <= len(numbers) <= DETAIL_LIMIT:
        raise wrong_parameter("order_sn_list should have between 1 and 50 order_sn.")
    asked = set(list_values(call.query, "response_optional_fields"))
    show_pending = boolean(call.query, "request_order_status_pending")
    found = [call.shop.orders[number] for number in numbers if number in call.shop.orders]
    if not found:
        raise ApiError("error_not_found", "Wrong parameters, detail: the order is not found.")
    rows = [order_fields(call, order, asked, show_pending=show_pending) for order in found]
    body: dict[str, Any] = {"response": {"order_list": rows}}
    if missing := [number for number in numbers if number not in call.shop.orders]:
        body["warning"] = [f"The order is not found: {number}" for number in missing]
    return body
