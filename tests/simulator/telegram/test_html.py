"""Telegram's HTML: what becomes of the tags, and what is refused."""

import pytest

from simulator.telegram.errors import ApiError
from simulator.telegram.html_parse import parse_html
from simulator.telegram.render import to_html
from simulator.telegram.text import formatted
from tests.simulator.telegram.partners import BotSide, Json, Phone


def entity(kind: str, offset: int, length: int, **extra: object) -> Json:
    return {"type": kind, "offset": offset, "length": length, **extra}


TAKEN = [
    ("plain", "plain", []),
    ("<b>b</b> <strong>s</strong>", "b s", [entity("bold", 0, 1), entity("bold", 2, 1)]),
    ("<i>i</i> <em>e</em>", "i e", [entity("italic", 0, 1), entity("italic", 2, 1)]),
    ("<u>u</u> <ins>n</ins>", "u n", [entity("underline", 0, 1), entity("underline", 2, 1)]),
    ("<s>s</s> <del>d</del>", "s d", [entity("strikethrough", 0, 1), entity("strikethrough", 2, 1)]),
    ("<strike>x</strike>", "x", [entity("strikethrough", 0, 1)]),
    ("<tg-spoiler>x</tg-spoiler>", "x", [entity("spoiler", 0, 1)]),
    ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
    ("<code>x</code> <pre>y</pre>", "x y", [entity("code", 0, 1), entity("pre", 2, 1)]),
    (
        '<pre><code class="language-py">x</code></pre>',
        "x",
        [entity("pre", 0, 1, language="py")],
    ),
    ('<code class="language-py">x</code>', "x", [entity("code", 0, 1)]),
    ("<blockquote>q</blockquote>", "q", [entity("blockquote", 0, 1)]),
    ("<blockquote expandable>q</blockquote>", "q", [entity("expandable_blockquote", 0, 1)]),
    ('<a href="https://e.com/a?b=1&amp;c">x</a>', "x", [entity("text_link", 0, 1, url="https://e.com/a?b=1&c")]),
    ('<a href="e.com">x</a>', "x", [entity("text_link", 0, 1, url="http://e.com/")]),
    ('<a href="javascript:alert(1)">x</a>', "x", []),
    ('<a href="tg://user?id=77">x</a>', "x", [entity("text_mention", 0, 1, user_id=77)]),
    ('<tg-emoji emoji-id="5368324170671202286">😀</tg-emoji>', "😀", [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")]),
    (
        '<tg-time unix="1700000000" format="wDT">then</tg-time>',
        "then",
        [entity("date_time", 0, 4, unix_time=1700000000, date_time_format="wDT")],
    ),
    ("<B>x</b> <b>y</>", "x y", [entity("bold", 0, 1), entity("bold", 2, 1)]),
    ("😀<b>é</b>", "😀é", [entity("bold", 2, 1)]),
    ("<b>😀</b>", "😀", [entity("bold", 0, 2)]),
    ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
    ("<b>a</b><b>b</b>", "ab", [entity("bold", 0, 2)]),
    ("<code>a<b>b</b></code>", "ab", [entity("code", 0, 2)]),
    ("<b></b>x", "x", []),
    ("&lt;&gt;&amp;&quot;&#33;&#x21;&nbsp;&;", '<>&"!!&nbsp;&;', []),
    ("&#0;x", "&#0;x", []),
    ("  x <b> y </b>  ", "x  y", [entity("bold", 2, 2)]),
    ("a\u202eb\tc\rd", "ab cd", []),
    ("/start@PackerBot now", "/start@PackerBot now", [entity("bot_command", 0, 16)]),
    ("a/b", "a/b", []),
    ("see https://e.com/x.", "see https://e.com/x.", [entity("url", 4, 15)]),
]  # fmt: skip

REFUSED = [
    ("<q>x</q>", 'Unsupported start tag "q" at byte offset 0'),
    ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=e_f>x</a>", "Unexpected end of name token at byte offset 8"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<tg-emoji emoji-id='x'>x</tg-emoji>", "Invalid custom emoji identifier specified"),
    ("<tg-time unix='1' format='q'>x</tg-time>", "Invalid date format used"),
    (
        "&#xd800;",
        "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units",
    ),
]


@pytest.mark.parametrize(("source", "text", "entities"), TAKEN)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[Json]) -> None:
    assert formatted(source, "html", None, limit=4096, what="message") == (text, entities)


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_bad_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


async def test_length_is_counted_after_parsing(bot: BotSide, phone: Phone) -> None:
    tagged = "<b>" + "x" * 4096 + "</b>"
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text=tagged, parse_mode="HTML")
    assert len(sent["text"]) == 4096
    assert await bot.refused("sendMessage", chat_id=phone.user_id, text="x" + tagged, parse_mode="HTML") == (
        400,
        "Bad Request: message is too long",
    )


async def test_hundred_entities_count(bot: BotSide, phone: Phone) -> None:
    text = " ".join("<b>x</b>" for _ in range(101))
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text=text, parse_mode="HTML")
    assert len(sent["entities"]) == 100
    assert len(sent["text"]) == 201


async def test_entities_may_be_given_beside_the_text(bot: BotSide, phone: Phone) -> None:
    given = [entity("bold", 2, 2), entity("text_link", 0, 2, url="javascript:x"), entity("bold", 90, 1)]
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="😀ab", entities=given)
    assert sent["entities"] == [entity("bold", 2, 2)]


@pytest.mark.parametrize(
    ("text", "entities", "shown"),
    [
        ("a<b>&\"'", [], "a&lt;b&gt;&amp;&quot;&#x27;"),
        ("😀xy", [entity("bold", 2, 1)], "😀<b>x</b>y"),
        ("abc", [entity("bold", 0, 2), entity("italic", 1, 2)], "<b>a<i>b</i></b><i>c</i>"),
        ("ab", [entity("blockquote", 0, 2), entity("bold", 0, 2)], "<blockquote><b>ab</b></blockquote>"),
        (
            "x",
            [entity("text_link", 0, 1, url='http://e.com/"><script>')],
            '<a href="http://e.com/&quot;&gt;&lt;script&gt;" rel="noopener noreferrer" target="_blank">x</a>',
        ),
        ("x", [entity("date_time", 0, 1, unix_time=5)], '<time data-unix="5" data-format="">x</time>'),
        ("x", [entity("expandable_blockquote", 0, 1)], "<blockquote data-expandable>x</blockquote>"),
        ("/go", [entity("bot_command", 0, 3)], "<span>/go</span>"),
    ],
)
def test_web_chat_gets_safe_html(text: str, entities: list[Json], shown: str) -> None:
    assert to_html(text, entities) == shown
