"""The warehouses of a shop that has several; most have none."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.errors import ApiError

PICKUP = 1


async def get_warehouse_detail(call: ShopCall) -> dict[str, Any]:
    if call.shop.locations == ("",):
        name = "warehouse.error_not_in_whitelist"
        raise ApiError(name, "Your shop is not in multi-warehouse whitelist.")
    return {
        "response": [
            {
                "warehouse_id": number,
                "warehouse_name": f"Gudang {place}",
                "warehouse_type": PICKUP,
                "location_id": place,
                "address_id": 118_454_200 + number,
                "region": call.shop.market.region,
                "state": "",
                "city": "",
                "address": "",
                "zipcode": "",
                "district": "",
                "town": "",
                "state_code": "",
                "holiday_mode_state": 0,
            }
            for number, place in enumerate(call.shop.locations, 1)
        ]
    }
