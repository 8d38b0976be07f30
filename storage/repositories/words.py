"""Foreign text as both databases can keep it.

Buyers and sellers write what they like. PostgreSQL refuses NUL, and no database keeps half of a
character: one such note must not keep an order, and with it a whole reading, out of our books.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from domain.catalogue import PlacedUnits

MARK = "\N{REPLACEMENT CHARACTER}"

_MOST = 8
"""So many words of a search count."""

_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return the text with a visible mark for every character that cannot be stored."""
    if text.isascii() and "\0" not in text:  # as most of what a row holds: told far sooner than by a search
        return text
    return _UNKEPT.sub(MARK, text)


def storable_row(values: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values with all its texts storable."""
    return {name: storable(each) if isinstance(each, str) else each for name, each in values.items()}


def in_words(texts: Sequence[str]) -> str:
    """Return several texts as one that keeps them apart; `out_of_words` has them back."""
    return json.dumps([storable(each) for each in texts], ensure_ascii=False) if texts else "[]"


def out_of_words(kept: str) -> tuple[str, ...]:
    return tuple(json.loads(kept)) if kept != "[]" else ()


def in_places(places: Sequence[PlacedUnits]) -> str:
    """Return where units lie as one text; `out_of_places` has it back."""
    return in_words([f"{each.units} {each.location}" for each in places])


def out_of_places(kept: str) -> tuple[PlacedUnits, ...]:
    split = [each.partition(" ") for each in out_of_words(kept)]
    return tuple(PlacedUnits(location, int(units)) for units, _, location in split)


def distinct(words: str) -> list[str]:
    """Return the first words of a search, each once: a whole letter pasted in is not a search."""
    return list(dict.fromkeys(storable(words).split()))[:_MOST]
