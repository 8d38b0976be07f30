"""Telegram's HTML: tags to entities, refusing what Telegram refuses in its own words.

The dialect is not a browser's: few tags, names in any case, attributes with or without quotes, four
named references, and `</>` closes whatever is open. Errors count in bytes of UTF-8.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from simulator.telegram.errors import violation
from simulator.telegram.links import checked_link, linked_user

STYLES: Final = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
}
TAGS: Final = {*STYLES, "a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}
SPACE: Final = " \t\r\n\v"
REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")
NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TAG_NAME: Final = re.compile(rf"[^{SPACE}>]*")
ATTRIBUTE_NAME: Final = re.compile(rf"[^{SPACE}=>/\"']*")
NAME_TOKEN: Final = re.compile(r"[A-Za-z0-9.\-]*")
GAP: Final = re.compile(rf"[{SPACE}]*")
PLAIN: Final = re.compile(r"[^<&]+")
DATE_FORMATS: Final = set("tTdDwW")


@dataclass(slots=True)
class Span:
    """An entity in characters of the parsed text; `extra` holds its further wire fields."""

    kind: str
    start: int
    end: int
    extra: dict[str, Any]


@dataclass(slots=True)
class OpenTag:
    name: str
    start: int
    argument: str = ""
    date: int = 0


def parse_html(source: str) -> tuple[str, list[Span]]:
    """Return the text without tags, and its spans in order."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[OpenTag] = []
        self.spans: list[Span] = []

    def parse(self) -> tuple[str, list[Span]]:
        while self.at < len(self.source):
            plain = PLAIN.match(self.source, self.at)
            if plain:
                self.write(plain[0])
                self.at = plain.end()
            elif self.source[self.at] == "&":
                self.write(self.reference())
            elif self.source.startswith("</", self.at):
                self.end_tag()
            else:
                self.start_tag()
        if self.open:
            self.fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        text = "".join(self.parts)
        if any("\ud800" <= char <= "\udfff" for char in text):
            self.fail(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched"
                " surrogate code units"
            )
        return text, self.spans

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def reference(self) -> str:
        """Decode the reference at the cursor, or take its ampersand as it is."""
        found = REFERENCE.match(self.source, self.at)
        decoded = self.decode(found) if found else ""
        if not found or not decoded:
            self.at += 1
            return "&"
        self.at = found.end()
        return decoded

    @staticmethod
    def decode(found: re.Match[str]) -> str:
        hexadecimal, decimal, name = found.groups()
        if name is not None:
            return NAMED.get(name, "")
        digits = hexadecimal if hexadecimal is not None else decimal
        code = int(digits or "0", 16 if hexadecimal is not None else 10)
        written = found[0].rstrip(";")
        return chr(code) if 0 < code < 0x10FFFF and len(written) < 10 else ""

    def start_tag(self) -> None:
        begin = self.at
        name = self.take(TAG_NAME, begin + 1)
        if self.at >= len(self.source):
            self.fail(f"Unclosed start tag at byte offset {self.byte(begin)}")
        tag = OpenTag(name.lower(), self.length)
        if tag.name not in TAGS:
            self.fail(f'Unsupported start tag "{tag.name}" at byte offset {self.byte(begin)}')
        while True:
            self.take(GAP, self.at)
            if self.here == ">":
                break
            self.attribute(tag, begin)
        self.at += 1
        if tag.name == "span" and tag.argument != "spoiler":
            self.fail(f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(begin)}')
        self.open.append(tag)

    def attribute(self, tag: OpenTag, begin: int) -> None:
        unclosed = f'Unclosed start tag "{tag.name}" at byte offset {self.byte(begin)}'
        name = self.take(ATTRIBUTE_NAME, self.at)
        if not name:
            self.fail(f'Empty attribute name in the tag "{tag.name}" at byte offset {self.byte(begin)}')
        self.take(GAP, self.at)
        if self.here != "=":
            if not self.here:
                self.fail(unclosed)
            self.keep(tag, name, "")
            return
        self.take(GAP, self.at + 1)
        if not self.here:
            self.fail(unclosed)
        value = self.quoted() if self.here in "'\"" else self.bare()
        if not self.here:
            self.fail(f"Unclosed start tag at byte offset {self.byte(begin)}")
        self.keep(tag, name, value)

    def bare(self) -> str:
        begin = self.at
        value = self.take(NAME_TOKEN, begin).lower()
        if self.here and self.here not in SPACE + ">":
            self.fail(f"Unexpected end of name token at byte offset {self.byte(begin)}")
        return value

    def quoted(self) -> str:
        quote = self.here
        self.at += 1
        value = []
        while self.here and self.here != quote:
            if self.here == "&":
                value.append(self.reference())
            else:
                value.append(self.here)
                self.at += 1
        self.at += bool(self.here)
        return "".join(value)

    @staticmethod
    def keep(tag: OpenTag, name: str, value: str) -> None:
        match tag.name, name:
            case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "format"):
                tag.argument = value
            case "code", "class" if value.startswith("language-"):
                tag.argument = value.removeprefix("language-")
            case "span", "class" if value.startswith("tg-"):
                tag.argument = value.removeprefix("tg-")
            case "blockquote", "expandable":
                tag.argument = "1"
            case "tg-time", "unix":
                tag.date = int(value) if value.isdecimal() else 0
            case _:
                pass  # Telegram ignores every other attribute

    def end_tag(self) -> None:
        begin = self.at
        if not self.open:
            self.fail(f"Unexpected end tag at byte offset {self.byte(begin)}")
        name = self.take(TAG_NAME, begin + 2).lower()
        self.take(GAP, self.at)
        if self.here != ">":
            self.fail(f"Unclosed end tag at byte offset {self.byte(begin)}")
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            self.fail(
                f'Unmatched end tag at byte offset {self.byte(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self.length > tag.start:
            self.close(tag)

    def close(self, tag: OpenTag) -> None:
        span = Span(STYLES.get(tag.name, ""), tag.start, self.length, {})
        if tag.name == "a":
            self.link(tag, span)
        elif tag.name in {"pre", "code"}:
            self.code(tag, span)
        elif tag.name == "tg-emoji":
            if not tag.argument.isdecimal() or int(tag.argument) == 0:
                self.fail("Invalid custom emoji identifier specified")
            span.kind, span.extra = "custom_emoji", {"custom_emoji_id": tag.argument}
        elif tag.name == "tg-time":
            if not (tag.argument in {"r", "R"} or set(tag.argument) <= DATE_FORMATS):
                self.fail("Invalid date format used")
            span.kind = "date_time" if tag.date > 0 else ""
            span.extra = {"unix_time": tag.date} | (
                {"date_time_format": tag.argument} if tag.argument else {}
            )
        elif tag.name == "blockquote":
            span.kind = "expandable_blockquote" if tag.argument else "blockquote"
        if span.kind:
            self.spans.append(span)

    def link(self, tag: OpenTag, span: Span) -> None:
        url = tag.argument or "".join(self.parts)[tag.start :]
        user_id = linked_user(url)
        if user_id:
            span.kind, span.extra = "text_mention", {"user_id": user_id}
        elif link := checked_link(url):
            span.kind, span.extra = "text_link", {"url": link}

    def code(self, tag: OpenTag, span: Span) -> None:
        """Close `pre` or `code`; one around the other, with a language, is a single block."""
        last = self.spans[-1] if self.spans else None
        same = last is not None and (last.start, last.end) == (span.start, span.end)
        other = "pre" if tag.name == "code" else "code"
        if last and same and last.kind == other:
            language = last.extra.get("language") or tag.argument
            if language:
                last.kind, last.extra = "pre", {"language": language}
                return
        span.kind = tag.name
        if tag.name == "code" and tag.argument:
            span.extra = {"language": tag.argument}  # dropped later, unless a `pre` closes around it

    @property
    def here(self) -> str:
        return self.source[self.at : self.at + 1]

    def take(self, pattern: re.Pattern[str], at: int) -> str:
        found = pattern.match(self.source, at)
        taken = found[0] if found else ""
        self.at = at + len(taken)
        return taken

    def byte(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    @staticmethod
    def fail(reason: str) -> NoReturn:
        raise violation(f"can't parse entities: {reason}")
