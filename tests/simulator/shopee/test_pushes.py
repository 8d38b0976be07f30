"""Pushes: what each says, how it is signed, how often it is tried, and where it ends when nobody takes it."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from starlette.responses import Response

from simulator.shopee.simulator import ShopeeSimulator
from tests.simulator.shopee.fields import lacking
from tests.simulator.shopee.parcels import CREATE, bought, shipped
from tests.simulator.shopee.receiver import Receiver, receiving
from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import HOME, PARTNER_ID, SISTER, Json, Wire, fixture

RETRY_AFTER_S = (300, 1800, 10800)


@pytest.fixture
async def receiver(wire: Wire) -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        await wire.control("push_url", {"url": receiver.url})
        yield receiver


async def _buy(wire: Wire, **how: object) -> str:
    shelf = await look_at_shelf(wire)
    line = {"item_id": shelf.item, "model_id": shelf.first}
    order_sn: str = (await wire.control("orders", {"lines": [line], **how}))["order_sn"]
    return order_sn


async def _attempts(wire: Wire, count: int) -> list[Json]:
    """Wait until so many attempts are finished, then give them all."""
    async with asyncio.timeout(20):
        while True:
            attempts: list[Json] = (await wire.http.get("/control/pushes")).json()["pushes"]
            if len(attempts) >= count:
                return attempts
            await asyncio.sleep(0.01)


def _bodies(code: str) -> list[Json]:
    bodies: list[Json] = fixture(f"push_{code}")["bodies"]
    return bodies


async def test_consent_of_a_shop_is_announced(receiver: Receiver, wire: Wire) -> None:
    await wire.consent("shop:600011")
    (push,) = await receiver.wait_for(1)
    assert lacking(_bodies("01_shop_authorization_push")[0], push) == []
    assert (push["code"], push["partner_id"], push["data"]["shop_id"]) == (1, PARTNER_ID, HOME)
    assert push["data"]["extra"] == "shop id 600011 (ID) has been authorized successfully"


async def test_consent_of_a_main_account_lists_its_shops(receiver: Receiver, wire: Wire) -> None:
    await wire.consent("main:19000")
    (push,) = await receiver.wait_for(1)
    assert lacking(_bodies("01_shop_authorization_push")[1], push) == []
    assert push["data"]["shop_id_list"] == [HOME, SISTER]


async def test_cancelled_consent_is_announced(receiver: Receiver, linked: Wire) -> None:
    await linked.control("tokens/revoke", {"shop_id": HOME})
    push = (await receiver.wait_for(2))[1]
    assert lacking(_bodies("02_shop_authorization_canceled_push")[0], push) == []
    assert push["data"]["shop_id"] == HOME


async def test_consent_that_runs_out_is_announced_before_and_after(receiver: Receiver, wire: Wire) -> None:
    await wire.consent("shop:600011", days="30")
    await receiver.wait_for(1)
    await wire.move_clock(23 * 86_400)
    soon = (await receiver.wait_for(2))[1]
    assert lacking(_bodies("12_open_api_authorization_expiry")[0], soon) == []
    assert soon["data"]["shop_expire_soon"] == [HOME]
    assert soon["data"]["expire_before"] == wire.now + 7 * 86_400
    await wire.move_clock(7 * 86_400)
    over = (await receiver.wait_for(3))[2]
    assert lacking(_bodies("02_shop_authorization_canceled_push")[2], over) == []
    assert (over["data"]["authorize_type"], over["data"]["shopid"]) == ("expiry", HOME)


async def test_parcels_number_and_label_are_pushed(receiver: Receiver, linked: Wire) -> None:
    row = await shipped(linked, await bought(linked))
    await linked.shop_post(CREATE, {"order_list": [row]})
    await linked.control("clock", {"advance_s": 0})
    pushes = {push["code"]: push for push in await receiver.wait_for(7)}
    samples = {
        4: "04_order_trackingno",
        15: "15_shipping_document_status",
        30: "30_package_fulfillment_status",
    }
    for code, name in samples.items():
        assert lacking(_bodies(f"{name}_push")[0], pushes[code]) == []
        assert pushes[code]["data"]["package_number"] == row["package_number"]
    assert pushes[4]["data"]["tracking_no"] == row["tracking_number"]
    assert (pushes[15]["data"]["status"], pushes[30]["data"]["fulfillment_status"]) == (
        "READY",
        "LOGISTICS_REQUEST_CREATED",
    )


async def test_each_step_of_an_order_is_pushed(receiver: Receiver, linked: Wire) -> None:
    order_sn = await _buy(linked)
    for action in ("arrange", "pickup", "deliver", "complete", "return"):
        await linked.control(f"orders/{order_sn}/{action}")
    pushes = [push for push in await receiver.wait_for(11) if push["code"] == 3]
    assert all(lacking(_bodies("03_order_status_push")[0], push) == [] for push in pushes)
    assert {push["data"]["ordersn"] for push in pushes} == {order_sn}
    assert {(push["data"]["status"], push["data"]["completed_scenario"]) for push in pushes} == {
        ("UNPAID", ""),
        ("READY_TO_SHIP", ""),
        ("PROCESSED", ""),
        ("SHIPPED", ""),
        ("TO_CONFIRM_RECEIVE", ""),
        ("COMPLETED", "NORMAL"),
        ("COMPLETED", "RRAOC"),
    }


async def test_price_change_is_pushed_also_when_it_is_ours(receiver: Receiver, linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    old = int(shelf.models[0]["price"])
    row = {"model_id": shelf.first, "original_price": old + 500}
    await linked.shop_post("product/update_price", {"item_id": shelf.item, "price_list": [row]})
    await linked.control("price", {"item_id": shelf.single, "price": 31500})
    ours, theirs = sorted((await receiver.wait_for(3))[1:], key=lambda push: push["data"]["model_id"] == 0)
    assert lacking(_bodies("22_item_price_update_push")[0], ours) == []
    assert (ours["data"]["old_value"], ours["data"]["new_value"]) == (old, old + 500)
    assert (theirs["data"]["item_id"], theirs["data"]["new_value"]) == (shelf.single, 31500)


async def test_ordinary_stock_change_is_not_pushed(receiver: Receiver, linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    await linked.control("stock", {"item_id": shelf.single, "stock": 2})
    await linked.control("price", {"item_id": shelf.single, "price": 31500})
    assert [push["code"] for push in await receiver.wait_for(2)] == [1, 22]


async def test_shop_without_consent_pushes_nothing(receiver: Receiver, wire: Wire) -> None:
    await _buy(wire)
    await wire.consent("shop:600011")
    assert [push["code"] for push in await receiver.wait_for(1)] == [1]


async def test_signature_covers_address_and_exact_bytes(receiver: Receiver, linked: Wire) -> None:
    await _buy(linked)
    await receiver.wait_for(3)
    for push in receiver.arrived:
        assert receiver.is_signed(push)
        assert b": " not in push.body


async def test_saving_the_address_by_call_sends_a_verification(wire: Wire) -> None:
    async with receiving() as receiver:
        answer = (await wire.post("push/set_app_push_config", {"callback_url": receiver.url})).json()
        assert answer["response"] == {"result": "success"}
        assert [push.content for push in receiver.arrived] == _bodies("00_url_verification")
        assert receiver.is_signed(receiver.arrived[0])
        config = (await wire.get("push/get_app_push_config")).json()["response"]
        assert config["callback_url"] == receiver.url
        assert {3, 12, 22} <= set(config["push_config_on_list"])


@pytest.mark.parametrize("answer", [Response("OK"), Response(status_code=500), Response('{"ok":true}', 200)])
async def test_address_that_answers_verification_wrongly_is_not_saved(wire: Wire, answer: Response) -> None:
    async with receiving() as receiver:
        receiver.answers = [answer]
        said = (await wire.post("push/set_app_push_config", {"callback_url": receiver.url})).json()
        assert said["error"] == "error_param"
        assert (await wire.get("push/get_app_push_config")).json()["response"]["callback_url"] == ""


async def test_code_switched_off_is_not_sent(receiver: Receiver, linked: Wire) -> None:
    await linked.post("push/set_app_push_config", {"set_push_config_off": [3]})
    await _buy(linked)
    await linked.control("tokens/revoke")
    assert [push["code"] for push in await receiver.wait_for(2)] == [1, 2]


async def test_blocked_shop_is_not_sent(receiver: Receiver, linked: Wire) -> None:
    await linked.post("push/set_app_push_config", {"blocked_shop_id_list": [HOME]})
    await _buy(linked)
    await linked.control("tokens/revoke")
    assert [push["code"] for push in await receiver.wait_for(2)] == [1, 2]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Response("ok"), "answered with a body"),
        (Response(status_code=302, headers={"location": "/elsewhere"}), "refused with 302"),
        (Response(status_code=500), "refused with 500"),
    ],
)
async def test_push_answered_wrongly_is_tried_again_after_300_s(
    receiver: Receiver, wire: Wire, answer: Response, outcome: str
) -> None:
    receiver.answers = [answer]
    await wire.consent("shop:600011")
    assert (await _attempts(wire, 1))[0]["outcome"] == outcome
    await wire.move_clock(299)
    assert len(receiver.arrived) == 1
    await wire.move_clock(1)
    first, second = await receiver.wait_for(2)
    assert first == second
    assert [a["outcome"] for a in await _attempts(wire, 2)] == [outcome, "delivered"]


async def test_slow_answer_counts_as_none(receiver: Receiver, wire: Wire) -> None:
    await wire.control("pushes/pace", {"timeout_s": 0.2})
    receiver.hold_s = 1.0
    await wire.consent("shop:600011")
    attempt = (await _attempts(wire, 1))[0]
    assert attempt["outcome"] == "no answer in 0.2 s"
    assert attempt["took_ms"] >= 200


async def test_time_limit_is_three_seconds_unless_told(wire: Wire) -> None:
    assert (await wire.control("pushes/pace"))["timeout_s"] == 3.0


async def test_three_retries_then_the_lost_store(receiver: Receiver, wire: Wire) -> None:
    receiver.answers = [Response(status_code=500) for _ in range(4)]
    await wire.consent("shop:600011")
    for number, seconds in enumerate(RETRY_AFTER_S, start=1):
        await _attempts(wire, number)
        await wire.move_clock(seconds - 1)
        assert len(receiver.arrived) == number
        await wire.move_clock(1)
        await receiver.wait_for(number + 1)
    await _attempts(wire, 4)
    lost = (await wire.get("push/get_lost_push_message")).json()["response"]
    (message,) = lost["push_message_list"]
    assert message["data"] == receiver.arrived[0].body.decode()
    assert message["code"] == 1
    assert lost["has_next_page"] is False
    await wire.post("push/confirm_consumed_lost_push_message", {"last_message_id": lost["last_message_id"]})
    assert (await wire.get("push/get_lost_push_message")).json()["response"]["push_message_list"] == []


async def test_retries_can_be_made_faster(receiver: Receiver, linked: Wire) -> None:
    await receiver.wait_for(1)
    await linked.control("pushes/pace", {"retry_scale": 0.0001})
    await linked.control("clock", {"resume": True})
    receiver.answers = [Response(status_code=500) for _ in range(3)]
    await linked.control("tokens/revoke")
    assert {push["code"] for push in (await receiver.wait_for(5))[1:]} == {2}


def _change_prices(simulator: ShopeeSimulator, times: int) -> None:
    """Change one price over and over: a push each."""
    shop = simulator.world.shops[HOME]
    listing = next(iter(shop.listings.values()))
    for number in range(times):
        simulator.world.change_price(shop, listing, listing.variants[0], Decimal(30_000 + number))


async def test_lost_messages_come_by_hundreds_and_leave_after_three_days(
    receiver: Receiver, linked: Wire, simulator: ShopeeSimulator
) -> None:
    await receiver.wait_for(1)
    await linked.control("pushes/pace", {"retry_scale": 0})
    receiver.answers = [Response(status_code=500) for _ in range(4 * 101)]
    _change_prices(simulator, 101)
    await receiver.wait_for(1 + 4 * 101)
    await _attempts(linked, 1 + 4 * 101)
    first = (await linked.get("push/get_lost_push_message")).json()["response"]
    assert (len(first["push_message_list"]), first["has_next_page"]) == (100, True)
    confirmed = {"last_message_id": first["last_message_id"]}
    await linked.post("push/confirm_consumed_lost_push_message", confirmed)
    rest = (await linked.get("push/get_lost_push_message")).json()["response"]
    assert (len(rest["push_message_list"]), rest["has_next_page"]) == (1, False)
    await linked.move_clock(3 * 86_400 + 1)
    assert (await linked.get("push/get_lost_push_message")).json()["response"]["push_message_list"] == []


async def test_address_that_fails_most_pushes_is_switched_off(
    receiver: Receiver, linked: Wire, simulator: ShopeeSimulator
) -> None:
    await receiver.wait_for(1)
    receiver.answers = [Response(status_code=500) for _ in range(700)]
    _change_prices(simulator, 600)
    await receiver.wait_for(601)
    await _attempts(linked, 601)
    config = (await linked.get("push/get_app_push_config")).json()["response"]
    assert config["live_push_status"] == "Suspended"
    assert config["suspended_time"] == linked.now
    await _buy(linked)
    receiver.answers = []
    await linked.control("push_url", {"url": receiver.url})
    await linked.control("tokens/revoke")
    assert [attempt["code"] for attempt in (await _attempts(linked, 602))[601:]] == [2]


async def test_lost_push_leaves_no_trace_but_in_the_journal(receiver: Receiver, linked: Wire) -> None:
    await linked.control("faults", {"kind": "push_lost", "push_code": "3", "count": 2})
    await _buy(linked)
    await linked.control("tokens/revoke")
    assert [push["code"] for push in await receiver.wait_for(2)] == [1, 2]
    attempts = await _attempts(linked, 4)
    assert [a["outcome"] for a in attempts if a["code"] == 3] == ["lost on the way"] * 2


async def test_doubled_push_arrives_twice_alike(receiver: Receiver, linked: Wire) -> None:
    await receiver.wait_for(1)
    await linked.control("faults", {"kind": "push_doubled"})
    await linked.control("tokens/revoke")
    await receiver.wait_for(3)
    assert receiver.arrived[1].body == receiver.arrived[2].body


async def test_late_push_waits(receiver: Receiver, linked: Wire) -> None:
    await receiver.wait_for(1)
    await linked.control("faults", {"kind": "push_late", "seconds": 120})
    await _buy(linked, pay=False)
    shelf = await look_at_shelf(linked)
    await linked.control("price", {"item_id": shelf.single, "price": 31500})
    assert [push["code"] for push in await receiver.wait_for(2)] == [1, 22]
    await linked.move_clock(120)
    assert [push["code"] for push in await receiver.wait_for(3)] == [1, 22, 3]


async def test_reordered_pushes_arrive_in_another_order(receiver: Receiver, linked: Wire) -> None:
    await receiver.wait_for(1)
    await linked.control("faults", {"kind": "push_reordered", "seconds": 20, "count": 8})
    shelf = await look_at_shelf(linked)
    for number in range(8):
        await linked.control("price", {"item_id": shelf.single, "price": 30_000 + number})
    for _ in range(20):
        await linked.move_clock(1)
    values = [push["data"]["new_value"] for push in (await receiver.wait_for(9))[1:]]
    assert sorted(values) == list(range(30_000, 30_008))
    assert values != sorted(values)
