"""Money: fields of the samples, the published formula, when money is released, and what is refused."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import httpx
import pytest

from tests.simulator.shopee.fields import lacking
from tests.simulator.shopee.parcels import bought
from tests.simulator.shopee.wire import HOME, Json, Wire, fixture

DETAIL, BATCH, PAGES = (
    "payment/get_escrow_detail",
    "payment/get_escrow_detail_batch",
    "payment/get_escrow_list",
)
MONTH_S = 30 * 86_400


def _sample(name: str) -> Json:
    body: Json = fixture(name)["responses"][0]["body"]
    return body


def _last_month(wire: Wire, **more: int) -> Json:
    return {"release_time_from": wire.now - MONTH_S, "release_time_to": wire.now, **more}


async def test_detail_has_the_fields_of_the_sample_and_its_sum(linked: Wire) -> None:
    answer = await linked.shop_get(DETAIL, {"order_sn": await bought(linked)})
    assert lacking(_sample("payment_get_escrow_detail"), answer) == []
    income = {name: Decimal(str(value)) for name, value in answer["response"]["order_income"].items()
              if isinstance(value, int | float)}  # fmt: skip
    # The formula of ordinary shops in section 12, written out once more.
    goods = income["original_cost_of_goods_sold"] - income["original_shopee_discount"]
    goods += income["seller_return_refund"] + income["shopee_discount"]
    goods -= income["voucher_from_seller"] + income["seller_coin_cash_back"]
    shipping = income["buyer_paid_shipping_fee"] - income["actual_shipping_fee"]
    shipping += income["shopee_shipping_rebate"] + income["shipping_fee_discount_from_3pl"]
    fees = income["seller_transaction_fee"] + income["service_fee"] + income["commission_fee"]
    fees += income["campaign_fee"] + income["order_ams_commission_fee"]
    fees += income["seller_order_processing_fee"] + income["escrow_tax"] + income["withholding_tax"]
    assert income["escrow_amount"] == goods + shipping - income["reverse_shipping_fee"] - fees
    assert 0 < fees < goods / 3
    items = answer["response"]["order_income"]["items"]
    assert sum(Decimal(str(item["discounted_price"])) for item in items) == income["cost_of_goods_sold"]


async def test_batch_takes_both_methods_and_leaves_out_what_nobody_paid(linked: Wire) -> None:
    paid, unpaid = await bought(linked), await bought(linked, pay=False)
    by_get = await linked.shop_get(BATCH, {"order_sn_list": f"{paid},{unpaid},250101NOSUCH01"})
    by_post = await linked.shop_post(BATCH, {"order_sn_list": [paid, unpaid, "250101NOSUCH01"]})
    assert by_get["response"] == by_post["response"]
    assert [row["escrow_detail"]["order_sn"] for row in by_get["response"]] == [paid]
    assert lacking(_sample("payment_get_escrow_detail_batch"), by_get) == []


async def test_money_is_released_with_completion_and_stays_what_the_detail_says(linked: Wire) -> None:
    order_sn = await bought(linked)
    for step in ("arrange", "pickup", "deliver"):
        await linked.control(f"orders/{order_sn}/{step}")
    before = await linked.shop_get(PAGES, _last_month(linked, page_size=100))
    await linked.control(f"orders/{order_sn}/complete")
    after = await linked.shop_get(PAGES, _last_month(linked, page_size=100))
    assert lacking(_sample("payment_get_escrow_list"), after) == []
    known = {row["order_sn"] for row in before["response"]["escrow_list"]}
    fresh = [row for row in after["response"]["escrow_list"] if row["order_sn"] not in known]
    detail = await linked.shop_get(DETAIL, {"order_sn": order_sn})
    assert [(row["order_sn"], row["escrow_release_time"]) for row in fresh] == [(order_sn, linked.now)]
    assert fresh[0]["payout_amount"] == detail["response"]["order_income"]["escrow_amount"]


async def test_pages_of_releases_end_and_do_not_repeat(linked: Wire) -> None:
    found: list[str] = []
    for page in range(1, 20):
        answer = (await linked.shop_get(PAGES, _last_month(linked, page_size=10, page_no=page)))["response"]
        found += [row["order_sn"] for row in answer["escrow_list"]]
        if not answer["more"]:
            break
    done = [order["order_sn"] for order in (await linked.world())["orders"] if order["released_at"]]
    assert sorted(found) == sorted(done)


async def test_cancelled_order_pays_nothing_and_costs_nothing(linked: Wire) -> None:
    order_sn = await bought(linked)
    await linked.control(f"orders/{order_sn}/cancel")
    income = (await linked.shop_get(DETAIL, {"order_sn": order_sn}))["response"]["order_income"]
    assert income["escrow_amount"] == 0
    assert income["commission_fee"] == 0


Ask = Callable[[Wire], Awaitable[httpx.Response]]
REFUSED: list[tuple[str, Ask, str]] = [
    (
        "an unknown order",
        lambda wire: wire.get(DETAIL, {"order_sn": "250101NOSUCH01"}, shop=HOME),
        "order_not_found",
    ),
    ("no order", lambda wire: wire.get(DETAIL, {}, shop=HOME), "error_param"),
    (
        "more than fifty",
        lambda wire: wire.post(BATCH, {"order_sn_list": [str(n) for n in range(51)]}, shop=HOME),
        "exceed_max_limit",
    ),
    ("an empty batch", lambda wire: wire.post(BATCH, {"order_sn_list": []}, shop=HOME), "error_param"),
    (
        "a moment in words",
        lambda wire: wire.get(PAGES, {"release_time_from": 1, "release_time_to": "now"}, shop=HOME),
        "error_param",
    ),
    (
        "a page too large",
        lambda wire: wire.get(PAGES, _last_month(wire, page_size=101), shop=HOME),
        "error_param",
    ),
]


@pytest.mark.parametrize(("what", "ask", "error"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_refused(linked: Wire, what: str, ask: Ask, error: str) -> None:
    answer = await ask(linked)
    assert answer.json()["error"] == error, what
