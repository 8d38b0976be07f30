"""The stand-in for Lazada beside its documents: signatures, the gate, tokens, each sample answer, and its refusals."""

import asyncio
import json
import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest

from simulator.lazada.signature import call_signature, push_signature
from simulator.lazada.simulator import LazadaSimulator
from tests.simulator.lazada.wire import APP_KEY, FIXTURES, HOME, RETURN_TO, Json, Wire, fixture
from tests.stage.waiting import until

PACKING = {"delivery_type": "dropship", "shipping_allocate_type": "TFS"}
OPEN = ("variation", "saleProp", "attributes")
"""What stands below is named by the seller or the category."""


def test_vectors_of_calls_and_of_a_push() -> None:
    for each in fixture("signing_vectors")["api_requests"]:
        made = call_signature(each["app_secret"], each["api_path"], each["params"].items())
        assert made == each["sign"]
    push = fixture("signing_vectors")["push"]
    assert push_signature(push["app_key"], push["app_secret"], push["body"].encode()) == push["authorization"]


def shape(value: Any, path: str = "") -> dict[str, str]:
    """Return the paths of an answer, each with its kind; texts and numbers are one kind, as the documents have it."""
    if isinstance(value, dict):
        if path.endswith(OPEN):
            return {path: "object"}
        inner = [shape(each, f"{path}.{name}") for name, each in value.items()]
        return {path: "object"} | {key: kind for each in inner for key, kind in each.items()}
    if isinstance(value, list):
        return {path: "list"} | {
            key: kind for each in value for key, kind in shape(each, f"{path}[]").items()
        }
    return {} if value is None else {path: "value"}


def differing(told: Json, name: str) -> set[str]:
    """Return where an answer has what its sample has not, or lacks what it has."""
    made, documented = shape(told).items(), shape(fixture(name)).items()
    nulls = {path for path in _paths(fixture(name)) if path not in dict(documented)}
    nulls |= {path for path in _paths(told) if path not in dict(made)}
    return {path for path, _ in made ^ documented if path not in nulls and not path.startswith(".detail")}


