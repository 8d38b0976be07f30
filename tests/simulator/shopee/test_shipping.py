"""A parcel's way to its courier: offered, arranged, numbered, labelled, taken along."""

import io

from pypdf import PdfReader

from tests.simulator.shopee.parcels import (
    ADDRESS,
    CREATE,
    DOWNLOAD,
    MASS,
    PARAMETER,
    RESULT,
    SHIP,
    THERMAL,
    bought,
    order_of,
    package_of,
    pickup,
    shipped,
    slot,
)
from tests.simulator.shopee.wire import HOME, Json, Wire


async def _status(wire: Wire, order_sn: str) -> tuple[str, list[str]]:
    order = await order_of(wire, order_sn)
    return order["order_status"], [package["logistics_status"] for package in order["package_list"]]


async def test_what_a_courier_does_not_take_is_not_offered(linked: Wire) -> None:
    offers = {}
    for courier in ("J&T Express", "JNE Reguler", "GoSend Instant", "Kurir Toko"):
        answer = await linked.shop_get(PARAMETER, {"order_sn": await bought(linked, courier)})
        offers[courier] = answer["response"]["info_needed"]
    assert offers == {
        "J&T Express": {"dropoff": [], "pickup": ["address_id", "pickup_time_id"]},
        "JNE Reguler": {"dropoff": ["branch_id"]},
        "GoSend Instant": {"pickup": ["address_id"]},
        "Kurir Toko": {"non_integrated": ["tracking_no"]},
    }


async def test_arranged_parcel_has_a_number_and_its_order_is_processed(linked: Wire) -> None:
    order_sn = await bought(linked)
    assert await _status(linked, order_sn) == ("READY_TO_SHIP", ["LOGISTICS_READY"])
    row = await shipped(linked, order_sn)
    assert row["tracking_number"].startswith("JX")
    assert await _status(linked, order_sn) == ("PROCESSED", ["LOGISTICS_REQUEST_CREATED"])
    await linked.control(f"orders/{order_sn}/pickup")
    assert await _status(linked, order_sn) == ("SHIPPED", ["LOGISTICS_PICKUP_DONE"])


async def test_parcel_of_a_missed_pickup_is_arranged_again_under_its_number(linked: Wire) -> None:
    first = await shipped(linked, await bought(linked))
    await linked.control(f"orders/{first['order_sn']}/pickup_fails")
    assert await _status(linked, first["order_sn"]) == ("RETRY_SHIP", ["LOGISTICS_PICKUP_RETRY"])
    again = await shipped(linked, first["order_sn"])
    assert again["tracking_number"] == first["tracking_number"]
    assert (await _status(linked, first["order_sn"]))[0] == "PROCESSED"


async def test_split_order_is_processed_with_its_last_parcel(linked: Wire) -> None:
    order_sn = await bought(linked)
    items = (await order_of(linked, order_sn))["item_list"]
    packages = [{"item_list": [{"item_id": i["item_id"], "model_id": i["model_id"]}]} for i in items]
    cut = await linked.shop_post("order/split_order", {"order_sn": order_sn, "package_list": packages})
    numbers = [package["package_number"] for package in cut["response"]["package_list"]]
    way = {"address_id": ADDRESS, "pickup_time_id": await slot(linked, await bought(linked))}
    await linked.shop_post(SHIP, {"order_sn": order_sn, "package_number": numbers[0], "pickup": way})
    assert await _status(linked, order_sn) == (
        "READY_TO_SHIP",
        ["LOGISTICS_REQUEST_CREATED", "LOGISTICS_READY"],
    )
    refused = await linked.post("order/unsplit_order", {"order_sn": order_sn}, shop=HOME)
    assert refused.json()["error"] == "order.order_cannot_undo_split"
    await linked.shop_post(SHIP, {"order_sn": order_sn, "package_number": numbers[1], "pickup": way})
    assert (await _status(linked, order_sn))[0] == "PROCESSED"


async def test_mass_call_arranges_what_it_can_and_names_the_rest(linked: Wire) -> None:
    orders = [await bought(linked) for _ in range(3)]
    numbers = [await package_of(linked, order_sn) for order_sn in orders]
    await linked.control(f"orders/{orders[1]}/cancel")
    body: Json = {"package_list": [{"package_number": each} for each in [*numbers, "OFG000"]]}
    answer = await linked.shop_post(MASS, body | {"pickup": await pickup(linked, orders[0])})
    assert [row["package_number"] for row in answer["success_list"]] == [numbers[0], numbers[2]]
    assert {row["package_number"] for row in answer["fail_list"]} == {numbers[1], "OFG000"}
    assert [(await _status(linked, each))[0] for each in orders] == ["PROCESSED", "CANCELLED", "PROCESSED"]


