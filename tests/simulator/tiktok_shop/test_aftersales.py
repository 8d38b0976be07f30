"""Cancellations and returns: who may, with which reason, what the seller is asked next, and what each answer leads to."""

import pytest

from tests.simulator.tiktok_shop.shapes import differences, missing
from tests.simulator.tiktok_shop.wire import Json, Wire, fixture

CANCEL, RETURNS = "/return_refund/202309/cancellations", "/return_refund/202309/returns"
REASON = "seller_cancel_reason_out_of_stock"
SAID_IN_WORDS = ("partial_refund.currency", "partial_refund.amount", "arbitration_status")


async def cancellation_of(wire: Wire, number: str) -> Json:
    found = await wire.ask("POST", f"{CANCEL}/search", {"order_ids": [number]}, page_size=10)
    row: Json = found["cancellations"][0]
    return row


async def test_seller_cancels_with_a_reason_of_the_list(linked: Wire) -> None:
    number = await linked.buy()
    path = f"/return_refund/202602/orders/{number}/aftersale_eligibility"
    may = await linked.ask("GET", path, initiate_aftersale_user="SELLER", request_types="CANCEL")
    assert differences(may, "return-aftersale-eligibility") == []
    assert REASON in may["sku_eligibility"][0]["line_item_eligibility"][0]["available_reason_names"]
    for reason, code in (("seller_cancel_unpaid_reason_wrong_price", 25001021), ("no", 25001014)):
        body = {"order_id": number, "cancel_reason": reason}
        assert await linked.refused("POST", CANCEL, body) == code
    part = {"order_id": number, "cancel_reason": REASON, "order_line_item_ids": ["1"]}
    assert await linked.refused("POST", CANCEL, part) == 25005010
    told = await linked.ask("POST", CANCEL, {"order_id": number, "cancel_reason": REASON})
    assert differences(told, "return-cancel-order") == []
    order = await linked.order(number)
    assert (order["status"], order["cancellation_initiator"]) == ("CANCELLED", "SELLER")
    assert await linked.refused("POST", CANCEL, {"order_id": number, "cancel_reason": REASON}) == 25001011
    after = await linked.ask("GET", path, initiate_aftersale_user="SELLER", request_types="CANCEL")
    assert differences(after, "return-aftersale-eligibility") == []
    assert (await cancellation_of(linked, number))["cancel_id"] == told["cancel_id"]


async def test_too_late_and_unknown(linked: Wire) -> None:
    number = await linked.buy()
    await linked.control(f"orders/{number}/arrange")
    assert await linked.refused("POST", CANCEL, {"order_id": number, "cancel_reason": REASON}) == 25001045
    stranger = {"order_id": "576461413038785999", "cancel_reason": REASON}
    assert await linked.refused("POST", CANCEL, stranger) == 25007006
    assert await linked.refused("POST", CANCEL, {"order_id": 1, "cancel_reason": REASON}) == 25001001


async def test_buyers_wish_is_answered_once_and_the_same_key_changes_nothing(linked: Wire) -> None:
    number = await linked.buy()
    await linked.control(f"orders/{number}/ask_cancel")
    asked = await cancellation_of(linked, number)
    found = await linked.ask(
        "POST", f"{CANCEL}/search", {"cancel_status": ["CANCELLATION_REQUEST_PENDING"]}, page_size=50
    )
    assert differences(found, "return-cancellations-search") == []
    assert missing(found, "return-cancellations-search") == []
    assert asked["seller_next_action_response"][0]["action"] == "SELLER_RESPOND_CANCEL"
    path = f"{CANCEL}/{asked['cancel_id']}"
    for _ in range(2):
        assert await linked.ask("POST", f"{path}/approve", idempotency_key="k1") == {}
    assert (await linked.order(number))["status"] == "CANCELLED"
    assert await linked.refused("POST", f"{path}/approve", idempotency_key="k2") == 25011012
    late = {"reject_reason": "seller_reject_apply_product_has_been_packed"}
    assert await linked.refused("POST", f"{path}/reject", late) == 25020010


async def test_buyers_wish_is_rejected_with_a_reason_of_its_own_list(linked: Wire) -> None:
    number = await linked.buy()
    await linked.control(f"orders/{number}/ask_cancel")
    asked = await cancellation_of(linked, number)
    told = await linked.ask(
        "GET", "/return_refund/202309/reject_reasons", return_or_cancel_id=asked["cancel_id"]
    )
    assert told == fixture("return-reject-reasons")["responses"]["success"]["body"]["data"]
    path = f"{CANCEL}/{asked['cancel_id']}/reject"
    assert await linked.refused("POST", path, {"reject_reason": "because"}) == 25001014
    await linked.ask("POST", path, {"reject_reason": told["reasons"][0]["name"], "comment": "Sudah dikemas"})
    assert (await linked.order(number))["is_buyer_request_cancel"] is False
    assert (await cancellation_of(linked, number))["cancel_status"] == "CANCELLATION_REQUEST_CANCELLED"
    assert await linked.refused("POST", path, {"reject_reason": told["reasons"][0]["name"]}) == 25011011
    approve = path.replace("reject", "approve")
    assert await linked.refused("POST", approve) == 25020009


