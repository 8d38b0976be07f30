"""Keyboards: what Telegram takes, what a thumb hits, and where each button leads."""

from itertools import pairwise

import pytest

from bot import questions
from bot.callbacks import TICKET, Place, unpack
from bot.commands import COMMANDS
from bot.flows import FLOWS
from bot.foreign import columns
from bot.render import LANGUAGES, Renderer
from bot.routes import ROUTES
from bot.screen import Button, Screen, markup
from bot.views.orders import orders_screen
from bot.views.shops import shops_screen
from bot.views.stock import stock_screen
from domain.people import Role
from services.orders import PAGE
from services.views import OrderFilter
from tests.unit.bot import records as r
from tests.unit.bot.screens import SCREENS

WIDEST = {1: 38, 2: 20, 3: 10}
"""Columns a label may have by the number of buttons in its row, so that 320 px show it whole."""


def screens(language: str) -> dict[str, Screen]:
    text = Renderer(language, r.ZONE, lambda: r.NOW)
    return {name: draw(text) for name, draw in SCREENS.items()}


def buttons(screen: Screen) -> list[Button]:
    return [button for row in screen.rows for button in row]


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_their_rows(language: str) -> None:
    for name, screen in screens(language).items():
        for row in screen.rows:
            assert len(row) <= 3, name
            for button in row:
                assert 0 < columns(button.text) <= WIDEST[len(row)], f"{name}: {button.text}"
                assert "%(" not in button.text, name


def test_data_is_within_telegrams_limits() -> None:
    for name, screen in screens("id").items():
        assert len(buttons(screen)) <= 100, name
        for button in buttons(screen):
            assert [bool(button.data), bool(button.url), bool(button.copy)].count(True) == 1, name
            assert len(button.data.encode()) <= 64, name
            assert len(button.copy) <= 256, name


def test_every_button_leads_somewhere() -> None:
    for name, screen in screens("en").items():
        for button in buttons(screen):
            if button.data and not button.data.startswith(TICKET):
                place, _ = unpack(button.data)
                assert place in ROUTES, f"{name}: {button.text}"


def test_every_place_has_a_handler_and_a_role() -> None:
    assert set(ROUTES) == set(Place)
    assert all(route.role is not None for route in ROUTES.values())


def test_what_changes_something_is_not_for_viewers() -> None:
    harmless = {place for place, route in ROUTES.items() if route.role is Role.VIEWER}
    assert not harmless & {Place.NEW_PRICE, Place.ASK_AGAIN, Place.UNDO, Place.LINK_START, Place.SYNC}


def test_only_start_and_help_are_for_strangers() -> None:
    assert {command.name for command in COMMANDS if command.role is None} == {"start", "help"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_lines_fit_the_menu_of_a_phone(language: str) -> None:
    text = Renderer(language, r.ZONE)
    for command in COMMANDS:
        assert 0 < len(text.label(command.help)) <= 40, command.name


def test_every_question_has_somebody_who_takes_the_answer() -> None:
    asked = {value for name, value in vars(questions).items() if name.isupper()}
    assert len(asked) >= 3
    assert set(FLOWS) == asked


def test_home_is_last_in_the_last_row() -> None:
    for name, screen in screens("en").items():
        for row in screen.rows[:-1]:
            assert "Home" not in [button.text for button in row], name
        last = [button.text for button in screen.rows[-1]] if screen.rows else []
        assert "Home" not in last[:-1], name


def test_orders_keep_their_keyboards_shape_from_page_to_page() -> None:
    text = Renderer("en", r.ZONE, lambda: r.NOW)
    rows = tuple(r.order_row(f"26111{at}00AB{at}") for at in range(PAGE))
    pages = [(rows, 1), (rows, 2), (rows[:1], 3)]
    shapes = [
        [len(row) for row in orders_screen(r.order_page(on_it, page=page, pages=3), text).rows]
        for on_it, page in pages
    ]
    assert all(before == after for before, after in pairwise(shapes))


def test_stock_keeps_its_keyboards_shape_from_page_to_page() -> None:
    text = Renderer("en", r.ZONE, lambda: r.NOW)
    rows = tuple(r.variant_row(at) for at in range(PAGE))
    first = stock_screen(r.variant_page(rows, page=1, pages=2), text)
    last = stock_screen(r.variant_page(rows[:3], page=2, pages=2), text)
    assert [len(row) for row in first.rows] == [len(row) for row in last.rows]


def test_pager_stops_at_both_ends() -> None:
    text = Renderer("en", r.ZONE, lambda: r.NOW)
    rows = (r.order_row(),)
    first = orders_screen(r.order_page(rows, page=1, pages=2), text)
    last = orders_screen(r.order_page(rows, page=2, pages=2), text)
    pagers = [next(row for row in screen.rows if "/" in row[1].text) for screen in (first, last)]
    assert [button.text for button in pagers[0]] == ["·", "1/2", "›"]
    assert [button.text for button in pagers[1]] == ["‹", "2/2", "·"]
    assert pagers[0][2].data == f"n1:orders:to_pack:2:{int(r.NOW.timestamp())}"


def test_the_chosen_filter_is_marked() -> None:
    text = Renderer("en", r.ZONE, lambda: r.NOW)
    screen = orders_screen(r.order_page((), filter=OrderFilter.CANCELLED), text)
    assert [button.text for button in buttons(screen) if button.text.startswith("•")] == ["•Cancelled"]


@pytest.mark.parametrize("name", ["Toko " * 30, "灯泡" * 40, "👨‍👩‍👧‍👦" * 30, "a\u202e\nb"])
def test_names_on_buttons_are_cut_and_shown_as_text(name: str) -> None:
    text = Renderer("id", r.ZONE, lambda: r.NOW)
    rows = (r.variant_row(sku="", name=name), r.variant_row(2, sku=name))
    shop = r.shop(name=name)
    made = [stock_screen(r.variant_page(rows), text), SCREENS["shops"](text)]
    made.append(shops_screen([shop, shop], text, Role.OWNER))
    for screen in made:
        for button in buttons(screen):
            assert columns(button.text) <= 20
            assert "\n" not in button.text
            assert "\u202e" not in button.text


def test_long_search_words_still_fit_the_pages() -> None:
    text = Renderer("en", r.ZONE, lambda: r.NOW)
    rows = tuple(r.variant_row(at) for at in range(PAGE))
    words = "หลอดไฟ LED ประหยัดพลังงาน ขั้ว E27 สีขาวนวล"
    screen = stock_screen(r.variant_page(rows, words=words, page=12, pages=40), text)
    assert all(len(button.data.encode()) <= 64 for button in buttons(screen))


def test_keyboard_becomes_telegrams_own() -> None:
    text = Renderer("en", r.ZONE, lambda: r.NOW)
    made = markup(SCREENS["link offer"](text))
    assert made is not None
    opened, dead, cancel = [row[0] for row in made.inline_keyboard]
    assert (opened.url, opened.style) == ("https://shops.example/connect/abc", "primary")
    assert dead.callback_data == "n1:paste"
    assert cancel.callback_data == "n1:cancel"
    copied = markup(SCREENS["order"](text))
    assert copied is not None
    assert copied.inline_keyboard[0][0].copy_text is not None
    assert copied.inline_keyboard[0][0].copy_text.text == "2611110GAB12X"
    assert markup(Screen("words alone")) is None
