"""Telegram's rules for HTML messages, written down from its documentation: what a text must not break.

It shares no code with the bot: `read` parses a message the way the server does and raises AssertionError
where the server would answer 400, or where it would silently do something else than was meant.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

TAGS = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "span",
        "tg-spoiler",
        "a",
        "code",
        "pre",
        "blockquote",
        "tg-emoji",
        "tg-time",
    ]
)
LIMIT_UNITS = 4096
ENTITIES = frozenset({"lt", "gt", "amp", "quot"})
_ENTITY = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|\w+);?")


@dataclass
class Message(HTMLParser):
    """A parsed message: its plain text, and what stands outside of `code` (where nothing becomes a link)."""

    plain: str = ""
    linkable: str = ""
    open_tags: list[str] = field(default_factory=list)
    used: int = 0

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, f"<{tag}> is no tag of Telegram"
        assert not {"code", "pre"} & set(self.open_tags), f"<{tag}> inside of code"
        assert tag != "blockquote" or "blockquote" not in self.open_tags, "quotations cannot be nested"
        if tag == "code":
            around = {"b", "i", "u", "s", "a"} & set(self.open_tags)
            assert not around, f"code inside of {around} loses one of the two"
        allowed = {"blockquote": {"expandable"}, "a": {"href"}}.get(tag, set())
        assert {name for name, _ in attrs} <= allowed, f"<{tag}> with {attrs}"
        self.open_tags.append(tag)
        self.used += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags, f"</{tag}> closes nothing"
        assert self.open_tags.pop() == tag, f"</{tag}> crosses another tag"

    def handle_data(self, data: str) -> None:
        self.plain += data
        self.linkable += " " * len(data) if "code" in self.open_tags else data


def read(text: str) -> Message:
    """Parse a message; raises AssertionError for what Telegram would refuse or change."""
    message = Message()
    message.feed(text)
    message.close()
    assert not message.open_tags, f"left open: {message.open_tags}"
    for name in _ENTITY.findall(text):
        assert name in ENTITIES or name.startswith("#"), f"&{name}; is no entity of Telegram"
    assert not re.search(r"&(?![a-z]+;|#)", text), "a bare ampersand"
    assert message.plain.strip(), "an empty message"
    units = len(message.plain.encode("utf-16-le")) // 2
    assert units <= LIMIT_UNITS, f"{units} UTF-16 units"
    assert message.used <= 100, "more than 100 entities: the rest would be dropped"
    return message
