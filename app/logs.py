"""Logs: events with fields, one line each, from our code and from the libraries' alike.

Everything that can reach the error stream goes through one redaction (`redaction.py`): log calls,
tracebacks, warnings, crashes of the process, of a thread and of the event loop.
"""

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Iterable, MutableMapping
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import Processor

from app.redaction import Redactor

LogFormat = Literal["json", "console"]

_QUIET = (
    "httpx", "httpcore", "aiohttp.access", "uvicorn.access", "aiosqlite", "sqlalchemy.engine", "apscheduler",
    "alembic", "procrastinate", "psycopg.pool", "asyncio", "telegram",
)  # fmt: skip
"""Loggers that tell each request, statement, message or tick, whatever level we run at: addresses, rows and
what buyers wrote, not events.
"""

_FIRST = ("timestamp", "level", "event")
"""What a person reads first in a line."""

_redactor = Redactor()
_log = structlog.stdlib.get_logger("storesync")


def configure_logging(
    level: str, fmt: LogFormat, secrets: Iterable[str] = (), *, stream: TextIO | None = None
) -> None:
    """Send all logs of this process to the error stream, redacted. Calling again replaces the set-up."""
    for secret in secrets:
        register_secret(secret)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_formatter(fmt))
    _route_everything_to(handler, level)
    _watch_process()


def register_secret(value: str) -> None:
    """Hide this live secret in every later log line; call it again whenever the secret is read."""
    _redactor.register(value)


def redacted(text: str) -> str:
    """Return a text without live secrets and without what looks like one, as the logs show it."""
    return _redactor.text(text)


def watch_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Log what a task nobody waits for, a callback or a transport raises in this loop."""
    loop.set_exception_handler(_report_loop)


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say where a line was lost; logging's own report would print its arguments as they are."""
        reason = sys.exc_info()[0]
        name = reason.__name__ if reason else "unknown"
        self.stream.write(
            f'{{"level":"error","event":"log.lost","at":"{record.module}:{record.lineno}","error":"{name}"}}\n'
        )


def _common_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter(fmt: LogFormat) -> logging.Formatter:
    render: list[Processor] = (
        [structlog.processors.JSONRenderer(ensure_ascii=False)]
        if fmt == "json"
        else [
            _set_off_tracebacks,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_common_processors(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            _redact,
            *render,
        ],
    )


def _redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, object]:
    first = {name: event[name] for name in _FIRST if name in event}
    return _redactor.fields(first | dict(event))


def _set_off_tracebacks(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    # Their lines are indented, so that no line of an error's text can pass for a log line.
    for name in ("exception", "stack"):
        if name in event:
            event[name] = "  | " + str(event[name]).replace("\n", "\n  | ")
    return event


def _route_everything_to(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _watch_process() -> None:
    sys.excepthook = _report_crash
    threading.excepthook = _report_thread
    sys.unraisablehook = _report_unraisable
    warnings.showwarning = _report_warning


def _report_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _log.critical("process.crashed", exc_info=(kind, error, trace))


def _report_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        error = (args.exc_type, args.exc_value, args.exc_traceback)
        _log.error("thread.crashed", thread=args.thread.name if args.thread else None, exc_info=error)


def _report_unraisable(args: "sys.UnraisableHookArgs") -> None:
    _log.error("error.unraisable", during=args.err_msg, source=repr(args.object), exc_info=args.exc_value)


def _report_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - ours all go to the log
    line: str | None = None,  # noqa: ARG001 - the source line may hold a literal secret
) -> None:
    _log.warning("python.warning", text=str(message), category=category.__name__, at=f"{filename}:{lineno}")


def _report_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    source = context.get("task") or context.get("future") or context.get("handle")
    _log.error("loop.error", text=context.get("message"), source=repr(source), exc_info=error)
