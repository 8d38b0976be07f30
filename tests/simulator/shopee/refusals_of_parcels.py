"""What calls about parcels refuse, each with the section of the reference that says so."""

from typing import Any

import httpx

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
)
from tests.simulator.shopee.refusals import Refusal
from tests.simulator.shopee.wire import HOME, Json, Wire

CANCEL, SPLIT, ANSWER = "order/cancel_order", "order/split_order", "order/handle_buyer_cancellation"
SEARCH, NOTE = "order/search_package_list", "order/set_note"


async def _ship(wire: Wire, courier: str = "J&T Express", do: str = "", **body: Any) -> httpx.Response:
    """Ask to ship a fresh order after `do` was done to it."""
    order_sn = await bought(wire, courier, hold=do == "hold")
    if do and do != "hold":
        await wire.control(f"orders/{order_sn}/{do}")
    return await wire.post(SHIP, {"order_sn": order_sn, **body}, shop=HOME)


async def _at_another_time(wire: Wire) -> httpx.Response:
    order_sn = await bought(wire)
    way = {"address_id": ADDRESS, "pickup_time_id": "1"}
    return await wire.post(SHIP, {"order_sn": order_sn, "pickup": way}, shop=HOME)


async def _twice(wire: Wire) -> httpx.Response:
    order_sn = await bought(wire)
    body = {"order_sn": order_sn, "pickup": await pickup(wire, order_sn)}
    await wire.shop_post(SHIP, body)
    return await wire.post(SHIP, body, shop=HOME)


async def _split(wire: Wire, *, rows: slice = slice(None), twice: bool = False, **changes: Any) -> str | Json:
    order_sn = await bought(wire)
    items = (await order_of(wire, order_sn))["item_list"]
    named = [{"item_id": item["item_id"], "model_id": item["model_id"]} for item in items][rows]
    body = {"order_sn": order_sn, "package_list": [{"item_list": [row]} for row in named * (1 + twice)]}
    return body | changes


async def _split_without_naming(wire: Wire, path: str) -> httpx.Response:
    body = await _split(wire)
    assert isinstance(body, dict)
    await wire.shop_post(SPLIT, body)
    if path == PARAMETER:
        return await wire.get(PARAMETER, {"order_sn": body["order_sn"]}, shop=HOME)
    return await wire.post(SHIP, {"order_sn": body["order_sn"], "dropoff": {}}, shop=HOME)


async def _asked_to_split(wire: Wire, **how: Any) -> httpx.Response:
    return await wire.post(SPLIT, await _split(wire, **how), shop=HOME)


async def _split_again(wire: Wire) -> httpx.Response:
    body = await _split(wire)
    assert isinstance(body, dict)
    await wire.shop_post(SPLIT, body)
    return await wire.post(SPLIT, body, shop=HOME)


async def _cancel(wire: Wire, do: str = "", **body: Any) -> httpx.Response:
    order_sn = await bought(wire)
    if do:
        await wire.control(f"orders/{order_sn}/{do}")
    return await wire.post(CANCEL, {"order_sn": order_sn, **body}, shop=HOME)


async def _cancel_all_of_it_in_parts(wire: Wire) -> httpx.Response:
    order_sn = await bought(wire)
    items = (await order_of(wire, order_sn))["item_list"]
    rows = [{"item_id": i["item_id"], "model_id": i["model_id"], "model_quantity": 1} for i in items]
    body = {"order_sn": order_sn, "cancel_reason": "CUSTOMER_REQUEST", "partial_cancel_item_list": rows}
    return await wire.post(CANCEL, body, shop=HOME)


async def _create(wire: Wire, *, is_shipped: bool = True, **changes: Any) -> httpx.Response:
    order_sn = await bought(wire)
    row = await shipped(wire, order_sn) if is_shipped else {"order_sn": order_sn}
    return await wire.post(CREATE, {"order_list": [row | changes]}, shop=HOME)


async def _download(wire: Wire, *, kind: str = THERMAL, couriers: tuple[str, ...] = ("J&T Express",),
                    is_created: bool = True) -> httpx.Response:  # fmt: skip
    rows = [await shipped(wire, await bought(wire, courier)) for courier in couriers]
    if is_created:
        await wire.shop_post(CREATE, {"order_list": rows})
    return await wire.post(DOWNLOAD, {"shipping_document_type": kind, "order_list": rows}, shop=HOME)


async def _failed_download(wire: Wire) -> httpx.Response:
    await wire.control("documents", {"failing": 1})
    return await _download(wire)


async def _parameter(wire: Wire, do: str = "", **query: Any) -> httpx.Response:
    order_sn = await bought(wire, hold=do == "hold")
    if do and do != "hold":
        await wire.control(f"orders/{order_sn}/{do}")
    return await wire.get(PARAMETER, {"order_sn": order_sn, **query}, shop=HOME)


