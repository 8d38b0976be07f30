"""Calls about parcels answer with the fields and types of the reference: its samples, and its field tables."""

from typing import Any

import pytest

from tests.simulator.shopee.fields import lacking, wrongly_typed
from tests.simulator.shopee.parcels import (
    CREATE,
    MASS,
    PARAMETER,
    RESULT,
    SHIP,
    bought,
    order_of,
    package_of,
    pickup,
    shipped,
)
from tests.simulator.shopee.wire import Json, Wire, fixture

FIELD_TYPES = fixture("field_types_of_parcels")
ENVELOPE = {"error": "string", "message": "string", "request_id": "string"}
UNSAMPLED = {"logistics/get_mass_shipping_parameter", MASS, "logistics/get_mass_tracking_number"}
"""Calls of which the reference has the table and no sample."""

NULL = {"warning", "pickup", "dropoff", "branch_list", "slug_list"}
"""Null is among their documented values."""


async def _offer_of(wire: Wire, courier: str) -> Json:
    return await wire.shop_get(PARAMETER, {"order_sn": await bought(wire, courier)})


async def _pickup_or_dropoff(wire: Wire) -> Json:
    return await _offer_of(wire, "SPX Standard")


async def _branches(wire: Wire) -> Json:
    return await _offer_of(wire, "JNE Reguler")


async def _own_courier(wire: Wire) -> Json:
    return await _offer_of(wire, "Kurir Toko")


async def _ship(wire: Wire) -> Json:
    order_sn = await bought(wire)
    return await wire.shop_post(SHIP, {"order_sn": order_sn, "pickup": await pickup(wire, order_sn)})


async def _mass_ship(wire: Wire) -> Json:
    order_sn = await bought(wire)
    packages = [{"package_number": await package_of(wire, order_sn)}, {"package_number": "OFG1"}]
    return await wire.shop_post(MASS, {"package_list": packages, "pickup": await pickup(wire, order_sn)})


async def _mass_offer(wire: Wire) -> Json:
    package = await package_of(wire, await bought(wire))
    body = {"package_list": [{"package_number": package}, {"package_number": "OFG1"}]}
    return await wire.shop_post("logistics/get_mass_shipping_parameter", body)


async def _tracking(wire: Wire) -> Json:
    row = await shipped(wire, await bought(wire))
    return await wire.shop_get("logistics/get_tracking_number", {"order_sn": row["order_sn"]})


async def _not_tracked(wire: Wire) -> Json:
    return await wire.shop_get("logistics/get_tracking_number", {"order_sn": await bought(wire)})


async def _mass_tracking(wire: Wire) -> Json:
    row = await shipped(wire, await bought(wire))
    body = {"package_list": [{"package_number": row["package_number"]}, {"package_number": "OFG1"}]}
    return await wire.shop_post("logistics/get_mass_tracking_number", body)


async def _journey(wire: Wire) -> Json:
    row = await shipped(wire, await bought(wire))
    await wire.control(f"orders/{row['order_sn']}/pickup")
    return await wire.shop_get("logistics/get_tracking_info", {"order_sn": row["order_sn"]})


async def _forms(wire: Wire) -> Json:
    row = {"order_sn": await bought(wire)}
    return await wire.shop_post("logistics/get_shipping_document_parameter", {"order_list": [row]})


async def _created(wire: Wire) -> Json:
    return await wire.shop_post(CREATE, {"order_list": [await shipped(wire, await bought(wire))]})


async def _partly_created(wire: Wire) -> Json:
    rows = [await shipped(wire, await bought(wire)), {"order_sn": await bought(wire)}]
    return await wire.shop_post(CREATE, {"order_list": rows})


async def _result(wire: Wire) -> Json:
    row = await shipped(wire, await bought(wire))
    await wire.shop_post(CREATE, {"order_list": [row]})
    return await wire.shop_post(RESULT, {"order_list": [row]})


async def _failed_document(wire: Wire) -> Json:
    await wire.control("documents", {"failing": 1})
    return await _result(wire)


async def _cancelled(wire: Wire) -> Json:
    body = {"order_sn": await bought(wire), "cancel_reason": "CUSTOMER_REQUEST"}
    return await wire.shop_post("order/cancel_order", body)


