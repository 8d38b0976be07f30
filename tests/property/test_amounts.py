"""Whatever is typed is an amount or is refused; whatever we write is read back as the same amount."""

from decimal import Decimal

from babel import Locale
from hypothesis import example, given
from hypothesis import strategies as st

from bot.filters import Notation
from bot.render import LANGUAGES
from domain.amounts import parse_amount
from domain.errors import InputError
from domain.money import Money, minor_digits

CURRENCIES = ["IDR", "SGD", "MYR", "THB", "VND", "PHP", "TWD", "BRL", "MXN"]
NOTATIONS = {language: Notation(Locale.parse(language)) for language in LANGUAGES}
LARGEST = 10**12 - 1
TYPED = st.text(alphabet="0123456789.,' -+kKrbRpS$\u00a0\u202f%eExX_()\n٢฿₫", max_size=24) | st.text(
    max_size=40
)


@st.composite
def prices(draw: st.DrawFn) -> Money:
    currency = draw(st.sampled_from(CURRENCIES))
    smallest_coins = draw(st.integers(1, LARGEST))
    return Money(Decimal(smallest_coins).scaleb(-minor_digits(currency)), currency)


@given(prices(), st.sampled_from(sorted(NOTATIONS)))
def test_a_price_we_write_is_read_back(price: Money, language: str) -> None:
    notation = NOTATIONS[language]
    assert parse_amount(notation.amount(price), price.currency) == price.amount
    assert parse_amount(notation.money(price), price.currency) == price.amount


@given(TYPED, st.sampled_from(CURRENCIES))
@example("1" * 5000, "IDR")
@example("1" + ".000" * 1000, "IDR")
def test_anything_typed_is_an_amount_or_is_refused(typed: str, currency: str) -> None:
    try:
        amount = parse_amount(typed, currency)
    except InputError as refused:
        assert refused.code == "amount_unreadable"  # noqa: PT017 - a refusal is one of two good ends
        return
    assert amount.is_finite()
    assert amount >= 0
    assert Money(amount, currency).rounded().amount >= 0


@given(st.integers(0, 10**9), st.sampled_from(["", ".", ",", " ", "'", "\u00a0"]))
def test_thousands_may_be_grouped_by_any_one_sign(whole: int, sign: str) -> None:
    assert parse_amount(f"{whole:,}".replace(",", sign), "IDR") == whole
    assert parse_amount(f"{whole:,}".replace(",", sign), "SGD") == whole


@given(
    st.integers(0, 10**6), st.integers(0, 99), st.sampled_from([(",", "."), (".", ","), ("", "."), ("", ",")])
)
def test_cents_follow_the_other_sign(whole: int, cents: int, signs: tuple[str, str]) -> None:
    typed = f"{whole:,}".replace(",", signs[0]) + f"{signs[1]}{cents:02}"
    assert parse_amount(typed, "SGD") == Decimal(f"{whole}.{cents:02}")


@given(st.integers(1, 10**6), st.sampled_from(["rb", " ribu", "k", "K", "RB"]))
def test_a_thousand_may_be_said_in_a_word(thousands: int, word: str) -> None:
    assert parse_amount(f"{thousands}{word}", "IDR") == thousands * 1000
