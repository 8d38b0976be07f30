"""A platform's rules for prices: how far variants may lie apart, wholesale, fractions."""

import pytest

from domain.changes import Guard
from domain.money import Money
from domain.price_rules import Breach, PriceRules, find_breach
from tests.factories import money

SEVEN = PriceRules(ratio_cap=7, digits=0)
FREE = PriceRules()


@pytest.mark.parametrize("amount", [10000, 58000, 490000])
def test_a_price_at_the_edge_of_the_span_is_taken(amount: int) -> None:
    assert find_breach(money(amount), [money(70000)], None, SEVEN) is None


@pytest.mark.parametrize("amount", [9999, 490001])
def test_a_price_too_far_from_another_variant_is_named_with_the_span(amount: int) -> None:
    breach = find_breach(money(amount), [money(70000)], None, SEVEN)
    assert breach == Breach(Guard.RATIO_CAP, money(10000), money(490000), 7)


def test_the_span_lies_between_the_dearest_and_the_cheapest_and_is_no_wider_for_rounding() -> None:
    breach = find_breach(money(1), [money(50000), money(99999)], None, SEVEN)
    assert breach == Breach(Guard.RATIO_CAP, money(14286), money(350000), 7)


def test_variants_that_lie_too_far_apart_already_leave_no_span() -> None:
    breach = find_breach(money(50000), [money(1000), money(99999)], None, SEVEN)
    assert breach == Breach(Guard.RATIO_CAP, cap=7)


def test_a_lone_variant_has_no_ratio() -> None:
    assert find_breach(money(1), [], None, SEVEN) is None


def test_no_price_lies_below_what_many_pay_for_one() -> None:
    assert find_breach(money(41000), [], money(41000), FREE) is None
    assert find_breach(money(40999), [], money(41000), FREE) == Breach(Guard.BELOW_WHOLESALE, money(41000))


@pytest.mark.parametrize(
    ("amount", "digits", "guard"),
    [
        ("99.5", 0, Guard.WRONG_DECIMALS),
        ("99", 0, None),
        ("99.55", 2, None),
        ("99.555", 2, Guard.WRONG_DECIMALS),
    ],
)
def test_a_market_may_have_less_of_a_fraction_than_its_currency(
    amount: str, digits: int, guard: Guard | None
) -> None:
    breach = find_breach(Money(money(amount).amount, "THB"), [], None, PriceRules(digits=digits))
    assert (breach.guard if breach else None) is guard


def test_a_platform_without_rules_takes_all() -> None:
    assert find_breach(money(1), [money(99999)], None, FREE) is None
