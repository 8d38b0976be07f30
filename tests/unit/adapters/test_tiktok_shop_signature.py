"""TikTok Shop's signatures: the published vectors, and that each call is signed over the bytes that leave."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.tiktok_shop import auth, endpoints
from adapters.tiktok_shop.hosts import tokens_url
from tests.unit.adapters.tiktok_shop_samples import APP, CALLS, FILE_OF, StandIn, key_of, sample

VECTORS = sample("signature-vectors")


@pytest.mark.parametrize("vector", VECTORS["request_vectors"], ids=lambda vector: vector["name"])
def test_published_vector(vector: dict[str, Any]) -> None:
    body = b"" if vector["content_type"].startswith("multipart") else vector["body"].encode()
    assert auth.signature(vector["app_secret"], vector["path"], vector["query"], body) == vector["sign"]


@pytest.mark.parametrize("vector", VECTORS["webhook_vectors"], ids=lambda vector: vector["name"])
def test_published_vector_of_a_webhook(vector: dict[str, Any]) -> None:
    made = auth.webhook_signature(vector["app_key"], vector["app_secret"], vector["raw_body"].encode())
    assert made == vector["authorization"]


async def test_requests_are_those_of_the_reference() -> None:
    """Where one of our calls asks the same as a sample, the signature is the sample's to the last digit."""
    same = 0
    for call in CALLS:
        stand_in = StandIn()
        await call(stand_in.platform)
        for request in stand_in.requests:
            if request.url.host != urlsplit(APP.api_url).netloc:
                continue
            told = sample(FILE_OF[key_of(request.method, request.url.path)])["request"]
            asked = dict(request.url.params)
            assert ("shop_cipher" in asked) == ("shop_cipher" in told["query"])
            assert request.headers["content-type"] == "application/json"
            assert request.headers["x-tts-access-token"]
            is_same = (
                request.content.decode() == told.get("body_raw", "") and request.url.path == told["path"]
            )
            if (
                is_same
                and asked.keys() == told["query"].keys()
                and all(asked[name] == told["query"][name] for name in asked if name != "sign")
            ):
                assert asked["sign"] == told["query"]["sign"]
                same += 1
    assert same >= 8


def test_page_names_the_service_and_carries_the_state() -> None:
    page = urlsplit(auth.authorize_url(APP, state="b64state-01"))
    assert f"{page.scheme}://{page.netloc}{page.path}" == "https://services.tiktokshop.com/open/authorize"
    assert parse_qs(page.query) == {"service_id": ["7431458374265161999"], "state": ["b64state-01"]}
    assert page.geturl() == sample("auth-authorize")["authorization_link"]["rest_of_world"]


def test_tokens_are_traded_at_their_own_host_or_at_the_stand_ins() -> None:
    assert tokens_url(APP) == "https://auth.tiktok-shops.com"
    elsewhere = replace(APP, auth_url="http://127.0.0.1:8081/open/authorize")
    assert tokens_url(elsewhere) == "http://127.0.0.1:8081"


def test_a_call_has_the_version_it_is_pinned_to_unless_the_app_has_another() -> None:
    assert endpoints.ORDERS.path(APP, {}) == "/order/202507/orders"
    later = replace(APP, options={"version.get_orders": "202611"})
    assert endpoints.ORDERS.path(later, {}) == "/order/202611/orders"
    assert endpoints.PRODUCT.path(later, {"product_id": "1"}) == "/product/202309/products/1"
    assert endpoints.PINNED["get_orders"] == "202507"
