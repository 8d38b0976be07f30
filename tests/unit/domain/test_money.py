"""Money: exact, of one currency, rounded half up to what people expect to see."""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from domain.money import CurrencyMismatch, Money, minor_digits, total
from tests.factories import money


def test_amounts_of_one_currency_add_and_subtract_exactly() -> None:
    assert money("0.1", "SGD") + money("0.2", "SGD") == money("0.3", "SGD")
    assert money(5) - money(7) == money(-2)
    assert -money(5) == money(-5)
    assert money("19.99", "SGD") * 3 == money("59.97", "SGD")


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_meet(operation: str) -> None:
    with pytest.raises(CurrencyMismatch, match=r"^IDR and SGD$"):
        getattr(money(1, "IDR"), operation)(money(1, "SGD"))
    with pytest.raises(CurrencyMismatch):
        money(1, "IDR").percent_from(money(1, "SGD"))


def test_equal_numbers_of_two_currencies_differ() -> None:
    assert money(1, "IDR") != money(1, "SGD")


def test_amounts_compare_by_value() -> None:
    assert money(1) < money(2) <= money(2)
    assert money(3) > money(2) >= money("2.0")
    assert not money(2) < money(2)
    assert not money(2) > money(2)
    assert money("2.0") == money(2)


@pytest.mark.parametrize("odd", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_money_is_a_number(odd: str) -> None:
    with pytest.raises(ValueError, match=r"^money must be a finite number$"):
        Money(Decimal(odd), "IDR")


def test_money_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        money(1).amount = Decimal(2)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.5", "IDR", "2"),
        ("2.5", "IDR", "3"),
        ("-2.5", "IDR", "-3"),
        ("2.4999", "IDR", "2"),
        ("1.005", "SGD", "1.01"),
        ("1.004", "SGD", "1.00"),
        ("1.5", "VND", "2"),
        ("1.5", "JPY", "2"),
        ("1.5", "KRW", "2"),
        ("1.5", "TWD", "2"),
        ("1.5", "CLP", "2"),
        ("1.505", "MYR", "1.51"),
        ("1.505", "THB", "1.51"),
        ("1.505", "PHP", "1.51"),
    ],
)
def test_rounding_is_half_up_to_what_the_currency_shows(amount: str, currency: str, rounded: str) -> None:
    assert money(amount, currency).rounded() == money(rounded, currency)


@pytest.mark.parametrize(("currency", "digits"), [("IDR", 0), ("VND", 0), ("JPY", 0), ("SGD", 2), ("QQQ", 2)])
def test_a_currency_has_its_digits(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        (100, 110, "10"),
        (100, 90, "-10"),
        (100, 100, "0"),
        (80, 100, "25"),
        (100, 0, "-100"),
        (0, 0, "0"),
        (0, 5, "100"),
        (-100, -50, "-50"),
    ],
)
def test_percent_is_of_the_amount_before(before: int, after: int, percent: str) -> None:
    assert money(after).percent_from(money(before)) == Decimal(percent)


def test_sums_are_kept_apart_by_currency() -> None:
    amounts = [money(1), money("0.50", "SGD"), money(2), money("0.25", "SGD")]
    assert total(amounts) == {"IDR": money(3), "SGD": money("0.75", "SGD")}
    assert total([]) == {}
