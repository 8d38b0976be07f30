"""Buying for the tests of parcels: an order of a chosen courier, and what the calls say of its parcel."""

from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import Json, Wire

SHIP, MASS = "logistics/ship_order", "logistics/mass_ship_order"
PARAMETER = "logistics/get_shipping_parameter"
CREATE, RESULT = "logistics/create_shipping_document", "logistics/get_shipping_document_result"
DOWNLOAD = "logistics/download_shipping_document"
THERMAL = "THERMAL_AIR_WAYBILL"
ADDRESS = 1173


async def bought(wire: Wire, courier: str = "J&T Express", **checkout: object) -> str:
    """Have a buyer order two models of one item; return the order's number."""
    shelf = await look_at_shelf(wire)
    lines = [{"item_id": shelf.item, "model_id": model} for model in (shelf.first, shelf.second)]
    body = {"lines": lines, "courier": courier, **checkout}
    return str((await wire.control("orders", body))["order_sn"])


async def order_of(wire: Wire, order_sn: str) -> Json:
    fields = "package_list,item_list,note,note_update_time,total_amount,cancel_by,cancel_reason"
    params = {
        "order_sn_list": order_sn,
        "response_optional_fields": fields,
        "request_order_status_pending": "true",
    }
    order: Json = (await wire.shop_get("order/get_order_detail", params))["response"]["order_list"][0]
    return order


async def package_of(wire: Wire, order_sn: str) -> str:
    return str((await order_of(wire, order_sn))["package_list"][0]["package_number"])


async def slot(wire: Wire, order_sn: str) -> str:
    """Return the recommended time of pickup."""
    offer = (await wire.shop_get(PARAMETER, {"order_sn": order_sn}))["response"]
    slots = offer["pickup"]["address_list"][0]["time_slot_list"]
    return str(next(each["pickup_time_id"] for each in slots if "recommended" in each["flags"]))


async def pickup(wire: Wire, order_sn: str) -> Json:
    return {"address_id": ADDRESS, "pickup_time_id": await slot(wire, order_sn)}


async def shipped(wire: Wire, order_sn: str) -> Json:
    """Arrange the pickup of an order; return its row for the calls about labels."""
    await wire.shop_post(SHIP, {"order_sn": order_sn, "pickup": await pickup(wire, order_sn)})
    number = (await wire.shop_get("logistics/get_tracking_number", {"order_sn": order_sn}))["response"]
    return {
        "order_sn": order_sn,
        "package_number": await package_of(wire, order_sn),
        "tracking_number": number["tracking_number"],
        "shipping_document_type": THERMAL,
    }
