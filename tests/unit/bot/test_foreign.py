"""Foreign text: visible, short, harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.foreign import columns, cut, esc, titled, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Lampu LED", "Lampu LED"),
        ("  two\n lines\t", "two lines"),
        ("a\u202eb", "a\ufffdb"),
        ("a\u200bb", "a\ufffdb"),
        ("a\u200db", "a\ufffdb"),
        ("\x00\x1b[31m", "\ufffd\ufffd[31m"),
        ("half \ud83d", "half \ufffd"),
        ("filler \u3164\u115f", "filler \ufffd\ufffd"),
        ("cafe\u0301", "caf\u00e9"),
        ("👨‍👩‍👧 🏳️‍🌈 1️⃣", "👨‍👩‍👧 🏳️‍🌈 1️⃣"),
        ("สายชาร์จ", "สายชาร์จ"),
        ("Bóng đèn tiết kiệm", "Bóng đèn tiết kiệm"),
    ],
)
def test_nothing_hides_in_a_text(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_flood_of_marks_is_cut_down() -> None:
    assert len(visible("x" + "\u0301" * 500)) <= 8


@pytest.mark.parametrize(
    ("title", "name", "shown"),
    [
        ("Lampu LED E27", "Putih", "Lampu LED E27 · Putih"),
        ("Lampu LED E27 12W", "Putih", "Lampu LED E27… · Putih"),
        ("Lampu LED E27", "Putih Hangat, 12 Watt", "Lampu LED… · Putih Ha…"),
        ("Lampu", "Putih Hangat, 12 Watt", "Lampu · Putih Hangat,…"),
        ("真无线蓝牙耳机 降噪", "白色", "真无线蓝牙耳机… · 白色"),
        ("Lampu LED E27 12W Putih", "", "Lampu LED E27 12W Put…"),
    ],
)
def test_a_title_is_cut_before_the_name_of_its_variant(title: str, name: str, shown: str) -> None:
    assert titled(title, name, 22) == shown


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Lampu LED", 9, "Lampu LED"),
        ("Lampu LED", 8, "Lampu L…"),
        ("Lampu LED", 7, "Lampu…"),
        ("灯泡灯泡", 7, "灯泡灯…"),
        ("灯泡灯泡", 6, "灯泡…"),
        ("สายชาร์จ USB", 7, "สายชาร์…"),
        ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"),
        ("🇮🇩🇮🇩", 3, "🇮🇩…"),
        ("", 5, ""),
    ],
)
def test_cutting_goes_between_graphemes_and_by_width(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown
    assert columns(shown) <= width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("@admin", "@\u200dadmin"),
        ("/start", "/\u200dstart"),
        ("toko.com", "toko.\u200dcom"),
        ("💩.la", "💩.\u200dla"),
        ("http://x", "http:/\u200d/\u200dx"),
        ("1.5 m, 12W.", "1.5 m, 12W."),
    ],
)
def test_foreign_text_becomes_no_markup_and_no_link(text: str, shown: str) -> None:
    assert str(esc(text)) == shown


def test_our_own_markup_passes() -> None:
    assert esc(Markup("<b>DEMO</b>")) == "<b>DEMO</b>"


def test_what_is_not_known_is_a_gap_not_a_word() -> None:
    with pytest.raises(TypeError):
        esc(None)


def test_a_text_of_megabytes_is_shown_short() -> None:
    shown = cut("x\u0301 " * 1_000_000, 30)
    assert columns(shown) <= 30


@given(st.text(), st.integers(1, 60))
def test_no_text_is_wider_than_its_place(text: str, width: int) -> None:
    shown = cut(text, width)
    assert columns(shown) <= width
    assert len(shown.encode("utf-16-le")) // 2 <= 3 * width + 1
    assert "\n" not in shown
