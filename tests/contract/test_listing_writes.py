"""Editing listings at Shopee, over HTTP: what is set is read back, what is refused is told by its reason."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from adapters.registry import build_platforms
from domain.catalogue import ListingState
from domain.clock import utc_now
from domain.listing_changes import BOOSTED, LISTED, UNLISTED, ListingField
from domain.platform import Can, ListingSnapshot, Outcome, PushResult
from tests.contract.case import TrueVariant
from tests.contract.shopee_case import ShopeeCase, shopee_case

TITLE = ListingField.TITLE


@pytest.fixture
async def shopee() -> AsyncIterator[ShopeeCase]:
    async with shopee_case() as running:
        yield running


async def push(shopee: ShopeeCase, listing: str, field: ListingField, value: str) -> PushResult:
    assert shopee.platform.listing_writes
    return await shopee.platform.listing_writes.push_listing(shopee.shop, listing, field, value)


async def seen(shopee: ShopeeCase, listing: str) -> ListingSnapshot:
    (found,) = await shopee.platform.catalogue.fetch_listings(shopee.shop, [listing])
    return found


async def one(shopee: ShopeeCase, wanted: Callable[[TrueVariant], bool]) -> str:
    return next(each.listing for each in await shopee.variants() if wanted(each))


async def test_what_is_set_is_read_back(shopee: ShopeeCase) -> None:
    assert Can.EDIT_LISTINGS in shopee.platform.info.can
    listing = await one(shopee, lambda each: each.is_listed and not each.is_locked)
    values = {
        TITLE: "Lampu LED hemat energi",
        ListingField.DESCRIPTION: "Hemat energi.\nTahan lama.",
        ListingField.SKU: "LMP-9",
        ListingField.WEIGHT: "0.25",
    }
    for field, value in values.items():
        assert await push(shopee, listing, field, value) == PushResult(listing, "", Outcome.OK)
    found = await seen(shopee, listing)
    assert (found.title, found.description, found.sku, found.weight) == tuple(values.values())


async def test_a_listing_is_hidden_and_shown(shopee: ShopeeCase) -> None:
    listing = await one(shopee, lambda each: each.is_listed and not each.is_locked)
    for value, state in ((UNLISTED, ListingState.UNLISTED), (LISTED, ListingState.LISTED)):
        assert (await push(shopee, listing, ListingField.SHOWN, value)).outcome is Outcome.OK
        assert (await seen(shopee, listing)).state is state


async def test_a_promoted_listing_stays_shown(shopee: ShopeeCase) -> None:
    listing = await one(shopee, lambda each: each.is_locked and each.is_listed)
    refused = await push(shopee, listing, ListingField.SHOWN, UNLISTED)
    assert (refused.outcome, refused.reason) == (Outcome.REJECTED, "in_promotion")


@pytest.mark.parametrize(
    ("listing", "value", "reason"),
    [("1", "Lampu", "not_found"), ("", "x" * 300, "not_taken")],
)
async def test_refusals_have_reasons(shopee: ShopeeCase, listing: str, value: str, reason: str) -> None:
    there = listing or await one(shopee, lambda each: each.is_listed)
    refused = await push(shopee, there, TITLE, value)
    assert (refused.outcome, refused.reason) == (Outcome.REJECTED, reason)


async def test_an_extended_description_is_edited_and_keeps_being_one(shopee: ShopeeCase) -> None:
    listing = await shopee.listing_titled("Sandal Rumah")
    assert (await seen(shopee, listing)).description == "Sol tebal 4 cm, ringan, cepat kering."
    pushed = await push(shopee, listing, ListingField.DESCRIPTION, "Sol tebal 5 cm.")
    assert pushed.outcome is Outcome.OK
    assert (await seen(shopee, listing)).description == "Sol tebal 5 cm."
    assert await shopee.is_illustrated(listing)


async def test_a_listing_is_boosted_until_its_time_is_over(shopee: ShopeeCase) -> None:
    assert Can.BOOST_LISTINGS in shopee.platform.info.can
    assert shopee.platform.listing_writes
    listing = await one(shopee, lambda each: each.is_listed)
    assert (await push(shopee, listing, ListingField.BOOST, BOOSTED)).outcome is Outcome.OK
    (left,) = (await shopee.platform.listing_writes.boosted(shopee.shop)).items()
    assert left[0] == listing
    assert 3 * 3600 < left[1].total_seconds() <= 4 * 3600
    again = await push(shopee, listing, ListingField.BOOST, BOOSTED)
    assert (again.outcome, again.reason) == (Outcome.REJECTED, "boosted_lately")


async def test_no_more_listings_are_boosted_than_there_are_places_for(shopee: ShopeeCase) -> None:
    on_sale = list(dict.fromkeys(each.listing for each in await shopee.variants() if each.is_listed))
    places = shopee.platform.info.boosts_at_once
    for listing in on_sale[:places]:
        assert (await push(shopee, listing, ListingField.BOOST, BOOSTED)).outcome is Outcome.OK
    assert (await push(shopee, on_sale[places], ListingField.BOOST, BOOSTED)).outcome is Outcome.REJECTED


async def test_a_lost_answer_leaves_the_fate_open(shopee: ShopeeCase) -> None:
    class Losing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await shopee.transport.handle_async_request(request)
            raise httpx.ReadTimeout("lost")

    writes: Any = build_platforms(Losing(), utc_now)["shopee"].listing_writes
    listing = await one(shopee, lambda each: each.is_listed and not each.is_locked)
    assert (await writes.push_listing(shopee.shop, listing, TITLE, "Lampu")).outcome is Outcome.UNKNOWN
    assert (await seen(shopee, listing)).title == "Lampu"
