"""Signatures equal the reference's vectors; the page of consent has the parameters of either format."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from adapters.registry import app_defaults
from adapters.shopee.auth import push_signature, signature
from domain.shops import Environment
from tests.unit.adapters.shopee_samples import APP, NOW, PARTNER_KEY, SHOP, StandIn, answer, app, sample

VECTORS = sample("signature_vectors")["vectors"]
CALLS = [vector for vector in VECTORS if "path" in vector]
PUSHES = [vector for vector in VECTORS if "url" in vector]


def test_there_are_eight_vectors() -> None:
    assert len(CALLS) + len(PUSHES) == len(VECTORS) == 8


@pytest.mark.parametrize("vector", CALLS, ids=lambda vector: vector["id"])
def test_call_signature_equals_the_vector(vector: dict[str, Any]) -> None:
    names = ("partner_id", "path", "timestamp", "access_token", "shop_id", "merchant_id")
    parts = [vector[name] for name in names if name in vector]
    assert "".join(map(str, parts)) == vector["base_string"]
    assert signature(vector["key"], *parts) == vector["expected"]


@pytest.mark.parametrize("vector", PUSHES, ids=lambda vector: vector["id"])
def test_push_signature_equals_the_vector(vector: dict[str, Any]) -> None:
    assert push_signature(vector["key"], vector["url"], vector["body"].encode()) == vector["expected"]


def test_key_pasted_with_spaces_signs_the_same() -> None:
    assert signature(f" {PARTNER_KEY}\n", "2001887/api/v2/auth/token/get1760000000") == VECTORS[0]["expected"]


async def test_request_carries_the_vectors_signature() -> None:
    vector = next(vector for vector in CALLS if vector["id"] == "V8")
    shopee = StandIn(
        answer("shop_get_shop_info", "success"), clock=lambda: datetime.fromtimestamp(1760000600, UTC)
    )
    credentials = type(SHOP.credentials)(vector["access_token"], "", NOW)
    access = type(SHOP)(app(key="1", secret=vector["key"]), "1", "ID", "IDR", credentials)
    await shopee.platform.linking.fetch_shop(access)
    assert shopee.requests[0].url.params["sign"] == vector["expected"]


def test_page_of_consent_is_the_current_one() -> None:
    linking = StandIn(answer("auth_token_get", "success_shop_account")).platform.linking
    url = linking.authorize_url(APP, redirect_url="https://bot.example.com/oauth/shopee", state="9f2c&x")
    address, _, query = url.partition("?")
    assert address == "http://shopee.invalid/auth"
    assert parse_qsl(query) == [
        ("partner_id", "2001887"),
        ("auth_type", "seller"),
        ("redirect_uri", "https://bot.example.com/oauth/shopee"),
        ("response_type", "code"),
        ("state", "9f2c&x"),
    ]


@pytest.mark.parametrize("given", ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"])
def test_bare_host_gets_the_path_of_the_page(given: str) -> None:
    linking = StandIn(answer("auth_token_get", "success_shop_account")).platform.linking
    url = linking.authorize_url(app(auth_url=given), redirect_url="https://bot.example.com/", state="s")
    assert url.startswith("http://127.0.0.1:8080/auth?")


def test_legacy_page_is_signed_and_carries_the_state_in_our_address() -> None:
    vector = next(vector for vector in CALLS if vector["id"] == "V2")
    moment = datetime.fromtimestamp(vector["timestamp"], UTC)
    linking = StandIn(answer("auth_token_get", "success_shop_account"), clock=lambda: moment).platform.linking
    legacy = app(auth_url="https://partner.shopeemobile.com/api/v2/shop/auth_partner")
    url = linking.authorize_url(legacy, redirect_url="https://bot.example.com/oauth/shopee", state="9f2c")
    assert urlsplit(url).path == vector["path"]
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "partner_id": "2001887",
        "timestamp": str(vector["timestamp"]),
        "sign": vector["expected"],
        "redirect": "https://bot.example.com/oauth/shopee?state=9f2c",
    }


@pytest.mark.parametrize(
    ("environment", "region", "api_url", "auth_url"),
    [
        ("production", "", "https://partner.shopeemobile.com", "https://open.shopee.com/auth"),
        ("production", "ID", "https://partner.shopeemobile.com", "https://open.shopee.com/auth"),
        ("production", "BR", "https://openplatform.shopee.com.br", "https://open.shopee.com.br/auth"),
        (
            "sandbox",
            "",
            "https://openplatform.sandbox.test-stable.shopee.sg",
            "https://open.sandbox.test-stable.shopee.com/auth",
        ),
    ],
)
def test_new_apps_start_with_the_official_hosts(
    environment: str, region: str, api_url: str, auth_url: str
) -> None:
    found = app_defaults("shopee", Environment(environment), region)
    assert (found.api_url, found.auth_url) == (api_url, auth_url)
    assert (found.budget.per_shop, found.budget.per_app) == (5, 50)
