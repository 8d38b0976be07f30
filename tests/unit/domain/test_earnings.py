"""What is kept: statements that add up, estimates from what was taken before, costs by day."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.earnings import Cost, Earning, Fee, FeeKind, Settlement, Taught, cost_at, estimate_fees
from domain.money import Money
from tests.factories import DAY, NOW, money


def fee(kind: FeeKind, amount: str | int) -> Fee:
    return Fee(kind, money(amount))


def taught(orders: int, goods: int, *fees: Fee) -> Taught:
    return Taught(orders, money(goods), fees)


WHOLE = taught(10, 1_000_000, fee(FeeKind.COMMISSION, 65_000), fee(FeeKind.PROCESSING, 12_500))
LAMPS = taught(6, 500_000, fee(FeeKind.COMMISSION, 25_000), fee(FeeKind.PROCESSING, 7_500))


def test_statement_that_does_not_add_up_is_refused() -> None:
    Settlement("1", money(1000), (fee(FeeKind.TAX, 10),), money(990))
    with pytest.raises(ValueError, match="payout"):
        Settlement("1", money(1000), (fee(FeeKind.TAX, 10),), money(1000))


def test_fees_follow_what_was_taken_of_the_shops_orders() -> None:
    """6.5 % of 87,000 and 1,250 an order."""
    fees = estimate_fees({"": money(87_000)}, {"": WHOLE})
    assert fees == (fee(FeeKind.COMMISSION, 5655), fee(FeeKind.PROCESSING, 1250))


def test_a_category_that_is_known_has_its_own_rate() -> None:
    """5 % of 40,000 of lamps and 6.5 % of 20,000 of the rest; the order is handled once."""
    fees = estimate_fees({"lamps": money(40_000), "rest": money(20_000)}, {"": WHOLE, "lamps": LAMPS})
    assert fees == (fee(FeeKind.COMMISSION, 3300), fee(FeeKind.PROCESSING, 1250))


def test_a_category_of_few_orders_is_charged_as_the_shop_is() -> None:
    few = taught(4, 100_000, fee(FeeKind.COMMISSION, 50_000))
    fees = estimate_fees({"lamps": money(100_000)}, {"": WHOLE, "lamps": few})
    assert fees == (fee(FeeKind.COMMISSION, 6500), fee(FeeKind.PROCESSING, 1250))


@pytest.mark.parametrize("known", [{}, {"": taught(4, 1000, fee(FeeKind.COMMISSION, 65))}])
def test_nothing_is_estimated_from_a_handful(known: dict[str, Taught]) -> None:
    assert estimate_fees({"": money(87_000)}, known) is None


def test_each_fee_is_rounded_to_what_the_currency_has() -> None:
    ringgit = Taught(
        6, Money(Decimal("299.40"), "MYR"), (Fee(FeeKind.SERVICE, Money(Decimal("11.97"), "MYR")),)
    )
    fees = estimate_fees({"": Money(Decimal("12.90"), "MYR")}, {"": ringgit})
    assert fees == (Fee(FeeKind.SERVICE, Money(Decimal("0.52"), "MYR")),)


def test_earning_takes_fees_and_cost_off() -> None:
    earned = Earning(money(87_000), (fee(FeeKind.SERVICE, 3480), fee(FeeKind.SHIPPING, -500)), money(30_000))
    assert (earned.taken, earned.paid_out, earned.kept) == (money(2980), money(84_020), money(54_020))
    assert not earned.is_estimated
    assert Earning(money(1), (), None, learnt_from=5).kept is None


def test_cost_is_that_of_the_day() -> None:
    costs = [Cost(money(200), NOW), Cost(money(100), NOW - 10 * DAY), Cost(money(9, "SGD"), NOW)]
    assert cost_at(costs, "IDR", NOW - timedelta(seconds=1)) == money(100)
    assert cost_at(costs, "IDR", NOW) == money(200)
    assert cost_at(costs, "IDR", NOW - 20 * DAY) == money(100)
    assert cost_at(costs, "SGD", NOW - 20 * DAY) == money(9, "SGD")
    assert cost_at(costs, "MYR", NOW) is None


def test_an_order_whose_goods_came_back_is_refunded() -> None:
    kept = Settlement("1", money(1000), (fee(FeeKind.TAX, 10), fee(FeeKind.REFUND, 0)), money(990))
    back = Settlement("1", money(1000), (fee(FeeKind.REFUND, 1000),), money(0))
    assert (kept.is_refunded, back.is_refunded) == (False, True)


def test_a_fee_that_comes_to_nothing_is_not_named() -> None:
    """6.5 % of 1 is less than a rupiah has."""
    assert estimate_fees({"": money(1)}, {"": WHOLE}) == (fee(FeeKind.PROCESSING, 1250),)
