"""Descriptions of items: extended ones are read as their words, and keep their pictures when they change."""

import json
from typing import Any

import pytest

from domain.listing_changes import ListingField
from domain.platform import Outcome
from tests.unit.adapters.shopee_samples import SHOP, StandIn, answer, body, by_path, error, wrapped

PICTURE = {"image_id": "82becb", "image_url": "https://cf.shopee.co.id/file/82becb"}
KEPT = {"field_type": "image", "image_info": {"image_id": "82becb"}}


def item(*blocks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the sample item with an extended description of these blocks."""
    base: dict[str, Any] = body("product_get_item_base_info", "success")["response"]["item_list"][0]
    told = {"extended_description": {"field_list": list(blocks)}}
    extended = {"description": "", "description_type": "extended", "description_info": told}
    return base | extended | {"has_model": False, "price_info": [PRICE]} | changes


PRICE = {"currency": "IDR", "original_price": 45000, "current_price": 45000}


def text(words: str) -> dict[str, Any]:
    return {"field_type": "text", "text": words}


def picture() -> dict[str, Any]:
    return {"field_type": "image", "image_info": PICTURE}


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (item(text("Sol tebal."), picture(), text("Cepat kering.")), "Sol tebal.\nCepat kering."),
        (item(picture()), ""),
        (item(description_info=None), ""),
        (item(text("no"), description_type="normal", description="Biasa"), "Biasa"),
    ],
)
async def test_an_extended_description_is_read_as_its_words(told: dict[str, Any], read: str) -> None:
    shopee = StandIn(by_path(get_item_base_info=wrapped({"item_list": [told]})))
    (found,) = await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139861"])
    assert found.description == read


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        (item(text("a"), picture(), text("b")), [text("Baru"), KEPT]),
        (item(picture(), text("a")), [KEPT, text("Baru")]),
        (item(picture(), picture()), [text("Baru"), KEPT, KEPT]),
        (item(), [text("Baru")]),
    ],
)
async def test_new_words_keep_the_pictures(told: dict[str, Any], fields: list[dict[str, Any]]) -> None:
    shopee = StandIn(
        by_path(
            get_item_base_info=wrapped({"item_list": [told]}),
            update_item=answer("product_update_item", "success"),
        )
    )
    writes: Any = shopee.platform.listing_writes
    pushed = await writes.push_listing(SHOP, "2500139861", ListingField.DESCRIPTION, "Baru")
    assert pushed.outcome is Outcome.OK
    assert json.loads(shopee.requests[-1].content) == {
        "item_id": 2500139861,
        "description_type": "extended",
        "description_info": {"extended_description": {"field_list": fields}},
    }


async def test_an_item_that_is_gone_is_told_by_the_writing() -> None:
    gone = error("product.error_item_not_found")
    shopee = StandIn(by_path(get_item_base_info=gone, update_item=gone))
    writes: Any = shopee.platform.listing_writes
    pushed = await writes.push_listing(SHOP, "2500139861", ListingField.DESCRIPTION, "Baru")
    assert (pushed.outcome, pushed.reason) == (Outcome.REJECTED, "not_found")


@pytest.mark.parametrize(
    ("told", "outcome", "reason"),
    [
        (wrapped({"success_list": {"item_id_list": [2500139861]}}), Outcome.OK, ""),
        (answer("product_boost_item", "partial"), Outcome.REJECTED, "boosted_lately"),
        (answer("product_boost_item", "all_failed"), Outcome.REJECTED, "other"),
        (error("product.error_item_not_found"), Outcome.REJECTED, "not_found"),
    ],
)
async def test_what_a_boost_comes_to(told: Any, outcome: Outcome, reason: str) -> None:
    shopee = StandIn(told)
    writes: Any = shopee.platform.listing_writes
    pushed = await writes.push_listing(SHOP, "2500139861", ListingField.BOOST, "boosted")
    assert (pushed.outcome, pushed.reason) == (outcome, reason)
    assert json.loads(shopee.requests[-1].content) == {"item_id_list": [2500139861]}


async def test_what_is_boosted_is_read_with_what_is_left_of_it() -> None:
    rows = [
        {"item_id": 2500139861, "cool_down_second": 14035},
        {"item_id": 2500139862, "cool_down_second": 0},
        {"item_id": "2500139863", "cool_down_second": None},
    ]
    writes: Any = StandIn(wrapped({"item_list": rows})).platform.listing_writes
    assert {each: left.total_seconds() for each, left in (await writes.boosted(SHOP)).items()} == {
        "2500139861": 14035
    }
    assert await writes.boosted(SHOP)
    nothing: Any = StandIn(wrapped({"item_list": None})).platform.listing_writes
    assert await nothing.boosted(SHOP) == {}
