"""The shipping channels a shop has, and the addresses its parcels leave from."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.logistics import ADDRESSES, CHANNELS, Channel
from simulator.world.couriers import DRAWN

HEAVIEST_KG = 50


async def get_channel_list(call: ShopCall) -> dict[str, Any]:
    usual = DRAWN[call.shop.market.region]
    channels = [channel for channel in CHANNELS.values() if channel.name in usual or _is_extra(channel)]
    return {"response": {"logistics_channel_list": [_channel(channel) for channel in channels]}}


def _is_extra(channel: Channel) -> bool:
    return channel.courier.is_instant or not channel.courier.number_prefix


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "logistics_channel_id": channel.id,
        "logistics_channel_name": channel.name,
        "cod_enabled": not channel.courier.is_instant,
        "enabled": True,
        "fee_type": "SIZE_INPUT",
        "size_list": [],
        "weight_limit": {"item_max_weight": HEAVIEST_KG, "item_min_weight": 0},
        "item_max_dimension": {"height": 0, "width": 0, "length": 0, "unit": "cm", "dimension_sum": 0},
        "volume_limit": {"item_max_volume": 0, "item_min_volume": 0},
        "logistics_description": "",
        "force_enable": False,
        "mask_channel_id": 0,
        "block_seller_cover_shipping_fee": False,
        "support_cross_border": False,
        "preprint": False,
    }


async def get_address_list(call: ShopCall) -> dict[str, Any]:
    address = ADDRESSES[call.shop.market.region].fields("address_id", call.shop.market)
    kinds = ["DEFAULT_ADDRESS", "PICK_UP_ADDRESS", "RETURN_ADDRESS"]
    return {"response": {"show_pickup_address": True, "address_list": [address | {"address_type": kinds}]}}
