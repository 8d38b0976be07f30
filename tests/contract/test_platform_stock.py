"""The contract of setting stock: absolute, compared with what the shop is believed to show, one result for each."""

from datetime import timedelta

import pytest

from domain.clock import utc_now
from domain.platform import Can, Outcome, StockPush
from tests.contract.case import Fault, PlatformCase, TrueVariant
from tests.contract.test_platform import free_variant, variant_now


def push_of(variant: TrueVariant, units: int, *, expected: int | None = None) -> StockPush:
    shown = variant.available + variant.reserved
    return StockPush(variant.listing, variant.variant, units, shown if expected is None else expected)


async def units_now(case: PlatformCase, variant: TrueVariant) -> int:
    seen = await variant_now(case, variant)
    return seen.available + seen.reserved


async def true_units(case: PlatformCase, variant: TrueVariant) -> int:
    key = (variant.listing, variant.variant)
    found = next(each for each in await case.variants() if (each.listing, each.variant) == key)
    return found.available + found.reserved


async def test_pushed_stock_is_read_back(case: PlatformCase) -> None:
    assert Can.PUSH_STOCK in case.platform.info.can
    variant = await free_variant(case)
    for units in (variant.available + 7, 0, 3):
        expected = await true_units(case, variant)
        results = await case.platform.catalogue.push_stock(
            case.shop, [push_of(variant, units, expected=expected)]
        )
        assert [(each.outcome, each.reason) for each in results] == [(Outcome.OK, "")]
        assert (await units_now(case, variant), await true_units(case, variant)) == (units, units)


async def test_stock_that_moved_meanwhile_is_left_as_it_is(case: PlatformCase) -> None:
    variant = await free_variant(case)
    await case.seller_edits_stock(variant, 5)
    push = push_of(variant, 40, expected=variant.available + variant.reserved)
    assert push.expected != 5
    results = await case.platform.catalogue.push_stock(case.shop, [push])
    assert [(each.outcome, each.reason) for each in results] == [(Outcome.REJECTED, "shows_other")]
    assert await true_units(case, variant) == 5


async def test_each_refused_stock_has_its_own_reason(case: PlatformCase) -> None:
    good = await free_variant(case)
    others = [
        each
        for each in await case.variants()
        if each.is_listed and each.available > 2 and not each.is_locked and each.listing != good.listing
    ]
    held = others[0]
    until = int((utc_now() + timedelta(hours=2)).timestamp())
    await case.hold_stock(held, 1, until)
    shown = held.available + held.reserved
    results = await case.platform.catalogue.push_stock(
        case.shop,
        [
            push_of(good, 9),
            push_of(held, case.held_fast(shown)),
            StockPush(good.listing, "999999999", 4, 4),
            StockPush("999999999999", "0", 4, 4),
        ],
    )
    reasons = {(each.listing_external_id, each.variant_external_id): each.reason for each in results}
    assert reasons == {
        (good.listing, good.variant): "",
        (held.listing, held.variant): "stock_locked",
        (good.listing, "999999999"): "not_found",
        ("999999999999", "0"): "not_found",
    }
    assert (await true_units(case, good), await true_units(case, held)) == (9, shown)


@pytest.mark.parametrize("fault", ["timeout_after", "timeout_before", "server_error", "html", "broken_json"])
async def test_stock_without_a_usable_answer_is_of_unknown_fate(case: PlatformCase, fault: Fault) -> None:
    variant = await free_variant(case)
    units = variant.available + 11
    await case.break_next(fault, "stock")
    platform = case.impatient if fault.startswith("timeout") else case.platform
    results = await platform.catalogue.push_stock(case.shop, [push_of(variant, units)])
    assert [each.outcome for each in results] == [Outcome.UNKNOWN]
    assert (await true_units(case, variant) == units) == (fault == "timeout_after")
