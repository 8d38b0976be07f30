"""What may never be read in a log: secrets by value and by pattern, and characters that forge lines.

Apart from `logs.py` because it is pure: text in, text out. Values are the sure half (whatever shape a
secret hides in, a live one is known); patterns catch what nobody registered.
"""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, quote_plus

MARK = "<redacted>"

_SHORTEST = 6
"""Fewer characters are no secret, and hiding them would blank out ordinary words."""

_KEEP = 50_000
"""Rotated tokens pile up in a long run; the ones not seen for longest are dropped first."""

_VALUE = r"""[^\s"'&,;(){}\[\]<>]+"""
_IS = r"""(?:\s*=\s*|%3[Dd]|["']?\s*:\s*)b?["']?"""
_PAIRED = r"""(?:["']?\s*[:=]\s*|["']\s*,\s*)b?["']?"""
_CREDENTIAL = (
    r"(?:access_?token|refresh_?token|id_token|bot_?token|partner_?key|push_?keys?|app_?secret|client_?secret"
    r"|consumer_?(?:key|secret)|secret_?token|secret_?keys?|api_?key|password)"
)

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:bot\d+|\b\d{6,})(?::|%3[Aa])[\w-]{30,}"), MARK),
    (re.compile(rf"({_CREDENTIAL}{_IS}){_VALUE}", re.IGNORECASE), rf"\1{MARK}"),
    (
        re.compile(rf"((?:authorization|secret-token){_PAIRED})(?:[a-z]+\s+)?{_VALUE}", re.IGNORECASE),
        rf"\1{MARK}",
    ),
    (re.compile(rf"((?:\b|(?<=%3F)|(?<=%26))(?:sign|(?:auth_)?code)(?:=|%3[Dd])){_VALUE}"), rf"\1{MARK}"),
    (re.compile(rf"""(["']sign["']\s*[:,]\s*b?["']){_VALUE}"""), rf"\1{MARK}"),
    # A quoted code is an authorisation code if it is long and has a digit; platforms name errors in words.
    (re.compile(r"""(["'](?:auth_)?code["']\s*[:,]\s*b?["'])(?=\w*\d)\w{16,}"""), rf"\1{MARK}"),
    (re.compile(rf"""(cookie{_PAIRED})[^\n"']+""", re.IGNORECASE), rf"\1{MARK}"),
    (re.compile(r"\b(?:ck|cs)_[0-9A-Za-z]{20,}|\bshp(?:at|ca|pa|ss)_[0-9A-Za-z]{20,}"), MARK),
)

_CREDENTIAL_FIELD = re.compile(
    rf"(?:{_CREDENTIAL}|authorization|cookie|(?:^|_)(?:token|secret|sign|signature))$", re.IGNORECASE
)

_BREAKING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]",
)
"""Line ends, terminal escapes, direction marks and halves of characters."""

_WRITTEN_AS_IS = (bool, int, float, type(None))
_SEVERAL_LINES = frozenset({"exception", "stack"})


class Redactor:
    """Knows the live secrets of this process and takes them out of what is written."""

    def __init__(self, keep: int = _KEEP) -> None:
        self._keep = keep
        self._known: dict[str, None] = {}
        self._by_start: dict[str, set[str]] = {}

    def register(self, value: str) -> None:
        """Hide this value from now on, also where it is quoted for a URL, JSON or a `repr`."""
        for form in {
            value,
            quote(value, safe=""),
            quote_plus(value),
            json.dumps(value)[1:-1],
            repr(value)[1:-1],
        }:
            if len(form) < _SHORTEST:
                continue
            self._known.pop(form, None)
            self._known[form] = None
            self._by_start.setdefault(form[:_SHORTEST], set()).add(form)
        while len(self._known) > self._keep:
            self._forget(next(iter(self._known)))

    def text(self, text: str) -> str:
        """Return the text without registered values and without what looks like a secret."""
        text = "".join(self._without_values(text)) if self._known else text
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def fields(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Return an event's fields, safe to render on one line (a traceback keeps its lines)."""
        return {self._line(str(name)): self._field(str(name), value) for name, value in fields.items()}

    def _field(self, name: str, value: object) -> object:
        if isinstance(value, _WRITTEN_AS_IS):
            return value
        if isinstance(value, Mapping):
            return self.fields(value)
        if isinstance(value, list | tuple | set | frozenset):
            return [self._field(name, part) for part in value]
        if _CREDENTIAL_FIELD.search(name):
            return MARK
        if name in _SEVERAL_LINES:
            return "\n".join(map(_visible, self.text(str(value)).split("\n")))
        return self._line(str(value))

    def _line(self, text: str) -> str:
        return _visible(self.text(text))

    def _without_values(self, text: str) -> Iterator[str]:
        # A dictionary look-up per position costs the same for one secret and for thousands.
        done = at = 0
        while at <= len(text) - _SHORTEST:
            found = [
                form
                for form in self._by_start.get(text[at : at + _SHORTEST], ())
                # A text that was cut to a length may end within a secret.
                if text.startswith(form, at) or form.startswith(text[at:])
            ]
            if found:
                yield text[done:at]
                yield MARK
                done = at = at + max(map(len, found))
            else:
                at += 1
        yield text[done:]

    def _forget(self, form: str) -> None:
        del self._known[form]
        start = form[:_SHORTEST]
        self._by_start[start].discard(form)
        if not self._by_start[start]:
            del self._by_start[start]


def _visible(text: str) -> str:
    return _BREAKING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
