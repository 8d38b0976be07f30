"""Boosting items: a few at a time are shown first for some hours."""

from datetime import timedelta
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.errors import ApiError, null_field, wrong_parameter
from simulator.shopee.parameters import INT64
from simulator.world.shops import ListingState

PLACES = 5
LASTS = timedelta(hours=4)


async def boost_item(call: ShopCall) -> dict[str, Any]:
    done: list[int] = []
    failures: list[dict[str, Any]] = []
    for item_id in _item_ids(call.body):
        if reason := _refusal(call, item_id):
            failures.append({"item_id": item_id, "failed_reason": reason})
            continue
        call.shop.boosted_until[item_id] = call.sim.clock.now() + LASTS
        done.append(item_id)
    response = {"failure_list": failures, "success_list": {"item_id_list": done}}
    if not done:
        raise ApiError("error_boost_item_all_failed", "Boost item all failed.", response=response)
    return {"warning": "", "response": response}


def _item_ids(body: dict[str, Any]) -> list[int]:
    value = body.get("item_id_list")
    if value is None:
        raise null_field("item_id_list")
    if not isinstance(value, list) or not 1 <= len(value) <= PLACES:
        raise wrong_parameter(f"The length of item_id_list should be between 1 and {PLACES}.")
    if any(isinstance(each, bool) or not isinstance(each, int) or not 0 < each < INT64 for each in value):
        raise wrong_parameter("item_id_list should be a list of int64.")
    return value


def _refusal(call: ShopCall, item_id: int) -> str:
    listing, running = call.shop.listings.get(item_id), call.shop.boosts(call.sim.clock.now())
    if listing is None:
        return "Item_id is not found."
    if listing.state is not ListingState.ACTIVE:
        return "Item cannot be edited in its current status."
    if item_id in running:
        return "can not boost item repeatedly"
    return "boost item reach the limit" if len(running) >= PLACES else ""


async def get_boosted_list(call: ShopCall) -> dict[str, Any]:
    now = call.sim.clock.now()
    running = [
        {"item_id": item_id, "cool_down_second": int((until - now).total_seconds())}
        for item_id, until in call.shop.boosts(now).items()
    ]
    return {"warning": "", "response": {"item_list": running}}
