"""Linking: codes, pairs and shops as the reference's samples have them."""

import json
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.errors import FateUnknown, RequestRejected, TokenRevoked
from domain.platform import GrantedShop, ShopSnapshot
from domain.shops import Credentials
from tests.unit.adapters.shopee_samples import (
    APP,
    NOW,
    SHOP,
    StandIn,
    answer,
    at,
    body,
)


async def test_shop_account_gives_one_shop_with_its_pair() -> None:
    shopee = StandIn(answer("auth_token_get", "success_shop_account"))
    granted = await shopee.platform.linking.exchange_code(APP, {"code": "5a54", "shop_id": "600011"})
    assert granted == [
        GrantedShop(
            "600011",
            Credentials(
                "6b5a46716e474d6f6e59777659459849",
                "4c7259534969484e71734d695a6e6d55",
                NOW + timedelta(hours=4),
                NOW + timedelta(days=30),
            ),
        )
    ]
    sent = json.loads(shopee.requests[0].content)
    assert sent == {"code": "5a54", "shop_id": 600011, "partner_id": 2001887}


def pair_for(request: httpx.Request) -> httpx.Response:
    """Refresh as the platform does: the shop's own pair."""
    shop = json.loads(request.content)["shop_id"]
    return httpx.Response(
        200, json={"access_token": f"a{shop}", "refresh_token": f"r{shop}", "expire_in": 14400}
    )


async def test_main_account_gives_each_shop_its_own_pair() -> None:
    shopee = StandIn(answer("auth_token_get", "success_main_account"), pair_for)
    granted = await shopee.platform.linking.exchange_code(APP, {"code": "5a54", "main_account_id": "19000"})
    assert [(each.external_id, each.credentials.access_token) for each in granted] == [
        ("600011", "a600011"),
        ("600012", "a600012"),
    ]
    sent = [json.loads(request.content) for request in shopee.requests]
    assert sent[0]["main_account_id"] == 19000
    assert [each["refresh_token"] for each in sent[1:]] == ["684d42685667777868597a4477587455"] * 2


async def test_shop_of_a_main_account_that_is_refused_is_left_out() -> None:
    shopee = StandIn(
        answer("auth_token_get", "success_main_account"),
        answer("auth_access_token_get", "error_shop_banned"),
        pair_for,
    )
    granted = await shopee.platform.linking.exchange_code(APP, {"code": "5a54", "main_account_id": "19000"})
    assert [each.external_id for each in granted] == ["600012"]


async def test_main_account_whose_shops_are_all_refused_says_why() -> None:
    shopee = StandIn(
        answer("auth_token_get", "success_main_account"), answer("auth_access_token_get", "error_shop_banned")
    )
    with pytest.raises(RequestRejected) as caught:
        await shopee.platform.linking.exchange_code(APP, {"code": "5a54", "main_account_id": "19000"})
    assert caught.value.code == "shop_restricted"


async def test_main_account_without_shops_is_refused() -> None:
    tokens = body("auth_token_get", "success_main_account") | {"shop_id_list": None}
    shopee = StandIn(httpx.Response(200, json=tokens))
    with pytest.raises(RequestRejected):
        await shopee.platform.linking.exchange_code(APP, {"code": "5a54", "main_account_id": "19000"})


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "5a54"},
        {"shop_id": "600011"},
        {"code": "5a54", "shop_id": "6e5"},
        {"code": "", "shop_id": "1"},
    ],
)
async def test_unusable_query_is_refused_without_a_request(query: dict[str, str]) -> None:
    shopee = StandIn(answer("auth_token_get", "success_shop_account"))
    with pytest.raises(RequestRejected):
        await shopee.platform.linking.exchange_code(APP, query)
    assert shopee.requests == []


@pytest.mark.parametrize(
    "name", ["error_code_spent", "error_code_example_in_reference", "error_shop_mismatch"]
)
async def test_spent_or_foreign_code_is_refused(name: str) -> None:
    with pytest.raises(RequestRejected):
        await StandIn(answer("auth_token_get", name)).platform.linking.exchange_code(
            APP, {"code": "5a54", "shop_id": "600011"}
        )


@pytest.mark.parametrize(
    "name",
    [
        "error_spent_or_wrong_refresh_token",
        "error_pair_mismatch",
        "error_30_days_passed",
        "error_authorisation_lapsed",
        "error_seller_unlinked",
    ],
)
async def test_refresh_token_that_is_spent_foreign_or_ended_is_revoked(name: str) -> None:
    with pytest.raises(TokenRevoked):
        await StandIn(answer("auth_access_token_get", name)).platform.linking.refresh(APP, "600011", "r")


@pytest.mark.parametrize(
    ("expire_in", "expected"),
    [
        (14400, NOW + timedelta(hours=4)),
        ("13859", NOW + timedelta(seconds=13859)),
        (int(NOW.timestamp()) + 14400, NOW + timedelta(hours=4)),
    ],
)
async def test_expiry_may_be_a_duration_or_a_moment(expire_in: Any, expected: datetime) -> None:
    tokens = body("auth_access_token_get", "success_shop") | {"expire_in": expire_in}
    pair = await StandIn(httpx.Response(200, json=tokens)).platform.linking.refresh(APP, "600011", "r")
    assert pair.expires_at == expected


async def test_answer_without_a_pair_leaves_the_fate_open() -> None:
    with pytest.raises(FateUnknown):
        await StandIn(httpx.Response(200, json={"error": "", "expire_in": 14400})).platform.linking.refresh(
            APP, "600011", "r"
        )


async def test_shop_is_read() -> None:
    assert await StandIn(answer("shop_get_shop_info", "success")).platform.linking.fetch_shop(
        SHOP
    ) == ShopSnapshot(
        external_id="600011",
        name="StoreSync Demo",
        region="ID",
        currency="IDR",
        is_usable=True,
        raw_status="NORMAL",
        authorised_until=at(1794535999),
    )


@pytest.mark.parametrize("status", ["BANNED", "FROZEN", "SOMETHING_NEW", None])
async def test_shop_that_is_not_normal_is_not_usable(status: str | None) -> None:
    info = body("shop_get_shop_info", "success") | {"status": status}
    shop = await StandIn(httpx.Response(200, json=info)).platform.linking.fetch_shop(SHOP)
    assert (shop.is_usable, shop.raw_status) == (False, status or "")