async def test_mass_call_keeps_to_the_channel_it_names(linked: Wire) -> None:
    ours, other = await bought(linked), await bought(linked, "SPX Standard")
    packages = [{"package_number": await package_of(linked, each)} for each in (ours, other)]
    body: Json = {"package_list": packages, "pickup": await pickup(linked, ours)}
    mixed = await linked.post(MASS, body, shop=HOME)
    assert mixed.json()["error"] == "logistics.error_param"
    named = await linked.shop_post(MASS, body | {"logistics_channel_id": 80025})
    assert len(named["success_list"]) == len(named["fail_list"]) == 1


async def test_own_courier_brings_its_own_number(linked: Wire) -> None:
    order_sn = await bought(linked, "Kurir Toko")
    await linked.shop_post(SHIP, {"order_sn": order_sn, "non_integrated": {"tracking_number": "TOKO-77"}})
    answer = await linked.shop_get("logistics/get_tracking_number", {"order_sn": order_sn})
    assert answer["response"]["tracking_number"] == "TOKO-77"


async def test_instant_courier_is_met_with_a_code(linked: Wire) -> None:
    order_sn = await bought(linked, "GoSend Instant")
    await linked.shop_post(SHIP, {"order_sn": order_sn, "pickup": {"address_id": ADDRESS}})
    said = (await linked.shop_get("logistics/get_tracking_number", {"order_sn": order_sn}))["response"]
    assert said["pickup_code"] == said["tracking_number"][-4:]


async def test_slow_couriers_number_is_seen_later(linked: Wire) -> None:
    await linked.control("couriers", {"tracking_lag_s": 300})
    row = await shipped(linked, await bought(linked))
    assert row["tracking_number"] == ""
    await linked.move_clock(301)
    said = await linked.shop_get("logistics/get_tracking_number", {"order_sn": row["order_sn"]})
    assert said["response"]["tracking_number"]


async def test_labels_of_a_courier_come_in_one_file_with_a_page_each(linked: Wire) -> None:
    rows = [await shipped(linked, await bought(linked)) for _ in range(3)]
    await linked.shop_post(CREATE, {"order_list": rows})
    ready = await linked.shop_post(RESULT, {"order_list": rows})
    assert {row["status"] for row in ready["response"]["result_list"]} == {"READY"}
    body = {"shipping_document_type": THERMAL, "order_list": rows}
    answer = await linked.post(DOWNLOAD, body, shop=HOME)
    assert answer.headers["content-type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert len(pages) == len(rows)
    assert all(row["tracking_number"] in page for row, page in zip(rows, pages, strict=True))


async def test_label_takes_its_time(linked: Wire) -> None:
    await linked.control("documents", {"lag_s": 60})
    row = await shipped(linked, await bought(linked))
    await linked.shop_post(CREATE, {"order_list": [row]})
    status = (await linked.shop_post(RESULT, {"order_list": [row]}))["response"]["result_list"][0]
    early = await linked.post(DOWNLOAD, {"shipping_document_type": THERMAL, "order_list": [row]}, shop=HOME)
    assert (status["status"], early.json()["error"]) == ("PROCESSING", "logistics.download_later")
    await linked.move_clock(61)
    status = (await linked.shop_post(RESULT, {"order_list": [row]}))["response"]["result_list"][0]
    assert status["status"] == "READY"


async def test_search_goes_by_deadline_and_pages(linked: Wire) -> None:
    for _ in range(7):
        await bought(linked)
    seen: list[str] = []
    cursor = ""
    while True:
        body = {
            "filter": {"package_status": 2},
            "pagination": {"page_size": 3, "cursor": cursor},
            "sort": {"sort_type": 1, "ascending": True},
        }
        page = (await linked.shop_post("order/search_package_list", body))["response"]
        seen += [row["package_number"] for row in page["packages_list"]]
        cursor = page["pagination"]["next_cursor"]
        if not page["pagination"]["more"]:
            break
    assert len(seen) == len(set(seen)) == page["pagination"]["total_count"] > 3
    listed = await linked.shop_get("order/get_shipment_list", {"page_size": 100, "cursor": ""})
    assert {row["package_number"] for row in listed["response"]["order_list"]} == set(seen)
