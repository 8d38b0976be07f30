"""P25, `msg-safe`: whatever buyers, sellers and platforms write, a message stays ours and Telegram takes it."""

import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from itertools import count
from random import Random

import httpx
import pytest
import regex
from telegram import Bot
from telegram.error import BadRequest

import bot.foreign
from adapters.kit.transport import AiohttpTransport
from bot.lane import Post
from bot.render import LANGUAGES
from bot.request import ClientRequest
from bot.screen import Screen
from bot.sender import Sender
from simulator.telegram.server import TelegramSimulator
from tests.integration.bot.house import FAILURES, QUICK, UNHURRIED
from tests.integration.bot.phone import Phone
from tests.proofs.hostile import hostile
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict
from tests.unit.bot import records as r
from tests.unit.bot.poison import PoisonedRenderer
from tests.unit.bot.screens import SCREENS
from tests.unit.bot.telegram_html import LIMIT_UNITS, read

LINKING = re.compile(
    r"(?<!\w)@\w{2,}"
    r"|(?<![\w/<>])/[A-Za-z0-9_]{1,64}"
    r"|(?<!\w)#\w*[^\W\d_]\w*"
    r"|(?<!\w)\$[A-Z]{1,8}"
    r"|\w://\S"
    r"|[^\s.,()\[\]<>\"'…·]\.[^\W\d_]{2,}"
)
"""What Telegram makes tappable by itself: mentions, commands, tags, addresses with and without a scheme."""
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
INERT = "XYZZY"
AT_ONCE = 5
"""So many texts stand in one message, in turns: each of them somewhere, beside others it might conspire with."""
SENT_EVERY = 20
"""Every so many messages are sent to the stand-in for Telegram as well, which has a parser of its own."""
PRESSED = 64
NAMES = sorted(SCREENS)


async def msg_safe(trial: Trial) -> Verdict:
    """P25: no foreign text breaks a message, hides in it or makes a link; refused markup goes out plain, once."""
    verdict, random = trial.verdict(), trial.random
    with _sabotage(trial):
        async with _sender() as (telegram, sender, phone):
            for at in count():
                if verdict.trials >= trial.size(10_000, 100_000):
                    break
                await _try(at, random, verdict, (sender, phone))
            verdict.numbers["plain"] = sender.plain_texts
            verdict.check(
                sender.plain_texts == 0, f"{sender.plain_texts} messages were refused for their markup"
            )
            for text in (
                "Toko <code>evil.com @evil</code>",
                "<code>&#64;evil /hack &lt;b&gt; http://e.co</code>",
            ):
                await _goes_plain_once(telegram, sender, phone, text, verdict)
    return verdict


async def _try(at: int, random: Random, verdict: Verdict, way: tuple[Sender, Phone]) -> None:
    texts = [hostile(random) for _ in range(AT_ONCE)]
    name = NAMES[at % len(NAMES)]
    language = random.choice(tuple(LANGUAGES))
    reader = _reader(language, *(text for _, text in texts))
    said = ", ".join(f"{kind} {text[:60]!r}" for kind, text in texts)
    try:
        screen = SCREENS[name](reader)
        verdict.trials += min(reader.taken, AT_ONCE)
        _judge(screen, _own_links(name, language))
    except Exception as broken:  # noqa: BLE001 - whatever is raised is a finding
        verdict.check(False, f"{name}, {said}: {type(broken).__name__} {str(broken)[:120]}")
        return
    if at % SENT_EVERY == 0 and not screen.document:
        sender, phone = way
        try:
            await sender.show(Post(phone.id, Screen(screen.text)))
        except BadRequest as refusal:
            verdict.check(False, f"{name}, {said}: {refusal}")


def _judge(screen: Screen, own: frozenset[str]) -> None:
    message = read(screen.text)
    hidden = HIDDEN.findall(message.plain)
    assert not hidden, f"hidden {hidden[:5]!r}"
    linked = [found for found in LINKING.findall(message.linkable) if found not in own]
    assert not linked, f"links {linked[:5]!r}"
    for row in screen.rows:
        for button in row:
            assert button.text.strip(), "a button without words"
            assert not HIDDEN.findall(button.text), f"hidden in the button {button.text!r}"
            assert len(button.text) <= PRESSED * 2, f"a button of {len(button.text)} characters"


_KNOWN: dict[tuple[str, str], frozenset[str]] = {}


def _own_links(name: str, language: str) -> frozenset[str]:
    """Return what is tappable on the screen by our own words, with a harmless text in place of every foreign one."""
    if (name, language) not in _KNOWN:
        text = read(SCREENS[name](_reader(language, INERT)).text)
        _KNOWN[name, language] = frozenset(LINKING.findall(text.linkable))
    return _KNOWN[name, language]


def _reader(language: str, *texts: str) -> PoisonedRenderer:
    return PoisonedRenderer(language, r.ZONE, _now, *texts)


def _now() -> datetime:
    return r.NOW


async def _goes_plain_once(
    telegram: TelegramSimulator, sender: Sender, phone: Phone, text: str, verdict: Verdict
) -> None:
    """Refuse the markup: once, then plain, with nothing in it to tap; refused again, it is given up."""
    refusal = "Bad Request: can't parse entities: Unsupported start tag"
    for times, wanted in ((1, 2), (2, 2)):
        before = len(telegram.engine.calls.calls(method="sendMessage"))
        for _ in range(times):
            telegram.add_fault(kind="400", method="sendMessage", description=refusal)
        with contextlib.suppress(BadRequest):
            await sender.show(Post(phone.id, Screen(text)))
        made = len(telegram.engine.calls.calls(method="sendMessage")) - before
        verdict.trials += 1
        verdict.check(made == wanted, f"refused {times} times, it was sent {made} times")
    shown = phone.texts[-1]
    verdict.check(not LINKING.findall(shown), f"gone out plain, it links: {shown!r}")
    verdict.check(len(shown.encode("utf-16-le")) // 2 <= LIMIT_UNITS, "gone out plain, it is too long")


@contextlib.asynccontextmanager
async def _sender() -> AsyncIterator[tuple[TelegramSimulator, Sender, Phone]]:
    async with (
        TelegramSimulator().serve() as telegram,
        httpx.AsyncClient(transport=AiohttpTransport()) as client,
    ):
        request = ClientRequest(client, FAILURES, QUICK)
        ours = Bot(
            telegram.token, base_url=f"{telegram.api_url}/bot", request=request, get_updates_request=request
        )
        sender = Sender(ours, UNHURRIED, retry_s=0.01)
        yield telegram, sender, Phone(telegram, "Sari")
        await sender.stop(1)


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Let foreign text link as it likes."""
    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(bot.foreign, "_LINKING", regex.compile("(?!)"))
            # What is shown now is not to be remembered.
            patch.setattr(bot.foreign, "_safe_before", bot.foreign._safe)
        yield
