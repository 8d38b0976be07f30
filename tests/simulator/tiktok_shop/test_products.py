"""Products: searched and shown, prices in other words than they are sent in, stock of every warehouse."""

from typing import Any

import pytest

from tests.simulator.tiktok_shop.shapes import differences, missing
from tests.simulator.tiktok_shop.wire import HOME, Json, Wire, fixture

SEARCH, PRODUCTS = "/product/202502/products/search", "/product/202309/products"
NOT_HERE = (
    "brand.id",
    "brand.name",
    "identifier_code.code",
    "identifier_code.type",
    ".id",
    ".name",
    "product_attributes[].values",
)


async def test_products_have_the_documented_fields(linked: Wire) -> None:
    found = await linked.ask("POST", SEARCH, {}, page_size=50)
    assert differences(found, "product-search") == []
    assert missing(found, "product-search") == []
    sku = (await linked.shelf())[0]
    shown = await linked.ask("GET", f"{PRODUCTS}/{sku['item_id']}")
    assert differences(shown, "product-get") == []
    assert (
        missing(
            shown,
            "product-get",
            but=(*NOT_HERE, "reasons", "reasons[]", "suggestions", "suggestions[]", "position", "platform"),
        )
        == []
    )
    held = await linked.ask("POST", "/product/202309/inventory/search", {"product_ids": [sku["item_id"]]})
    assert differences(held, "product-inventory-search") == []
    tree = await linked.ask("GET", "/product/202309/categories", category_version="v1")
    assert differences(tree, "product-get-categories") == []
    assert await linked.refused("GET", "/product/202309/categories", category_version="v2") == 12052217


async def test_pages_of_products_end_and_an_edit_is_found_by_its_time(linked: Wire) -> None:
    seen: list[str] = []
    token: Any = None
    while token != "":
        found = await linked.ask("POST", SEARCH, {}, page_size=40, **({"page_token": token} if token else {}))
        seen += [each["id"] for each in found["products"]]
        token = found["next_page_token"]
    assert len(seen) == len(set(seen)) == found["total_count"]
    sku = (await linked.shelf())[0]
    await linked.control("price", {**named(sku), "price": str(int(sku["price"]) + 500)})
    changed = await linked.ask(
        "POST", SEARCH, {"update_time_ge": linked.now, "update_time_le": linked.now}, page_size=9
    )
    assert [each["id"] for each in changed["products"]] == [sku["item_id"]]
    assert await linked.refused("POST", SEARCH, {}) == 12019109
    assert await linked.refused("POST", SEARCH, {}, page_size=101) == 12019109


def named(sku: Json) -> Json:
    return {"item_id": sku["item_id"], "model_id": sku["model_id"]}


def priced(sku: Json, amount: str, currency: str = "IDR") -> Json:
    return {"skus": [{"id": sku["model_id"], "price": {"amount": amount, "currency": currency}}]}


async def test_price_is_sent_as_amount_and_read_as_sale_price(linked: Wire) -> None:
    sku = (await linked.shelf())[0]
    path = f"{PRODUCTS}/{sku['item_id']}/prices/update"
    assert await linked.ask("POST", path, priced(sku, "95000")) == {}
    shown = await linked.ask("GET", f"{PRODUCTS}/{sku['item_id']}")
    price = next(each["price"] for each in shown["skus"] if each["id"] == sku["model_id"])
    assert price == {"currency": "IDR", "tax_exclusive_price": "95000", "sale_price": "95000"}
    other = next(each for each in await linked.shelf() if each["item_id"] != sku["item_id"])
    for body, code in (
        (priced(sku, "95000.5"), 12052012),
        (priced(sku, "much"), 12052012),
        (priced(sku, "50"), 12052073),
        (priced(sku, "95000", "USD"), 12052084),
        (priced(other, "95000"), 12052557),
        ({"skus": []}, 12052902),
    ):
        assert await linked.refused("POST", path, body) == code
    await linked.control("campaign", {"models": [named(sku)]})
    assert await linked.refused("POST", path, priced(sku, "96000")) == 12052038


async def test_a_refused_price_holds_up_the_others_of_its_call(linked: Wire) -> None:
    skus = await linked.shelf()
    first = next(each for each in skus if sum(other["item_id"] == each["item_id"] for other in skus) > 1)
    second = next(each for each in skus if each["item_id"] == first["item_id"] and each != first)
    both = priced(first, "95000")["skus"] + priced(second, "95000.5")["skus"]
    assert (
        await linked.refused("POST", f"{PRODUCTS}/{first['item_id']}/prices/update", {"skus": both})
        == 12052012
    )
    prices = {each["model_id"]: each["price"] for each in await linked.shelf()}
    assert prices[first["model_id"]] == first["price"]


def stocked(sku: Json, stock: dict[str, int]) -> Json:
    rows = [{"warehouse_id": place, "quantity": units} for place, units in stock.items()]
    return {"skus": [{"id": sku["model_id"], "inventory": rows}]}


