"""What is just within a limit is accepted: the other side of the refusals."""

import pytest

from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import HOME, Json, Wire


@pytest.mark.parametrize("off", [-300, -1, 0, 1, 300])
async def test_clock_may_be_off_by_five_minutes(linked: Wire, off: int) -> None:
    answer = await linked.get("shop/get_shop_info", shop=HOME, timestamp=linked.now + off)
    assert answer.json()["error"] == ""


async def test_code_works_for_ten_minutes(wire: Wire) -> None:
    code = await wire.code(f"shop:{HOME}")
    await wire.move_clock(600)
    assert (await wire.exchange(code, shop_id=HOME)).json()["error"] == ""


async def test_refresh_token_works_for_thirty_days(linked: Wire) -> None:
    await linked.move_clock(30 * 86_400)
    assert (await linked.refresh(linked.refresh_tokens[HOME], shop_id=HOME)).json()["error"] == ""


async def test_refused_exchange_does_not_spend_the_code(wire: Wire) -> None:
    code = await wire.code(f"shop:{HOME}")
    assert (await wire.exchange(code, shop_id=600021)).json()["error"] == "invalid_shop_id"
    assert (await wire.exchange(code, shop_id=HOME)).json()["error"] == ""


async def test_fifty_orders_are_shown_at_once(linked: Wire) -> None:
    numbers = [order["order_sn"] for order in (await linked.world())["orders"]][:50]
    query: Json = {"order_sn_list": ",".join(numbers)}
    orders = (await linked.shop_get("order/get_order_detail", query))["response"]["order_list"]
    assert [order["order_sn"] for order in orders] == numbers


async def test_hundred_items_come_on_one_page_and_fifty_at_once(linked: Wire) -> None:
    query: Json = {"offset": 0, "page_size": 100, "item_status": "NORMAL"}
    page = (await linked.shop_get("product/get_item_list", query))["response"]["item"]
    assert len(page) == 100
    ids: Json = {"item_id_list": [row["item_id"] for row in page[:50]]}
    assert len((await linked.shop_get("product/get_item_base_info", ids))["response"]["item_list"]) == 50


async def test_stock_may_be_zero(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    body = {"item_id": shelf.single, "stock_list": [{"seller_stock": [{"stock": 0}]}]}
    answer = await linked.shop_post("product/update_stock", body)
    assert answer["response"]["success_list"] == [{"model_id": 0, "location_id": "", "stock": 0}]


async def test_wholesale_price_itself_is_allowed(linked: Wire) -> None:
    items = (await linked.world())["items"]
    sponge = next(item for item in items if item["title"].startswith("Spons Cuci Piring"))
    body = {"item_id": sponge["item_id"], "price_list": [{"original_price": 11_500}]}
    assert (await linked.shop_post("product/update_price", body))["response"]["failure_list"] == []