async def _answered(wire: Wire) -> Json:
    order_sn = await bought(wire)
    await wire.control(f"orders/{order_sn}/ask_cancel")
    body = {"order_sn": order_sn, "operation": "REJECT"}
    return await wire.shop_post("order/handle_buyer_cancellation", body)


async def _cut(wire: Wire) -> Json:
    order_sn = await bought(wire)
    items = (await order_of(wire, order_sn))["item_list"]
    packages = [{"item_list": [{"item_id": i["item_id"], "model_id": i["model_id"]}]} for i in items]
    return await wire.shop_post("order/split_order", {"order_sn": order_sn, "package_list": packages})


async def _joined(wire: Wire) -> Json:
    order_sn = (await _cut(wire))["response"]["order_sn"]
    return await wire.shop_post("order/unsplit_order", {"order_sn": order_sn})


async def _noted(wire: Wire) -> Json:
    return await wire.shop_post("order/set_note", {"order_sn": await bought(wire), "note": "fragile"})


async def _searched(wire: Wire) -> Json:
    await bought(wire)
    body = {"filter": {"package_status": 2}, "pagination": {"page_size": 5}, "sort": {"sort_type": 1}}
    return await wire.shop_post("order/search_package_list", body)


async def _package(wire: Wire) -> Json:
    number = await package_of(wire, await bought(wire))
    return await wire.shop_get("order/get_package_detail", {"package_number_list": number})


async def _shipment_list(wire: Wire) -> Json:
    return await wire.shop_get("order/get_shipment_list", {"page_size": 20, "cursor": ""})


async def _channels(wire: Wire) -> Json:
    return await wire.shop_get("logistics/get_channel_list")


async def _addresses(wire: Wire) -> Json:
    return await wire.shop_get("logistics/get_address_list")


ASKS: tuple[tuple[str, str, Any], ...] = (
    (PARAMETER, "pickup_and_dropoff", _pickup_or_dropoff),
    (PARAMETER, "dropoff_branch", _branches),
    (PARAMETER, "non_integrated", _own_courier),
    (SHIP, "success", _ship),
    (MASS, "", _mass_ship),
    ("logistics/get_mass_shipping_parameter", "", _mass_offer),
    ("logistics/get_tracking_number", "success", _tracking),
    ("logistics/get_tracking_number", "not_yet", _not_tracked),
    ("logistics/get_mass_tracking_number", "", _mass_tracking),
    ("logistics/get_tracking_info", "success", _journey),
    ("logistics/get_shipping_document_parameter", "success", _forms),
    (CREATE, "success", _created),
    (CREATE, "partial", _partly_created),
    (RESULT, "ready", _result),
    (RESULT, "failed", _failed_document),
    ("order/cancel_order", "success", _cancelled),
    ("order/handle_buyer_cancellation", "success", _answered),
    ("order/split_order", "success", _cut),
    ("order/unsplit_order", "success", _joined),
    ("order/set_note", "success", _noted),
    ("order/search_package_list", "success", _searched),
    ("order/get_package_detail", "success", _package),
    ("order/get_shipment_list", "success", _shipment_list),
    ("logistics/get_channel_list", "success", _channels),
    ("logistics/get_address_list", "success", _addresses),
)


@pytest.mark.parametrize(("path", "response", "ask"), ASKS, ids=[f"{ask[0]} {ask[1]}" for ask in ASKS])
async def test_answer_has_fields_and_types_of_reference(
    path: str, response: str, ask: Any, linked: Wire
) -> None:
    answer = await ask(linked)
    if response:
        samples = fixture(path.replace("/", "_"))["responses"]
        assert lacking(next(each["body"] for each in samples if each["name"] == response), answer) == []
    declared = ENVELOPE | FIELD_TYPES[f"/api/v2/{path}"]["response"]
    assert [fault for fault in wrongly_typed(declared, answer) if not _is_null(fault)] == []


def _is_null(fault: str) -> bool:
    return fault.endswith(" is null") and fault.removesuffix(" is null").rpartition(".")[2] in NULL


def test_each_call_of_the_table_is_asked() -> None:
    a_file = {"logistics/download_shipping_document"}
    assert {f"/api/v2/{path}" for path, _, _ in ASKS} | {f"/api/v2/{path}" for path in a_file} == set(
        FIELD_TYPES
    )
    assert {path for path, response, _ in ASKS if not response} == UNSAMPLED
