"""What only Shopee has: two formats of its page, times that must fit, warehouses, and its rules for prices."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import stamina

from adapters.registry import build_platforms
from domain.catalogue import ListingState
from domain.clock import utc_now
from domain.errors import PlatformUnavailable
from domain.money import Money
from domain.platform import ListingVariantSnapshot, Outcome, PricePush, StockPush
from domain.price_rules import find_breach
from domain.shops import ShopAccess
from tests.contract.shopee_case import ShopeeCase, shopee_case

SISTER = "600012"


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


async def _sister(shopee: ShopeeCase) -> ShopAccess:
    """Link the shop with two warehouses, by the main account that covers it."""
    page = shopee.platform.linking.authorize_url(
        shopee.app, redirect_url="http://127.0.0.1:9/oauth", state="st-0006"
    )
    query = await shopee.consent(page, many_shops=True)
    granted = await shopee.platform.linking.exchange_code(shopee.app, query)
    found = next(each for each in granted if each.external_id == SISTER)
    return ShopAccess(shopee.app, SISTER, "MY", "MYR", found.credentials)


async def _one(shopee: ShopeeCase, shop: ShopAccess) -> tuple[str, ListingVariantSnapshot]:
    page = await shopee.platform.catalogue.listings_changed(shop, None, "")
    for listing in await shopee.platform.catalogue.fetch_listings(shop, page.ids[:10]):
        for each in listing.variants:
            if listing.state is ListingState.LISTED and not each.reserved and each.available > 5:
                return listing.external_id, each
    raise AssertionError("nothing is sold there")


async def test_stock_of_two_warehouses_is_read_and_set_by_location(shopee: ShopeeCase) -> None:
    shop = await _sister(shopee)
    listing, variant = await _one(shopee, shop)
    before = {each.location: each.units for each in variant.places}
    assert set(before) == {"MYZ", "MYJ"}
    assert sum(before.values()) == variant.available
    for more in (4, -3):
        units = variant.available + more
        push = StockPush(listing, variant.external_id, units, variant.available)
        (result,) = await shopee.platform.catalogue.push_stock(shop, [push])
        assert (result.outcome, result.reason) == (Outcome.OK, "")
        (again,) = await shopee.platform.catalogue.fetch_listings(shop, [listing])
        variant = next(each for each in again.variants if each.external_id == variant.external_id)
        after = {each.location: each.units for each in variant.places}
        assert (set(after), sum(after.values()), variant.available) == ({"MYZ", "MYJ"}, units, units)
    names = await shopee.platform.catalogue.locations(shop)
    assert names.keys() == {"MYZ", "MYJ"}
    assert all(names.values())
    fuller, other = sorted(after, key=lambda each: after[each], reverse=True)
    for place, more in ((other, 7), (other, -2), (fuller, 1)):
        push = StockPush(listing, variant.external_id, variant.available + more, variant.available, place)
        await shopee.platform.catalogue.push_stock(shop, [push])
        (again,) = await shopee.platform.catalogue.fetch_listings(shop, [listing])
        variant = next(each for each in again.variants if each.external_id == variant.external_id)
        after[place] += more
        assert {each.location: each.units for each in variant.places} == after


async def test_our_rules_for_prices_are_the_platforms(shopee: ShopeeCase) -> None:
    """What we refuse by a rule it refuses too, and what we let through at the edge of it is taken."""
    shop = await _sister(shopee)
    rules = shopee.platform.info.price_rules["MY"]
    assert (rules.ratio_cap, rules.digits) == (7, 2)
    page = await shopee.platform.catalogue.listings_changed(shop, None, "")
    listings = await shopee.platform.catalogue.fetch_listings(shop, page.ids)
    listing = next(each for each in listings if len(each.variants) > 1 and not each.wholesale)
    first, *others = listing.variants
    cheapest = min(each.price.listed.amount for each in others)
    wanted = {
        cheapest * 7: "",
        cheapest * 7 + Decimal("0.01"): "ratio_cap",
        Decimal("9.999"): "price_decimals",
    }
    for amount, reason in wanted.items():
        price = Money(amount, "MYR")
        breach = find_breach(price, [each.price.listed for each in others], None, rules)
        pushed = [PricePush(listing.external_id, first.external_id, price)]
        (result,) = await shopee.platform.catalogue.push_prices(shop, pushed)
        assert (result.reason, breach is not None) == (reason, bool(reason))
