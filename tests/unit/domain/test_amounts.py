"""Amounts as people type them: read when there is one reading, refused when there is none or two."""

from decimal import Decimal

import pytest

from domain.amounts import parse_amount
from domain.errors import InputError

READ = [
    ("26500", "IDR", "26500"),
    ("26.500", "IDR", "26500"),
    ("26,500", "IDR", "26500"),
    ("26 500", "IDR", "26500"),
    ("26\u00a0500", "IDR", "26500"),
    ("26'500", "IDR", "26500"),
    ("1.250.000", "IDR", "1250000"),
    ("1,250,000", "IDR", "1250000"),
    ("1.234,00", "IDR", "1234"),
    ("1,234.00", "IDR", "1234"),
    ("26500.00", "IDR", "26500"),
    ("26rb", "IDR", "26000"),
    ("26 ribu", "IDR", "26000"),
    ("26K", "IDR", "26000"),
    ("26.500rb", "IDR", "26500000"),
    ("Rp26.500", "IDR", "26500"),
    ("Rp. 26.500", "IDR", "26500"),
    ("rp 26.500", "IDR", "26500"),
    ("IDR 26500", "IDR", "26500"),
    ("26500 IDR", "IDR", "26500"),
    ("1.5k", "SGD", "1500"),
    ("12.5", "SGD", "12.5"),
    ("12,5", "SGD", "12.5"),
    ("12.35", "SGD", "12.35"),
    ("12,35", "SGD", "12.35"),
    ("S$12.35", "SGD", "12.35"),
    ("$12.35", "SGD", "12.35"),
    ("RM 12.35", "MYR", "12.35"),
    ("฿1,234.56", "THB", "1234.56"),
    ("1.234,56", "SGD", "1234.56"),
    ("1,234.56", "SGD", "1234.56"),
    ("1.234.567,89", "SGD", "1234567.89"),
    ("1 234,56", "SGD", "1234.56"),
    ("26.500₫", "VND", "26500"),
    ("26.500 đ", "VND", "26500"),
    ("₱99.50", "PHP", "99.5"),
    ("99.50 PHP", "PHP", "99.5"),
    ("sgd 12.35", "SGD", "12.35"),
    ("NT$ 1,234", "TWD", "1234"),
    ("MX$1,234.50", "MXN", "1234.5"),
    ("0", "IDR", "0"),
    ("0.05", "SGD", "0.05"),
    ("  26500  ", "IDR", "26500"),
    ("007", "IDR", "7"),
    ("1.000.000.000.000", "IDR", "1000000000000"),
    ("999.999.999.999.999", "IDR", "999999999999999"),
    ("1.234.567,8", "SGD", "1234567.8"),
    ("1,234,567.8", "SGD", "1234567.8"),
]


@pytest.mark.parametrize(("typed", "currency", "amount"), READ)
def test_what_people_type_is_read(typed: str, currency: str, amount: str) -> None:
    assert parse_amount(typed, currency) == Decimal(amount)


HOSTILE = [
    "", " ", "-", "twelve", "dua puluh", "NaN", "nan", "inf", "Infinity", "-inf", "sNaN",
    "1e9", "1E9", "1e-9", "0x10", "0b11", "0o17", "1_000", "1/2", "26500/-", "½", "²",
    "-5", "−5", "--5", "+5", "5-", "(5)", "-0", "5%", "%", "٢٦٥٠٠", "２６５００", "๒๖๕๐๐", "᭒᭖",
    "26500.", ".5", ",5", "26.", "1..2", "1,,2", "1.,2", "1 , 2", "1.2.3", "1,2,3", "1.23.456", "12.34.56",
    "1.2345.678", "1234.567", "1234,567.89", "1,234.567,89", "1.234,567.89", "1 234.567,89.1", "1'234'56", "12 34", "1234 56",
    "26500 27000", "26500;27000", "26500\n27000", "26500\x00", "26\u200b500", "26\u202f500", "26\u2009500", "26\t500",
    "\u202e26500", "26500\u0301", "26500€", "€26500", "USD 5", "$$5", "Rp", "rb", "k", "rbk", "26rbrb", "26 kk", "26m",
    "9999999999999999", "1" * 40, "9" * 400, "1" + ".000" * 200, "0.1234567",
    "Rp Rp 26500", "26500 IDR IDR", "IDR IDR 26500", "1 234 56", "1 23", "1'23", "1,234'567.89", "1,234 567.8", "1'234 567.89",
    "0.500", "0,500", "00.500", "012.345", "000,000",
    "' OR 1=1", "{{7*7}}", "%s", "$(id)", "<b>5</b>", "None", "True",
]  # fmt: skip


@pytest.mark.parametrize("currency", ["IDR", "SGD"])
@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_no_amount_is_refused(typed: str, currency: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_amount(typed, currency)
    assert (refused.value.code, refused.value.params) == ("amount_unreadable", {"text": typed})


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("S$12", "IDR"),
        ("$12", "IDR"),
        ("RM 12", "SGD"),
        ("12 SGD", "MYR"),
        ("Rp12", "SGD"),
        ("12 IDR", "VND"),
    ],
)
def test_a_price_in_another_currency_is_refused(typed: str, currency: str) -> None:
    with pytest.raises(InputError):
        parse_amount(typed, currency)


@pytest.mark.parametrize(
    "typed", ["12.5", "12,5", "12.35", "1,234.56", "1.234,56", "26.5rb", "26500.50", "0.05"]
)
@pytest.mark.parametrize("currency", ["IDR", "VND", "JPY", "KRW"])
def test_a_fraction_of_a_currency_that_has_none_is_refused(typed: str, currency: str) -> None:
    with pytest.raises(InputError):
        parse_amount(typed, currency)


@pytest.mark.parametrize("typed", ["12.3456", "1,234.5678"])
def test_more_digits_than_the_currency_has_are_read_for_the_guard_to_refuse(typed: str) -> None:
    assert parse_amount(typed, "SGD") == Decimal(typed.replace(",", ""))
