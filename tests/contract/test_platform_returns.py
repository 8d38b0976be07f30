"""The contract of returns: read with their photos and deadlines, answered once, disputed with proof."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.clock import utc_now
from domain.errors import RequestRejected
from domain.money import Money
from domain.platform import ActionResult, Can, Dispute, Evidence, HintKind, Outcome, Window
from domain.returns import ReturnSnapshot, ReturnState, Solution
from tests.contract.case import Fault, PlatformCase
from tests.contract.test_platform import free_variant, hints_until

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)


async def returned(case: PlatformCase, *, units: int = 1) -> str:
    """Let a buyer buy, get and send something back; return the return's number."""
    return await case.buyer_returns(await case.buy(await free_variant(case), units=units))


async def returned_goods(case: PlatformCase) -> str:
    """Let buyers send something back until one gives the goods back; why they do is drawn."""
    for _ in range(30):
        number = await returned(case)
        if (await return_now(case, number)).solution is Solution.RETURN_AND_REFUND:
            return number
    raise AssertionError("nobody gives goods back")


async def return_now(case: PlatformCase, number: str) -> ReturnSnapshot:
    return (await case.platform.returns.fetch_returns(case.shop, [number]))[0]


async def told(answer: Awaitable[ActionResult]) -> tuple[Outcome, str]:
    result = await answer
    return result.outcome, result.reason


async def objection(case: PlatformCase, number: str, *pictures: bytes) -> Dispute:
    """Write a dispute for the first reason, with these pictures for what it wants first."""
    reason = (await case.platform.returns.dispute_reasons(case.shop, number))[0]
    urls = [await case.platform.returns.upload_picture(case.shop, number, each) for each in pictures]
    evidence = (Evidence(reason.modules[0], tuple(urls)),) if urls else ()
    return Dispute(reason.external_id, "Barang utuh saat dikemas", "seller@example.com", evidence)


async def test_return_is_listed_and_read_as_it_is(case: PlatformCase) -> None:
    assert {Can.ANSWER_RETURNS, Can.DISPUTE_RETURNS} <= case.platform.info.can
    before = utc_now() - timedelta(seconds=2)
    known = await case.platform.returns.returns_changed(case.shop, Window(before, utc_now()), "")
    variant = await free_variant(case)
    order = await case.buy(variant, units=2)
    number = await case.buyer_returns(order)
    page = await case.platform.returns.returns_changed(case.shop, Window(before, utc_now()), "")
    assert ([each for each in page.ids if each not in known.ids], page.next_cursor) == ([number], None)
    seen, true = await return_now(case, number), await case.true_return(number)
    assert (seen.order_external_id, seen.raw_state) == (order, true.raw_state)
    assert (seen.state, seen.solution) == (ReturnState.ASKED, seen.solution)
    assert seen.refund == Money(true.refund, case.shop.currency)
    assert seen.updated_at == datetime.fromtimestamp(true.updated_s, UTC)
    lines = [(each.listing_external_id, each.variant_external_id, each.quantity) for each in seen.lines]
    assert lines == [(variant.listing, variant.variant, 2)]
    assert seen.answer_by
    assert timedelta(days=1) < seen.answer_by - utc_now() <= timedelta(days=4)
    assert seen.reason
    assert all(each.startswith("http") for each in seen.photos)
    assert (await return_now(case, number)).digest == seen.digest


async def test_unknown_return_is_left_out(case: PlatformCase) -> None:
    number = await returned(case)
    found = await case.platform.returns.fetch_returns(case.shop, [number, "250101NOSUCH001"])
    assert [each.external_id for each in found] == [number]
    assert await told(case.platform.returns.accept(case.shop, "250101NOSUCH001")) == (
        Outcome.REJECTED,
        "not_found",
    )


@pytest.mark.forgiven("/api/v2/returns/get_return_list: window of")
async def test_window_of_returns_over_the_limit_is_rejected_or_read(case: PlatformCase) -> None:
    number = await returned(case)
    now = utc_now() + timedelta(seconds=2)
    too_long = Window(now - case.platform.info.window - timedelta(days=1), now)
    if case.limits_windows:
        with pytest.raises(RequestRejected):
            await case.platform.returns.returns_changed(case.shop, too_long, "")
    else:
        assert number in (await case.platform.returns.returns_changed(case.shop, too_long, "")).ids


async def test_accepted_return_is_settled_once(case: PlatformCase) -> None:
    number = await returned(case)
    returns = case.platform.returns
    assert await told(returns.accept(case.shop, number)) == (Outcome.OK, "")
    settled = await return_now(case, number)
    assert settled.state in case.accepted
    assert await told(returns.accept(case.shop, number)) == (Outcome.REJECTED, "too_late")
    assert await returns.solutions(case.shop, number) == []


