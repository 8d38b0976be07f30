"""Packages: times to hand over, shipping one and many, labels behind an address of a day, numbers."""

import io

import pytest
from pypdf import PdfReader

from tests.simulator.tiktok_shop.shapes import differences, missing
from tests.simulator.tiktok_shop.wire import Json, Wire, fixture

PACKAGES = "/fulfillment/202309/packages"


async def test_packages_have_the_documented_fields(linked: Wire) -> None:
    package = await linked.package(await linked.buy())
    slots = await linked.ask("GET", f"{PACKAGES}/{package}/handover_time_slots")
    assert differences(slots, "fulfillment-handover-slots") == []
    assert missing(slots, "fulfillment-handover-slots") == []
    await linked.ask("POST", f"{PACKAGES}/{package}/ship", {})
    found = await linked.ask("POST", f"{PACKAGES}/search", {"package_status": "PROCESSING"}, page_size=50)
    assert package in [each["id"] for each in found["packages"]]
    assert differences(found, "fulfillment-package-search") == []
    assert missing(found, "fulfillment-package-search") == []
    shown = await linked.ask("GET", f"{PACKAGES}/{package}")
    assert differences(shown, "fulfillment-package-detail") == []
    assert shown["package_status"] == "PROCESSING"


async def slot_of(wire: Wire, package: str) -> Json:
    slots = (await wire.ask("GET", f"{PACKAGES}/{package}/handover_time_slots"))["pickup_slots"]
    return next(
        {"start_time": each["start_time"], "end_time": each["end_time"]}
        for each in slots
        if each["avaliable"]
    )


async def test_shipping_is_done_once_at_an_offered_time(linked: Wire) -> None:
    number = await linked.buy()
    package = await linked.package(number)
    path = f"{PACKAGES}/{package}/ship"
    gone = {"start_time": linked.now - 7200, "end_time": linked.now - 3600}
    assert await linked.refused("POST", path, {"handover_method": "PICKUP", "pickup_slot": gone}) == 21011053
    slot = await slot_of(linked, package)
    assert await linked.ask("POST", path, {"handover_method": "PICKUP", "pickup_slot": slot}) == {}
    order = await linked.order(number)
    assert order["status"] == "AWAITING_COLLECTION"
    assert order["tracking_number"].startswith("JX")
    assert await linked.refused("POST", path, {}) == 21011040
    document = fixture("fulfillment-ship-package")["responses"]["error_already_shipped"]["body"]
    assert (await linked.send("POST", path, {})).json()["message"] == document["message"]


@pytest.mark.parametrize(
    ("step", "code"), [("cancel", 21011041), ("ask_cancel", 21011007), ("pickup", 21011040)]
)
async def test_what_cannot_be_shipped_says_why(linked: Wire, step: str, code: int) -> None:
    number = await linked.buy()
    package = await linked.package(number)
    await linked.control(f"orders/{number}/{step}")
    assert await linked.refused("POST", f"{PACKAGES}/{package}/ship", {}) == code


async def test_many_are_shipped_at_once_and_each_refusal_stands_under_code_0(linked: Wire) -> None:
    good, bad = [await linked.package(await linked.buy()) for _ in range(2)]
    await linked.ask("POST", f"{PACKAGES}/{bad}/ship", {})
    rows = [{"id": each} for each in (good, bad, "1152000000000000999")]
    told = await linked.ask("POST", f"{PACKAGES}/ship", {"packages": rows})
    assert [(each["code"], each["detail"]["package_id"]) for each in told["errors"]] == [
        (21011040, bad),
        (21008111, "1152000000000000999"),
    ]
    assert differences(told, "fulfillment-batch-ship") == []
    again = await linked.ask("POST", f"{PACKAGES}/ship", {"packages": rows[:1]})
    assert [each["code"] for each in again["errors"]] == [21011040]
    assert await linked.refused("POST", f"{PACKAGES}/ship", {"packages": [{"id": good}] * 51}) == 36009004


