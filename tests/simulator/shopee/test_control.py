"""The controls: truth of the world, journal of calls, clock, and requests that make no sense."""

import pytest

from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import HOME, Json, Wire


async def _calls(wire: Wire, after: int = 0) -> list[Json]:
    calls: list[Json] = (await wire.http.get("/control/calls", params={"after": after})).json()["calls"]
    return calls


async def test_world_knows_every_shop_item_and_order(wire: Wire) -> None:
    world = (await wire.http.get("/control/world")).json()
    assert [shop["shop_id"] for shop in world["shops"]] == [600011, 600012, 600021]
    home = world["shops"][0]
    assert (home["name"], home["region"], home["currency"], home["linked"]) == (
        "Rumah Kita",
        "ID",
        "IDR",
        False,
    )
    assert len(home["orders"]) == home["order_count"] == 80
    assert sum(len(item["models"]) for item in home["items"]) > 480


async def test_world_can_be_asked_without_orders(wire: Wire) -> None:
    world = (await wire.http.get("/control/world", params={"shop_id": HOME, "orders": "false"})).json()
    assert "orders" not in world["shops"][0]


async def test_bought_order_is_in_the_world_with_its_history(wire: Wire) -> None:
    shelf = await look_at_shelf(wire)
    line = {"item_id": shelf.item, "model_id": shelf.first, "quantity": 2}
    sold = await wire.control("orders", {"lines": [line], "note": "tolong bubble wrap"})
    order = next(o for o in (await wire.world())["orders"] if o["order_sn"] == sold["order_sn"])
    assert order["status"] == sold["status"] == "READY_TO_SHIP"
    assert [status for _, status in order["history"]] == ["UNPAID", "READY_TO_SHIP"]
    assert order["lines"][0]["quantity"] == 2
    assert order["total_amount"] == sold["total_amount"]


async def test_goods_can_be_named_by_sku(wire: Wire) -> None:
    shelf = await look_at_shelf(wire)
    sku = shelf.models[0]["sku"]
    assert sku
    await wire.control("stock", {"sku": sku, "stock": 4})
    assert (await wire.control("price", {"sku": sku, "price": 45500})) == {"price": "45500"}


async def test_journal_keeps_calls_without_their_secrets(linked: Wire) -> None:
    await linked.get("shop/get_shop_info", shop=HOME)
    await linked.refresh(linked.refresh_tokens[HOME], shop_id=HOME)
    calls = await _calls(linked)
    assert [call["path"].rsplit("/", 2)[-2:] for call in calls] == [
        ["token", "get"],
        ["shop", "get_shop_info"],
        ["access_token", "get"],
    ]
    text = str(calls)
    for secret in (linked.tokens[HOME], linked.refresh_tokens[HOME]):
        assert secret not in text
    assert calls[1]["shop_id"] == str(HOME)
    assert calls[1]["params"]["sign"] == "***"
    assert calls[2]["body"]["refresh_token"] == "***"


async def test_journal_keeps_what_was_refused(linked: Wire) -> None:
    last = (await _calls(linked))[-1]["id"]
    await linked.get("shop/get_shop_info", shop=HOME, sign="x")
    (call,) = await _calls(linked, after=last)
    assert (call["error"], call["message"], call["http_status"]) == ("error_sign", "Wrong sign.", 403)


async def test_clock_stands_runs_and_jumps(wire: Wire) -> None:
    assert (await wire.control("clock", {})) == {"now": float(wire.now), "frozen": True}
    assert (await wire.control("clock", {"advance_s": 90}))["now"] == wire.now + 90
    assert (await wire.control("clock", {"now": 1_800_000_000}))["now"] == 1_800_000_000
    running = await wire.control("clock", {"resume": True})
    assert running["frozen"] is False
    assert (await wire.control("clock", {}))["now"] > running["now"] >= 1_800_000_000
    assert (await wire.control("clock", {"freeze": True}))["frozen"] is True


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("orders", {"lines": []}, 409),
        ("orders", {"lines": [{"item_id": 1}]}, 404),
        ("orders", {"lines": [{"sku": "NO-SUCH-SKU"}]}, 404),
        ("orders", {}, 400),
        ("orders/261122NOSUCHXX/pay", {}, 404),
        ("stock", {"shop_id": 5, "sku": "SPONS-10", "stock": 1}, 404),
        ("stock", {"sku": "SPONS-10", "stock": 1, "location_id": "MOON"}, 400),
        ("stock", {"sku": "SPONS-10"}, 400),
        ("price", {"sku": "SPONS-10", "price": "cheap"}, 400),
        ("campaign/7/end", {}, 404),
        ("authorise", {"account": "sub:19000:budi"}, 400),
        ("tokens/expire", {"what": "patience"}, 400),
        ("tokens/revoke", {}, 409),
        ("clock", {"advance_s": "an hour"}, 400),
        ("app", {"restricted": "yes"}, 400),
    ],
)
async def test_control_that_makes_no_sense_is_told(wire: Wire, path: str, body: Json, status: int) -> None:
    answer = await wire.http.post(f"/control/{path}", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]


async def test_consent_without_the_page_gives_a_code(wire: Wire) -> None:
    code = (await wire.control("authorise", {"account": "shop:600011", "days": 30}))["code"]
    pair = (await wire.exchange(code, shop_id=HOME)).json()
    assert pair["error"] == ""
    assert pair["access_token"]


async def test_frozen_shop_says_so(linked: Wire) -> None:
    await linked.control(f"shops/{HOME}", {"frozen": True})
    assert (await linked.shop_get("shop/get_shop_info"))["status"] == "FROZEN"


async def test_sold_out_goods_cannot_be_ordered(wire: Wire) -> None:
    shelf = await look_at_shelf(wire)
    await wire.control("stock", {"item_id": shelf.single, "stock": 0})
    answer = await wire.http.post("/control/orders", json={"lines": [{"item_id": shelf.single}]})
    assert answer.status_code == 409
    assert "sold out" in answer.json()["error"]
