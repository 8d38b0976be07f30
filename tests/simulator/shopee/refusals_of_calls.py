"""What product, order and push calls refuse, each with the section of the reference that says so."""

from typing import Any

import httpx

from tests.simulator.shopee.refusals import Refusal
from tests.simulator.shopee.shelf import item_with_status, look_at_shelf
from tests.simulator.shopee.wire import FOREIGN, HOME, SISTER, Wire

DAY = 86_400
LIST, DETAIL = "order/get_order_list", "order/get_order_detail"
ITEMS, BASE, MODELS = "product/get_item_list", "product/get_item_base_info", "product/get_model_list"
PRICE, STOCK = "product/update_price", "product/update_stock"
SET_PUSH = "push/set_app_push_config"
WINDOW = (
    "order.order_list_invalid_time",
    200,
    "Start time must be earlier than end time and diff in 15days.",
)
IN_PROMOTION = "Original_price cannot be edited when item is under promotion."


async def _orders(wire: Wire, **changes: Any) -> httpx.Response:
    fields: dict[str, Any] = {
        "time_range_field": "create_time",
        "time_from": wire.now - 10 * DAY,
        "time_to": wire.now,
        "page_size": 50,
    }
    given = {name: value for name, value in (fields | changes).items() if value is not None}
    return await wire.get(LIST, given, shop=HOME)


async def _items(wire: Wire, **changes: Any) -> httpx.Response:
    fields: dict[str, Any] = {"offset": 0, "page_size": 10, "item_status": "NORMAL"}
    given = {name: value for name, value in (fields | changes).items() if value is not None}
    return await wire.get(ITEMS, given, shop=HOME)


async def _foreign_order(wire: Wire) -> httpx.Response:
    sold = await wire.control("orders", {"shop_id": FOREIGN, "lines": [{"sku": "PANCI-SET"}]})
    return await wire.get(DETAIL, {"order_sn_list": sold["order_sn"]}, shop=HOME)


def _many(count: int, first: int = 1) -> str:
    return ",".join(str(number) for number in range(first, first + count))