@pytest.mark.needs(Can.OFFER_PARTS)
async def test_what_may_be_offered_is_offered_within_its_bounds(case: PlatformCase) -> None:
    number = await returned(case)
    returns = case.platform.returns
    on_offer = {each.solution: each for each in await returns.solutions(case.shop, number)}
    money = on_offer[Solution.REFUND]
    assert money.least
    assert money.most
    assert money.most.amount == (await case.true_return(number)).refund
    too_much = Money(money.most.amount + 1, case.shop.currency)
    assert await told(returns.offer(case.shop, number, Solution.REFUND, too_much)) == (
        Outcome.REJECTED,
        "amount_refused",
    )
    half = Money(Decimal(int(money.most.amount / 2)), case.shop.currency)
    assert await told(returns.offer(case.shop, number, Solution.REFUND, half)) == (Outcome.OK, "")
    seen = await return_now(case, number)
    assert (seen.offered, seen.offered_solution, seen.is_buyers_offer) == (half, Solution.REFUND, False)


@pytest.mark.needs(Can.HEAR_OFFERS)
async def test_offer_of_the_buyer_is_taken(case: PlatformCase) -> None:
    number = await returned(case)
    returns = case.platform.returns
    assert await told(returns.accept_offer(case.shop, number)) == (Outcome.REJECTED, "no_offer")
    await case.buyer_offers(number, Decimal(1000))
    assert (await return_now(case, number)).is_buyers_offer
    assert await told(returns.accept_offer(case.shop, number)) == (Outcome.OK, "")
    settled = await return_now(case, number)
    assert (settled.state, settled.refund.amount) == (ReturnState.CLOSED, Decimal(1000))


@pytest.mark.needs(Can.PROVE_DISPUTES)
async def test_dispute_carries_its_proof(case: PlatformCase) -> None:
    number = await returned(case)
    returns = case.platform.returns
    reasons = await returns.dispute_reasons(case.shop, number)
    assert all(each.text and each.modules[0].is_required for each in reasons)
    dispute = await objection(case, number, PNG, JPEG)
    assert await told(returns.dispute(case.shop, number, dispute)) == (Outcome.OK, "")
    assert (await return_now(case, number)).state is ReturnState.DISPUTED
    true = await case.true_return(number)
    assert (true.proof, true.words) == (dispute.evidence[0].pictures, dispute.text)
    assert len(set(dispute.evidence[0].pictures)) == 2
    offered = returns.offer(case.shop, number, Solution.REFUND, None)
    assert await told(offered) == (Outcome.REJECTED, "already_disputed")


@pytest.mark.needs(Can.PROVE_DISPUTES)
async def test_dispute_needs_the_proof_its_reason_asks_for(case: PlatformCase) -> None:
    number = await returned(case)
    returns = case.platform.returns
    bare = await objection(case, number)
    foreign = replace(await objection(case, number, PNG), reason_external_id="999")
    assert await told(returns.dispute(case.shop, number, bare)) == (Outcome.REJECTED, "proof_missing")
    assert await told(returns.dispute(case.shop, number, foreign)) == (Outcome.REJECTED, "reason_refused")
    assert (await return_now(case, number)).state is ReturnState.ASKED
    with pytest.raises(RequestRejected) as caught:
        await returns.upload_picture(case.shop, number, b"GIF89a")
    assert caught.value.code == "refused_proof"


async def test_what_the_platform_judges_is_not_ours(case: PlatformCase) -> None:
    judged = await returned(case)
    await case.return_step(judged, "judge")
    assert (await return_now(case, judged)).state is ReturnState.JUDGING
    assert await told(case.platform.returns.accept(case.shop, judged)) == (Outcome.REJECTED, "being_judged")


@pytest.mark.needs(Can.PROVE_DISPUTES)
async def test_what_the_platform_judges_cannot_be_disputed_any_more(case: PlatformCase) -> None:
    judged = await returned(case)
    await case.return_step(judged, "judge")
    late = await objection(case, judged, PNG)
    assert await told(case.platform.returns.dispute(case.shop, judged, late)) == (
        Outcome.REJECTED,
        "too_late",
    )


@pytest.mark.needs(Can.CHECK_GOODS)
async def test_what_its_warehouse_checks_the_platform_decides(case: PlatformCase) -> None:
    checked = await returned_goods(case)
    await case.return_step(checked, "warehouse")
    assert (await return_now(case, checked)).is_decided_elsewhere
    assert await told(case.platform.returns.accept(case.shop, checked)) == (
        Outcome.REJECTED,
        "decided_elsewhere",
    )


async def test_return_that_comes_or_moves_is_pushed(case: PlatformCase) -> None:
    await case.listen()
    number = await returned(case)
    hints = await hints_until(case, HintKind.RETURN)
    assert [(each.shop_external_id, each.ids) for each in hints] == [(case.shop.external_id, (number,))]


@pytest.mark.parametrize("fault", ["timeout_after", "timeout_before", "server_error", "html", "broken_json"])
async def test_answer_to_a_return_without_a_usable_answer_is_of_unknown_fate(
    case: PlatformCase, fault: Fault
) -> None:
    number = await returned(case)
    await case.break_next(fault, "returns")
    platform = case.impatient if fault.startswith("timeout") else case.platform
    assert (await platform.returns.accept(case.shop, number)).outcome is Outcome.UNKNOWN
    is_settled = (await return_now(case, number)).state in case.accepted
    assert is_settled == (fault == "timeout_after")
