"""Returns of the reference's samples, read into what a seller is shown."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from domain.money import Money
from domain.platform import DisputeReason, EvidenceModule, Outcome, SolutionOffer
from domain.returns import ReturnLine, ReturnSnapshot, ReturnState, Solution
from tests.unit.adapters.shopee_calls import LONGEST
from tests.unit.adapters.shopee_samples import SHOP, StandIn, answer, at, body, error, rupiah, wrapped

NUMBER = "2511220EDT4JRV5"


async def detail(**changes: Any) -> ReturnSnapshot:
    told = body("returns_get_return_detail", "success")["response"] | changes
    return (await StandIn(wrapped(told)).platform.returns.fetch_returns(SHOP, [NUMBER]))[0]


async def test_return_is_read_in_full() -> None:
    seen = await detail()
    assert (seen.external_id, seen.order_external_id) == (NUMBER, "251115ABCDEF77")
    assert (seen.state, seen.raw_state, seen.solution) == (
        ReturnState.ASKED,
        "REQUESTED",
        Solution.RETURN_AND_REFUND,
    )
    assert (seen.reason, seen.buyer_says, seen.buyer_name) == ("PHYSICAL_DMG", "robek", "tono88")
    assert (seen.refund, seen.offered, seen.is_buyers_offer) == (rupiah(120000), rupiah(120000), True)
    assert (seen.created_at, seen.updated_at) == (at(1763732796), at(1763736767))
    assert (seen.answer_by, seen.proof_by, seen.proof_state) == (at(1763992000), at(1763992000), "PENDING")
    assert seen.photos == ("https://cf.shopee.co.id/file/166f23cbfb31bd882f51cfe7f90d3826",)
    assert seen.raw_goods_state == "LOGISTICS_PENDING_ARRANGE"
    assert seen.lines == (
        ReturnLine(
            "2500139861",
            "2000458801",
            "Kaos Polos Katun",
            "KAOS-01-H-M",
            2,
            rupiah(60000),
            "https://cf.shopee.co.id/file/82becb4830bd2ee90ad6acf8a9dc26d7",
        ),
    )


@pytest.mark.parametrize(
    ("goods", "checked", "is_back"),
    [
        ("LOGISTICS_PENDING_ARRANGE", "seller_validation", False),
        ("LOGISTICS_DELIVERY_DONE", "seller_validation", True),
        ("LOGISTICS_DELIVERY_DONE", "warehouse_validation", False),
    ],
)
async def test_goods_are_back_when_they_reached_the_seller_and_not_a_warehouse(
    goods: str, checked: str, *, is_back: bool
) -> None:
    seen = await detail(reverse_logistics_status=goods, validation_type=checked)
    assert seen.is_back is is_back


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("REQUESTED", ReturnState.ASKED),
        ("ACCEPTED", ReturnState.ACCEPTED),
        ("PROCESSING", ReturnState.COMING_BACK),
        ("JUDGING", ReturnState.JUDGING),
        ("SELLER_DISPUTE", ReturnState.DISPUTED),
        ("CLOSED", ReturnState.CLOSED),
        ("CANCELLED", ReturnState.CANCELLED),
        ("ON_THE_MOON", ReturnState.UNKNOWN),
    ],
)
async def test_state_of_a_return_keeps_its_word(word: str, state: ReturnState) -> None:
    seen = await detail(status=word)
    assert (seen.state, seen.raw_state) == (state, word)


async def test_return_is_read_leniently() -> None:
    seen = await detail(
        image=None, user=None, item=None, negotiation=None, seller_proof=None, due_date=0, return_solution=1
    )
    assert (seen.lines, seen.photos, seen.buyer_name, seen.answer_by) == ((), (), "", None)
    assert (seen.offered, seen.is_buyers_offer, seen.solution) == (None, False, Solution.REFUND)
    assert (await detail(validation_type="warehouse_validation")).is_decided_elsewhere
    assert not (
        await detail(negotiation={"latest_offer_creator": "shop", "latest_offer_amount": 5})
    ).is_buyers_offer


async def test_solutions_have_bounds_where_the_amount_is_free() -> None:
    shopee = StandIn(answer("returns_get_available_solutions", "success"))
    assert await shopee.platform.returns.solutions(SHOP, NUMBER) == [
        SolutionOffer(Solution.RETURN_AND_REFUND),
        SolutionOffer(Solution.REFUND, rupiah(1000), rupiah(120000)),
    ]


async def test_reasons_come_with_the_proof_they_ask_for() -> None:
    shopee = StandIn(answer("returns_get_return_dispute_reason", "success"))
    module = EvidenceModule("1", "Photo of the parcel being opened", is_required=True)
    assert await shopee.platform.returns.dispute_reasons(SHOP, NUMBER) == [
        DisputeReason("50", "Photo evidence", (module,))
    ]


async def test_page_of_returns_is_read() -> None:
    shopee = StandIn(answer("returns_get_return_list", "success"))
    page = await shopee.platform.returns.returns_changed(SHOP, LONGEST, "")
    assert (page.ids, page.next_cursor) == ((NUMBER,), None)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (answer("returns_confirm", "error_state"), "too_late"),
        (answer("returns_confirm", "error_review"), "being_judged"),
        (answer("returns_get_return_detail", "error"), "not_found"),
        (error("error_validation"), "decided_elsewhere"),
        (error("error_banned"), "shop_restricted"),
        (error("shop_banned", status=403), "shop_restricted"),
        (error("rraoc_refund_not_allowed"), "too_late"),
        (error("error_param", "what"), "other"),
    ],
)
async def test_refused_answer_says_why(told: httpx.Response, reason: str) -> None:
    result = await StandIn(told).platform.returns.accept(SHOP, NUMBER)
    assert (result.outcome, result.reason) == (Outcome.REJECTED, reason)


async def test_data_that_is_only_late_is_of_unknown_fate() -> None:
    result = await StandIn(error("error_data", "parse data failed")).platform.returns.accept(SHOP, NUMBER)
    assert result.outcome is Outcome.UNKNOWN


async def test_amount_of_an_offer_is_a_number_of_its_currency() -> None:
    shopee = StandIn(answer("returns_offer", "success"))
    amount = Money(Decimal("12.5000"), "MYR")
    await shopee.platform.returns.offer(SHOP, NUMBER, Solution.REFUND, amount)
    assert b'"proposed_adjusted_refund_amount":12.5}' in shopee.requests[0].content