async def _mass(wire: Wire, *, count: int = 1, **body: Any) -> httpx.Response:
    package = await package_of(wire, await bought(wire))
    packages = [{"package_number": package}] * count
    return await wire.post(MASS, {"package_list": packages, **body}, shop=HOME)


async def _result_only(wire: Wire) -> httpx.Response:
    row = await shipped(wire, await bought(wire))
    return await wire.post(RESULT, {"order_list": [row]}, shop=HOME)


async def _answer(wire: Wire, operation: str) -> httpx.Response:
    return await wire.post(ANSWER, {"order_sn": await bought(wire), "operation": operation}, shop=HOME)


async def _unsplit(wire: Wire) -> httpx.Response:
    return await wire.post("order/unsplit_order", {"order_sn": await bought(wire)}, shop=HOME)


async def _note(wire: Wire, note: object) -> httpx.Response:
    return await wire.post(NOTE, {"order_sn": await bought(wire), "note": note}, shop=HOME)


def _shipping(name: str, ask: Any, error: str, message: str = "") -> Refusal:
    return Refusal("10", name, ask, error, 200, message)


def _order(name: str, ask: Any, error: str, message: str = "") -> Refusal:
    return Refusal("9.4", name, ask, error, 200, message)


SHIPPING = (
    _shipping("parameter of an arranged parcel", lambda w: _parameter(w, "arrange"), "error_param",
              "Shipping parameters can only be obtained when package is ready to be shipped"),
    _shipping("parameter of a held order", lambda w: _parameter(w, "hold"), "logistics.error_param",
              "The order is being allocated, please wait until the allocate is completed."),
    _shipping("parameter with an empty package number", lambda w: _parameter(w, package_number=""), "error_param"),
    _shipping("parameter of an unknown package", lambda w: _parameter(w, package_number="OFG1"),
              "logistics.package_not_exist"),
    _shipping("parameter of a split order", lambda w: _split_without_naming(w, PARAMETER),
              "logistics.package_number_not_exist", "Please request with package_number for this split order."),
    _shipping("parameter of no order", lambda w: w.get(PARAMETER, shop=HOME), "error_param"),
    _shipping("shipping an unknown order", lambda w: w.post(SHIP, {"order_sn": "X", "dropoff": {}}, shop=HOME),
              "error_not_found"),
    _shipping("shipping in no way", _ship, "error_param"),
    _shipping("shipping in two ways", lambda w: _ship(w, dropoff={}, pickup={}),
              "logistics.ship_order_only_support_one_type"),
    _shipping("shipping twice", _twice, "logistics.package_already_shipped"),
    _shipping("shipping what is under way", lambda w: _ship(w, do="pickup", dropoff={}),
              "logistics.package_already_shipped"),
    _shipping("shipping a cancelled order", lambda w: _ship(w, do="cancel", dropoff={}), "error_status"),
    _shipping("shipping an order somebody wants to cancel", lambda w: _ship(w, do="ask_cancel", dropoff={}),
              "logistics.ship_order_not_ready_to_ship"),
    _shipping("shipping a held order", lambda w: _ship(w, do="hold", dropoff={}), "logistics.error_param"),
    _shipping("pickup where there is none", lambda w: _ship(w, "JNE Reguler", pickup={"address_id": ADDRESS}),
              "logistics.ship_order_unsupport_pickup"),
    _shipping("drop-off where there is none", lambda w: _ship(w, "GoSend Instant", dropoff={}),
              "logistics.ship_order_unsupport_dropoff"),
    _shipping("own number where the platform ships", lambda w: _ship(w, non_integrated={"tracking_number": "X1"}),
              "logistics.ship_order_unsupport_non_integrated"),
    _shipping("pickup without address", lambda w: _ship(w, pickup={}), "logistics.ship_order_need_address_pickup_time"),
    _shipping("pickup without time", lambda w: _ship(w, pickup={"address_id": ADDRESS}),
              "logistics.ship_order_need_address_pickup_time"),
    _shipping("pickup at another's address", lambda w: _ship(w, pickup={"address_id": 1, "pickup_time_id": "1"}),
              "logistics.address_not_found"),
    _shipping("pickup at a made-up time", _at_another_time, "logistics.ship_order_pickup_time_invalid",
              "Invalid pickup time id. Please check the pick up time id."),
    _shipping("drop-off without branch", lambda w: _ship(w, "JNE Reguler", dropoff={}),
              "logistics.ship_order_need_branch_id"),
    _shipping("drop-off at a made-up branch", lambda w: _ship(w, "JNE Reguler", dropoff={"branch_id": 9}),
              "logistics.error_store_not_found"),
    _shipping("own courier without number", lambda w: _ship(w, "Kurir Toko", non_integrated={}),
              "logistics.ship_order_need_tracking_number"),
    _shipping("own courier with a number too long",
              lambda w: _ship(w, "Kurir Toko", non_integrated={"tracking_number": "X" * 31}),
              "logistics.ship_order_long_tracking_number"),
    _shipping("split order without package", lambda w: _split_without_naming(w, SHIP),
              "logistics.ship_order_need_pacakge_number"),
    _shipping("51 packages at once", lambda w: _mass(w, count=51, dropoff={}), "error_param"),
    _shipping("packages in no way", _mass, "error_param"),
    _shipping("only unknown packages",
              lambda w: w.post(MASS, {"package_list": [{"package_number": "OFG1"}], "dropoff": {}}, shop=HOME),
              "logistics.error_param"),
    _shipping("tracking of an unknown order",
              lambda w: w.get("logistics/get_tracking_number", {"order_sn": "X"}, shop=HOME), "logistics.invalid_error",
              "The order is not exist."),
    _shipping("label before shipping", lambda w: _create(w, is_shipped=False), "common.batch_api_all_failed"),
    _shipping("label with a wrong number", lambda w: _create(w, tracking_number="JX1"), "common.batch_api_all_failed"),
    _shipping("label of a made-up form", lambda w: _create(w, shipping_document_type="A3"),
              "common.batch_api_all_failed"),
    _shipping("result of a label never asked for", _result_only, "common.batch_api_all_failed"),
    _shipping("download of a label never asked for", lambda w: _download(w, is_created=False),
              "logistics.shipping_document_should_print_first"),
    _shipping("download in another form", lambda w: _download(w, kind="NORMAL_AIR_WAYBILL"),
              "logistics.shipping_document_should_print_first"),
    _shipping("download of a label that failed", _failed_download, "logistics.package_print_failed"),
    _shipping("download of two couriers", lambda w: _download(w, couriers=("J&T Express", "SPX Standard")),
              "logistics.packages_can_not_download_together"),
)  # fmt: skip


