"""The contract of what a seller does to an order, and of the ways an order may go."""

import pytest

from domain.order_actions import CANCELLABLE
from domain.orders import OrderStatus
from domain.platform import Can, Cancellation, CancelReason, LineUnits, Outcome
from tests.contract.case import Fault, PlatformCase, Step, TrueVariant
from tests.contract.test_platform import free_variant, order_now

OK = (Outcome.OK, "")


async def cancel(
    case: PlatformCase, number: str, *lines: LineUnits, reason: CancelReason | None = None
) -> tuple[Outcome, str]:
    """Cancel an order whole, or so many units of it; the reason is the least usual one of the shop."""
    asked = Cancellation(number, reason or case.reasons[-1], lines, is_partial=bool(lines))
    told = await case.platform.order_actions.cancel(case.shop, asked)
    return told.outcome, told.reason


def units_of(variant: TrueVariant, units: int) -> LineUnits:
    return LineUnits(variant.listing, variant.variant, units)


@pytest.mark.parametrize(
    ("steps", "statuses"),
    [
        (["hold", "release", "arrange"], [OrderStatus.PENDING, OrderStatus.TO_SHIP, OrderStatus.ARRANGED]),
        (["await_invoice", "release"], [OrderStatus.PENDING, OrderStatus.TO_SHIP]),
    ],
)
async def test_an_order_kept_back_is_pending_until_it_is_released(
    case: PlatformCase, steps: list[Step], statuses: list[OrderStatus]
) -> None:
    number = await case.buy(await free_variant(case), is_paid=False)
    assert (await order_now(case, number)).status is OrderStatus.UNPAID
    statuses = [case.shown_after.get(step, each) for step, each in zip(steps, statuses, strict=True)]
    seen = []
    for step in steps:
        await case.step(number, step)
        seen.append((await order_now(case, number)).status)
    assert seen == statuses


@pytest.mark.parametrize(
    ("steps", "statuses"),
    [
        (
            ["arrange", "pickup_fails", "arrange", "pickup", "deliver", "complete"],
            [
                OrderStatus.ARRANGED,
                OrderStatus.TO_SHIP,
                OrderStatus.ARRANGED,
                OrderStatus.SHIPPED,
                OrderStatus.DELIVERED,
                OrderStatus.COMPLETED,
            ],
        ),
        (
            ["ask_cancel", "refuse_cancel", "arrange", "ask_cancel", "refuse_cancel"],
            [
                OrderStatus.CANCEL_ASKED,
                OrderStatus.TO_SHIP,
                OrderStatus.ARRANGED,
                OrderStatus.CANCEL_ASKED,
                OrderStatus.ARRANGED,
            ],
        ),
        (
            ["arrange", "pickup", "deliver", "return"],
            [OrderStatus.ARRANGED, OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.RETURNING],
        ),
    ],
)
async def test_an_order_may_go_back_and_forth(
    case: PlatformCase, steps: list[Step], statuses: list[OrderStatus]
) -> None:
    number = await case.buy(await free_variant(case))
    statuses = [case.shown_after.get(step, each) for step, each in zip(steps, statuses, strict=True)]
    seen, digests = [], set()
    for step in steps:
        await case.step(number, step)
        order = await order_now(case, number)
        seen.append(order.status)
        digests.add(order.digest)
    assert seen == statuses
    assert len(digests) >= len(set(statuses))


async def test_cancelled_order_is_cancelled_by_the_seller(case: PlatformCase) -> None:
    assert {Can.CANCEL_ORDERS, Can.ANSWER_CANCELLATIONS} <= case.platform.info.can
    variant = await free_variant(case)
    number = await case.buy(variant)
    assert await cancel(case, number) == OK
    order = await order_now(case, number)
    assert (order.status, order.cancelled_by) == (OrderStatus.CANCELLED, "seller")
    assert [each.quantity for each in order.lines] == [1]
    assert await cancel(case, number) == (Outcome.REJECTED, "too_late")


async def test_what_is_out_of_stock_is_named(case: PlatformCase) -> None:
    variant = await free_variant(case)
    number = await case.buy(variant)
    asked = Cancellation(number, CancelReason.OUT_OF_STOCK, (units_of(variant, 1),))
    assert (await case.platform.order_actions.cancel(case.shop, asked)).outcome is Outcome.OK
    order = await order_now(case, number)
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.OUT_OF_STOCK)


