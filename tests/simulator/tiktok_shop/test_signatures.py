"""The published signature vectors, and the signature of every request in the reference."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from simulator.tiktok_shop.signature import call_signature, webhook_signature
from tests.simulator.tiktok_shop.wire import FIXTURES, SECRET, Wire, fixture

VECTORS = fixture("signature-vectors")
REQUESTS = [
    path.stem
    for path in sorted(FIXTURES.glob("*.json"))
    if "sign" in (fixture(path.stem).get("request") or {}).get("query", {})
]
WEBHOOKS = [path.stem for path in sorted(FIXTURES.glob("webhook-*.json"))]
REFERENCE_SECRET = "7f3c1d9ab2e84c5f9d60e1a2b3c4d5e6f7081920"


@pytest.mark.parametrize("vector", VECTORS["request_vectors"], ids=lambda vector: vector["name"])
def test_vector_of_a_call(vector: dict[str, Any]) -> None:
    made = call_signature(
        vector["app_secret"],
        vector["path"],
        vector["query"].items(),
        vector["body"].encode(),
        vector["content_type"],
    )
    assert made == vector["sign"]


@pytest.mark.parametrize("vector", VECTORS["webhook_vectors"], ids=lambda vector: vector["name"])
def test_vector_of_a_webhook(vector: dict[str, Any]) -> None:
    made = webhook_signature(vector["app_key"], vector["app_secret"], vector["raw_body"].encode())
    assert made == vector["authorization"]


@pytest.mark.parametrize("name", REQUESTS)
def test_request_of_the_reference_is_signed_so(name: str) -> None:
    request = fixture(name)["request"]
    url = urlsplit(request["url"])
    made = call_signature(
        REFERENCE_SECRET,
        url.path,
        parse_qsl(url.query),
        request.get("body_raw", "").encode(),
        request["headers"]["content-type"],
    )
    assert made == request["query"]["sign"]


@pytest.mark.parametrize("name", WEBHOOKS)
def test_webhook_of_the_reference_is_signed_so(name: str) -> None:
    told = fixture(name)
    keys = told["signature_inputs"]
    made = webhook_signature(keys["app_key"], keys["app_secret"], told["request"]["body_raw"].encode())
    assert made == told["request"]["headers"]["Authorization"]


async def test_body_is_signed_as_it_is_sent(linked: Wire) -> None:
    """The same JSON written otherwise is another text, and both are fine with their own signature."""
    path = "/order/202309/orders/search"
    for body in ('{"order_status":"UNPAID"}', '{ "order_status" : "UNPAID" }', "{}"):
        answer = await linked.send("POST", path, body, page_size=1)
        assert answer.json()["code"] == 0
    signed = await linked.send("POST", path, "{}", page_size=1)
    tampered = await linked.http.post(
        str(signed.request.url),
        content=b'{"a":1}',
        headers=dict(signed.request.headers) | {"content-length": "7"},
    )
    assert (tampered.status_code, tampered.json()["code"]) == (401, 106001)


async def test_upper_case_is_no_signature(linked: Wire) -> None:
    path = "/order/202309/orders/search"
    good = await linked.send("POST", path, {}, page_size=1)
    sign = dict(good.request.url.params)["sign"]
    assert await linked.refused("POST", path, {}, page_size=1, changes={"sign": sign.upper()}) == 106001
    assert await linked.refused("POST", path, {}, page_size=1, secret=SECRET + "x") == 106001
    assert await linked.refused("POST", path, {}, page_size=1, changes={"page_size": "2"}) == 106001


async def test_list_in_the_query_is_taken_in_both_forms(linked: Wire) -> None:
    first, second = [each["order_sn"] for each in (await linked.world())["orders"][:2]]
    joined = await linked.ask("GET", "/order/202507/orders", ids=f"{first},{second}")
    assert [each["id"] for each in joined["orders"]] == [first, second]
