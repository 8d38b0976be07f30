"""Foreign text (titles, names, notes, whatever a person typed) made safe to show (`promises.md` R12).

Control, direction and zero-width characters become a visible mark, line breaks become spaces, floods of
combining marks are cut down, and nothing in the text turns into a link, a mention or a command. Cutting
happens between graphemes and by the width a phone gives them.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import regex
from markupsafe import Markup, escape

MARK = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
JOINER = "\N{ZERO WIDTH JOINER}"
_BETWEEN = " \N{MIDDLE DOT} "
LONGEST = 160
"""Wider than this no single foreign text is shown, so that a message stays under Telegram's limit."""
_LONGEST_READ = 4096
_REMEMBERED = 4096
"""How many texts of a screen's usual size are kept as they are shown: lists say the same titles again and again."""
_LONGEST_REMEMBERED = 256
_MOST_MARKS = 6
_UNITS_PER_COLUMN = 3
"""A flag or a family of emoji takes two columns and up to a dozen UTF-16 units, which Telegram counts."""

_GRAPHEME = regex.compile(r"\X")
_SPACE = regex.compile(r"[\s\p{Zl}\p{Zp}]+")
_EMOJI = regex.compile(
    r"(?:[0-9#*]\uFE0F?\u20E3"
    r"|\p{Regional_Indicator}{2}"
    r"|\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?[\U000E0020-\U000E007F]*"
    r"(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)*)"
)
_SELECTOR = regex.compile(r"[\uFE00-\uFE0F\U000E0100-\U000E01EF]")
_HIDDEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]")
_LINKING = regex.compile(r"(?<=[@/#$])(?=\w)|(?<=/)(?=/)|(?<=\S\.)(?=\p{L})")


def visible(text: str) -> str:
    """Return the text on one line, in NFC, with everything invisible shown as a mark."""
    plain = _plain(text)
    return "".join(_clusters(text)) if plain is None else plain


def cut(text: str, width: int) -> str:
    """Return `visible(text)` cut to a width in half-width columns, with an ellipsis where it was cut.

    UTF-16 units are bounded too, by three for each column.
    """
    return (_cut if len(text) > _LONGEST_REMEMBERED else _cut_before)(text, width)


def _cut(text: str, width: int) -> str:
    plain = _plain(text)
    if plain is not None:
        return plain if len(plain) <= width else plain[: width - 1].rstrip() + ELLIPSIS
    left, units = width, width * _UNITS_PER_COLUMN
    kept: list[str] = []
    for cluster in _clusters(text):
        taken = _columns(cluster)
        units -= len(cluster.encode("utf-16-le")) // 2
        if taken > left or units < 0:
            return _shortened(kept, left)
        left -= taken
        kept.append(cluster)
    return "".join(kept)


_cut_before = lru_cache(_REMEMBERED)(_cut)


def titled(title: str, name: str, width: int) -> str:
    """Return a title with its variant's name. The title is cut first: the name tells it from its neighbours."""
    if not name.strip():
        return cut(title, width)
    left = width - columns(_BETWEEN)
    told = cut(name, max(left // 2, left - columns(cut(title, left))))
    return f"{cut(title, left - columns(told))}{_BETWEEN}{told}"


def columns(text: str) -> int:
    """Return how many half-width columns a text takes."""
    return sum(_columns(match.group()) for match in _GRAPHEME.finditer(text))


def esc(value: object) -> Markup:
    """Return a value as safe HTML; text that is not Markup counts as foreign. None is a gap and raises."""
    if isinstance(value, Markup):
        return value
    if value is None:
        raise TypeError("a value that is not known must be left out, not shown")
    text = str(value)
    return (_safe if len(text) > _LONGEST_REMEMBERED else _safe_before)(text)


def _safe(text: str) -> Markup:
    return escape(inert(cut(text, LONGEST)))


_safe_before = lru_cache(_REMEMBERED)(_safe)


def inert(text: str) -> str:
    """Return a text in which Telegram finds nothing to link."""
    return _LINKING.sub(JOINER, text)


def _plain(text: str) -> str | None:
    """Return the text on one line if nothing in it needs more care, as in most titles; else None."""
    read = text[:_LONGEST_READ]
    return " ".join(read.split()) if read.isascii() and read.isprintable() else None


def _clusters(text: str) -> Iterator[str]:
    """Yield the graphemes of a text as they are shown; a text of megabytes is not read to its end."""
    flat = _SPACE.sub(" ", unicodedata.normalize("NFC", text[:_LONGEST_READ])).strip()
    for match in _GRAPHEME.finditer(flat):
        yield _tame(match.group())


def _tame(cluster: str) -> str:
    if _EMOJI.fullmatch(cluster):
        return cluster
    shown = _HIDDEN.sub(MARK, _SELECTOR.sub("", cluster))
    marks = 0
    kept = []
    for char in shown:
        marks += unicodedata.category(char) in {"Mn", "Me"}
        if marks <= _MOST_MARKS or unicodedata.category(char) not in {"Mn", "Me"}:
            kept.append(char)
    return "".join(kept)


def _columns(cluster: str) -> int:
    if cluster.isascii():
        return len(cluster)
    if _EMOJI.fullmatch(cluster):
        return 2
    return sum(_char_columns(char) for char in cluster)


def _char_columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _shortened(kept: list[str], left: int) -> str:
    while kept and left < 1:
        left += _columns(kept.pop())
    return "".join(kept).rstrip() + ELLIPSIS
