"""Reading items in every documented form, and the numbers prices and stock show."""

import pytest

from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import HOME, SISTER, Json, Wire

EVERY_STATUS = ["NORMAL", "UNLIST", "BANNED", "REVIEWING", "SELLER_DELETE"]


async def _all_items(wire: Wire, **params: object) -> list[Json]:
    rows: list[Json] = []
    offset = 0
    while True:
        query: Json = {"offset": offset, "page_size": 50, "item_status": "NORMAL", **params}
        page = (await wire.shop_get("product/get_item_list", query))["response"]
        rows += page["item"]
        if not page["has_next_page"]:
            assert page["total_count"] == len(rows)
            return rows
        offset = page["next_offset"]


async def test_pages_hold_each_item_on_sale_once(linked: Wire) -> None:
    ids = [row["item_id"] for row in await _all_items(linked)]
    truth = {item["item_id"] for item in (await linked.world())["items"] if item["status"] == "NORMAL"}
    assert len(ids) == len(set(ids))
    assert set(ids) == truth


@pytest.mark.parametrize(
    "form",
    [EVERY_STATUS, ",".join(EVERY_STATUS), "[" + ",".join(f'"{word}"' for word in EVERY_STATUS) + "]"],
    ids=["repeated", "comma", "brackets"],
)
async def test_statuses_are_read_in_each_form(linked: Wire, form: object) -> None:
    rows = await _all_items(linked, item_status=form)
    assert {row["item_status"] for row in rows} == set(EVERY_STATUS)


async def test_item_ids_are_read_in_each_form(linked: Wire) -> None:
    ids = [row["item_id"] for row in (await _all_items(linked))[:3]]
    text = ",".join(map(str, ids))
    forms: list[Json] = [
        {"item_id_list": text},
        {"item_id_list": f"[{text}]"},
        {"item_id_list": ids},
        {"item_id_list[]": ids},
    ]
    for form in forms:
        answer = await linked.shop_get("product/get_item_base_info", form)
        assert [item["item_id"] for item in answer["response"]["item_list"]] == ids


async def test_change_window_finds_an_edited_item(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await linked.move_clock(60)
    await linked.control("stock", {"item_id": shelf.item, "model_id": shelf.first, "stock": 3})
    rows = await _all_items(linked, update_time_from=linked.now - 5, update_time_to=linked.now)
    assert [row["item_id"] for row in rows] == [shelf.item]


async def test_unknown_ids_are_left_out_with_a_warning(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    answer = await linked.shop_get("product/get_item_base_info", {"item_id_list": f"{shelf.single},5"})
    assert [item["item_id"] for item in answer["response"]["item_list"]] == [shelf.single]
    assert "5" in answer["warning"]


async def test_item_with_models_has_no_price_of_its_own(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    answer = await linked.shop_get("product/get_item_base_info", {"item_id_list": [shelf.item, shelf.single]})
    many, lone = answer["response"]["item_list"]
    assert many["has_model"] is True
    assert "price_info" not in many
    assert "stock_info_v2" not in many
    assert lone["has_model"] is False
    assert lone["price_info"][0]["original_price"] == int(shelf.single_model["price"])


async def test_model_names_follow_from_tier_indexes(linked: Wire) -> None:
    two_tiers = next(item for item in (await linked.world())["items"] if "," in item["models"][0]["name"])
    answer = (await linked.shop_get("product/get_model_list", {"item_id": two_tiers["item_id"]}))["response"]
    tiers = [[option["option"] for option in tier["option_list"]] for tier in answer["tier_variation"]]
    names = {
        model["model_id"]: ",".join(tier[pick] for tier, pick in zip(tiers, model["tier_index"], strict=True))
        for model in answer["model"]
    }
    assert names == {model["model_id"]: model["name"] for model in two_tiers["models"]}


async def test_campaign_sets_the_buyers_price_and_reserves_units(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    stock = shelf.single_model["stock"][""]
    models = [{"item_id": shelf.single, "price": 7000, "reserved": 4}]
    promotion = await linked.control("campaign", {"models": models, "lasts_s": 600, "name": "Flash Sale"})
    answer = await linked.shop_get("product/get_item_base_info", {"item_id_list": shelf.single})
    item = answer["response"]["item_list"][0]
    assert item["price_info"][0]["current_price"] == 7000
    assert item["price_info"][0]["original_price"] == int(shelf.single_model["price"])
    assert item["stock_info_v2"]["summary_info"] == {
        "total_reserved_stock": 4,
        "total_available_stock": stock - 4,
    }
    query: Json = {"item_id_list": shelf.single}
    shown = (await linked.shop_get("product/get_item_promotion", query))["response"]["success_list"][0][
        "promotion"
    ][0]
    assert shown["promotion_id"] == promotion["promotion_id"]
    assert (shown["promotion_staging"], shown["end_time"]) == ("ongoing", linked.now + 600)
    await linked.move_clock(600)
    answer = await linked.shop_get("product/get_item_base_info", query)
    assert answer["response"]["item_list"][0]["has_promotion"] is False


async def test_promotions_of_unknown_items_are_listed_as_failures(linked: Wire) -> None:
    answer = await linked.shop_get("product/get_item_promotion", {"item_id_list": 5})
    assert answer["response"]["success_list"] == []
    assert answer["response"]["failure_list"][0]["item_id"] == 5


async def test_ringgit_prices_have_two_decimals(linked: Wire) -> None:
    await linked.link(SISTER)
    shelf = await look_at_shelf(linked, SISTER)
    answer = await linked.shop_get("product/get_model_list", {"item_id": shelf.item}, shop=SISTER)
    price = answer["response"]["model"][0]["price_info"][0]
    assert price["currency"] == "MYR"
    assert f"{price['original_price']:.2f}" == shelf.models[0]["price"]
    assert not float(price["original_price"]).is_integer()


async def test_photos_are_drawn_as_png_and_svg(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    answer = await linked.shop_get("product/get_model_list", {"item_id": shelf.item})
    url = answer["response"]["tier_variation"][0]["option_list"][0]["image"]["image_url"]
    png = await linked.http.get(url)
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG\r\n\x1a\n")
    small = await linked.http.get(url + "_tn")
    assert len(small.content) < len(png.content)
    svg = await linked.http.get(url + ".svg")
    assert svg.text.startswith("<svg")
    assert (await linked.http.get("/file/nothing")).status_code == 404


async def test_profile_names_the_shop(linked: Wire) -> None:
    profile = (await linked.shop_get("shop/get_profile"))["response"]
    assert profile["shop_name"] == "Rumah Kita"
    assert (await linked.http.get(profile["shop_logo"])).headers["content-type"] == "image/png"
    info = await linked.shop_get("shop/get_shop_info", shop=HOME)
    assert (info["shop_name"], info["region"], info["status"]) == ("Rumah Kita", "ID", "NORMAL")
