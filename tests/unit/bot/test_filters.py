"""Money, numbers and times as each language writes them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from babel import Locale

from bot.filters import Notation, platform_name
from bot.render import Renderer
from domain.money import Money
from tests.unit.bot import records as r

EN, ID, VI = (Notation(Locale.parse(code)) for code in ("en", "id", "vi"))
HERE = datetime(2026, 11, 11, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("notation", "amount", "currency", "written"),
    [
        (EN, "812000", "IDR", "812,000\u00a0IDR"),
        (ID, "812000", "IDR", "Rp812.000"),
        (EN, "12.5", "SGD", "12.50\u00a0SGD"),
        (ID, "12.5", "SGD", "12,50\u00a0SGD"),
        (VI, "250000", "VND", "₫250.000"),
        (EN, "-551000", "IDR", "−551,000\u00a0IDR"),
        (EN, "0.004", "SGD", "0.00\u00a0SGD"),
    ],
)
def test_money_has_the_fraction_of_its_currency(
    notation: Notation, amount: str, currency: str, written: str
) -> None:
    assert notation.money(Money(Decimal(amount), currency)) == written


def test_exact_money_keeps_every_digit() -> None:
    assert EN.exact(Money(Decimal("26500.125"), "IDR")) == "26,500.125\u00a0IDR"


@pytest.mark.parametrize(
    ("percent", "written"),
    [("-10.2", "−10.2%"), ("-35", "−35%"), ("9.433", "+9.4%"), ("0", "+0%")],
)
def test_changes_carry_their_sign(percent: str, written: str) -> None:
    assert EN.signed(Decimal(percent)) == written


@pytest.mark.parametrize(
    ("hours", "english", "indonesian"),
    [
        (0, "14:05", "14.05"),
        (-14, "00:05", "00.05"),
        (24, "Thu 14:05", "Kam 14.05"),
        (-144, "Thu 14:05", "Kam 14.05"),
        (24 * 20, "1 Dec 14:05", "1 Des 14.05"),
        (24 * 112, "3 Mar 2027", "3 Mar 2027"),
    ],
)
def test_moments_are_as_short_as_is_clear(hours: int, english: str, indonesian: str) -> None:
    at = HERE + timedelta(hours=hours)
    assert EN.moment(at, HERE) == english
    assert ID.moment(at, HERE) == indonesian


def test_times_are_shown_in_the_readers_zone() -> None:
    late = datetime(2026, 11, 11, 17, 30, tzinfo=UTC)
    assert Renderer("en", "Asia/Jakarta", lambda: r.NOW).moment(late) == "Thu 00:30"
    assert Renderer("en", "Asia/Jayapura", lambda: r.NOW).moment(late) == "Thu 02:30"
    assert Renderer("en", "UTC", lambda: r.NOW).moment(late) == "17:30"


def test_an_address_stays_whole_in_a_page() -> None:
    text = Renderer("en", "UTC")
    page = text.render(
        "web/returned.html.j2", language="en", is_ok=True, code="", bot_url="https://t.me/x?a=1&b=2", shops=()
    )
    assert 'href="https://t.me/x?a=1&amp;b=2"' in page


def test_countries_and_platforms_have_names() -> None:
    assert EN.region("ID") == "Indonesia"
    assert ID.region("SG") == "Singapura"
    assert EN.region("??") == "??"
    assert platform_name("shopee") == "Shopee"
