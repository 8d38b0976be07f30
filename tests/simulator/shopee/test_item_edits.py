"""Taking items off sale and back, and editing what they say: as the reference's samples, and what is refused."""

from typing import Any

import pytest

from tests.simulator.shopee.fields import lacking
from tests.simulator.shopee.shelf import item_with_status, look_at_shelf
from tests.simulator.shopee.wire import Json, Wire, fixture

UNLIST, UPDATE = "product/unlist_item", "product/update_item"


def sample(name: str, response: str) -> Json:
    body: Json = next(each["body"] for each in fixture(name)["responses"] if each["name"] == response)
    return body


async def item(wire: Wire, item_id: int) -> Json:
    answer = await wire.shop_get("product/get_item_base_info", {"item_id_list": item_id})
    shown: Json = answer["response"]["item_list"][0]
    return shown


async def test_items_go_off_sale_and_come_back(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    before = (await item(linked, shelf.item))["update_time"]
    await linked.move_clock(60)
    for unlist, status in ((True, "UNLIST"), (False, "NORMAL")):
        rows = [{"item_id": shelf.item, "unlist": unlist}]
        answer = await linked.shop_post(UNLIST, {"item_list": rows})
        assert answer["response"] == {"failure_list": [], "success_list": rows}
        shown = await item(linked, shelf.item)
        assert shown["item_status"] == status
        assert shown["update_time"] > before


async def test_a_promotion_keeps_its_item_on_sale(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    models = [{"item_id": shelf.item, "model_id": shelf.first}]
    await linked.control("campaign", {"models": models})
    rows = [{"item_id": each, "unlist": True} for each in (shelf.single, shelf.item)]
    answer = await linked.shop_post(UNLIST, {"item_list": rows})
    assert lacking(sample("product_unlist_item", "partial"), answer) == []
    assert [row["item_id"] for row in answer["response"]["failure_list"]] == [shelf.item]
    refused = (await linked.post(UNLIST, {"item_list": rows[1:]}, shop=600011)).json()
    assert refused["error"] == "error_unlist_item_all_failed"
    assert "promotion" in refused["response"]["failure_list"][0]["failed_reason"]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("item_name", "Kaos Polos Katun 24s", "Kaos Polos Katun 24s"),
        ("description", "Kaos katun 24s, jahitan rantai", "Kaos katun 24s, jahitan rantai"),
        ("item_sku", "KAOS-01", "KAOS-01"),
        ("item_sku", "", ""),
        ("weight", 0.35, "0.35"),
    ],
)
async def test_what_is_named_changes_and_nothing_else(
    linked: Wire, name: str, value: Any, shown: str
) -> None:
    shelf = await look_at_shelf(linked)
    before = await item(linked, shelf.single)
    answer = await linked.shop_post(UPDATE, {"item_id": shelf.single, name: value})
    assert lacking(sample("product_update_item", "success"), answer) == []
    after = await item(linked, shelf.single)
    assert after.pop(name) == shown
    before.pop(name)
    assert {key: after[key] for key in before if key != "update_time"} == {
        key: before[key] for key in before if key != "update_time"
    }


async def test_a_weight_counts_for_every_model(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await linked.shop_post(UPDATE, {"item_id": shelf.item, "weight": 1})
    answer = await linked.shop_get("product/get_model_list", {"item_id": shelf.item})
    assert {model["weight"] for model in answer["response"]["model"]} == {"1"}


@pytest.mark.parametrize(
    "wrong",
    [{"item_name": ""}, {"item_name": "x" * 256}, {"item_name": 7}, {"weight": 0}, {"weight": "heavy"}],
)
async def test_what_cannot_be_is_refused(linked: Wire, wrong: Json) -> None:
    shelf = await look_at_shelf(linked)
    answer = await linked.post(UPDATE, {"item_id": shelf.single, **wrong}, shop=600011)
    assert answer.json()["error"].rpartition(".")[2] == "error_param"


async def test_a_banned_item_cannot_be_edited(linked: Wire) -> None:
    banned = (await item_with_status(linked, "BANNED"))["item_id"]
    answer = await linked.post(UPDATE, {"item_id": banned, "item_name": "Lampu"}, shop=600011)
    assert answer.json()["error"] == sample("product_update_item", "error_uneditable")["error"]
