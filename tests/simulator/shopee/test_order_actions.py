"""What a seller does to an order through the API, and what becomes of it and of the shelf."""

from tests.simulator.shopee.parcels import bought, order_of
from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import HOME, Wire


async def _stock(wire: Wire) -> list[int]:
    return [sum(model["stock"].values()) for model in (await look_at_shelf(wire)).models[:2]]


async def test_cancelled_order_gives_its_units_back(linked: Wire) -> None:
    before = await _stock(linked)
    order_sn = await bought(linked)
    assert await _stock(linked) == [units - 1 for units in before]
    await linked.shop_post("order/cancel_order", {"order_sn": order_sn, "cancel_reason": "CUSTOMER_REQUEST"})
    order = await order_of(linked, order_sn)
    assert (order["order_status"], order["cancel_by"]) == ("CANCELLED", "seller")
    assert await _stock(linked) == before


async def test_some_units_can_be_cancelled_out_of_an_order(linked: Wire) -> None:
    before = await _stock(linked)
    order_sn = await bought(linked)
    whole = await order_of(linked, order_sn)
    gone, kept = whole["item_list"]
    row = {"item_id": gone["item_id"], "model_id": gone["model_id"]}
    body = {
        "order_sn": order_sn,
        "cancel_reason": "OUT_OF_STOCK",
        "item_list": [row],
        "partial_cancel_item_list": [row | {"model_quantity": 1}],
    }
    await linked.shop_post("order/cancel_order", body)
    order = await order_of(linked, order_sn)
    assert order["order_status"] == "READY_TO_SHIP"
    assert [(i["active_qty"], i["cancelled_qty"]) for i in order["item_list"]] == [(0, 1), (1, 0)]
    assert whole["total_amount"] - order["total_amount"] == gone["model_discounted_price"]
    assert await _stock(linked) == [before[0], before[1] - 1]
    assert kept["model_id"] == order["item_list"][1]["model_id"]


async def test_buyers_wish_to_cancel_is_granted_or_not(linked: Wire) -> None:
    ends = {}
    for operation in ("ACCEPT", "REJECT"):
        order_sn = await bought(linked)
        await linked.control(f"orders/{order_sn}/ask_cancel")
        await linked.shop_post(
            "order/handle_buyer_cancellation", {"order_sn": order_sn, "operation": operation}
        )
        order = await order_of(linked, order_sn)
        ends[operation] = (order["order_status"], order["cancel_by"])
    assert ends == {"ACCEPT": ("CANCELLED", "buyer"), "REJECT": ("READY_TO_SHIP", "")}


async def test_order_is_put_together_again(linked: Wire) -> None:
    order_sn = await bought(linked)
    items = (await order_of(linked, order_sn))["item_list"]
    packages = [{"item_list": [{"item_id": i["item_id"], "model_id": i["model_id"]}]} for i in items]
    await linked.shop_post("order/split_order", {"order_sn": order_sn, "package_list": packages})
    assert [len(p["item_list"]) for p in (await order_of(linked, order_sn))["package_list"]] == [1, 1]
    await linked.shop_post("order/unsplit_order", {"order_sn": order_sn})
    assert [len(p["item_list"]) for p in (await order_of(linked, order_sn))["package_list"]] == [2]


async def test_note_is_the_sellers_own_and_moves_the_update_time(linked: Wire) -> None:
    order_sn = await bought(linked)
    await linked.move_clock(60)
    await linked.shop_post("order/set_note", {"order_sn": order_sn, "note": "gift, no invoice"})
    order = await order_of(linked, order_sn)
    assert (order["note"], order["note_update_time"], order["update_time"]) == (
        "gift, no invoice",
        linked.now,
        linked.now,
    )


async def test_note_of_an_old_order_cannot_be_changed(linked: Wire) -> None:
    order_sn = await bought(linked)
    await linked.control("tokens/lifetime", {"access_s": 100 * 86_400})
    await linked.link(HOME)
    await linked.move_clock(91 * 86_400)
    answer = await linked.post("order/set_note", {"order_sn": order_sn, "note": "late"}, shop=HOME)
    assert answer.json()["error"] == "error_archived_order_update"