READS = (
    Refusal("9.1", "window of 16 days", lambda w: _orders(w, time_from=w.now - 16 * DAY), *WINDOW),
    Refusal("9.1", "window of 15 days and a second", lambda w: _orders(w, time_from=w.now - 15 * DAY - 1), *WINDOW),
    Refusal("9.1", "window backwards", lambda w: _orders(w, time_from=w.now, time_to=w.now - 60), *WINDOW),
    Refusal("9.1", "empty window", lambda w: _orders(w, time_from=w.now), *WINDOW),
    Refusal("9.1", "101 orders a page", lambda w: _orders(w, page_size=101), "error_param", 200),
    Refusal("9.1", "0 orders a page", lambda w: _orders(w, page_size=0), "error_param", 200),
    Refusal("9.1", "no page size", lambda w: _orders(w, page_size=None), "error_param", 200),
    Refusal("9.1", "no time range field", lambda w: _orders(w, time_range_field=None), "error_param", 200),
    Refusal("9.1", "unknown time range field", lambda w: _orders(w, time_range_field="pay_time"), "error_param", 200),
    Refusal("9.1", "no start of the window", lambda w: _orders(w, time_from=None), "error_param", 200),
    Refusal("9.1", "no end of the window", lambda w: _orders(w, time_to=None), "error_param", 200),
    Refusal("9.1", "window in words", lambda w: _orders(w, time_from="yesterday"), "error_param", 200),
    Refusal("9.1", "filter by RETRY_SHIP", lambda w: _orders(w, order_status="RETRY_SHIP"), "error_param", 200),
    Refusal("9.1", "filter by TO_CONFIRM_RECEIVE", lambda w: _orders(w, order_status="TO_CONFIRM_RECEIVE"),
            "error_param", 200),
    Refusal("9.1", "filter by TO_RETURN", lambda w: _orders(w, order_status="TO_RETURN"), "error_param", 200),
    Refusal("9.1", "filter by a made-up status", lambda w: _orders(w, order_status="PACKED"), "error_param", 200),
    Refusal("9.1", "made-up cursor", lambda w: _orders(w, cursor="50"), "error_param", 200),
    Refusal("6", "boolean in capitals", lambda w: _orders(w, request_order_status_pending="True"), "error_param", 200),
    Refusal("9.2", "51 orders", lambda w: w.get(DETAIL, {"order_sn_list": _many(51)}, shop=HOME), "error_param", 200),
    Refusal("9.2", "no orders", lambda w: w.get(DETAIL, shop=HOME), "error_param", 200),
    Refusal("9.2", "unknown order", lambda w: w.get(DETAIL, {"order_sn_list": "261122NOSUCHXX"}, shop=HOME),
            "error_not_found", 200, "Wrong parameters, detail: the order is not found."),
    Refusal("9.2", "order of a foreign shop", _foreign_order, "error_not_found", 200),
    Refusal("8.1", "101 items a page", lambda w: _items(w, page_size=101), "product.error_param", 200),
    Refusal("8.1", "no page size for items", lambda w: _items(w, page_size=None), "product.error_param", 200,
            "invalid field PageSize: value must  Not Null"),
    Refusal("8.1", "no offset", lambda w: _items(w, offset=None), "product.error_param", 200),
    Refusal("8.1", "no item status", lambda w: _items(w, item_status=None), "product.error_param", 200),
    Refusal("17", "unknown item status", lambda w: _items(w, item_status="DELETED"), "error_param_item_status", 200),
    Refusal("8.1", "offset too deep", lambda w: _items(w, offset=50_000), "error_param", 200,
            "get items offset over limit, please use the next field"),
    Refusal("8.1", "item window backwards",
            lambda w: _items(w, update_time_from=w.now, update_time_to=w.now - 1), "error_update_time_range", 200),
    Refusal("8.1", "51 item ids", lambda w: w.get(BASE, {"item_id_list": _many(51)}, shop=HOME),
            "error_query_over_itemid_size", 200),
    Refusal("8.1", "no item ids", lambda w: w.get(BASE, shop=HOME), "product.error_param", 200),
    Refusal("8.1", "item ids that are none", lambda w: w.get(BASE, {"item_id_list": "SKU-1"}, shop=HOME),
            "product.error_param", 200),
    Refusal("8.1", "unknown item", lambda w: w.get(BASE, {"item_id_list": 5}, shop=HOME), "error_item_not_found", 200,
            "Item_id is not found."),
    Refusal("8.1", "models of an unknown item", lambda w: w.get(MODELS, {"item_id": 5}, shop=HOME),
            "error_item_not_found", 200),
    Refusal("8.1", "models of no item", lambda w: w.get(MODELS, shop=HOME), "product.error_param", 200,
            "invalid field ItemId: value must  Not Null"),
    Refusal("8.1", "promotions of 51 items",
            lambda w: w.get("product/get_item_promotion", {"item_id_list": _many(51)}, shop=HOME),
            "error_query_over_itemid_size", 200),
)  # fmt: skip


async def _price(wire: Wire, price: Any, shop: int = HOME) -> httpx.Response:
    shelf = await look_at_shelf(wire, shop)
    row = {"model_id": shelf.first, "original_price": price}
    return await wire.post(PRICE, {"item_id": shelf.item, "price_list": [row]}, shop=shop)


async def _ringgit(wire: Wire, price: float) -> httpx.Response:
    await wire.link(SISTER)
    return await _price(wire, price, SISTER)


