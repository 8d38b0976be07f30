"""Help, menu and routing follow from one list: every command has a role and words in every language."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.commands import COMMANDS, Command
from bot.render import LANGUAGES, SOURCE_LANGUAGE
from domain.people import Role
from tests.house.tree import ROOT

FOR_STRANGERS = {"start", "help"}
"""What somebody may ask who belongs to no seller."""

TRANSLATED = sorted(set(LANGUAGES) - {SOURCE_LANGUAGE})


def catalogue(language: str) -> Catalog:
    with (ROOT / "bot" / "locales" / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language)


def test_there_are_commands_and_translations() -> None:
    assert len(COMMANDS) >= 10
    assert "id" in TRANSLATED


def test_each_command_is_named_once() -> None:
    names = [command.name for command in COMMANDS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_command_has_a_role_unless_strangers_may_use_it(command: Command) -> None:
    assert isinstance(command.role, Role) or command.name in FOR_STRANGERS


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_command_is_as_telegram_wants_it(command: Command) -> None:
    assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
    assert re.fullmatch(r".{1,256}", command.help)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_line_is_translated(command: Command, language: str) -> None:
    message = catalogue(language).get(command.help)
    assert message is not None
    assert re.fullmatch(r".{1,256}", str(message.string))
    assert not message.fuzzy
