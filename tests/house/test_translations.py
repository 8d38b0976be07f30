"""Every text that is marked in the code has its words in every language, and nothing else is in the catalogues."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

from tests.house.test_commands import TRANSLATED, catalogue
from tests.house.tree import ROOT

METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
OPTIONS = {"**.j2": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


@cache
def marked() -> set[tuple[str, ...]]:
    """Return every text that is marked in the bot's code and templates, with its plural where it has one."""
    found = extract_from_dir(ROOT / "bot", METHODS, OPTIONS, KEYWORDS)
    return {(message,) if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found}


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id or ())


def said(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def filled_in(texts: tuple[str, ...]) -> set[str]:
    return {name for text in texts for name in re.findall(r"%\((\w+)\)", text)}


def test_there_is_something_to_translate() -> None:
    assert len(marked()) > 50


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_has_all_marked_texts_and_no_other(language: str) -> None:
    known = {ids(message) for message in messages(language)}
    assert marked() - known == set()
    assert known - marked() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    missing = [ids(message) for message in messages(language) if message.fuzzy or not all(said(message))]
    assert not missing


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_in_the_same_values(language: str) -> None:
    """A plural's form may leave a value out ("one order"), other texts may not."""
    different = [
        ids(message)
        for message in messages(language)
        for form in said(message)
        if not filled_in((form,)) <= filled_in(ids(message))
        or (len(ids(message)) == 1 and filled_in((form,)) != filled_in(ids(message)))
    ]
    assert not different
