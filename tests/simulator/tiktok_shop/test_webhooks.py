"""Webhooks: each type that the world can cause, in the documented form, signed, tried again, and given up."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.responses import Response

from tests.simulator.tiktok_shop.receiver import Receiver, receiving
from tests.simulator.tiktok_shop.wire import HOME, Json, Wire, fixture

NAMES = {
    1: "01-order-status-change", 4: "04-package-update", 5: "05-product-status-change", 6: "06-seller-deauthorization",
    7: "07-upcoming-authorization-expiration", 11: "11-cancellation-status-change", 12: "12-return-status-change",
    15: "15-product-information-change", 27: "27-inventory-status-change", 37: "37-product-audit-status-change",
}  # fmt: skip


@pytest.fixture
async def receiver(linked: Wire) -> AsyncIterator[Receiver]:
    async with receiving() as running:
        await linked.control("push_url", {"url": running.url})
        yield running


def types_of(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: types_of(value) for name, value in told.items()}
    return [types_of(told[0])] if isinstance(told, list) and told else type(told).__name__


def same_form(told: Json) -> None:
    """Hold a body to the documented one: the same envelope, and no field of its data that is not there."""
    documented = fixture(f"webhook-{NAMES[told['type']]}")["request"]["body"]
    assert list(told) == list(documented)
    want, have = types_of(documented["data"]), types_of(told["data"])
    assert {name for name in have if have[name] != want.get(name)} <= {"inventory_distribution", "audit"}
    assert told["shop_id"] == HOME


async def test_an_orders_life_is_told(linked: Wire, receiver: Receiver) -> None:
    number = await linked.buy()
    for step in ("arrange", "pickup"):
        await linked.control(f"orders/{number}/{step}")
    told = await receiver.wait_for(1, 4)
    same_form(told[0])
    assert [each["data"]["order_status"] for each in told] == [
        "UNPAID", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT",
    ]  # fmt: skip
    assert {each["data"]["order_id"] for each in told} == {number}
    assert len({each["tts_notification_id"] for each in told}) == 4


async def test_cancelling_is_told_in_the_words_of_webhooks(linked: Wire, receiver: Receiver) -> None:
    number = await linked.buy()
    for step in ("ask_cancel", "refuse_cancel", "ask_cancel", "cancel"):
        await linked.control(f"orders/{number}/{step}")
    told = await receiver.wait_for(11, 4)
    same_form(told[0])
    assert [each["data"]["cancel_status"].removeprefix("CANCELLATION_REQUEST_") for each in told] == [
        "PENDING", "CANCELLED", "PENDING", "COMPLETE",
    ]  # fmt: skip
    orders = await receiver.wait_for(1, 6)
    assert orders[-1]["data"]["order_status"] == "CANCEL"


async def test_packages_returns_prices_and_stock_are_told(linked: Wire, receiver: Receiver) -> None:
    first, second = (await linked.shelf())[:2]
    number = await linked.buy(first, second)
    await linked.control(f"orders/{number}/split")
    same_form((await receiver.wait_for(4))[0])
    for step in ("arrange", "pickup", "deliver", "return"):
        await linked.control(f"orders/{number}/{step}")
    same_form((await receiver.wait_for(12))[0])
    sku = {"item_id": first["item_id"], "model_id": first["model_id"]}
    await linked.control("price", {**sku, "price": "77000"})
    same_form((await receiver.wait_for(15))[0])
    await linked.control("stock", {**sku, "stock": 0})
    low = (await receiver.wait_for(27))[-1]
    same_form(low)
    assert low["data"]["current_inventory_status"] == "OUT_OF_STOCK"


async def test_an_audits_end_is_told_with_numbers(linked: Wire, receiver: Receiver) -> None:
    product = (await linked.shelf())[0]["item_id"]
    await linked.ask("POST", "/product/202309/products/deactivate", {"product_ids": [product]})
    await linked.ask("POST", "/product/202309/products/activate", {"product_ids": [product]})
    await linked.move_clock(1)
    for kind in (5, 37):
        told = (await receiver.wait_for(kind))[0]
        same_form(told)
        assert told["data"]["product_id"] == int(product) > 2**53


async def test_the_end_of_a_consent_is_told_before_and_after(linked: Wire, receiver: Receiver) -> None:
    await linked.move_clock(336 * 86_400)
    warned = (await receiver.wait_for(7))[0]
    same_form(warned)
    assert isinstance(warned["data"]["expiration_time"], str)
    await linked.move_clock(86_400)
    assert len(await receiver.wait_for(7, 2)) == 2
    await linked.control("tokens/revoke")
    same_form((await receiver.wait_for(6))[0])


async def test_topic_of_a_shop_has_an_address_of_its_own(linked: Wire, receiver: Receiver) -> None:
    async with receiving("/orders") as own:
        setting = {"address": own.url, "event_type": "ORDER_STATUS_CHANGE"}
        await linked.ask("PUT", "/event/202309/webhooks", setting)
        await linked.buy()
        await own.wait_for(1)
    assert receiver.bodies == []


async def test_what_is_not_answered_with_200_and_nothing_is_tried_again_and_dropped(
    linked: Wire, receiver: Receiver
) -> None:
    refusals = [
        Response(status_code=204),
        Response("ok"),
        Response(status_code=500),
        Response(status_code=401),
    ]
    receiver.answers = [*refusals, Response(status_code=503)]
    await linked.buy(pay=False)
    for after in (120, 1_800, 10_800, 43_200):
        await receiver.wait_for(1, len(receiver.bodies) or 1)
        while (await pushes(linked))["open"] != 1:
            continue
        await linked.move_clock(after)
    told = await receiver.wait_for(1, 5)
    assert len({each["tts_notification_id"] for each in told}) == 1
    while (await pushes(linked))["open"]:
        continue
    assert [each["outcome"] for each in (await pushes(linked))["pushes"]] == [
        "refused with 204", "answered with a body", "refused with 500", "refused with 401", "refused with 503",
    ]  # fmt: skip


async def pushes(wire: Wire) -> Json:
    told: Json = (await wire.http.get("/control/pushes")).json()
    return told


async def test_trouble_on_the_way(linked: Wire, receiver: Receiver) -> None:
    await linked.control("faults", {"kind": "push_lost", "push_code": "1"})
    number = await linked.buy(pay=False)
    await linked.control("faults", {"kind": "push_doubled", "push_code": "1"})
    await linked.control(f"orders/{number}/pay")
    told = await receiver.wait_for(1, 2)
    assert len({each["tts_notification_id"] for each in told}) == 1
    assert {each["data"]["order_status"] for each in told} == {"AWAITING_SHIPMENT"}