async def returned(wire: Wire, *, goods: bool) -> Json:
    """Let a buyer send an order back; return the request, with or without goods as wanted."""
    for _ in range(12):
        number = await wire.buy(units=2)
        for step in ("arrange", "pickup", "deliver", "return"):
            await wire.control(f"orders/{number}/{step}")
        row = await return_of(wire, number)
        if (row["return_type"] == "RETURN_AND_REFUND") == goods:
            return row
    raise AssertionError("no such return was drawn")


async def return_of(wire: Wire, order: str) -> Json:
    found = await wire.ask("POST", f"{RETURNS}/search", {"order_ids": [order]}, page_size=10)
    row: Json = found["return_orders"][0]
    return row


async def test_return_with_goods_is_approved_in_two_steps(linked: Wire) -> None:
    row = await returned(linked, goods=True)
    found = await linked.ask("POST", f"{RETURNS}/search", {}, page_size=50)
    assert differences(found, "return-returns-search", beside=SAID_IN_WORDS) == []
    records = await linked.ask("GET", f"{RETURNS}/{row['return_id']}/records")
    assert differences(records, "return-records") == []
    assert row["seller_next_action_response"][0]["action"] == "SELLER_RESPOND_RETURN"
    path = f"{RETURNS}/{row['return_id']}/approve"
    assert await linked.refused("POST", path, {"decision": "APPROVE_REFUND"}) == 25001016
    await linked.ask("POST", path, {"decision": "APPROVE_RETURN"}, idempotency_key="a")
    assert (await return_of(linked, row["order_id"]))["return_status"] == "AWAITING_BUYER_SHIP"
    assert await linked.refused("POST", path, {"decision": "APPROVE_RETURN"}, idempotency_key="b") == 25001044
    await linked.control(f"returns/{row['return_id']}/send_back")
    again = await return_of(linked, row["order_id"])
    assert again["seller_next_action_response"][0]["action"] == "SELLER_RESPOND_RECEIVE_PACKAGE"
    await linked.ask("POST", path, {"decision": "APPROVE_RECEIVED_PACKAGE"})
    assert (await return_of(linked, row["order_id"]))["return_status"] == "RETURN_OR_REFUND_REQUEST_COMPLETE"


async def test_part_of_a_refund_is_offered_within_its_bounds(linked: Wire) -> None:
    row = await returned(linked, goods=False)
    path = f"{RETURNS}/{row['return_id']}/approve"
    total = int(row["refund_amount"]["refund_total"])
    for amount in ("0", str(total + 1), "x"):
        body = {"decision": "OFFER_PARTIAL_REFUND", "partial_refund": {"currency": "IDR", "amount": amount}}
        assert await linked.refused("POST", path, body) == 25001001
    half = {"currency": "IDR", "amount": str(total // 2)}
    await linked.ask("POST", path, {"decision": "OFFER_PARTIAL_REFUND", "partial_refund": half})
    told = await return_of(linked, row["order_id"])
    assert (told["return_status"], told["partial_refund"]) == ("AWAITING_BUYER_RESPONSE", half)
    assert told["seller_next_action_response"] == []


@pytest.mark.parametrize("goods", [True, False])
async def test_return_is_rejected_with_the_decision_that_answers_it(linked: Wire, *, goods: bool) -> None:
    row = await returned(linked, goods=goods)
    reasons = await linked.ask(
        "GET", "/return_refund/202309/reject_reasons", return_or_cancel_id=row["return_id"]
    )
    path, name = f"{RETURNS}/{row['return_id']}/reject", reasons["reasons"][0]["name"]
    right, wrong = ("REJECT_RETURN", "REJECT_REFUND") if goods else ("REJECT_REFUND", "REJECT_RETURN")
    assert await linked.refused("POST", path, {"decision": wrong, "reject_reason": name}) == 25001016
    assert await linked.refused("POST", path, {"decision": right, "reject_reason": "no"}) == 25001014
    await linked.ask("POST", path, {"decision": right, "reject_reason": name, "comment": "Utuh"})
    told = await return_of(linked, row["order_id"])
    assert told["return_status"] == "REFUND_OR_RETURN_REQUEST_REJECT"


async def test_what_the_platform_judges_is_not_answered(linked: Wire) -> None:
    row = await returned(linked, goods=True)
    await linked.control(f"returns/{row['return_id']}/judge")
    assert (await return_of(linked, row["order_id"]))["arbitration_status"] == "IN_PROGRESS"
    approve = {"decision": "APPROVE_RETURN"}
    assert await linked.refused("POST", f"{RETURNS}/{row['return_id']}/approve", approve) == 25011010


async def test_refund_is_calculated_for_the_units_named(linked: Wire) -> None:
    sku = (await linked.shelf())[0]
    order = await linked.order(await linked.buy(sku, units=2))
    body = {"order_id": order["id"], "request_type": "REFUND", "reason_name": REASON}
    one = body | {"order_line_item_ids": [order["line_items"][0]["id"]]}
    path = "/return_refund/202309/refunds/calculate"
    for asked, units in ((body, 2), (one, 1)):
        told = await linked.ask("POST", path, asked)
        assert differences(told, "return-calculate-refund", beside=("buyer_service_fee",)) == []
        assert told["order_refund_amount"]["refund_total"] == str(units * int(sku["price"]))
    assert await linked.refused("POST", path, body | {"order_id": "1"}) == 25007006
    assert await linked.refused("POST", f"{RETURNS}/search", {}, page_size=9) == 36009004
