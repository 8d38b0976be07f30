"""Calls over our own client: each failure has its class, and none has the address in its text."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError, TimedOut

from adapters.kit.transport import AiohttpTransport
from bot.request import AnswerLost, ClientRequest, NeverSent, SlowDown
from simulator.telegram.server import TelegramSimulator
from tests.integration.bot.house import FAILURES, QUICK
from tests.integration.bot.phone import Phone

TOKEN = "8012345678:AAFakeFakeFakeFakeFakeFakeFakeFake_-1"
OpenBot = Callable[[str], Bot]


@pytest.fixture
async def bot_at() -> AsyncIterator[OpenBot]:
    async with httpx.AsyncClient(transport=AiohttpTransport()) as client:
        request = ClientRequest(client, FAILURES, QUICK)
        yield lambda url: Bot(
            TOKEN, base_url=f"{url}/bot", base_file_url=url, request=request, get_updates_request=request
        )


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """Serve the same bytes to whoever connects; nothing means hanging up, `...` means waiting."""
    released = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer == b"...":
            await released.wait()
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        released.set()


def http(status: str, body: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()


OK = "200 OK"
SLOW = "429 Too Many Requests"
ANSWERS = [
    (b"", AnswerLost),
    (b"...", TimedOut),
    (b"not HTTP at all\r\n\r\n", AnswerLost),
    (http(OK, '{"ok":true,"resu')[:-3], AnswerLost),
    (http(OK, "<html>hotel wifi</html>"), TelegramError),
    (http(OK, '{"ok":false,"description":"odd"}'), TelegramError),
    (http(OK, '["result"'), TelegramError),
    (http("502 Bad Gateway", "<html>nginx</html>"), NetworkError),
    (http("500 Internal Server Error", '{"ok":false,"description":"restart"}'), NetworkError),
    (http("401 Unauthorized", '{"ok":false,"description":"Unauthorized"}'), InvalidToken),
    (http("404 Not Found", '{"ok":false,"description":"Not Found"}'), InvalidToken),
    (http("400 Bad Request", '{"ok":false,"description":"Bad Request: chat not found"}'), BadRequest),
    (http(SLOW, '{"ok":false,"parameters":{"retry_after":3}}'), SlowDown),
    (http(SLOW, "slow down"), SlowDown),
]


@pytest.mark.parametrize(("answer", "error"), ANSWERS)
async def test_failure_has_its_class_and_hides_the_address(
    bot_at: OpenBot, answer: bytes, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    async with answering(answer) as url:
        with pytest.raises(error) as failed:
            await bot_at(url).get_me()
    shown = caplog.text
    cause: BaseException | None = failed.value
    while cause is not None:
        shown += repr(cause)
        cause = cause.__cause__ or cause.__context__
    assert TOKEN not in shown
    assert "hotel wifi" not in shown


async def test_request_that_was_never_sent_is_told_apart(bot_at: OpenBot) -> None:
    async with answering(b"") as url:
        pass
    with pytest.raises(NeverSent) as failed:
        await bot_at(url).get_me()
    assert TOKEN not in repr(failed.value)


@pytest.mark.parametrize(("body", "seconds"), [('{"parameters":{"retry_after":3}}', 3), ("slow down", 5)])
async def test_pause_is_as_long_as_telegram_says(bot_at: OpenBot, body: str, seconds: float) -> None:
    async with answering(http(SLOW, body)) as url:
        with pytest.raises(SlowDown) as told:
            await bot_at(url).get_me()
    assert told.value.seconds == seconds


async def test_result_comes_through(bot_at: OpenBot) -> None:
    me = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "bot"}
    async with answering(http(OK, json.dumps({"ok": True, "result": me}))) as url:
        assert (await bot_at(url).get_me()).username == "bot"


async def test_half_an_emoji_is_sent_as_a_question_mark(bot: Bot, sari: Phone) -> None:
    await bot.send_message(sari.id, "half \ud83d emoji")
    assert sari.texts == ["half ? emoji"]


async def test_file_goes_up_and_comes_down(bot: Bot, telegram: TelegramSimulator, sari: Phone) -> None:
    content = b"sku,price\n" * 20_000
    sent = await bot.send_document(sari.id, content, filename="prices.csv")
    assert sent.document
    file = await sent.document.get_file()
    assert bytes(await file.download_as_bytearray()) == content
    assert telegram.violations == []
