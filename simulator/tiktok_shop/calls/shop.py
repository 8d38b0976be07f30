"""Who we act for: authorised and active shops, permissions, warehouses and their delivery options, webhooks."""

from simulator.tiktok_shop import errors
from simulator.tiktok_shop.accounts import WAREHOUSES
from simulator.tiktok_shop.calls.endpoint import Call, Json, ShopCall
from simulator.tiktok_shop.shipping import OPTIONS

TOPICS = {
    "ORDER_STATUS_CHANGE": 1, "REVERSE_STATUS_UPDATE": 2, "RECIPIENT_ADDRESS_UPDATE": 3, "PACKAGE_UPDATE": 4,
    "PRODUCT_STATUS_CHANGE": 5, "SELLER_DEAUTHORIZATION": 6, "UPCOMING_AUTHORIZATION_EXPIRATION": 7,
    "CANCELLATION_STATUS_CHANGE": 11, "RETURN_STATUS_CHANGE": 12, "NEW_CONVERSATION": 13, "NEW_MESSAGE": 14,
    "PRODUCT_INFORMATION_CHANGE": 15, "PRODUCT_CREATION": 16, "PRODUCT_CATEGORY_CHANGE": 18,
    "NEW_MESSAGE_LISTENER": 33, "INVOICE_STATUS_CHANGE": 36, "PRODUCT_AUDIT_STATUS_CHANGE": 37,
}  # fmt: skip
LONGEST_ADDRESS = 255


async def authorized_shops(call: Call) -> Json:
    shops = call.sim.world.shops
    kind = "CROSS_BORDER" if call.grant.account.is_cross_border else "LOCAL"
    return {
        "shops": [
            {
                "id": str(shop_id),
                "name": shops[shop_id].name,
                "region": shops[shop_id].market.region,
                "seller_type": kind,
                "cipher": cipher,
                "code": f"{shops[shop_id].market.region}LCSIM{str(shop_id)[-5:]}",
            }
            for cipher, shop_id in call.grant.ciphers.items()
        ]
    }


async def active_shops(call: Call) -> Json:
    return {
        "shops": [
            {"id": str(shop_id), "region": call.sim.world.shops[shop_id].market.region}
            for shop_id in call.grant.account.shops
            if not call.sim.standings[shop_id].is_banned
        ]
    }


async def permissions(call: Call) -> Json:
    return {"permissions": ["MANAGE_GLOBAL_PRODUCT"] if call.grant.account.is_cross_border else []}


async def warehouses(call: ShopCall) -> Json:
    market = call.shop.market
    rows = []
    for number, place in enumerate(call.shop.locations):
        name, state, city, district = WAREHOUSES[place]
        address = {
            "region": market.country,
            "state": state,
            "city": city,
            "distict": district,
            "town": "",
            "contact_person": "Andi",
            "postal_code": "10310",
            "full_address": f"Jl. Contoh No. 1, {district}, {city}",
            "region_code": market.region,
            "phone_number": "812****34",
        }
        common = {"entity_id": f"739536686514249907{number}", "name": name, "effect_status": "ENABLED"}
        kinds = [("SALES_WAREHOUSE", place)] + (
            [("RETURN_WAREHOUSE", place[:-1] + "9")] if number == 0 else []
        )
        rows += [
            {
                "id": identity,
                **common,
                "type": kind,
                "sub_type": "DOMESTIC_WAREHOUSE",
                "is_default": number == 0,
                "address": address,
            }
            for kind, identity in kinds
        ]
    return {"warehouses": rows}


async def delivery_options(call: ShopCall) -> Json:
    if call.path["warehouse_id"] not in call.shop.locations:
        raise errors.invalid("path.warehouse_id")
    return {
        "delivery_options": [
            {
                "id": number,
                "name": name,
                "type": kind,
                "description": name,
                "dimension_limit": {"max_height": 100, "max_length": 100, "max_width": 100, "unit": "CM"},
                "weight_limit": {"max_weight": 20000, "min_weight": 1, "unit": "GRAM"},
                "platform": ["TIKTOK_SHOP"],
            }
            for number, (name, kind) in OPTIONS.items()
        ]
    }


async def list_webhooks(call: ShopCall) -> Json:
    set_up = call.sim.standings[call.shop.id].webhooks
    return {
        "total_count": len(set_up),
        "webhooks": [
            {"event_type": topic, "address": address, "create_time": first, "update_time": last}
            for topic, (address, first, last) in set_up.items()
        ],
    }


async def set_webhook(call: ShopCall) -> Json:
    address, topic = call.body.get("address"), call.body.get("event_type")
    if not address:
        raise errors.missing("body.address")
    if not topic:
        raise errors.missing("body.event_type")
    if topic not in TOPICS or not isinstance(address, str) or len(address) > LONGEST_ADDRESS:
        raise errors.invalid("body.event_type" if topic not in TOPICS else "body.address")
    set_up, now = call.sim.standings[call.shop.id].webhooks, call.sim.clock.epoch()
    set_up[topic] = (address, set_up[topic][1] if topic in set_up else now, now)
    return {}


async def remove_webhook(call: ShopCall) -> Json:
    topic = call.body.get("event_type")
    if not topic:
        raise errors.missing("body.event_type")
    call.sim.standings[call.shop.id].webhooks.pop(str(topic), None)
    return {}
