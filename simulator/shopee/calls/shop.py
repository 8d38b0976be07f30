"""The shop about itself."""

from typing import Any

from simulator.shopee.accounts import shop_owner
from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.errors import wrong_parameter
from simulator.stand_in.photos import image_id, image_url

HOUR_S = 3600


async def get_shop_info(call: ShopCall) -> dict[str, Any]:
    link = call.sim.tokens.links[shop_owner(call.shop.id)]
    standing = call.sim.standings[call.shop.id]
    return {
        "shop_name": call.shop.name,
        "region": call.shop.market.region,
        "status": "FROZEN" if standing.is_frozen else "NORMAL",
        "sip_affi_shops": [],
        "is_cb": False,
        "auth_time": int(link.authorised_at.timestamp()),
        "expire_time": int(link.expires_at.timestamp()),
        "is_sip": False,
        "is_upgraded_cbsc": False,
        "merchant_id": None,
        "shop_fulfillment_flag": "Others",
        "is_main_shop": False,
        "is_direct_shop": False,
        "linked_main_shop_id": 0,
        "linked_direct_shop_list": [],
    }


async def get_profile(call: ShopCall) -> dict[str, Any]:
    return {
        "response": {
            "shop_logo": image_url(call.address, image_id("shop-logo")),
            "description": call.shop.about,
            "shop_name": call.shop.name,
        }
    }


async def get_shop_holiday_mode(call: ShopCall) -> dict[str, Any]:
    standing = call.sim.standings[call.shop.id]
    answer: dict[str, Any] = {
        "holiday_mode_on": standing.is_on_holiday,
        "holiday_mode_mtime": int(call.sim.clock.now().timestamp()),
        "debug_msg": "",
    }
    if standing.is_on_holiday and standing.holiday_ends:
        answer["holiday_mode_end_time"] = standing.holiday_ends
    return {"response": answer}


async def set_shop_holiday_mode(call: ShopCall) -> dict[str, Any]:
    body = call.body
    if not isinstance(body.get("holiday_mode_on"), bool):
        raise wrong_parameter("holiday_mode_on is required.")
    if body.get("holiday_mode_type", 0) not in {0, 1}:
        raise wrong_parameter("holiday_mode_type should be 0 or 1.")
    start, end = body.get("holiday_mode_start_time", 0), body.get("holiday_mode_end_time", 0)
    if start % HOUR_S or (end and (end + 1) % HOUR_S):
        raise wrong_parameter("A holiday begins at a whole hour and ends one second before one.")
    standing = call.sim.standings[call.shop.id]
    standing.is_on_holiday = body["holiday_mode_on"]
    standing.holiday_ends = end if standing.is_on_holiday else 0
    return {"response": {"debug_msg": ""}}
