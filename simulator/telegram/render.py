"""Message text as safe HTML for the web chat, made from text and entities; everything is escaped."""

import html
from typing import Final

from simulator.telegram.records import Json

TAGS: Final = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote data-expandable>", "</blockquote>"),
}


def to_html(text: str, entities: list[Json]) -> str:
    """Return nested, balanced HTML; an entity that would cross another one is cut in two."""
    units = text.encode("utf-16-le", "surrogatepass")
    edges = {0, len(units) // 2}
    for entity in entities:
        edges |= {entity["offset"], entity["offset"] + entity["length"]}
    ordered = sorted(edge for edge in edges if 0 <= edge <= len(units) // 2)
    parts: list[str] = []
    stack: list[Json] = []
    for start, end in zip(ordered, [*ordered[1:], None], strict=True):
        _close(parts, stack, start, units)
        for entity in sorted(entities, key=lambda entity: -entity["length"]):
            if entity["offset"] == start and entity["length"] and entity not in stack:
                parts.append(_opening(entity, units))
                stack.append(entity)
        if end is not None:
            piece = units[start * 2 : end * 2].decode("utf-16-le", "replace")
            parts.append(html.escape(piece))
    return "".join(parts)


def _close(parts: list[str], stack: list[Json], at: int, units: bytes) -> None:
    """Close what ends at `at`; what is open above it is closed too and opened again."""
    reopened: list[Json] = []
    while any(entity["offset"] + entity["length"] <= at for entity in stack):
        entity = stack.pop()
        parts.append(_closing(entity))
        if entity["offset"] + entity["length"] > at:
            reopened.append(entity)
    for entity in reversed(reopened):
        parts.append(_opening(entity, units))
        stack.append(entity)


def _opening(entity: Json, units: bytes) -> str:
    kind = entity["type"]
    if kind in TAGS:
        return TAGS[kind][0]
    if kind == "date_time":
        return f'<time data-unix="{int(entity["unix_time"])}" data-format="{_attribute(entity.get("date_time_format", ""))}">'
    href = _href(entity, units)
    return f'<a href="{_attribute(href)}" rel="noopener noreferrer" target="_blank">' if href else "<span>"


def _closing(entity: Json) -> str:
    kind = entity["type"]
    if kind in TAGS:
        return TAGS[kind][1]
    if kind == "date_time":
        return "</time>"
    return "</a>" if kind in {"text_link", "url", "email"} else "</span>"


def _href(entity: Json, units: bytes) -> str:
    start = entity["offset"] * 2
    covered = units[start : start + entity["length"] * 2].decode("utf-16-le", "replace")
    match entity["type"]:
        case "text_link":
            return str(entity["url"])
        case "url":
            return covered
        case "email":
            return f"mailto:{covered}"
        case _:
            return ""


def _attribute(value: str) -> str:
    return html.escape(value, quote=True)
