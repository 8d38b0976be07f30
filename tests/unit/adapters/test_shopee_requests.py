"""Every request of the adapter has the fields, types and limits of the reference."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from domain.money import Money
from domain.platform import PricePush
from tests.unit.adapters.shopee_calls import CALLS, answers
from tests.unit.adapters.shopee_reference import CATALOG, violations
from tests.unit.adapters.shopee_samples import (
    APP,
    NOW,
    REFRESH_TOKEN,
    SHOP,
    StandIn,
    by_path,
    wrapped,
)

ADAPTER = Path(__file__).parents[3] / "adapters" / "shopee"


async def every_request() -> list[httpx.Request]:
    """Make each call the adapter has, with the longest lists and windows its facts allow."""
    shopee = StandIn(by_path(**answers()))
    for call in CALLS:
        await call(shopee.platform)
    return shopee.requests


def paths_of_the_adapter() -> set[str]:
    """Read from the adapter's text which calls it knows; the probe's own are held to the reference in its contract."""
    told = "".join(path.read_text("utf-8") for path in ADAPTER.glob("*.py") if path.name != "probe.py")
    return {f"/api/v2{path}" for path in re.findall(r'"(/[a-z_]+/[a-z_/]+)"', told)} & set(CATALOG)


async def test_every_request_is_as_the_reference_says() -> None:
    requests = await every_request()
    assert {request.url.path for request in requests} == paths_of_the_adapter()
    assert [(request.url.path, wrong) for request in requests for wrong in violations(request)] == []


async def test_prices_are_numbers_without_needless_digits() -> None:
    pushed = [json.loads(r.content) for r in await every_request() if r.url.path.endswith("update_price")]
    assert [len(body["price_list"]) for body in pushed] == [50, 50, 20, 1]
    assert pushed[3] == {"item_id": 2500139862, "price_list": [{"model_id": 0, "original_price": 66000}]}
    assert b'"original_price":66000}' in next(
        r.content for r in await every_request() if r.url.path.endswith("update_price")
    )


async def test_a_price_with_cents_keeps_them_exactly() -> None:
    shopee = StandIn(wrapped({}))
    await shopee.platform.catalogue.push_prices(SHOP, [PricePush("1", "2", Money(Decimal("12.1000"), "MYR"))])
    assert b'"original_price":12.1}' in shopee.requests[0].content


async def test_time_of_the_signature_is_now() -> None:
    assert {request.url.params["timestamp"] for request in await every_request()} == {"1763800000"}
    assert datetime.fromtimestamp(1763800000, UTC) == NOW


async def test_no_secret_but_the_token_leaves() -> None:
    for request in await every_request():
        assert APP.secret not in str(request.url)
        assert APP.secret.encode() not in request.content
        assert REFRESH_TOKEN not in str(request.url)


def _list(**changes: str) -> httpx.Request:
    fields = {
        "partner_id": "2001887",
        "timestamp": "1760000200",
        "access_token": "6b5a46716e474d6f6e59777659459849",
        "shop_id": "600011",
        "sign": "9ffa1cbcc9dc05fb205706c4186d78dea9c1c94811062a7320cee340b51982e2",
        "time_range_field": "update_time",
        "time_from": "1760000000",
        "time_to": "1760000200",
        "page_size": "100",
    } | changes
    return httpx.Request(
        "GET",
        "http://shopee.invalid/api/v2/order/get_order_list",
        params={name: value for name, value in fields.items() if value != "-"},
    )


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"sign": "0" * 64}, ["wrong sign"]),
        ({"time_from": "-"}, ["time_from is required"]),
        ({"page_size": "101"}, ["page_size out of range"]),
        ({"page_size": "many"}, ["page_size is no int32"]),
        ({"time_to": "1761296001"}, ["window of 1296001 s"]),
        ({"time_range_field": "pay_time"}, ["time_range_field: {'pay_time'}"]),
        ({"cursor": ""}, ["cursor is no string"]),
        ({"colour": "red"}, ["unknown field colour"]),
    ],
)
def test_the_check_itself_finds_what_is_wrong_in_a_query(changes: dict[str, str], wrong: list[str]) -> None:
    assert violations(_list(**changes)) == wrong


def _update(body: object, **headers: str) -> httpx.Request:
    fields = {
        "partner_id": "2001887",
        "timestamp": "1760000200",
        "access_token": "6b5a46716e474d6f6e59777659459849",
        "shop_id": "600011",
        "sign": "8b3dd0f0c51bd6fd4c6f25e9a4cb6e0a1f5cd1c54a8dbd9a8d1f8d8b2fbbbf77",
    }
    url = "http://shopee.invalid/api/v2/product/update_price"
    return httpx.Request("POST", url, params=fields, json=body, headers=headers)


@pytest.mark.parametrize(
    ("price_list", "wrong"),
    [
        ([{"model_id": 1, "original_price": "66000"}], "original_price is no float"),
        ([{"model_id": "1", "original_price": 66000}], "model_id is no int64"),
        ([{"model_id": 1}], "original_price is required"),
        ([{"model_id": 1, "original_price": 1, "stock": 2}], "unknown field stock"),
        ({"model_id": 1}, "price_list is no object[]"),
    ],
)
def test_the_check_itself_finds_what_is_wrong_in_a_body(price_list: object, wrong: str) -> None:
    assert violations(_update({"item_id": 1, "price_list": price_list})) == ["wrong sign", wrong]