@pytest.mark.needs(Can.CANCEL_UNITS)
async def test_some_units_are_cancelled_and_the_order_goes_on(case: PlatformCase) -> None:
    first = next(each for each in await case.variants() if each.is_listed and each.available > 5)
    second = next(
        each
        for each in await case.variants()
        if each.listing != first.listing and each.is_listed and each.available > 5
    )
    number = await case.buy(first, second, units=3)
    total = (await order_now(case, number)).lines
    assert [each.quantity for each in total] == [3, 3]
    assert await cancel(case, number, units_of(first, 2)) == OK
    order = await order_now(case, number)
    assert order.status is OrderStatus.TO_SHIP
    assert [(each.quantity, each.cancelled) for each in order.lines] == [(1, 2), (3, 0)]
    assert await cancel(case, number, units_of(first, 1)) == OK
    order = await order_now(case, number)
    assert [(each.listing_external_id, each.quantity) for each in order.lines] == [(second.listing, 3)]
    assert [each.quantity for parcel in order.parcels for each in parcel.lines] == [3]
    for too_many in (units_of(second, 4), units_of(second, 3)):
        assert await cancel(case, number, too_many) == (Outcome.REJECTED, "units_refused")


async def test_arranged_order_cannot_be_cancelled_any_more(case: PlatformCase) -> None:
    number = await case.buy(await free_variant(case))
    await case.step(number, "arrange")
    assert OrderStatus.ARRANGED not in CANCELLABLE
    assert await cancel(case, number) == (Outcome.REJECTED, "too_late")
    assert (await order_now(case, number)).status is OrderStatus.ARRANGED


async def test_order_that_is_held_back_is_none_to_cancel_yet(case: PlatformCase) -> None:
    number = await case.buy(await free_variant(case), is_paid=False)
    await case.step(number, "hold")
    held = case.shown_after.get("hold", OrderStatus.PENDING)
    assert (await order_now(case, number)).status is held
    assert OrderStatus.PENDING not in CANCELLABLE
    told = await cancel(case, number)
    if case.keeps_held:
        assert told == (Outcome.REJECTED, "too_late")
        assert (await order_now(case, number)).status is held
    else:
        assert told[0] is Outcome.OK


async def test_reasons_are_those_of_the_shop_and_the_order(case: PlatformCase) -> None:
    actions = case.platform.order_actions
    assert tuple(actions.cancel_reasons(case.shop, is_cod=False)) == case.reasons
    on_delivery = actions.cancel_reasons(case.shop, is_cod=True)
    assert (CancelReason.COD_NOT_SUPPORTED in on_delivery) == case.cod_is_a_reason
    number = await case.buy(await free_variant(case))
    for reason in (CancelReason.AREA_NOT_SERVED, CancelReason.COD_NOT_SUPPORTED):
        assert await cancel(case, number, reason=reason) == (Outcome.REJECTED, "reason_refused")


async def test_unknown_order_is_not_found(case: PlatformCase) -> None:
    actions, number = case.platform.order_actions, "250101NOSUCH01"
    assert await cancel(case, number) == (Outcome.REJECTED, "not_found")
    told = [await actions.answer_cancellation(case.shop, number, is_accepted=True)]
    if Can.NOTE_ORDERS in case.platform.info.can:
        told.append(await actions.set_note(case.shop, number, "gift"))
    assert {(each.outcome, each.reason) for each in told} == {(Outcome.REJECTED, "not_found")}


@pytest.mark.parametrize("is_accepted", [True, False])
async def test_buyer_who_asks_to_cancel_is_answered_once(case: PlatformCase, *, is_accepted: bool) -> None:
    number = await case.buy(await free_variant(case))
    await case.step(number, "ask_cancel")
    actions = case.platform.order_actions
    told = await actions.answer_cancellation(case.shop, number, is_accepted=is_accepted)
    assert told.outcome is Outcome.OK
    after = (await order_now(case, number)).status
    assert after is (OrderStatus.CANCELLED if is_accepted else OrderStatus.TO_SHIP)
    again = await actions.answer_cancellation(case.shop, number, is_accepted=is_accepted)
    assert (again.outcome, again.reason) == (Outcome.REJECTED, "not_asked")


@pytest.mark.needs(Can.NOTE_ORDERS)
async def test_note_is_kept_and_taken_away(case: PlatformCase) -> None:
    number = await case.buy(await free_variant(case))
    for note in ("hadiah: jangan sertakan nota", ""):
        told = await case.platform.order_actions.set_note(case.shop, number, note)
        assert told.outcome is Outcome.OK
        assert (await order_now(case, number)).seller_note == note


@pytest.mark.parametrize("fault", ["timeout_after", "timeout_before", "server_error", "html", "broken_json"])
async def test_cancellation_without_a_usable_answer_is_of_unknown_fate(
    case: PlatformCase, fault: Fault
) -> None:
    number = await case.buy(await free_variant(case))
    await case.break_next(fault, "cancelling")
    platform = case.impatient if fault.startswith("timeout") else case.platform
    asked = Cancellation(number, case.reasons[-1])
    assert (await platform.order_actions.cancel(case.shop, asked)).outcome is Outcome.UNKNOWN
    is_cancelled = (await order_now(case, number)).status is OrderStatus.CANCELLED
    assert is_cancelled == (fault == "timeout_after")
