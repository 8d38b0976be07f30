"""Words and button parts made into values."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import Place, fitting, pack, room, unpack
from bot.words import (
    ListParts,
    PriceWords,
    is_address,
    list_parts,
    one,
    packed_amount,
    page_number,
    price_words,
    zone_name,
)
from domain.errors import InputError, NotFound
from services.views import OrderFilter


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("LED-12W-W 26500", PriceWords("LED-12W-W", "26500")),
        ("KABEL USB 2M 26.500", PriceWords("KABEL USB 2M", "26.500")),
        ("LED-12W-W", PriceWords("LED-12W-W")),
        ("LED-12W-W floor 24000", PriceWords("LED-12W-W", "24000", is_floor=True)),
        ("LED 12W FLOOR off", PriceWords("LED 12W", "off", is_floor=True)),
    ],
)
def test_price_words_are_read(typed: str, read: PriceWords) -> None:
    assert price_words(tuple(typed.split())) == read


def test_floor_off_is_not_an_amount() -> None:
    assert price_words(("LED", "floor", "OFF")).is_floor_off
    assert not price_words(("LED", "off")).is_floor_off


@pytest.mark.parametrize("typed", ["", "floor", "LED floor"])
def test_unclear_price_words_are_asked_again(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        price_words(tuple(typed.split()))
    assert refused.value.code == "usage_price"


def test_list_parts_may_all_be_missing() -> None:
    assert list_parts(()) == ListParts(OrderFilter.TO_PACK, 1, None)
    until = datetime(2026, 11, 11, 7, 5, tzinfo=UTC)
    assert list_parts(("all", "3", "1794380700")) == ListParts(OrderFilter.ALL, 3, until)


@pytest.mark.parametrize(
    "parts",
    [
        ("nonsense",),
        ("all", "x"),
        ("all", "-1"),
        ("all", "٣"),
        ("all", "99999"),
        ("all", "1", "1e9"),
        ("all", "1", "9" * 30),
    ],
)
def test_forged_list_parts_are_an_unknown_button(parts: tuple[str, ...]) -> None:
    with pytest.raises(NotFound) as refused:
        list_parts(parts)
    assert refused.value.code == "button_unknown"


@pytest.mark.parametrize("part", ["", "abc", "NaN", "Infinity", "1" * 40, "0x10"])
def test_forged_amounts_are_an_unknown_button(part: str) -> None:
    with pytest.raises(NotFound):
        packed_amount(part)


def test_packed_amount_is_exact() -> None:
    assert packed_amount("12.50") == Decimal("12.50")


def test_missing_and_zero_pages_are_the_first() -> None:
    assert page_number("") == 1
    assert page_number("0") == 1


def test_a_button_without_its_object_is_unknown() -> None:
    with pytest.raises(NotFound):
        one(())
    with pytest.raises(NotFound):
        one(("", "x"))


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Pontianak", "Asia/Pontianak"),
        ("pontianak", "Asia/Pontianak"),
        ("Ho Chi Minh", "Asia/Ho_Chi_Minh"),
        ("kuala lumpur", "Asia/Kuala_Lumpur"),
        ("Mars", "Mars"),
    ],
)
def test_a_city_names_its_zone(typed: str, zone: str) -> None:
    assert zone_name(tuple(typed.split())) == zone


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("https://shops.example/oauth/shopee?state=a&code=4d5a&shop_id=1", True),
        ("http://127.0.0.1:8080/x?code=1", True),
        ("https://shopee.co.id/product/1/2", False),
        ("code=1", False),
        ("look https://x.example/?code=1", False),
        ("http://[", False),
        ("AB12X", False),
    ],
)
def test_an_address_with_a_code_is_told_from_words(typed: str, answer: bool) -> None:  # noqa: FBT001
    assert is_address(tuple(typed.split())) is answer


@given(st.lists(st.text(min_size=1, max_size=8), max_size=2))
def test_packed_parts_come_back(parts: list[str]) -> None:
    words = [fitting(part, 20) for part in parts]
    assert unpack(pack(Place.STOCK, *words)) == ("stock", tuple(words))


@given(st.text())
def test_fitted_words_fit(words: str) -> None:
    left = room(Place.VARIANT, "0" * 16, 3)
    data = pack(Place.VARIANT, "0" * 16, 3, fitting(words, left))
    assert len(data.encode()) <= 64


def test_too_long_data_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        pack(Place.STOCK, "x" * 60)


@pytest.mark.parametrize("data", ["", "n0:home", "home", "c1:abc", "n1:" + "x" * 80, "\ud83d"])
def test_foreign_data_is_an_unknown_button(data: str) -> None:
    with pytest.raises(NotFound) as refused:
        unpack(data)
    assert refused.value.code == "button_unknown"
