"""Formatted text as Telegram keeps it: parsed, cleaned, trimmed, measured, with UTF-16 offsets."""

import re
from typing import Any, Final

from simulator.telegram.errors import violation
from simulator.telegram.html_parse import Span, parse_html
from simulator.telegram.links import checked_link
from simulator.telegram.records import Json

MAX_RAW_BYTES: Final = 32768
MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
MAX_ENTITIES: Final = 100

REMOVED: Final = re.compile(r"[\r\u2028-\u202e\u0333\u033f\u030a]")
BLANKED: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
INVISIBLE: Final = re.compile(r"[\s\u200b-\u200f\u202e\ufeff\u00a0\u2060]*")
MERGED: Final = {"bold", "italic", "underline", "strikethrough", "spoiler"}
MONOSPACE: Final = {"pre", "code"}
ORDER: Final = (
    "text_link",
    "text_mention",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "code",
    "pre",
    "spoiler",
)
FOUND: Final = re.compile(
    r"(?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<url>(?<![\w@])https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'])"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?!\w))"
    r"|(?P<mention>(?<![\w/@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w&/#])#(?=\w*[^\W\d_])\w{1,255})"
)


def utf16_length(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def formatted(
    text: str, parse_mode: str | None, entities: list[Json] | None, *, limit: int, what: str
) -> tuple[str, list[Json]]:
    """Return text and wire entities of a bot's message or caption.

    `what` is "message" or "message caption": the words of Telegram's complaint about the length.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_RAW_BYTES:
        raise violation("text is too long")
    mode = (parse_mode or "none").lower()
    if not text or mode == "none":
        spans = _spans_of(text, entities or [])
    elif mode == "html":
        text, spans = parse_html(text)
    elif mode in {"markdown", "markdownv2"}:
        raise violation("unsupported parse_mode (Telegram has it, this simulator reads HTML only)")
    else:
        raise violation("unsupported parse_mode")
    text, spans = _clean(text, spans)
    if len(text) > limit:
        raise violation(f"{what} is too long")
    return text, to_wire(text, _tidy(spans) + _detected(text, spans))


def plain(text: str) -> tuple[str, list[Json]]:
    """Return what a user typed, with the entities the server finds in it."""
    cleaned, _ = _clean(text, [])
    return cleaned, to_wire(cleaned, _detected(cleaned, []))


def is_blank(text: str) -> bool:
    return INVISIBLE.fullmatch(text) is not None


def to_wire(text: str, spans: list[Span]) -> list[Json]:
    """Return the entities in wire form, ordered, the first hundred of them."""
    spans = sorted(spans, key=lambda span: (span.start, -span.end, _rank(span.kind)))[:MAX_ENTITIES]
    return [
        {
            "type": span.kind,
            "offset": utf16_length(text[: span.start]),
            "length": utf16_length(text[span.start : span.end]),
            **span.extra,
        }
        for span in spans
    ]


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _spans_of(text: str, entities: list[Json]) -> list[Span]:
    """Turn entities given beside the text into spans; what lies outside the text is dropped."""
    positions = [0]
    for char in text:
        positions.append(positions[-1] + (2 if char > "\uffff" else 1))
    index = {offset: at for at, offset in enumerate(positions)}
    spans = []
    for entity in entities:
        start, end = index.get(entity["offset"]), index.get(entity["offset"] + entity["length"])
        if start is not None and end is not None and start < end:
            extra = {key: value for key, value in entity.items() if key not in {"type", "offset", "length"}}
            if "url" in extra:
                extra["url"] = checked_link(str(extra["url"]))
                if not extra["url"]:
                    continue
            spans.append(Span(entity["type"], start, end, extra))
    return spans


def _clean(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Drop control characters and outer white space, moving the spans along."""
    kept = [(at, char) for at, char in enumerate(text) if not REMOVED.match(char)]
    cleaned = BLANKED.sub(" ", "".join(char for _, char in kept))
    end = len(cleaned.rstrip(" \n"))
    first_span = min((span.start for span in spans), default=len(text))
    start = 0
    while start < end and cleaned[start] in " \n" and kept[start][0] < first_span:
        start += 1
    places = [at for at, _ in kept[start:end]]

    def moved(position: int) -> int:
        return sum(at < position for at in places)

    if len(places) != len(text):
        for span in spans:
            span.start, span.end = moved(span.start), moved(span.end)
    return cleaned[start:end], [span for span in spans if span.start < span.end]


def _tidy(spans: list[Span]) -> list[Span]:
    """Join touching spans of one style; nothing else may lie inside monospace."""
    mono = [span for span in spans if span.kind in MONOSPACE]
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.kind == "code":
            span.extra = {}
        inside = any(box is not span and box.start <= span.start and span.end <= box.end for box in mono)
        if inside and span.kind not in {"blockquote", "expandable_blockquote"} | MONOSPACE:
            continue
        same = next((old for old in kept if old.kind == span.kind and old.end >= span.start), None)
        if span.kind in MERGED and same:
            same.end = max(same.end, span.end)
        else:
            kept.append(span)
    return kept


def _detected(text: str, spans: list[Span]) -> list[Span]:
    taken = [span for span in spans if span.kind in MONOSPACE | {"text_link", "text_mention", "date_time"}]
    return [
        Span(str(hit.lastgroup), hit.start(), hit.end(), {})
        for hit in FOUND.finditer(text)
        if not any(span.start < hit.end() and hit.start() < span.end for span in taken)
    ]


def options_of(args: dict[str, Any], names: tuple[str, ...]) -> Json:
    """Pick the given display options that Telegram echoes in the message."""
    return {name: args[name] for name in names if args.get(name)}
