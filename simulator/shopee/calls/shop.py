"""The shop about itself."""

from typing import Any

from simulator.shopee.accounts import shop_owner
from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.photos import image_id, image_url


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
