"""One word for one thing: the names of our code follow the glossary in CONTRIBUTING.md."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.tree import here, nodes, python_files

OURS = ("app", "bot", "web", "jobs", "services", "storage", "domain")
"""Adapters and the simulator speak the platforms' words at the wire."""

SAY_INSTEAD = {
    "channel": "shop, platform or chat",
    "capability": "Can, or ButtonTicket",
    "operator": "host, or member",
    "belief": "ShownStock",
    "package": "parcel",
    "qty": "on_hand, allocated or available",
    "reversal": "cancellation, return or refund",
}
SAY_INSTEAD |= {f"{word}s": better for word, better in SAY_INSTEAD.items()} | {"capabilities": "Can"}

EMPTY_WORDS = {"manager", "helper", "helpers", "util", "utils", "base", "impl"}
"""In the name of a class or a module they only say that its noun was not found."""

EMPTY_MODULES = EMPTY_WORDS | {"data", "info", "misc", "common", "stuff"}


def words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def given_names(node: ast.AST) -> Iterator[str]:
    """Yield the names this node gives to something of ours."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(attr=name, ctx=ast.Store()):
            yield name


@pytest.mark.parametrize(
    ("name", "parts"), [("ShownStock", ["shown", "stock"]), ("old_channelID", ["old", "channel", "id"])]
)
def test_names_are_read_word_by_word(name: str, parts: list[str]) -> None:
    assert words(name) == parts


def test_names_use_the_glossary() -> None:
    wrong = [
        f"{at} {name}: say {SAY_INSTEAD[word]}"
        for at, node in nodes(*OURS)
        for name in given_names(node)
        for word in words(name)
        if word in SAY_INSTEAD
    ]
    assert not wrong


def test_classes_are_named_for_their_noun() -> None:
    wrong = [
        f"{at} {node.name}"
        for at, node in nodes(*OURS, "adapters", "simulator")
        if isinstance(node, ast.ClassDef) and EMPTY_WORDS & set(words(node.name))
    ]
    assert not wrong


def test_modules_are_named_for_their_noun() -> None:
    wrong = [
        here(path) for path in python_files(*OURS, "adapters", "simulator") if path.stem in EMPTY_MODULES
    ]
    assert not wrong