def _paths(value: Any, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {path}.union(*(_paths(each, f"{path}.{name}") for name, each in value.items()), set())
    if isinstance(value, list):
        return {path}.union(*(_paths(each, f"{path}[]") for each in value), set())
    return {path}


SPECIAL = {f"special_{each}" for each in ("from_time", "to_time", "from_date", "to_date", "time_format")}
BESIDE = {
    "transactions_response": {
        "seller_sku",
        "lazada_sku",
        "shipping_provider",
        "shipping_speed",
        "shipment_type",
    },
    "products_get_response": SPECIAL,
    "product_item_get_response": SPECIAL,
}
"""Fields that stand only where there is something to tell: of goods with a row of fees, of a sale with a SKU."""


async def test_every_sample_answer_is_produced(linked: Wire) -> None:
    """One shop, asked for everything that the reference has a sample of."""
    number = await linked.buy(2)
    told = await goods(linked) | await parcels(linked, number) | await aftersales(linked, number)
    told["token_refresh_response"] = await linked.ask(
        "/auth/token/refresh", refresh_token=linked.refresh_token
    )
    samples = {path.stem for path in FIXTURES.glob("*_response.json")}
    assert samples - set(told) == {"token_create_response"}  # every one of these tests begins with it
    found = {
        name: sorted(
            path for path in differing(answer, name) if path.rpartition(".")[2] not in BESIDE.get(name, set())
        )
        for name, answer in told.items()
    }
    assert {name: paths for name, paths in found.items() if paths} == {}


async def goods(wire: Wire) -> dict[str, Json]:
    item, sku = await wire.sku()
    price = {"Request": {"Product": {"Skus": {"Sku": [{"ItemId": item, "SkuId": sku, "Price": "50000"}]}}}}
    bad = f"<Request><Product><Skus>{row(item, sku, -1)}{row(item, '1', 5)}</Skus></Product></Request>"
    return {
        "seller_get_response": await wire.ask("/seller/get"),
        "warehouse_get_response": await wire.ask("/rc/warehouse/get"),
        "products_get_response": await wire.ask("/products/get", filter="live", limit="50"),
        "product_item_get_response": await wire.ask("/product/item/get", item_id=item),
        "update_ok_response": await wire.ask("/product/price_quantity/update", method="POST", payload=price),
        "update_partial_error_response": await wire.send(
            "/product/stock/sellable/update", method="POST", payload=bad
        ),
    }


async def parcels(wire: Wire, number: str) -> dict[str, Json]:
    """Take an order from its items to a label that can be fetched."""
    units = [each["order_item_id"] for each in await wire.units(number)]
    rows = {"orders": [{"order_id": int(number), "order_item_ids": units}]}
    pack = {"pack_order_list": [{"order_id": int(number), "order_item_list": units}], **PACKING}
    window = {"update_after": "2026-11-01T00:00:00+07:00", "sort_by": "updated_at", "limit": "5"}
    told = {
        "orders_get_response": await wire.ask("/orders/get", **window),
        "order_get_response": await wire.ask("/order/get", order_id=number),
        "order_items_get_response": await wire.ask("/order/items/get", order_id=number),
        "shipment_providers_response": await wire.ask(
            "/order/shipment/providers/get", getShipmentProvidersReq=rows
        ),
        "cancel_validate_response": await wire.ask(
            "/order/reverse/cancel/validate", order_id=number, order_item_id_list=units
        ),
        "pack_response": await wire.ask("/order/fulfill/pack", method="POST", packReq=pack),
        "pack_item_error_response": await wire.ask("/order/fulfill/pack", method="POST", packReq=pack),
        "orders_items_get_response": await wire.ask("/orders/items/get", order_ids=[int(number)]),
    }
    packages = [{"package_id": (await wire.units(number))[0]["package_id"]}]
    document = {"doc_type": "PDF", "packages": packages, "print_item_list": False}
    told["print_awb_response"] = await wire.ask("/order/package/document/get", getDocumentReq=document)
    told["rts_response"] = await wire.ask(
        "/order/package/rts", method="POST", readyToShipReq={"packages": packages}
    )
    url = httpx.URL(told["print_awb_response"]["result"]["data"]["pdf_url"])
    assert (await wire.http.get(url.path)).content.startswith(b"%PDF")
    return told


async def aftersales(wire: Wire, number: str) -> dict[str, Json]:
    other = await wire.buy()
    units = [each["order_item_id"] for each in await wire.units(other)]
    for step in ("pickup", "deliver", "return"):
        await wire.control(f"orders/{number}/{step}")
    page = {"page_no": "1", "page_size": "10", "request_type_list": ["RETURN", "ONLY_REFUND"]}
    days = {"start_time": "2026-06-01", "end_time": "2026-11-22"}
    return {
        "cancel_create_response": await wire.ask(
            "/order/reverse/cancel/create",
            order_id=other,
            order_item_id_list=units,
            reason_id="10000021",
        ),
        "reverse_orders_response": await wire.ask("/reverse/getreverseordersforseller", **page),
        "transactions_response": await wire.ask("/finance/transaction/details/get", **days),
        "payout_status_response": await wire.ask("/finance/payout/status/get", created_after="2026-11-01"),
    }


def row(item: str, sku: str, units: int) -> str:
    inner = f"<ItemId>{item}</ItemId><SkuId>{sku}</SkuId><SellableQuantity>{units}</SellableQuantity>"
    return f"<Sku>{inner}</Sku>"


async def test_requests_of_the_samples_are_taken(linked: Wire) -> None:
    """The sample's own XML and JSON, about a SKU that there is."""
    item, sku = await linked.sku()
    told = fixture("price_quantity_update_request")
    for text in (told["xml"], json.dumps(told["json_equivalent"])):
        written = text.replace("6718170187", item).replace("12761620980", sku)
        written = written.replace("319.00", "90000").replace("289.00", "80000")
        await linked.ask(told["path"], method=told["method"], payload=written)
    stock = fixture("sellable_update_request")
    written = stock["xml_single_warehouse"].replace("6718170187", item).replace("12761620980", sku)
    await linked.ask(stock["path"], method=stock["method"], payload=written)
    shown = (await linked.ask("/product/item/get", item_id=item))["data"]["skus"]
    held = next(each for each in shown if str(each["SkuId"]) == sku)
    assert (held["quantity"], held["price"]) == (20, 90000)
    multi = stock["xml_multi_warehouse"].replace("6718170187", item).replace("12761620980", sku)
    assert await linked.refused(stock["path"], method="POST", payload=multi) == "4225"


async def test_every_error_of_the_samples_is_produced(linked: Wire) -> None:
    gone, window = fixture("errors"), "2026-11-01T00:00:00+07:00"
    told = {
        "expired_token": await linked.send("/seller/get", access_token="nobody"),
        "bad_signature": await linked.send("/seller/get", secret="another"),
        "missing_param": await linked.send("/seller/get", changes={"sign": None}),
        "bad_refresh_token": await linked.send("/auth/token/refresh", refresh_token="nobody"),
        "bad_code": await linked.send("/auth/token/create", code="nobody"),
        "order_not_found": await linked.send("/order/get", order_id="123"),
        "bad_status": await linked.send("/orders/get", status="boxed", created_after=window),
        "bad_date": await linked.send("/orders/get", created_after="x"),
    }
    await linked.control("faults", kind="rate_limit", path="/rest/seller/get")
    told["rate_limited"] = await linked.send("/seller/get")
    await linked.control("faults", kind="error", path="/rest/seller/get")
    told["timeout"] = await linked.send("/seller/get")
    limited = gone["product_rate_limited"]
    fault = {"kind": "error", "error": limited["code"], "message": limited["message"]}
    await linked.control("faults", path="/rest/products/get", **fault)
    told["product_rate_limited"] = await linked.send("/products/get")
    assert set(told) == set(gone)
    for name, answer in told.items():
        plain = {key: value for key, value in answer.items() if key != "request_id"}
        assert plain == {key: value for key, value in gone[name].items() if key != "request_id"}, name


async def test_gate_refuses_what_the_documents_do_not_have(linked: Wire) -> None:
    window = {"created_after": "2026-11-01T00:00:00+07:00"}
    old = str((linked.now - 7300) * 1000)
    assert await linked.refused("/seller/get", timestamp=old) == "IncompleteSignature"
    assert await linked.refused("/seller/get", app_key="1") == "InvalidAppKey"
    assert await linked.refused("/no/such") == "InvalidApiPath"
    assert await linked.refused("/order/fulfill/pack", packReq={}) == "InvalidApiPath"
    for code, more in {
        "14": {"offset": "5001"},
        "19": {"limit": "101"},
        "74": {"sort_direction": "UP"},
        "75": {"sort_by": "x"},
    }.items():
        assert await linked.refused("/orders/get", **window, **more) == code
    assert await linked.refused("/orders/get") == "MissingParameter"
    assert await linked.refused("/orders/items/get", order_ids=list(range(51))) == "38"
    assert await linked.refused("/orders/items/get", order_ids=["x"]) == "37"
    assert await linked.refused("/orders/items/get", order_ids=[1]) == "39"
    assert await linked.refused("/products/get", limit="51") == "19"
    spans = {"start_time": "2026-01-01", "end_time": "2026-11-22"}
    assert await linked.refused("/finance/transaction/details/get", **spans) == "1000012"
    await linked.control("app", calls_per_second=1)
    assert [await _code(linked) for _ in range(2)] == ["0", "ApiCallLimit"]
    await linked.control("app", calls_per_second=0, allowed_addresses=["10.0.0.1"])
    assert await _code(linked) == "AppWhiteIpLimit"
    await linked.control("app", allowed_addresses=[])
    await linked.control(f"shops/{HOME}", banned=True)
    assert await linked.refused("/products/get") == "SellerNotActive"


async def _code(wire: Wire) -> str:
    return str((await wire.send("/seller/get"))["code"])


async def test_tokens_live_as_the_documents_say(linked: Wire) -> None:
    first = linked.token
    pair = await linked.ask("/auth/token/refresh", refresh_token=linked.refresh_token)
    assert (pair["refresh_token"], pair["expires_in"]) == (linked.refresh_token, 30 * 86_400)
    assert pair["access_token"] != first
    await linked.ask("/seller/get")  # the old one goes on until its end
    await linked.control("clock", advance_s=timedelta(days=29).total_seconds())
    linked.now += 29 * 86_400
    again = await linked.ask("/auth/token/refresh", refresh_token=linked.refresh_token)
    assert again["refresh_expires_in"] == (180 - 29) * 86_400  # it is not moved by a refresh
    await linked.control("tokens/expire", what="access")
    assert await linked.refused("/seller/get") == "IllegalAccessToken"
    await linked.control("tokens/revoke")
    assert (
        await linked.refused("/auth/token/refresh", refresh_token=linked.refresh_token)
        == "IllegalRefreshToken"
    )


async def test_page_of_consent_wants_the_registered_callback(wire: Wire) -> None:
    page = {"response_type": "code", "client_id": APP_KEY, "redirect_uri": RETURN_TO}
    for change, status in (
        ({"client_id": "1"}, 404),
        ({"redirect_uri": "http://x"}, 400),
        ({"uuid": "1"}, 404),
    ):
        assert (await wire.http.get("/oauth/authorize", params=page | change)).status_code == status
    declined = await wire.http.post("/oauth/decision", data={"decision": "decline", "state": "s"})
    assert "code=" not in declined.headers["location"]
    assert (await wire.http.post("/oauth/decision", data={"decision": "consent"})).status_code == 400


async def test_it_says_where_it_is_in_one_line_and_controls_refuse_nonsense(linked: Wire) -> None:
    for path, body, status in (
        ("orders/1/pay", {}, 404),
        ("stock", {"sku": "no such"}, 404),
        ("faults", {"kind": "rain"}, 400),
        ("tokens/expire", {"what": "all"}, 400),
        ("authorise", {"account": "nobody"}, 400),
    ):
        assert (await linked.http.post(f"/control/{path}", json=body)).status_code == status
    command = [sys.executable, "-m", "simulator.lazada", "--port", "0", "--orders", "20"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        assert ready["kind"] == "lazada"
        assert HOME in ready["shop_ids"]
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.get(f"{ready['control_url']}/world")).status_code == 200
            assert (await http.get(ready["buyer_url"])).status_code in {200, 302, 307}
    finally:
        process.terminate()
        await process.wait()


def test_same_seed_same_world() -> None:
    first, second = (LazadaSimulator(seed=3, orders=20).world for _ in range(2))
    for shop_id, shop in first.shops.items():
        assert list(second.shops[shop_id].orders) == list(shop.orders)


@pytest.mark.parametrize(("timeout_s", "times"), [(60.0, 1), (0.2, 13)])
async def test_push_must_be_answered_within_half_a_second(linked: Wire, timeout_s: float, times: int) -> None:
    """A slow answer is none: the push comes again, twelve times at most, thirty minutes apart."""
    assert (await linked.control("pushes/pace", retry_scale=0))["timeout_s"] == 0.5
    await linked.control("pushes/pace", timeout_s=timeout_s)  # a busy machine answers when it can
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            size = int(
                next(line for line in head.split("\r\n") if line.startswith("content-length")).split(":")[1]
            )
            body = await reader.readexactly(size)
        except asyncio.IncompleteReadError:  # given up before it was said
            writer.close()
            return
        carried = next(line for line in head.split("\r\n") if line.startswith("authorization")).split(": ")[1]
        assert carried == push_signature(APP_KEY, "storesync-simulated-app-secret-0001", body)
        await heard.put(body)
        if times > 1:
            await reader.read()  # until whoever pushes hangs up
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await linked.control("push_url", url=f"http://127.0.0.1:{port}/hooks")
        number = await linked.buy(pay=False)
        first = json.loads(await asyncio.wait_for(heard.get(), 20))
        sample = fixture("push_messages")["trade_order"]
        assert shape(first) == shape(sample)
        assert (first["data"]["trade_order_id"], first["data"]["order_status"]) == (number, "unpaid")

        async def is_over() -> bool | None:
            left = (await linked.http.get("/control/pushes")).json()["open"]
            return None if left else True

        await until(is_over, "the end of all pushes")
        tries = (await linked.http.get("/control/pushes")).json()["pushes"]
        assert [each["attempt"] for each in tries] == list(range(1, times + 1))
        while not heard.empty():
            assert json.loads(heard.get_nowait()) == first
