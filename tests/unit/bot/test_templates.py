"""Every template, in every language, with tame and with hostile records."""

import re
from pathlib import Path

import pytest
from babel import Locale
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

from bot import render
from bot.filters import Notation, filters
from bot.foreign import columns
from bot.render import LANGUAGES, Renderer
from tests.unit.bot import records as r
from tests.unit.bot.poison import PoisonedRenderer
from tests.unit.bot.screens import SCREENS
from tests.unit.bot.telegram_html import Message, read

pytestmark = pytest.mark.uncounted
"""Every screen in every language, many times over: what draws them is covered by the tests of handlers and views."""

TEMPLATES = Path(render.__file__).parent / "templates"
PAGES = "web/"
"""Pages for a browser; they are tested with the web server."""
GIVEN_TO_ALL = {"zone", "now", "_", "gettext", "ngettext"}

HOSTILE = {
    "markup": "<b>x</i>&<script>\"'</code></blockquote>&nbsp;&lt;",
    "links": "@evilbot /hack evil.com http://evil.com t.me/evil #evil $EVIL x@evil.com www.evil.co.id/a",
    "bidi": "\u202egnp\u2066\u200b\u200f\ufeff\u00ad abc",
    "control": "line\nfeed\r\ttab\x00nul\x1b[31m\u2028\u2029\x85end",
    "braces": "{{ 7*7 }} {% raw %} %(n)s %s %% {0} {card}",
    "long": "Sangat panjang sekali " * 400,
    "one word": "Donaudampfschifffahrtsgesellschaft" * 40,
    "emoji": "👨‍👩‍👧‍👦🏳️‍🌈👍🏽🇮🇩" * 60,
    "marks": "e" + "\u0301" * 500,
    "thai": "หลอดไฟ LED ประหยัดพลังงาน ขั้ว E27 สีขาวนวล " * 8,
    "vietnamese": "Bóng đèn LED tiết kiệm điện đuôi xoáy E27 ánh sáng trắng " * 8,
    "chinese": "節能LED燈泡螺口暖白光家用照明" * 12,
    "surrogate": "half an emoji \ud83d end",
}


class RecordingRenderer(Renderer):
    """Keeps which templates were rendered, and with which parameters."""

    seen: dict[str, set[str]]

    def render(self, template: str, **params: object) -> str:
        text = super().render(template, **params)
        self.seen.setdefault(template, set()).update(params)
        return text


def draw(name: str, language: str) -> str:
    return SCREENS[name](Renderer(language, r.ZONE, lambda: r.NOW)).text


@pytest.fixture(scope="module")
def rendered() -> dict[str, set[str]]:
    text = RecordingRenderer("en", r.ZONE, lambda: r.NOW)
    text.seen = {}
    for draw_screen in SCREENS.values():
        draw_screen(text)
    return text.seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_screens_are_messages_telegram_takes(language: str) -> None:
    for name in SCREENS:
        message = read(draw(name, language))
        assert "\n\n" not in message.plain, name
        assert "None" not in message.plain, name
        assert not re.search(r"%\(|\{\{|\{%", message.plain), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_changes_nothing_but_itself(language: str) -> None:
    """Every screen meets every kind in one of the languages: who wrote the sentence around it changes nothing."""
    text = PoisonedRenderer(language, r.ZONE, lambda: r.NOW, *HOSTILE.values())
    turn = list(LANGUAGES).index(language)
    for name, draw_screen in list(SCREENS.items())[turn :: len(LANGUAGES)]:
        before = text.taken
        _remains_ours(name, read(draw_screen(text).text))
        while before < text.taken < before + len(HOSTILE):
            _remains_ours(name, read(draw_screen(text).text))


def _remains_ours(name: str, message: Message) -> None:
    message.plain.encode()
    hidden = re.findall(
        r"[\u0000-\u0009\u000b-\u001f\u0085\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]",
        message.plain,
    )
    assert not hidden, f"{name}: {hidden}"
    linked = re.findall(r"@evil|/hack|://\w|\w\.com|t\.me|#evil|\$EVIL|www\.\w", message.linkable)
    assert not linked, f"{name}: {linked}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_foreign_text_never_opens_a_line(language: str) -> None:
    text = PoisonedRenderer(language, r.ZONE, lambda: r.NOW, "XYZZY")
    for name, draw_screen in SCREENS.items():
        lines = read(draw_screen(text).text).plain.splitlines()
        opened = [line for line in lines if line.startswith("XYZZY")]
        assert not opened, f"{name}: {opened}"


def test_every_template_is_drawn_by_some_screen(rendered: dict[str, set[str]]) -> None:
    there_are = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.j2")}
    shared = {
        "parts.html.j2",
        "audit/acts.html.j2",
        "audit/packing.html.j2",
        "bulk/parts.html.j2",
        "orders/parts.html.j2",
        "pack/parts.html.j2",
        "orders/actions.html.j2",
        "returns/actions.html.j2",
        "returns/parts.html.j2",
        "pack/standing.html.j2",
        "pause/parts.html.j2",
        "prices/reasons.html.j2",
        "prices/limits.html.j2",
        "team/parts.html.j2",
        "stock/steps.html.j2",
        "products/parts.html.j2",
        "reviews/parts.html.j2",
        "stock/low_parts.html.j2",
        "stock/twin.html.j2",
        "earnings/parts.html.j2",
        "imports/parts.html.j2",
        "link/parts.html.j2",
        "shops/holiday_parts.html.j2",
        "shops/health_parts.html.j2",
        "locks/parts.html.j2",
    }
    assert {name for name in there_are - set(rendered) - shared if not name.startswith(PAGES)} == set()


def test_no_template_uses_what_it_is_not_given(rendered: dict[str, set[str]]) -> None:
    environment = SandboxedEnvironment(extensions=["jinja2.ext.i18n"])
    environment.filters.update(filters(Notation(Locale.parse("en"))))
    for name, given in rendered.items():
        tree = environment.parse((TEMPLATES / name).read_text())
        assert meta.find_undeclared_variables(tree) - GIVEN_TO_ALL <= given, name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    [
        "new return",
        "new return of a demo shop",
        "buyer's offer",
        "return due",
        "new order",
        "new order of a demo shop",
        "test alert",
        "cancelled alert",
        "cancel asked",
        "cut off",
    ],
)
def test_first_line_of_an_alert_fits_a_lock_screen(name: str, language: str) -> None:
    first = read(draw(name, language)).plain.splitlines()[0]
    assert columns(first) <= 62


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_line_of_an_alert_fits_with_the_longest_shop_name(language: str) -> None:
    text = PoisonedRenderer(language, r.ZONE, lambda: r.NOW, "Toko Serba Ada Paling Lengkap Se-Indonesia")
    first = read(SCREENS["new order of a demo shop"](text).text).plain.splitlines()[0]
    assert columns(first) <= 66


@pytest.mark.parametrize(
    "name",
    [
        "home troubled",
        "order of a demo shop",
        "stock",
        "variant with a floor",
        "price asked on sale",
        "approvals",
        "many shops",
        "link offer",
        "linked, all in",
        "new order of a demo shop",
        "cancel asked",
        "no such orders",
        "return late",
        "dispute proof there",
        "dispute with one photo",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_demo_stands_in_the_first_line(name: str, language: str) -> None:
    assert "DEMO" in read(draw(name, language)).plain.splitlines()[0]


@pytest.mark.parametrize("name", ["home", "order", "variant", "price asked", "linked", "new order"])
def test_a_real_shop_is_no_demo(name: str) -> None:
    assert "DEMO" not in draw(name, "en")
