"""Foreign text as both databases can keep it.

Buyers and sellers write what they like. PostgreSQL refuses NUL, and no database keeps half of a
character: one such note must not keep an order, and with it a whole reading, out of our books.
"""

import re
from typing import Any

MARK = "\N{REPLACEMENT CHARACTER}"

_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return the text with a visible mark for every character that cannot be stored."""
    if text.isascii() and "\0" not in text:  # as most of what a row holds: told far sooner than by a search
        return text
    return _UNKEPT.sub(MARK, text)


def storable_row(values: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values with all its texts storable."""
    return {name: storable(each) if isinstance(each, str) else each for name, each in values.items()}
