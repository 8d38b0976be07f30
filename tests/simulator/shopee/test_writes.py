"""Price and stock updates: what takes effect, what does not, and what each row is told."""

import httpx
import pytest

from tests.simulator.shopee.shelf import Shelf, look_at_shelf
from tests.simulator.shopee.wire import HOME, SISTER, Json, Wire

PRICE, STOCK = "product/update_price", "product/update_stock"


async def _models(wire: Wire, item_id: int, shop: int = HOME) -> dict[int, Json]:
    items = (await wire.world(shop))["items"]
    return {m["model_id"]: m for m in next(i for i in items if i["item_id"] == item_id)["models"]}


def _price_row(model_id: int, price: float) -> Json:
    return {"model_id": model_id, "original_price": price}


def _stock_row(model_id: int, *places: Json) -> Json:
    return {"model_id": model_id, "seller_stock": list(places)}


async def _lock_second(wire: Wire, shelf: Shelf, **campaign: object) -> Json:
    models = [{"item_id": shelf.item, "model_id": shelf.second, "reserved": 3}]
    return await wire.control("campaign", {"models": models, **campaign})


async def test_new_price_is_read_back_everywhere(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    price = int(shelf.models[0]["price"]) + 700
    await linked.shop_post(PRICE, {"item_id": shelf.item, "price_list": [_price_row(shelf.first, price)]})
    assert (await _models(linked, shelf.item))[shelf.first]["price"] == str(price)
    answer = await linked.shop_get("product/get_model_list", {"item_id": shelf.item})
    shown = {model["model_id"]: model["price_info"][0] for model in answer["response"]["model"]}
    assert (shown[shelf.first]["original_price"], shown[shelf.first]["current_price"]) == (price, price)


@pytest.mark.parametrize("row", [{"original_price": 23400}, {"model_id": 0, "original_price": 23400.0}])
async def test_item_without_models_is_priced_as_model_zero(linked: Wire, row: Json) -> None:
    shelf = await look_at_shelf(linked)
    answer = await linked.shop_post(PRICE, {"item_id": shelf.single, "price_list": [row]})
    assert answer["response"]["success_list"] == [{"model_id": 0, "original_price": 23400}]
    assert (await _models(linked, shelf.single))[0]["price"] == "23400"


async def test_locked_model_keeps_its_price_while_the_others_change(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await _lock_second(linked, shelf)
    rows = [_price_row(m["model_id"], int(m["price"]) + 100) for m in shelf.models[:2]]
    answer = await linked.shop_post(PRICE, {"item_id": shelf.item, "price_list": rows})
    assert [row["model_id"] for row in answer["response"]["success_list"]] == [shelf.first]
    assert [row["model_id"] for row in answer["response"]["failure_list"]] == [shelf.second]
    after = await _models(linked, shelf.item)
    assert after[shelf.first]["price"] == str(int(shelf.models[0]["price"]) + 100)
    assert after[shelf.second]["price"] == shelf.models[1]["price"]


async def test_lock_ends_with_the_campaign(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await _lock_second(linked, shelf, lasts_s=600)
    body = {
        "item_id": shelf.item,
        "price_list": [_price_row(shelf.second, int(shelf.models[1]["price"]) + 100)],
    }
    assert (await linked.post(PRICE, body, shop=HOME)).json()[
        "error"
    ] == "error_cannt_edit_price_in_promotion"
    await linked.move_clock(600)
    await linked.shop_post(PRICE, body)


async def test_campaign_still_to_come_locks_nothing(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await _lock_second(linked, shelf, starts_in_s=600)
    row = _price_row(shelf.second, int(shelf.models[1]["price"]) + 100)
    await linked.shop_post(PRICE, {"item_id": shelf.item, "price_list": [row]})


async def test_ended_campaign_frees_its_models(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    promotion = await _lock_second(linked, shelf)
    await linked.control(f"campaign/{promotion['promotion_id']}/end")
    await linked.shop_post(
        STOCK, {"item_id": shelf.item, "stock_list": [_stock_row(shelf.second, {"stock": 0})]}
    )


async def test_ratio_looks_at_prices_after_the_change(linked: Wire) -> None:
    # Raising all models together keeps their ratio, though the new dearest is far above the old cheapest.
    shelf = await look_at_shelf(linked)
    rows = [_price_row(m["model_id"], int(m["price"]) * 8) for m in shelf.models]
    answer = await linked.shop_post(PRICE, {"item_id": shelf.item, "price_list": rows})
    assert len(answer["response"]["success_list"]) == len(shelf.models)


async def test_exactly_seven_times_is_still_allowed(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    rows = [_price_row(m["model_id"], 10_000) for m in shelf.models]
    rows[0] = _price_row(shelf.first, 70_000)
    await linked.shop_post(PRICE, {"item_id": shelf.item, "price_list": rows})
    body = {"item_id": shelf.item, "price_list": [_price_row(shelf.first, 70_001)]}
    assert (await linked.post(PRICE, body, shop=HOME)).json()["error"] == "error_price_out_of_range"


async def test_refused_call_changes_no_row(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    rows = [_price_row(shelf.first, int(shelf.models[0]["price"]) + 100), _price_row(shelf.second, 100.5)]
    body = {"item_id": shelf.item, "price_list": rows}
    assert (await linked.post(PRICE, body, shop=HOME)).json()["error"] == "error_invalid_price"
    assert (await _models(linked, shelf.item))[shelf.first]["price"] == shelf.models[0]["price"]


async def test_ringgit_takes_two_decimals(linked: Wire) -> None:
    await linked.link(SISTER)
    shelf = await look_at_shelf(linked, SISTER)
    body = {"item_id": shelf.item, "price_list": [_price_row(shelf.first, 12.35)]}
    answer = await linked.shop_post(PRICE, body, shop=SISTER)
    assert answer["response"]["success_list"] == [{"model_id": shelf.first, "original_price": 12.35}]
    assert (await _models(linked, shelf.item, SISTER))[shelf.first]["price"] == "12.35"


async def test_stock_is_set_not_added(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    body = {"item_id": shelf.item, "stock_list": [_stock_row(shelf.first, {"stock": 20})]}
    for _ in range(2):
        answer = await linked.shop_post(STOCK, body)
        assert answer["response"]["success_list"] == [
            {"model_id": shelf.first, "location_id": "", "stock": 20}
        ]
    assert (await _models(linked, shelf.item))[shelf.first]["stock"] == {"": 20}


async def test_stock_may_equal_what_is_reserved_but_not_less(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await _lock_second(linked, shelf, lock_stock=False)
    rows = [_stock_row(shelf.first, {"stock": 1}), _stock_row(shelf.second, {"stock": 2})]
    answer = await linked.shop_post(STOCK, {"item_id": shelf.item, "stock_list": rows})
    assert answer["response"]["failure_list"] == [
        {"model_id": shelf.second, "failed_reason": "Stock should be larger than reserved stock."}
    ]
    body = {"item_id": shelf.item, "stock_list": [_stock_row(shelf.second, {"stock": 3})]}
    await linked.shop_post(STOCK, body)
    assert (await _models(linked, shelf.item))[shelf.second]["available"] == 0


async def test_each_warehouse_has_its_own_stock(linked: Wire) -> None:
    await linked.link(SISTER)
    shelf = await look_at_shelf(linked, SISTER)
    row = _stock_row(shelf.first, {"location_id": "MYJ", "stock": 9})
    answer = await linked.shop_post(STOCK, {"item_id": shelf.item, "stock_list": [row]}, shop=SISTER)
    assert answer["response"]["success_list"] == [{"model_id": shelf.first, "location_id": "MYJ", "stock": 9}]
    stock = (await _models(linked, shelf.item, SISTER))[shelf.first]["stock"]
    assert stock == {"MYZ": shelf.models[0]["stock"]["MYZ"], "MYJ": 9}


async def test_sale_takes_units_and_cancellation_gives_them_back(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await linked.control("stock", {"item_id": shelf.item, "model_id": shelf.first, "stock": 5})
    line = {"item_id": shelf.item, "model_id": shelf.first, "quantity": 3}
    order_sn = (await linked.control("orders", {"lines": [line]}))["order_sn"]
    assert (await _models(linked, shelf.item))[shelf.first]["available"] == 2
    sold_out = await linked.http.post("/control/orders", json={"lines": [line]})
    assert sold_out.status_code == 409
    await linked.control(f"orders/{order_sn}/cancel")
    assert (await _models(linked, shelf.item))[shelf.first]["available"] == 5


async def test_sale_in_a_campaign_uses_its_reserve_and_its_price(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    models = [{"item_id": shelf.item, "model_id": shelf.first, "reserved": 4, "price": 9000}]
    await linked.control("campaign", {"models": models})
    before = (await _models(linked, shelf.item))[shelf.first]
    line = {"item_id": shelf.item, "model_id": shelf.first, "quantity": 3}
    order_sn = (await linked.control("orders", {"lines": [line]}))["order_sn"]
    after = (await _models(linked, shelf.item))[shelf.first]
    assert (before["reserved"], after["reserved"]) == (4, 1)
    assert after["available"] == before["available"]
    order = next(o for o in (await linked.world())["orders"] if o["order_sn"] == order_sn)
    assert order["lines"][0]["price"] == "9000"


async def test_prices_edited_in_the_seller_centre_show_in_the_calls(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await linked.control("price", {"item_id": shelf.single, "price": 31500})
    answer = await linked.shop_get("product/get_item_base_info", {"item_id_list": shelf.single})
    assert answer["response"]["item_list"][0]["price_info"][0]["original_price"] == 31500


async def test_two_writers_end_with_the_last_value(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)

    async def write(units: int) -> httpx.Response:
        body = {"item_id": shelf.item, "stock_list": [_stock_row(shelf.first, {"stock": units})]}
        return await linked.post(STOCK, body, shop=HOME)

    for units in (11, 12):
        assert (await write(units)).json()["error"] == ""
    assert (await _models(linked, shelf.item))[shelf.first]["stock"] == {"": 12}