ORDERS = (
    _order("cancelling for a made-up reason", lambda w: _cancel(w, cancel_reason="BORED"), "error_param"),
    _order("cancelling for a far area in Indonesia", lambda w: _cancel(w, cancel_reason="UNDELIVERABLE_AREA"),
           "error_param"),
    _order("cancelling a paid order over COD", lambda w: _cancel(w, cancel_reason="COD_NOT_SUPPORTED"), "error_param"),
    _order("cancelling without naming what is out", lambda w: _cancel(w, cancel_reason="OUT_OF_STOCK"),
           "product.error_param"),
    _order("cancelling too late", lambda w: _cancel(w, "arrange", cancel_reason="CUSTOMER_REQUEST"), "order.error_limit",
           "Can not cancel this order"),
    _order("cancelling the whole in parts", _cancel_all_of_it_in_parts, "error_param"),
    _order("cancelling an unknown order",
           lambda w: w.post(CANCEL, {"order_sn": "X", "cancel_reason": "CUSTOMER_REQUEST"}, shop=HOME),
           "error_not_found"),
    _order("answering where nobody asked", lambda w: _answer(w, "ACCEPT"), "order.cancel_order_invalid_status",
           "Invalid order_status.The order status should be IN_CANCEL."),
    _order("answering with another word", lambda w: _answer(w, "MAYBE"), "error_param"),
    _order("splitting and leaving out", lambda w: _asked_to_split(w, rows=slice(1)),
           "order.order_split_package_missing_item", "Cannot split order with missing items."),
    _order("splitting and doubling", lambda w: _asked_to_split(w, twice=True), "order.order_split_duplicate_item"),
    _order("splitting again", _split_again, "order.order_has_been_split"),
    _order("putting together what was not split", _unsplit, "order.order_cannot_undo_split",
           "Cannot undo split this order."),
    _order("note too long", lambda w: _note(w, "x" * 501), "error_param"),
    _order("note that is no text", lambda w: _note(w, 5), "error_param"),
    _order("101 packages a page", lambda w: w.post(SEARCH, {"pagination": {"page_size": 101}}, shop=HOME),
           "error_param"),
    _order("packages of a made-up status",
           lambda w: w.post(SEARCH, {"filter": {"package_status": 9}, "pagination": {"page_size": 5}}, shop=HOME),
           "error_param"),
    _order("51 package details",
           lambda w: w.get("order/get_package_detail", {"package_number_list": ",".join(["OFG1"] * 51)}, shop=HOME),
           "error_param"),
    _order("unknown package",
           lambda w: w.get("order/get_package_detail", {"package_number_list": "OFG1"}, shop=HOME), "error_not_found"),
    _order("101 shipments a page", lambda w: w.get("order/get_shipment_list", {"page_size": 101}, shop=HOME),
           "error_param", "Wrong parameters, detail: page_size must be 100 or less."),
)  # fmt: skip
