"""The contract of money: what was released, and statements that add up to what the platform says it pays."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.clock import utc_now
from domain.earnings import FeeKind, sum_of
from domain.errors import PlatformError
from domain.platform import Release, Window
from tests.contract.case import Fault, PlatformCase
from tests.contract.test_platform import free_variant, order_now

MONTH = timedelta(days=30)
SOON = timedelta(minutes=1)


async def releases(case: PlatformCase) -> list[Release]:
    now = utc_now()
    found: list[Release] = []
    for window in Window(now - MONTH, now + SOON).sliced(case.platform.info.window):
        cursor: str | None = ""
        while cursor is not None:
            page = await case.platform.settlements.released(case.shop, window, cursor)
            found += page.releases
            cursor = page.next_cursor
    return found


async def test_releases_are_those_of_the_platform_and_do_not_repeat(case: PlatformCase) -> None:
    numbers = [each.order_external_id for each in await releases(case)]
    true = {each.number for each in await case.incomes() if each.released_s is not None}
    assert len(true) > 100
    assert set(numbers) == true
    assert len(numbers) == len(set(numbers))


async def test_settlement_pays_what_the_platform_says_and_names_what_is_missing(case: PlatformCase) -> None:
    variant = await free_variant(case)
    number = await case.buy(variant)
    await case.complete(number)
    release = next(each for each in await releases(case) if each.order_external_id == number)
    statement = (await case.platform.settlements.fetch_settlements(case.shop, [number]))[0]
    true = next(each for each in await case.incomes() if each.number == number)
    order = await order_now(case, number)
    assert int(release.at.timestamp()) == true.released_s
    assert statement.payout.amount == true.payout
    assert statement.payout.currency == order.currency
    assert statement.goods == sum_of((line.total for line in order.lines), order.currency)
    taken = sum_of((fee.amount for fee in statement.fees), order.currency)
    assert statement.goods - taken == statement.payout
    assert taken.amount > 0
    kinds = {fee.kind for fee in statement.fees}
    assert FeeKind.COMMISSION in kinds
    assert FeeKind.OTHER not in kinds


async def test_order_on_its_way_is_not_released(case: PlatformCase) -> None:
    number = await case.buy(await free_variant(case))
    assert number not in {each.order_external_id for each in await releases(case)}


async def test_every_statement_of_a_batch_is_the_platforms(case: PlatformCase) -> None:
    at_once = case.platform.info.settlements_per_fetch
    paid = {each.number: each.payout for each in await case.incomes() if each.released_s is not None}
    numbers = list(paid)[:at_once]
    found = await case.platform.settlements.fetch_settlements(case.shop, numbers)
    assert {each.order_external_id: each.payout.amount for each in found} == {n: paid[n] for n in numbers}
    assert all(isinstance(each.payout.amount, Decimal) for each in found)


async def test_unknown_order_has_no_settlement(case: PlatformCase) -> None:
    known = next(each.number for each in await case.incomes() if each.released_s is not None)
    found = await case.platform.settlements.fetch_settlements(case.shop, ["250101NOSUCH01", known])
    assert [each.order_external_id for each in found] == [known]
    assert list(await case.platform.settlements.fetch_settlements(case.shop, [])) == []


@pytest.mark.parametrize("fault", ["server_error", "html", "broken_json", "rate_limit"])
async def test_failed_reading_of_money_is_an_error_of_ours(case: PlatformCase, fault: Fault) -> None:
    await case.break_next(fault, "money")
    now = utc_now()
    with pytest.raises(PlatformError):
        await case.platform.settlements.released(case.shop, Window(now - MONTH / 3, now), "")
