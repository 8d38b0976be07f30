"""No secret, and no forged line, leaves the process through a log, whoever wrote the line."""

import asyncio
import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import structlog

from app.logs import LogFormat, configure_logging, register_secret, watch_loop

CANARY = 'Canary/8f3e+"Quoted"=='
TWO_WORDS = "%s and %s"
ROOT = Path(__file__).parents[2]

Written = Callable[[], str]


@pytest.fixture
def process_hooks() -> Iterator[None]:
    """Put back what logging set up for the whole process."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, sys.excepthook, sys.unraisablehook)
    printing = structlog.get_config()
    with warnings.catch_warnings():
        yield
    root.handlers[:], root.level, sys.excepthook, sys.unraisablehook = before
    structlog.configure(**printing)
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def start(process_hooks: None) -> Callable[..., Written]:
    def configured(
        fmt: LogFormat = "json", level: str = "INFO", secrets: tuple[str, ...] = (CANARY,)
    ) -> Written:
        stream = io.StringIO()
        configure_logging(level, fmt, secrets, stream=stream)
        return stream.getvalue

    return configured


def only_event(written: Written) -> dict[str, Any]:
    (line,) = written().splitlines()
    event: dict[str, Any] = json.loads(line)
    return event


def assert_hidden(text: str) -> None:
    assert "redacted" in text
    for form in ("Canary", "8f3e", "Quoted"):
        assert form not in text


def test_event_is_one_json_line_with_its_fields(start: Callable[..., Written]) -> None:
    written = start()
    structlog.contextvars.bind_contextvars(update=7)
    structlog.get_logger("storesync.orders").info("order.recorded", shop="s1", lines=2)
    event = only_event(written)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "order.recorded",
        "level": "info",
        "logger": "storesync.orders",
        "shop": "s1",
        "lines": 2,
        "update": 7,
    }


def test_words_of_every_language_stay_readable(start: Callable[..., Written]) -> None:
    written = start()
    structlog.get_logger().info("listing.seen", title="ครีมกันแดด 🧴")
    assert "ครีมกันแดด 🧴" in written()


@pytest.mark.parametrize("fmt", ["json", "console"])
@pytest.mark.parametrize(
    "log",
    [
        lambda log: log.info(CANARY),
        lambda log: log.info("seen", value=CANARY),
        lambda log: log.info("seen", **{CANARY: 1}),
        lambda log: log.info("seen", nested={"list": [("deep", CANARY)]}),
        lambda log: log.info("seen", value=CANARY.encode()),
        lambda log: log.info("seen", value=ValueError(CANARY)),
        lambda log: log.info("seen", value=json.dumps({"v": CANARY})),
        lambda log: log.info("seen", url="/x?v=" + quote(CANARY, safe="")),
        lambda _: logging.getLogger("library").warning("sent %s", CANARY),
    ],
)
def test_live_secret_is_hidden_wherever_it_stands(
    start: Callable[..., Written], fmt: LogFormat, log: Callable[[Any], None]
) -> None:
    written = start(fmt)
    log(structlog.get_logger())
    assert_hidden(written())


def refuse(text: str) -> None:
    raise ValueError(text)


def fail_twice() -> None:
    try:
        refuse(CANARY)
    except ValueError as inner:
        inner.add_note(f"while using {CANARY}")
        raise RuntimeError(f"GET /?access_token={CANARY}") from inner


@pytest.mark.parametrize("fmt", ["json", "console"])
def test_traceback_hides_secrets_of_every_error_in_its_chain(
    start: Callable[..., Written], fmt: LogFormat
) -> None:
    written = start(fmt)
    try:
        fail_twice()
    except RuntimeError:
        logging.getLogger("library").exception("failed")
    assert "Traceback" in written()
    assert "RuntimeError" in written()
    assert_hidden(written())


def test_piece_of_a_secret_that_was_cut_with_its_text_is_hidden(start: Callable[..., Written]) -> None:
    written = start("json")
    structlog.get_logger().warning("seen", reason=f"no answer of http://127.0.0.1/{CANARY}"[:-5])
    assert CANARY[:-5] not in written()
    assert "127.0.0.1" in written()


def test_secret_registered_later_is_hidden_from_then_on(start: Callable[..., Written]) -> None:
    written = start()
    register_secret("rotated-token-2")
    structlog.get_logger().info("refreshed", value="rotated-token-2")
    assert only_event(written)["value"] == "<redacted>"


UNREGISTERED = [
    ("POST http://h/bot{}/getMe", "8012345678:AAFakeFakeFakeFakeFakeFakeFakeFake_-1"),
    ("token {} refused", "8012345678:AAFakeFakeFakeFakeFakeFakeFakeFake_-1"),
    ("GET /api?access_token={}&shop_id=1", "61707066724a6f4e"),
    ("GET /api?refresh_token={}&shop_id=1", "61707066724a6f4e"),
    ("GET /api?partner_id=1&sign={}", "b9c0d1e2f3"),
    ("GET /callback?code={}&shop_id=1", "4a4f4e6f6e65"),
    ("GET /callback?auth_code={}", "4a4f4e6f6e65"),
    ("back to https%3A%2F%2Fh%2Fcb%3Fcode%3D{}%26shop_id%3D1", "4a4f4e6f6e65"),
    ('{{"access_token": "{}", "expire_in": 14400}}', "61707066724a6f4e"),
    ("{{'refresh_token': '{}'}}", "61707066724a6f4e"),
    ('{{"code": "{}"}}', "54577a7450494b4e6f"),
    ("partner_key={}", "shpk4d6f72"),
    ("Authorization: Bearer {}", "abc.def-ghi"),
    ("[(b'Authorization', b'{}')]", "5f2a9c01"),
    ("{{'authorization': '{}'}}", "5f2a9c01"),
    ("X-Telegram-Bot-Api-Secret-Token: {}", "hook-secret"),
    ("Cookie: session={}; other=1", "5f2a9c01"),
    ("key {}", "ck_0123456789abcdef0123456789abcdef01234567"),
    ("key {}", "shpat_0123456789abcdef0123456789abcdef"),
]


@pytest.mark.parametrize(("text", "secret"), UNREGISTERED)
def test_what_looks_like_a_secret_is_hidden(start: Callable[..., Written], text: str, secret: str) -> None:
    written = start()
    logging.getLogger("library").warning("%s", text.format(secret))
    assert secret not in written()
    assert "<redacted>" in written()


@pytest.mark.parametrize(
    "name", ["access_token", "refresh_token", "sign", "partner_key", "push_keys", "authorization"]
)
def test_field_named_like_a_secret_is_hidden(start: Callable[..., Written], name: str) -> None:
    written = start()
    structlog.get_logger().info("called", **{name: "whatever it is"})
    assert only_event(written)[name] == "<redacted>"


@pytest.mark.parametrize(
    "text",
    [
        "order 240101ABCDEF of shop 12345 recorded",
        "error_code=product.not_found",
        '{"code": "IllegalAccessToken", "request_id": "7"}',
        "the signature was wrong, the code too",
        "took 12:30:45 at 2026-01-02T03:04:05Z",
    ],
)
def test_ordinary_words_stay(start: Callable[..., Written], text: str) -> None:
    written = start()
    structlog.get_logger().info(text)
    assert only_event(written)["event"] == text


@pytest.mark.parametrize("fmt", ["json", "console"])
def test_foreign_text_cannot_forge_a_line_or_drive_a_terminal(
    start: Callable[..., Written], fmt: LogFormat
) -> None:
    written = start(fmt)
    structlog.get_logger().info("note.seen", note='a\n{"level":"critical"}\r\x1b[2Jb\u202ec\u2028d\ud83de')
    assert len(written().splitlines()) == 1
    for breaking in ("\x1b", "\r", "\u202e", "\u2028", "\ud83d"):
        assert breaking not in written()


def test_error_text_cannot_forge_a_line_on_a_console(start: Callable[..., Written]) -> None:
    written = start("console")
    try:
        refuse("x\n2026-01-01T00:00:00Z [critical ] forged")
    except ValueError:
        structlog.get_logger().exception("failed")
    first, *rest = written().splitlines()
    assert "failed" in first
    assert rest
    assert all(line.startswith("  | ") for line in rest)


def test_line_that_cannot_be_written_is_reported_without_its_arguments(
    start: Callable[..., Written], capsys: pytest.CaptureFixture[str]
) -> None:
    written = start()
    logging.getLogger("library").warning(TWO_WORDS, CANARY)
    assert only_event(written)["event"] == "log.lost"
    assert CANARY not in written() + capsys.readouterr().err


def test_level_filters_events_of_both_kinds(start: Callable[..., Written]) -> None:
    written = start(level="WARNING")
    structlog.get_logger().info("quiet")
    logging.getLogger("library").info("quiet")
    structlog.get_logger().warning("loud")
    assert only_event(written)["event"] == "loud"


@pytest.mark.parametrize(
    "name",
    ["httpx", "httpcore.connection", "aiohttp.access", "uvicorn.access", "aiosqlite", "telegram.ext.ExtBot"],
)
def test_libraries_that_log_addresses_or_rows_stay_quiet_even_when_debugging(
    start: Callable[..., Written], name: str
) -> None:
    written = start(level="DEBUG")
    logging.getLogger(name).info("GET http://127.0.0.1/")
    assert written() == ""


async def test_error_of_a_forgotten_task_is_logged_redacted(start: Callable[..., Written]) -> None:
    written = start()
    loop = asyncio.get_running_loop()
    watch_loop(loop)
    logged = asyncio.Event()

    def fail() -> None:
        logged.set()
        raise RuntimeError(CANARY)

    loop.call_soon(fail)
    await logged.wait()
    event = only_event(written)
    assert event["event"] == "loop.error"
    assert "RuntimeError" in event["exception"]
    assert_hidden(event["exception"])


ENDINGS = {
    "process.crashed": "raise RuntimeError(SECRET)",
    "thread.crashed": "t = threading.Thread(target=lambda: int(SECRET)); t.start(); t.join()",
    "error.unraisable": "type('Gone', (), {'__del__': lambda self: int(SECRET)})()",
    "python.warning": "warnings.warn(SECRET)",
}


@pytest.mark.parametrize("event", ENDINGS)
def test_what_python_itself_would_print_is_logged_redacted(event: str) -> None:
    program = f"""
import threading, warnings
from app.logs import configure_logging
SECRET = {CANARY!r}
configure_logging("INFO", "json", [SECRET])
{ENDINGS[event]}
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["event"] == event
    assert_hidden(line)
