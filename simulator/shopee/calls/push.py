"""Where pushes go, which are on, and the ones that never arrived."""

from typing import Any
from urllib.parse import urlsplit

from simulator.shopee.calls.endpoint import Call
from simulator.shopee.errors import wrong_parameter
from simulator.shopee.parameters import required_integer
from simulator.shopee.pushes import CONSOLE_CODES, DOCUMENTED_CODES

BLOCKED_LIMIT = 500


async def set_app_push_config(call: Call) -> dict[str, Any]:
    pushes = call.sim.pushes
    on, off = _codes(call.body, "set_push_config_on"), _codes(call.body, "set_push_config_off")
    if set(on) & set(off):
        raise wrong_parameter("The same push config cannot be set on and off.")
    blocked = _integers(call.body, "blocked_shop_id_list")
    if blocked is not None and len(blocked) > BLOCKED_LIMIT:
        raise wrong_parameter("The length of blocked_shop_id_list should be at most 500.")
    if "callback_url" in call.body:
        await change_callback(call, call.body["callback_url"])
    pushes.on_codes |= set(on)
    pushes.on_codes -= set(off)
    if blocked is not None:
        pushes.blocked_shops = set(blocked)
    return {"response": {"result": "success"}}


async def change_callback(call: Call, url: Any) -> None:
    if not isinstance(url, str) or not _is_web_address(url):
        raise wrong_parameter("this callback_url is invalid, please check your callback_url.")
    if not await call.sim.pushes.verify(url):
        raise wrong_parameter(
            "Shopee have sent a test push to this call back url, but we didn't get any response in 3 seconds "
            "with 2xx code"
        )
    call.sim.pushes.callback_url = url
    call.sim.pushes.health.lift()


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _codes(body: dict[str, Any], name: str) -> list[int]:
    codes = _integers(body, name) or []
    if unknown := set(codes) - DOCUMENTED_CODES:
        raise wrong_parameter(f"{name} has unknown push config {sorted(unknown)}.")
    return codes


def _integers(body: dict[str, Any], name: str) -> list[int] | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(type(number) is int for number in value):
        raise wrong_parameter(f"{name} should be a list of integers.")
    return value


async def get_app_push_config(call: Call) -> dict[str, Any]:
    pushes = call.sim.pushes
    on = sorted(pushes.on_codes | CONSOLE_CODES)
    answer: dict[str, Any] = {
        "callback_url": pushes.callback_url or "",
        "live_push_status": pushes.health.status,
        "blocked_shop_id": sorted(pushes.blocked_shops),
        "push_config_on_list": on,
        "push_config_off_list": sorted(DOCUMENTED_CODES - set(on)),
    }
    if suspended_at := pushes.health.suspended_at:
        answer["suspended_time"] = int(suspended_at.timestamp())
        answer["push_config_on_list"], answer["push_config_off_list"] = [], on
    return {"response": answer}


async def get_lost_push_message(call: Call) -> dict[str, Any]:
    page, has_more = call.sim.pushes.lost_page()
    messages = []
    for message in page:
        row: dict[str, Any] = {} if message.shop_id is None else {"shop_id": message.shop_id}
        row |= {
            "code": message.code,
            "timestamp": int(message.at.timestamp()),
            "data": message.body.decode(),
        }
        messages.append(row)
    response = {
        "push_message_list": messages,
        "has_next_page": has_more,
        "last_message_id": page[-1].id if page else 0,
    }
    return {"warning": "", "response": response}


async def confirm_lost_push_message(call: Call) -> dict[str, Any]:
    last = required_integer(call.body, "last_message_id")
    if last < 1:
        raise wrong_parameter("last_message_id is invalid.")
    call.sim.pushes.confirm_lost(last)
    return {"warning": ""}
