"""Listings as the reference's samples have them: pages, variants, prices, locks, and what is odd."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
import structlog

from domain.catalogue import ListingState, PlacedUnits, Price, Promotion
from domain.errors import UnexpectedResponse
from domain.platform import ListingSnapshot, ListingVariantSnapshot, Page
from tests.unit.adapters.shopee_samples import (
    NOW,
    SHOP,
    StandIn,
    answer,
    at,
    body,
    by_path,
    error,
    rupiah,
    wrapped,
)

PHOTO = "https://cf.shopee.co.id/file/82becb4830bd2ee90ad6acf8a9dc26d7"


async def test_pages_of_listings_end() -> None:
    shopee = StandIn(answer("product_get_item_list", "page_1"), answer("product_get_item_list", "last_page"))
    catalogue = shopee.platform.catalogue
    first = await catalogue.listings_changed(SHOP, None, "")
    assert first == Page(("2500139861", "2500139862"), "2", 3)
    assert await catalogue.listings_changed(SHOP, None, first.next_cursor or "") == Page(
        ("2500139863",), None, 3
    )
    assert [request.url.params["offset"] for request in shopee.requests] == ["0", "2"]


@pytest.mark.parametrize("item", [[], None])
async def test_no_listings_are_an_empty_page(item: Any) -> None:
    shopee = StandIn(wrapped({"item": item, "total_count": 0, "has_next_page": False, "next_offset": 0}))
    assert await shopee.platform.catalogue.listings_changed(SHOP, None, "") == Page((), None, 0)


@pytest.mark.parametrize("next_offset", [0, 2, None])
async def test_page_that_leads_nowhere_new_is_refused(next_offset: int | None) -> None:
    page = wrapped({"item": [{"item_id": 1}], "has_next_page": True, "next_offset": next_offset})
    with pytest.raises(UnexpectedResponse):
        await StandIn(page).platform.catalogue.listings_changed(SHOP, None, "2")


async def test_deleted_listings_are_asked_for_only_with_a_moment() -> None:
    shopee = StandIn(answer("product_get_item_list", "empty"))
    await shopee.platform.catalogue.listings_changed(SHOP, None, "")
    await shopee.platform.catalogue.listings_changed(SHOP, NOW, "")
    whole, changed = (request.url.params for request in shopee.requests)
    assert whole.get_list("item_status") == ["NORMAL", "UNLIST", "REVIEWING", "BANNED"]
    assert set(changed.get_list("item_status")) - set(whole.get_list("item_status")) == {
        "SELLER_DELETE",
        "SHOPEE_DELETE",
    }
    assert "update_time_from" not in whole
    assert changed["update_time_from"] == "1763800000"


def variant(
    external_id: str, name: str, sku: str, price: int, available: int, image: str
) -> ListingVariantSnapshot:
    return ListingVariantSnapshot(
        external_id=external_id,
        name=name,
        sku=sku,
        price=Price(listed=rupiah(price), is_taxed=True, buyer_pays=rupiah(price)),
        available=available,
        reserved=0,
        is_sellable=True,
        image_url=image,
        options=tuple(name.split(", ")),
        places=(PlacedUnits("", available),),
    )


def catalogue_stand_in(**changes: Any) -> StandIn:
    return StandIn(
        by_path(
            **{
                "get_item_base_info": answer("product_get_item_base_info", "success"),
                "get_model_list": answer("product_get_model_list", "success_two_tiers"),
                "get_item_promotion": answer("product_get_item_promotion", "success"),
            }
            | changes
        )
    )


async def test_listings_are_read_with_variants_prices_and_locks() -> None:
    shopee = catalogue_stand_in()
    shirt, bottle = await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139861", "2500139862"])
    white = "https://cf.shopee.co.id/file/92becb4830bd2ee90ad6acf8a9dc26d8"
    assert shirt == ListingSnapshot(
        external_id="2500139861",
        title="Kaos Polos Katun",
        state=ListingState.LISTED,
        raw_state="NORMAL",
        updated_at=at(1763608128),
        image_url=PHOTO,
        tiers=("Warna", "Ukuran"),
        sku="KAOS-01",
        description="Kaos katun 24s",
        weight="0.2",
        category="100017",
        variants=(
            variant("2000458801", "Hitam, M", "KAOS-01-H-M", 65000, 14, PHOTO),
            variant("2000458802", "Hitam, L", "KAOS-01-H-L", 65000, 0, PHOTO),
            variant("2000458803", "Putih, M", "KAOS-01-P-M", 69000, 7, white),
            variant("2000458804", "Putih, L", "KAOS-01-P-L", 69000, 3, white),
        ),
    )
    assert (bottle.external_id, bottle.title) == ("2500139862", "Botol Minum 600ml")
    assert bottle.variants == (
        ListingVariantSnapshot(
            external_id="0",
            name="",
            sku="BTL-600",
            price=Price(rupiah(45000), True, rupiah(39000), locked_until=at(1764300000)),
            available=120,
            reserved=0,
            is_sellable=True,
            promotion=Promotion("Discount Promotions", at(1764300000)),
            places=(PlacedUnits("", 120),),
        ),
    )
    promoted = next(r for r in shopee.requests if r.url.path.endswith("get_item_promotion"))
    assert promoted.url.params["item_id_list"] == "2500139862"


def promotions(*rows: dict[str, Any]) -> httpx.Response:
    return wrapped({"success_list": [{"item_id": 2500139861, "promotion": list(rows)}], "failure_list": None})


async def held_by(*rows: dict[str, Any]) -> list[Promotion | None]:
    return [each.promotion for each in await _promoted(*rows)]


async def locks_of(*rows: dict[str, Any]) -> list[datetime | None]:
    return [each.price.locked_until for each in await _promoted(*rows)]


async def _promoted(*rows: dict[str, Any]) -> Sequence[ListingVariantSnapshot]:
    models = body("product_get_model_list", "success_two_tiers")
    models["response"]["model"][0]["has_promotion"] = True
    shopee = catalogue_stand_in(
        get_model_list=httpx.Response(200, json=models), get_item_promotion=promotions(*rows)
    )
    shirt = (await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139861"]))[0]
    return shirt.variants


async def test_lock_holds_the_promoted_variant_only() -> None:
    row = {"model_id": 2000458803, "end_time": 1764300000, "promotion_staging": "ongoing"}
    assert await locks_of(row) == [None, None, at(1764300000), None]


async def test_promotion_of_the_whole_item_locks_all_and_the_latest_end_counts() -> None:
    whole = {"model_id": 0, "end_time": 1764300000, "promotion_staging": "ongoing"}
    longer = {"model_id": 2000458801, "end_time": 1764400000, "promotion_staging": "ongoing"}
    shorter = {"model_id": 2000458801, "end_time": 1764200000, "promotion_staging": "ongoing"}
    assert await locks_of(longer, whole, shorter) == [at(1764400000), *[at(1764300000)] * 3]


async def test_promotion_to_come_is_named_where_it_keeps_units_back() -> None:
    upcoming = {"model_id": 2000458802, "end_time": 1764300000, "promotion_staging": "upcoming"}
    keeps = upcoming | {
        "promotion_type": "11.11",
        "promotion_stock_info_v2": {"summary_info": {"total_reserved_stock": 4}},
    }
    outside = upcoming | {"model_id": 2000458803, "promotion_stock_info_v2": {"total_reserved_stock": 4}}
    idle = upcoming | {"model_id": 2000458804, "promotion_stock_info_v2": None}
    found = await held_by(keeps, outside, idle)
    assert found == [None, Promotion("11.11", at(1764300000)), Promotion("", at(1764300000)), None]


async def test_units_kept_for_a_promotion_are_worth_asking_whose_they_are() -> None:
    models = body("product_get_model_list", "success_two_tiers")
    models["response"]["model"][1]["stock_info_v2"]["summary_info"]["total_reserved_stock"] = 4
    shopee = catalogue_stand_in(get_model_list=httpx.Response(200, json=models))
    shirt = (await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139861"]))[0]
    assert [each.reserved for each in shirt.variants] == [0, 4, 0, 0]
    assert [r.url.params["item_id_list"] for r in shopee.requests if "promotion" in r.url.path] == [
        "2500139861,2500139862"
    ]


async def test_units_are_told_by_location_and_the_dearest_wholesale_price_with_them() -> None:
    base = body("product_get_item_base_info", "success")
    item = base["response"]["item_list"][1]
    item["stock_info_v2"]["seller_stock"] = [
        {"location_id": "MYZ", "stock": 80},
        {"location_id": "MYJ", "stock": 40},
    ]
    item["wholesales"] = [{"min_count": 5, "unit_price": 41000}, {"min_count": 50, "unit_price": 39500.5}]
    shopee = catalogue_stand_in(get_item_base_info=httpx.Response(200, json=base))
    bottle = (await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139862"]))[-1]
    assert bottle.variants[0].places == (PlacedUnits("MYZ", 80), PlacedUnits("MYJ", 40))
    assert bottle.wholesale == rupiah(41000)


async def test_promotion_to_come_does_not_lock_yet() -> None:
    row = {"model_id": 0, "end_time": 1764300000, "promotion_staging": "upcoming"}
    assert await locks_of(row) == [None] * 4


async def test_untaxed_price_is_told_apart_from_what_the_buyer_pays() -> None:
    base = body("product_get_item_base_info", "success")
    base["response"]["item_list"] = base["response"]["item_list"][1:]
    base["response"]["item_list"][0]["price_info"][0] |= {
        "inflated_price_of_original_price": 49950,
        "inflated_price_of_current_price": "43290.00",
    }
    shopee = catalogue_stand_in(get_item_base_info=httpx.Response(200, json=base))
    price = (await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139862"]))[0].variants[0].price
    assert (price.listed, price.is_taxed, price.buyer_pays) == (rupiah(45000), False, rupiah(43290))


async def test_price_keeps_every_digit() -> None:
    text = json.dumps(body("product_get_item_base_info", "success")).replace(
        ": 45000", ": 12.10000000000000001"
    )
    shopee = catalogue_stand_in(get_item_base_info=httpx.Response(200, text=text))
    bottle = (await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139862"]))[1]
    assert bottle.variants[0].price.listed.amount == Decimal("12.10000000000000001")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("NORMAL", ListingState.LISTED),
        ("UNLIST", ListingState.UNLISTED),
        ("BANNED", ListingState.BANNED),
        ("REVIEWING", ListingState.REVIEWING),
        ("SELLER_DELETE", ListingState.DELETED),
        ("SHOPEE_DELETE", ListingState.DELETED),
        ("ON_HOLIDAY", ListingState.UNKNOWN),
    ],
)
async def test_state_of_a_listing_keeps_its_word(word: str, state: ListingState) -> None:
    base = body("product_get_item_base_info", "success")
    base["response"]["item_list"][1]["item_status"] = word
    shopee = catalogue_stand_in(get_item_base_info=httpx.Response(200, json=base))
    listing = (await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139862"]))[1]
    assert (listing.state, listing.raw_state) == (state, word)


async def test_unreadable_listing_is_left_out_and_logged_without_its_content() -> None:
    base = body("product_get_item_base_info", "success")
    base["response"]["item_list"][0]["update_time"] = "yesterday-5ecret"
    base["response"]["item_list"].append(
        base["response"]["item_list"][1] | {"price_info": [{"original_price": "NaN", "current_price": 1}]}
    )
    shopee = catalogue_stand_in(get_item_base_info=httpx.Response(200, json=base))
    with structlog.testing.capture_logs() as lines:
        found = await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139861", "2500139862"])
    assert [each.external_id for each in found] == ["2500139862"]
    assert [line["event"] for line in lines] == ["platform.row_unreadable"] * 2
    assert "$.update_time" in str(lines)
    assert "5ecret" not in str(lines)


async def test_unknown_listing_spoils_no_other() -> None:
    def items(request: httpx.Request) -> httpx.Response:
        wanted = request.url.params["item_id_list"].split(",")
        if "404" in wanted:
            return answer("product_get_item_base_info", "error_not_found")
        known = body("product_get_item_base_info", "success")["response"]["item_list"]
        return wrapped({"item_list": [item for item in known if str(item["item_id"]) in wanted]})

    shopee = catalogue_stand_in(get_item_base_info=items)
    found = await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139861", "404", "2500139862"])
    assert [each.external_id for each in found] == ["2500139861", "2500139862"]


async def test_listing_that_goes_while_we_read_is_left_out() -> None:
    shopee = catalogue_stand_in(get_model_list=answer("product_get_item_base_info", "error_not_found"))
    found = await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139861", "2500139862"])
    assert [each.external_id for each in found] == ["2500139862"]


async def test_expired_token_in_one_of_many_calls_is_that_error() -> None:
    shopee = catalogue_stand_in(get_model_list=error("invalid_acceess_token", status=403))
    with pytest.raises(Exception, match="invalid_acceess_token") as caught:
        await shopee.platform.catalogue.fetch_listings(SHOP, ["2500139861", "2500139862"])
    assert not isinstance(caught.value, ExceptionGroup)
