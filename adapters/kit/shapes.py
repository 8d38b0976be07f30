"""An answer's shape beside the documented one: fields, types and enumerated words. No value comes out of here."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.platform.probing import Difference, Kind

Shape = Mapping[str, str]
"""The types of every documented field, by path: `response.item[].weight` may be `string|number`.

Where names are free, `item[].chosen.*` stands for all of them.
"""

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "list", dict: "object"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9-]{0,47}")
_NUMBER = re.compile(r"[0-9]{4}")
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")
_HIDDEN = "<not shown>"


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer should be: its shape, the fields we cannot do without, and the words of enumerated ones."""

    shape: Shape
    needed: Collection[str] = ()
    words: Mapping[str, Collection[str]] = field(default_factory=dict)


def differences(answer: Any, expected: Expected, *, rows: int | None = None) -> tuple[Difference, ...]:
    """Return each difference once; inside a field that is new or of another type nothing more is told.

    `rows` bounds how many rows of each list are looked at.
    """
    needed: dict[str, set[str]] = {}
    for path in expected.needed:
        parent, _, name = path.rpartition(".")
        needed.setdefault(parent, set()).add(name)
    return tuple(dict.fromkeys(_Look(expected, needed, rows).into(answer, "")))


@dataclass(frozen=True, slots=True)
class _Look:
    expected: Expected
    needed: Mapping[str, set[str]]
    rows: int | None

    def into(self, value: Any, path: str) -> Iterator[Difference]:
        if isinstance(value, dict):
            for name in sorted(self.needed.get(path, set()) - value.keys()):
                yield Difference(Kind.GONE, f"{path}.{name}".removeprefix("."))
            for name, each in value.items():
                yield from self._at(each, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for each in value[: self.rows]:
                yield from self._at(each, f"{path}[]")
        elif isinstance(value, str):
            yield from _word(value, path, self.expected.words)

    def _at(self, value: Any, path: str) -> Iterator[Difference]:
        if value is None:
            return
        shape, found = self.expected.shape, _TYPES[type(value)]
        documented = shape.get(path) or shape.get(f"{path.rpartition('.')[0]}.*")
        if documented is None:
            yield Difference(Kind.NEW_FIELD, _shown(path), found)
        elif not _is_of(found, documented.split("|")):
            yield Difference(Kind.OTHER_TYPE, path, found, documented)
        else:
            yield from self.into(value, path)


def _is_of(found: str, documented: Collection[str]) -> bool:
    return found in documented or (found == "integer" and "number" in documented)


def _word(value: str, path: str, words: Mapping[str, Collection[str]]) -> Iterator[Difference]:
    for ending, known in words.items():
        if path.endswith(ending) and value and value not in known:
            yield Difference(Kind.NEW_WORD, path, value if _WORD.fullmatch(value) else _HIDDEN)


def _shown(path: str) -> str:
    """Return a path without a name that may be somebody's data: a key made of a number, or of free text."""
    parent, _, name = path.rpartition(".")
    bare = name.removesuffix("[]")
    is_plain = _NAME.fullmatch(bare) and not _NUMBER.search(bare)
    return path if is_plain else f"{parent}.{_HIDDEN}".removeprefix(".")
