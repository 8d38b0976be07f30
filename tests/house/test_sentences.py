"""No sentence is put together in Python where people read it: words live in templates and catalogues."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import here, python_files, tree_of

MARKED = {"_", "gettext", "ngettext", "pgettext", "npgettext", "N_", "label"}
"""Calls that mark a text for translation: a button's label is words, too, and has them here."""

_TWO_WORDS = re.compile(r"[^\W\d_]{2}\S*\s+[^\W\d_]{2}")


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the texts of two words and more that are neither docstrings, log events, errors nor marked."""
    spared = {id(node) for root in ast.walk(tree) if _is_spared(root) for node in ast.walk(root)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spared:
            text = node.value
            if _TWO_WORDS.search(text):
                yield node.lineno, text


def _is_spared(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Raise():
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "_log" | "logger"))):
            return True
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in MARKED
    return False


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('"Your order is here"', 0),
        ('x = "Your order is here"', 1),
        ('x = f"{n} orders today"', 1),
        ('x = "order_placed"', 0),
        ('x = _("Link a shop")', 0),
        ('log.info("order shown twice")', 0),
        ('def f():\n    """Answer with a card."""', 0),
        ('raise ValueError("no such place")', 0),
        ('x = "🔔 คำสั่งซื้อ ใหม่"', 1),
    ],
)
def test_sentences_are_recognised(code: str, found: int) -> None:
    assert len(list(sentences(ast.parse(code)))) == found


@pytest.mark.parametrize("room", ["bot/handlers", "bot/views"])
def test_no_sentence_is_built_in_python(room: str) -> None:
    found = [
        f"{here(path)}:{line} {text!r}" for path in _modules(room) for line, text in sentences(tree_of(path))
    ]
    assert not found


def _modules(room: str) -> tuple[Path, ...]:
    paths = python_files(room)
    assert len(paths) > 1
    return paths
