"""Foreign texts that mean harm, or are merely odd: made anew from a seed, category by category."""

from collections.abc import Callable
from random import Random

UNIT = chr(0xD83D)
"""Half of an emoji: no character on its own."""
_TAGS = ("b", "i", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler", "tg-emoji", "script", "p", "br")
_MARKUP = (
    "<a href=tg://user?id=1>x</a>",
    '<a href="http://evil.com">pay</a>',
    "&#0;",
    "&#x41;",
    "&notanentity",
    "&nbsp;",
    "&amp;lt;",
    "&",
    "<",
    ">",
    "]]>",
    "<!-- x -->",
    "<![CDATA[x",
    "</",
    "<>",
    '"',
    "'",
)
_MARKDOWN = ("*b*", "_i_", "__u__", "~s~", "||x||", "`c`", "```x", "[x](http://evil.com)")
_LINKS = (
    "@all",
    "@evilbot",
    "/approve",
    "/start@evilbot",
    "/a/b",
    "t.me/evil",
    "tg://resolve?domain=evil",
    "ton://transfer/evil",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://evil.com",
    "HTTPS://EVIL.COM/" + "a" * 300,
    "http://1.2.3.4:80/x",
    "evil.com",
    "evil.co.id/a?b=c",
    "www.evil.com",
    "xn--e1awd7f.com",
    "пример.рф",
    "例子.中国",
    "💩.la",
    "e-vil.com",
    "~.com",
    "evil..com",
    "x@evil.com",
    "mailto:x@evil.com",
    "#evil",
    "#1evil",
    "$EVIL",
    "a@b@c.de",
    "//evil.com",
    "evil.com.",
    "(evil.com)",
)
_HIDDEN = (
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0x200D,
    0x200B,
    0xFEFF,
    0xAD,
    0xE0041,
    0xFE0F,
    0x3164,
)
_CONTROLS = (
    *range(0x20),
    0x7F,
    *range(0x80, 0xA0),
    0x2028,
    0x2029,
    ord(UNIT),
    0xDC00,
    0xE000,
    0x10FFFF,
    0xFFFE,
)
_ENCODED = ("Ã©Â®", "à¹€à¸‡à¸´à¸™", "\u00ff\u00fe", "\ufeff", "\ufffd", "ÖÐ¹ú", "‚±‚ñ", "\u00c0\u00af")
_SCRIPTS = (
    "หลอดไฟประหยัดพลังงาน",
    "Bóng đèn tiết kiệm",
    "節能燈泡",
    "مصباح",
    "អំពូលភ្លើង",
    "မီးသီး",
    "٠١٢٣",
    "०१२",
    "\u0e51\u0e52",
    "０１２",
    "🇮🇩🇹🇭",
    "👨‍👩‍👧‍👦",
    "👍🏽",
    "1️⃣",
)
_CODE = (
    "{{7*7}}",
    "{% raw %}",
    "{#x#}",
    "%s",
    "%(n)s",
    "%%",
    "{0.__class__}",
    "$(id)",
    "`id`",
    "'; DROP TABLE x;--",
    "\r\nERROR forged",
    "\x1b[31m",
    "=1+1",
    "../../etc/passwd",
)
_LENGTHS = (1, 59, 60, 61, 159, 160, 161, 4095, 4096, 4097, 100_000)


def _of(words: tuple[str, ...]) -> Callable[[Random], str]:
    return lambda random: random.choice(words)


def _tag(random: Random) -> str:
    tag = random.choice(_TAGS)
    return random.choice(
        (f"<{tag}>x</{tag}>", f"<{tag}>", f"</{tag}>", f"<{tag} x=1>", f"<b><{tag}></b></{tag}>")
    )


def _char(codes: tuple[int, ...]) -> Callable[[Random], str]:
    return lambda random: "x" + "".join(chr(random.choice(codes)) for _ in range(random.randint(1, 4))) + "y"


def _stacked(random: Random) -> str:
    base = random.choice(("e\u0301", "\u0e01\u0e49", "👩\u200d", "🇮🇩", "\U0001f3f4\U000e0067", "Z\u0335"))
    return base[0] + base[1:] * random.choice((7, 300, 1000))


def _long(random: Random) -> str:
    return random.choice(("a", " ", "a ", "灯", "👍🏽", "@a", "a.b", "&", "<b>")) * random.choice(_LENGTHS)


KINDS: dict[str, Callable[[Random], str]] = {
    "tags": _tag,
    "markup": _of(_MARKUP),
    "markdown": _of(_MARKDOWN),
    "links": _of(_LINKS),
    "hidden": _char(_HIDDEN),
    "controls": _char(_CONTROLS),
    "stacked": _stacked,
    "encoded": _of(_ENCODED),
    "scripts": _of(_SCRIPTS),
    "code": _of(_CODE),
    "long": _long,
}
_JOINTS = ("", "", " ", "\n", ".", "/", "@", "-", "\u200b", UNIT)


def hostile(random: Random) -> tuple[str, str]:
    """Return a category and a text of it, alone or grown together with texts of others."""
    kind = random.choice(tuple(KINDS))
    text = KINDS[kind](random)
    for _ in range(random.choice((0, 0, 1, 3))):
        text += random.choice(_JOINTS) + KINDS[random.choice(tuple(KINDS))](random)
    return kind, text