async def _above_ratio(wire: Wire) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    dearest = max(int(model["price"]) for model in shelf.models[1:])
    return await _price(wire, (dearest - 1) // 7 - 200)


async def _whole_item_price(wire: Wire, row: dict[str, Any]) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    return await wire.post(PRICE, {"item_id": shelf.item, "price_list": [row]}, shop=HOME)


async def _price_rows(wire: Wire, rows: Any) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    return await wire.post(PRICE, {"item_id": shelf.item, "price_list": rows}, shop=HOME)


async def _price_twice(wire: Wire) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    row = {"model_id": shelf.first, "original_price": int(shelf.models[0]["price"])}
    return await _price_rows(wire, [row, row])


async def _price_under_promotion(wire: Wire) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    await wire.control("campaign", {"models": [{"item_id": shelf.item, "model_id": shelf.first}]})
    row = {"model_id": shelf.first, "original_price": 21000}
    return await wire.post(PRICE, {"item_id": shelf.item, "price_list": [row]}, shop=HOME)


async def _below_wholesale(wire: Wire) -> httpx.Response:
    items = (await wire.world())["items"]
    sponge = next(item for item in items if item["title"].startswith("Spons Cuci Piring"))
    body = {"item_id": sponge["item_id"], "price_list": [{"original_price": 11000}]}
    return await wire.post(PRICE, body, shop=HOME)


async def _raw_price(wire: Wire, price: str) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    body = f'{{"item_id": {shelf.single}, "price_list": [{{"original_price": {price}}}]}}'
    return await wire.http.post(f"/api/v2/{PRICE}", params=wire.common(PRICE, shop=HOME), content=body)


async def _edit(wire: Wire, item_id: int) -> httpx.Response:
    return await wire.post(PRICE, {"item_id": item_id, "price_list": [{"original_price": 9000}]}, shop=HOME)


async def _edit_foreign(wire: Wire) -> httpx.Response:
    return await _edit(wire, (await wire.world(FOREIGN))["items"][0]["item_id"])


async def _edit_with_status(wire: Wire, status: str) -> httpx.Response:
    return await _edit(wire, (await item_with_status(wire, status))["item_id"])


PRICES = (
    Refusal("6.1", "rupiah with decimals", lambda w: _price(w, 21000.5), "error_invalid_price", 200,
            "Invalid price, please use the correct format"),
    Refusal("6.1", "ringgit with three decimals", lambda w: _ringgit(w, 12.345), "error_invalid_price", 200),
    Refusal("8.3", "price of 0", lambda w: _price(w, 0), "error_price_exceed_min_limitt", 200),
    Refusal("8.3", "negative price", lambda w: _price(w, -5000), "error_price_exceed_min_limitt", 200),
    Refusal("8.3", "price above the limit", lambda w: _price(w, 2_000_000_000), "error_price_exceed_max_limitt", 200),
    Refusal("8.3", "price beyond all numbers", lambda w: _raw_price(w, "1e999999999"),
            "error_price_exceed_max_limitt", 200),
    Refusal("6", "price that is not a number", lambda w: _raw_price(w, "NaN"), "error_param", 200),
    Refusal("6", "model id as a list", lambda w: _whole_item_price(w, {"model_id": [1], "original_price": 21000}),
            "error_param", 200),
    Refusal("6", "price as text", lambda w: _price(w, "21000"), "error_param", 200),
    Refusal("6", "price as a boolean", lambda w: _price(w, True), "error_param", 200),
    Refusal("8.3", "no price", lambda w: _price(w, None), "error_param", 200),
    Refusal("6.1", "cheapest model below a seventh of the dearest", _above_ratio, "error_price_out_of_range", 200),
    Refusal("8.3", "price of an item that has models",
            lambda w: _whole_item_price(w, {"original_price": 21000}), "error_edit_item_price_for_item_has_model", 200,
            "Can't to edit item price directly while item has models."),
    Refusal("8.3", "model 0 of an item that has models",
            lambda w: _whole_item_price(w, {"model_id": 0, "original_price": 21000}),
            "error_edit_item_price_for_item_has_model", 200),
    Refusal("8.3", "unknown model", lambda w: _whole_item_price(w, {"model_id": 77, "original_price": 21000}),
            "error_update_price_fail", 200),
    Refusal("8.3", "price of a model under promotion", _price_under_promotion,
            "error_cannt_edit_price_in_promotion", 200, IN_PROMOTION),
    Refusal("8.3", "price below the wholesale price", _below_wholesale,
            "error_busi_price_lower_then_wholesale_price", 200),
    Refusal("8.3", "51 prices",
            lambda w: _price_rows(w, [{"model_id": n, "original_price": 21000} for n in range(1, 52)]),
            "error_param", 200),
    Refusal("8.3", "no prices", lambda w: _price_rows(w, []), "error_param", 200),
    Refusal("8.3", "no price list", lambda w: _price_rows(w, None), "product.error_param", 200),
    Refusal("8.3", "price list that is an object", lambda w: _price_rows(w, {"model_id": 1}), "error_param", 200),
    Refusal("8.3", "one model twice", _price_twice, "product.error_param", 200),
    Refusal("8.3", "item of a foreign shop", _edit_foreign, "error_item_not_belong_shop", 200),
    Refusal("8.3", "item that does not exist", lambda w: _edit(w, 5), "error_item_not_found", 200),
    Refusal("8.3", "no item", lambda w: w.post(PRICE, {"price_list": [{"original_price": 9000}]}, shop=HOME),
            "product.error_param", 200),
    Refusal("22", "business parameters in the query of a POST",
            lambda w: w.http.post(f"/api/v2/{PRICE}", json={},
                                  params={**w.common(PRICE, shop=HOME), "item_id": 1, "price_list": "[]"}),
            "product.error_param", 200),
    Refusal("8.3", "banned item", lambda w: _edit_with_status(w, "BANNED"), "error_item_uneditable", 200),
    Refusal("8.3", "item under review", lambda w: _edit_with_status(w, "REVIEWING"), "error_item_uneditable", 200),
    Refusal("8.3", "deleted item", lambda w: _edit_with_status(w, "SELLER_DELETE"), "error_item_uneditable", 200),
)  # fmt: skip


async def _stock(wire: Wire, places: Any, shop: int = HOME) -> httpx.Response:
    shelf = await look_at_shelf(wire, shop)
    row = {"model_id": shelf.first, "seller_stock": places}
    return await wire.post(STOCK, {"item_id": shelf.item, "stock_list": [row]}, shop=shop)


async def _two_warehouses(wire: Wire, places: Any) -> httpx.Response:
    await wire.link(SISTER)
    return await _stock(wire, places, SISTER)


async def _stock_in_campaign(wire: Wire, **campaign: Any) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    models = [{"item_id": shelf.item, "model_id": shelf.first, "reserved": 4}]
    await wire.control("campaign", {"models": models, **campaign})
    row = {"model_id": shelf.first, "seller_stock": [{"stock": 3}]}
    return await wire.post(STOCK, {"item_id": shelf.item, "stock_list": [row]}, shop=HOME)


async def _stock_on_holiday(wire: Wire) -> httpx.Response:
    await wire.control(f"shops/{HOME}", {"holiday": True})
    return await _stock(wire, [{"stock": 5}])


async def _foreign_stock(wire: Wire) -> httpx.Response:
    item_id = (await wire.world(FOREIGN))["items"][0]["item_id"]
    return await wire.post(
        STOCK, {"item_id": item_id, "stock_list": [{"seller_stock": [{"stock": 5}]}]}, shop=HOME
    )


async def _whole_item_stock(wire: Wire, row: dict[str, Any]) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    body = {"item_id": shelf.item, "stock_list": [{**row, "seller_stock": [{"stock": 5}]}]}
    return await wire.post(STOCK, body, shop=HOME)


STOCKS = (
    Refusal("8.3", "stock below what a promotion has reserved",
            lambda w: _stock_in_campaign(w, lock_stock=False), "error_busi_update_stock_failed", 200,
            "Update stock failed, please check failure_list for detailed reason"),
    Refusal("8.3", "stock held fast by a campaign", lambda w: _stock_in_campaign(w, lock_stock=True),
            "error_model_update_stock_model_in_promotion", 200),
    Refusal("8.3", "stock in holiday mode", _stock_on_holiday, "error_holiday_mode_change_stock", 200,
            "Cannot change stock in holiday mode."),
    Refusal("8.3", "stock of an item that has models", lambda w: _whole_item_stock(w, {}),
            "error_edit_item_stock_for_item_has_model", 200,
            "Can't to edit item stock directly while item has models."),
    Refusal("8.3", "stock of an unknown model", lambda w: _whole_item_stock(w, {"model_id": 77}),
            "error_busi_update_stock_failed", 200),
    Refusal("8.3", "location in a shop without warehouses",
            lambda w: _stock(w, [{"location_id": "IDZ", "stock": 5}]), "error_auth", 200,
            "You do not have right to use seller location_id, please only fill seller_stock filed."),
    Refusal("8.3", "no location in a shop with warehouses", lambda w: _two_warehouses(w, [{"stock": 5}]),
            "error_busi", 200, "The merchant/shop has multi warehouse, please input location id"),
    Refusal("8.3", "unknown location", lambda w: _two_warehouses(w, [{"location_id": "SGZ", "stock": 5}]),
            "error_inner", 200),
    Refusal("8.3", "negative stock", lambda w: _stock(w, [{"stock": -1}]), "error_param", 200),
    Refusal("8.3", "half a unit", lambda w: _stock(w, [{"stock": 1.5}]), "error_param", 200),
    Refusal("8.3", "stock as text", lambda w: _stock(w, [{"stock": "5"}]), "error_param", 200),
    Refusal("18", "normal_stock of before 2022", lambda w: _stock(w, None), "product.error_param", 200),
    Refusal("8.3", "two rows for a shop with one place", lambda w: _stock(w, [{"stock": 5}, {"stock": 6}]),
            "error_param", 200),
    Refusal("8.3", "stock of an item of a foreign shop", _foreign_stock, "error_item_not_belong_shop", 200),
)  # fmt: skip

PUSHES = (
    Refusal("16.2", "callback that is no address", lambda w: w.post(SET_PUSH, {"callback_url": "bot.example.com"}),
            "error_param", 200, "this callback_url is invalid, please check your callback_url."),
    Refusal("16.2", "callback with a broken host", lambda w: w.post(SET_PUSH, {"callback_url": "https://[x"}),
            "error_param", 200, "this callback_url is invalid, please check your callback_url."),
    Refusal("16.2", "callback nobody answers at",
            lambda w: w.post(SET_PUSH, {"callback_url": "http://127.0.0.1:9/hooks"}), "error_param", 200,
            "Shopee have sent a test push to this call back url, but we didn't get any response in 3 seconds "
            "with 2xx code"),
    Refusal("16.3", "toggle of the retired push 6", lambda w: w.post(SET_PUSH, {"set_push_config_on": [6]}),
            "error_param", 200),
    Refusal("16.2", "toggle of a push the console switches", lambda w: w.post(SET_PUSH, {"set_push_config_on": [22]}),
            "error_param", 200),
    Refusal("16.2", "one push on and off",
            lambda w: w.post(SET_PUSH, {"set_push_config_on": [3], "set_push_config_off": [3]}), "error_param", 200),
    Refusal("16.2", "501 blocked shops", lambda w: w.post(SET_PUSH, {"blocked_shop_id_list": list(range(501))}),
            "error_param", 200),
    Refusal("16.2", "confirming nothing", lambda w: w.post("push/confirm_consumed_lost_push_message", {}),
            "error_param", 200),
)  # fmt: skip
