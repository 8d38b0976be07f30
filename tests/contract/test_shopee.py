"""What only Shopee has: two formats of its page, and times that must fit."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import stamina

from adapters.registry import build_platforms
from domain.clock import utc_now
from domain.errors import PlatformUnavailable
from tests.contract.shopee_case import ShopeeCase, shopee_case


@pytest.fixture
async def shopee() -> AsyncIterator[ShopeeCase]:
    async with shopee_case() as running:
        yield running


async def test_legacy_page_is_accepted_and_its_code_works(shopee: ShopeeCase) -> None:
    legacy = replace(shopee.app, auth_url=f"{shopee.app.api_url}/api/v2/shop/auth_partner")
    page = shopee.platform.linking.authorize_url(
        legacy, redirect_url="http://127.0.0.1:9/oauth?via=bot", state="st-0005"
    )
    query = await shopee.consent(page)
    assert (query["state"], query["via"]) == ("st-0005", "bot")
    granted = await shopee.platform.linking.exchange_code(shopee.app, query)
    assert [each.external_id for each in granted] == [shopee.shop.external_id]


@pytest.mark.parametrize("off", [timedelta(minutes=-47), timedelta(hours=26)])
async def test_wrong_clock_of_ours_is_put_right_by_the_servers(shopee: ShopeeCase, off: timedelta) -> None:
    platform = build_platforms(shopee.transport, lambda: utc_now() + off)["shopee"]
    with stamina.set_testing(True, attempts=2):
        assert (await platform.linking.fetch_shop(shopee.shop)).is_usable
    assert (await platform.linking.fetch_shop(shopee.shop)).is_usable


async def test_refresh_with_a_wrong_clock_spends_nothing(shopee: ShopeeCase) -> None:
    platform = build_platforms(shopee.transport, lambda: utc_now() + timedelta(hours=1))["shopee"]
    token = shopee.shop.credentials.refresh_token
    with pytest.raises(PlatformUnavailable) as caught:
        await platform.linking.refresh(shopee.app, shopee.shop.external_id, token)
    assert type(caught.value) is PlatformUnavailable
    pair = await platform.linking.refresh(shopee.app, shopee.shop.external_id, token)
    assert (
        timedelta(hours=3, minutes=59)
        < pair.expires_at - utc_now() - timedelta(hours=1)
        <= timedelta(hours=4)
    )