async def test_sellers_own_courier_needs_a_number_and_a_provider(linked: Wire) -> None:
    number = await linked.buy(courier="Kurir Toko")
    order = await linked.order(number)
    assert order["shipping_type"] == "SELLER"
    option = order["delivery_option_id"]
    offered = await linked.ask("GET", f"/logistics/202309/delivery_options/{option}/shipping_providers")
    assert differences(offered, "logistics-shipping-providers") == []
    provider = offered["shipping_providers"][0]["id"]
    path = f"{PACKAGES}/{order['packages'][0]['id']}"
    assert await linked.refused("POST", f"{path}/ship", {}) == 21011022
    own = {"tracking_number": "TOKO-1", "shipping_provider_id": provider}
    await linked.ask("POST", f"{path}/ship", {"self_shipment": own})
    assert (await linked.order(number))["tracking_number"] == "TOKO-1"
    assert (
        await linked.refused("GET", f"{path}/shipping_documents", document_type="SHIPPING_LABEL") == 21008017
    )
    update = f"{path}/shipping_info/update"
    await linked.ask("POST", update, own | {"tracking_number": "TOKO-2"})
    assert (await linked.order(number))["tracking_number"] == "TOKO-2"
    assert await linked.refused("POST", update, own) == 21011051
    standard = (await linked.order(await linked.buy()))["delivery_option_id"]
    providers = f"/logistics/202309/delivery_options/{standard}/shipping_providers"
    assert await linked.refused("GET", providers) == 21008117
    assert await linked.refused("POST", f"/fulfillment/202309/orders/{number}/packages", {}) == 21008106


async def test_label_is_made_after_a_while_and_its_address_works_for_a_day(linked: Wire) -> None:
    package = await linked.package(await linked.buy())
    path = f"{PACKAGES}/{package}/shipping_documents"
    asked: Json = {"document_type": "SHIPPING_LABEL"}
    assert await linked.refused("GET", path) == 36009004
    assert await linked.refused("GET", path, **asked) == 21023035
    await linked.ask("POST", f"{PACKAGES}/{package}/ship", {})
    await linked.control("documents", {"lag_s": 10})
    assert await linked.refused("GET", path, **asked) == 11034037
    await linked.move_clock(11)
    told = await linked.ask("GET", path, **asked)
    assert differences(told, "fulfillment-shipping-document") == []
    label = await linked.http.get(told["doc_url"])
    assert len(PdfReader(io.BytesIO(label.content)).pages) == 1
    given = await linked.http.get(told["doc_url"], headers={"x-tts-access-token": linked.token})
    assert given.status_code == 400
    await linked.move_clock(86_401)
    assert (await linked.http.get(told["doc_url"])).status_code == 403


async def test_label_can_be_had_when_the_courier_did_not_come(linked: Wire) -> None:
    number = await linked.buy()
    package = await linked.package(number)
    await linked.ask("POST", f"{PACKAGES}/{package}/ship", {})
    await linked.control(f"orders/{number}/pickup_fails")
    path = f"{PACKAGES}/{package}/shipping_documents"
    assert await linked.refused("GET", path, document_type="SHIPPING_LABEL") == 11034037
    assert (await linked.ask("GET", path, document_type="SHIPPING_LABEL"))["doc_url"]


async def test_label_cannot_be_had_once_it_was_picked_up(linked: Wire) -> None:
    number = await linked.buy()
    package = await linked.package(number)
    await linked.control(f"orders/{number}/pickup")
    path = f"{PACKAGES}/{package}/shipping_documents"
    assert await linked.refused("GET", path, document_type="SHIPPING_LABEL") == 21042102


async def test_numbers_stay_empty_until_the_courier_gives_them(linked: Wire) -> None:
    await linked.control("couriers", {"tracking_lag_s": 600})
    number = await linked.buy()
    await linked.ask("POST", f"{PACKAGES}/{await linked.package(number)}/ship", {})
    assert (await linked.order(number))["tracking_number"] == ""
    await linked.move_clock(601)
    assert (await linked.order(number))["tracking_number"]


async def test_tracking_is_in_milliseconds_the_newest_first(linked: Wire) -> None:
    number = await linked.buy()
    for step in ("arrange", "pickup", "deliver"):
        await linked.move_clock(60)
        await linked.control(f"orders/{number}/{step}")
    told = await linked.ask("GET", f"/fulfillment/202309/orders/{number}/tracking")
    assert differences(told, "fulfillment-tracking") == []
    moments = [each["update_time_millis"] for each in told["tracking"]]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] == linked.now * 1000


async def test_warehouses_and_their_options(linked: Wire) -> None:
    told = await linked.ask("GET", "/logistics/202309/warehouses")
    assert differences(told, "logistics-warehouses") == []
    assert [each["type"] for each in told["warehouses"]].count("SALES_WAREHOUSE") == 2
    place = told["warehouses"][0]["id"]
    options = await linked.ask(
        "GET", f"/logistics/202309/warehouses/{place}/delivery_options", scope="WAREHOUSE"
    )
    assert differences(options, "logistics-delivery-options") == []
