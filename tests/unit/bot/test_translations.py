"""The catalogues are complete: what a template or a label says, it says in every language."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from bot import render
from bot.foreign import columns
from bot.render import LANGUAGES, SOURCE_LANGUAGE, Renderer, best_language
from bot.views.prices import approvals_screen
from services import people
from tests.unit.bot import records as r

BOT = Path(render.__file__).parent
TRANSLATED = sorted(set(LANGUAGES) - {SOURCE_LANGUAGE})
_FILLED = re.compile(r"%\(\w+\)s")
_TAG = re.compile(r"<[^>]+>")


def _sources() -> set[str | tuple[str, ...]]:
    with (BOT / "locales" / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # Babel leaves it untyped
    return {found[2] for found in extract_from_dir(BOT, methods, options)}


def _catalogue(language: str) -> Catalog:
    return read_po(BytesIO((BOT / "locales" / f"{language}.po").read_bytes()), locale=language)


def _written(message: Message) -> list[str]:
    """Return the one translation, or each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _key(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


@pytest.fixture(scope="module")
def sources() -> dict[str, str | tuple[str, ...]]:
    found = {_key(each): each for each in _sources()}
    assert len(found) > 300
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_has_a_translation(language: str, sources: dict[str, str | tuple[str, ...]]) -> None:
    known = {_key(each.id): each for each in _catalogue(language) if each.id}
    assert set(sources) - set(known) == set()
    assert set(known) - set(sources) == set(), "texts that nobody says any more"
    for msgid, message in known.items():
        assert all(_written(message)), f"not translated: {msgid}"
        assert not message.fuzzy, msgid


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_what_is_filled_in_and_every_tag(language: str) -> None:
    for message in _catalogue(language):
        if not message.id:
            continue
        source = _key(message.id) if isinstance(message.id, str) else message.id[1]
        for written in _written(message):
            assert sorted(_FILLED.findall(written)) == sorted(_FILLED.findall(source)), source
            assert _TAG.findall(written) == _TAG.findall(source), source


@pytest.mark.parametrize("language", TRANSLATED)
def test_plurals_have_as_many_forms_as_the_language(language: str) -> None:
    catalogue = _catalogue(language)
    for message in catalogue:
        if message.id and not isinstance(message.id, str):
            assert len(_written(message)) == catalogue.num_plurals


def test_no_template_speaks_outside_of_translation() -> None:
    spoken = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]+>", re.DOTALL)
    in_trans = re.compile(
        r"\{% trans .*?%\}.*?\{% endtrans \+?%\}|\{% trans %\}.*?\{% endtrans \+?%\}", re.DOTALL
    )
    for path in (BOT / "templates").rglob("*.j2"):
        if path.parent.name == "web":
            continue
        rest = spoken.sub("", in_trans.sub("", path.read_text()))
        assert not re.search(r"[A-Za-z]{2}", rest.replace("DEMO", "")), path


def test_one_and_many_differ_in_english() -> None:
    text = Renderer("en", r.ZONE, lambda: r.NOW)
    one = approvals_screen([r.proposal()], text).text
    many = approvals_screen([r.proposal()] * 2, text).text
    assert "1 price change waits for approval" in one
    assert "2 price changes wait for approval" in many


def test_languages_are_those_a_person_can_store() -> None:
    assert set(LANGUAGES) == set(people.LANGUAGES)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("id", "id"),
        ("id-ID", "id"),
        ("in", "id"),
        ("ID_id", "id"),
        ("en-GB", "en"),
        ("fr", "en"),
        (None, "en"),
        ("", "en"),
    ],
)
def test_telegrams_language_code_is_a_hint(code: str | None, language: str) -> None:
    assert best_language(code) == language


def test_a_label_shows_hostile_names_as_text() -> None:
    text = Renderer("en", r.ZONE)
    assert text.label("Relink %(shop)s", shop="a\u202eb\nc") == "Relink a\ufffdb c"
    assert columns(text.label("Relink %(shop)s", shop="灯泡")) == 11