async def test_stock_is_set_for_every_warehouse_or_not_at_all(linked: Wire) -> None:
    sku = (await linked.shelf())[0]
    first, second = sku["stock"]
    path = f"{PRODUCTS}/{sku['item_id']}/inventory/update"
    assert await linked.ask("POST", path, stocked(sku, {first: 38, second: 0})) == {}
    found = await linked.ask("POST", "/product/202309/inventory/search", {"sku_ids": [sku["model_id"]]})
    held = found["inventory"][0]["skus"][0]
    assert [(each["warehouse_id"], each["available_quantity"]) for each in held["warehouse_inventory"]] == [
        (first, 38),
        (second, 0),
    ]
    assert await linked.refused("POST", path, stocked(sku, {first: 38})) == 12019028
    assert await linked.refused("POST", path, stocked(sku, {first: 38, second: 100_000})) == 12052055
    told = await linked.ask("POST", path, stocked(sku, {first: 1, "7068517275539719999": 2}))
    assert differences(told, "product-update-inventory") == []
    documented = fixture("product-update-inventory")["responses"]["success_code_with_item_errors"]["body"][
        "data"
    ]
    assert told["errors"][0]["detail"]["extra_errors"] == documented["errors"][0]["detail"]["extra_errors"]
    await linked.control("campaign", {"models": [{**named(sku), "reserved": 5}], "lock_price": False})
    assert await linked.refused("POST", path, stocked(sku, {first: 37, second: 0})) == 12052393
    assert await linked.ask("POST", path, stocked(sku, {first: 39, second: 0})) == {}


async def test_ordered_units_are_committed_until_they_leave(linked: Wire) -> None:
    sku = (await linked.shelf())[0]

    async def held() -> tuple[int, int]:
        found = await linked.ask("POST", "/product/202309/inventory/search", {"sku_ids": [sku["model_id"]]})
        told = found["inventory"][0]["skus"][0]
        return told["total_available_quantity"], told["total_committed_quantity"]

    available, committed = await held()
    number = await linked.buy(sku, units=2)
    assert await held() == (available - 2, committed + 2)
    await linked.control(f"orders/{number}/arrange")
    assert await held() == (available - 2, committed)


async def test_products_are_hidden_and_shown_after_a_look(linked: Wire) -> None:
    product = (await linked.shelf())[0]["item_id"]
    await linked.control("app", {"audit_lag_s": 60})
    stranger = "1729592969712207999"
    told = await linked.ask("POST", f"{PRODUCTS}/deactivate", {"product_ids": [product, stranger]})
    assert [(each["code"], each["detail"]["product_id"]) for each in told["errors"]] == [(12052048, stranger)]
    assert differences(told, "product-deactivate") == []
    assert (await linked.ask("GET", f"{PRODUCTS}/{product}"))["status"] == "SELLER_DEACTIVATED"
    assert (
        await linked.refused("POST", f"{PRODUCTS}/{product}/prices/update", {"skus": [{"id": "1"}]})
        == 12052901
    )
    await linked.ask("POST", f"{PRODUCTS}/activate", {"product_ids": [product]})
    assert (await linked.ask("GET", f"{PRODUCTS}/{product}"))["status"] == "PENDING"
    await linked.move_clock(61)
    assert (await linked.ask("GET", f"{PRODUCTS}/{product}"))["status"] == "ACTIVATE"
    assert await linked.refused("POST", f"{PRODUCTS}/activate", {"product_ids": [product] * 21}) == 12019120
    await linked.ask("DELETE", PRODUCTS, {"product_ids": [product]})
    assert await linked.refused("GET", f"{PRODUCTS}/{product}") == 12052901
    await linked.ask("POST", f"{PRODUCTS}/recover", {"product_ids": [product]})
    assert (await linked.ask("GET", f"{PRODUCTS}/{product}"))["status"] == "SELLER_DEACTIVATED"


async def test_texts_are_edited_and_a_picture_is_taken(linked: Wire) -> None:
    product = (await linked.shelf())[0]["item_id"]
    path = f"/product/202509/products/{product}/partial_edit"
    told = await linked.ask("POST", path, {"title": "Lampu meja LED yang hemat energi"})
    assert differences(told, "product-partial-edit") == []
    assert (await linked.ask("GET", f"{PRODUCTS}/{product}"))["title"] == "Lampu meja LED yang hemat energi"
    assert await linked.refused("POST", path, {"title": "short"}) == 12052910


@pytest.mark.parametrize(("product", "code"), [("1729592969712207999", 12052032), ("x", 12052032)])
async def test_unknown_product(linked: Wire, product: str, code: int) -> None:
    assert await linked.refused("GET", f"{PRODUCTS}/{product}") == code


async def test_webhooks_are_set_up_by_topic(linked: Wire) -> None:
    path = "/event/202309/webhooks"
    assert await linked.ask("GET", path) == {"total_count": 0, "webhooks": []}
    setting = {"address": "https://bot.example.com/hooks/tiktok", "event_type": "ORDER_STATUS_CHANGE"}
    missing_address = await linked.send("PUT", path, {"event_type": "ORDER_STATUS_CHANGE"})
    documented = fixture("event-update-webhook")["responses"]["error_missing_address"]["body"]
    assert missing_address.json()["message"] == documented["message"]
    await linked.ask("PUT", path, setting)
    told = await linked.ask("GET", path)
    assert differences(told, "event-get-webhooks") == []
    assert [each["event_type"] for each in told["webhooks"]] == ["ORDER_STATUS_CHANGE"]
    for _ in range(2):  # removing what is not there is well, too
        assert await linked.ask("DELETE", path, {"event_type": "ORDER_STATUS_CHANGE"}) == {}
    assert (await linked.ask("GET", path))["total_count"] == 0
    shops = await linked.ask("GET", "/authorization/202309/shops", shop=None)
    assert differences(shops, "authorization-get-shops") == []
    active = await linked.ask("GET", "/seller/202309/shops", shop=None)
    assert active["shops"] == [{"id": HOME, "region": "ID"}]
    rights = await linked.ask("GET", "/seller/202309/permissions", shop=None)
    assert rights == fixture("seller-get-permissions")["responses"]["success_local"]["body"]["data"]
