"""The client behind every adapter: waits for budget, signs, sends, decodes, classifies, repeats reads.

What leaves here is an answer or an error of `domain/errors.py`; nothing of httpx, and no address.
"""

import re
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
import stamina
import structlog

from adapters.kit.budget import Budgets
from adapters.kit.calls import Call, Outgoing, Repeat, Verdict
from adapters.kit.server_clock import ServerClock, parse_date
from adapters.kit.transport import OversizedBody
from adapters.kit.watch import AnswerWatch
from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    UnexpectedResponse,
)
from domain.failpoint import failpoint
from domain.meters import Meter, Meters, Outcome
from domain.notices import NoteKind, Notice

A = TypeVar("A")

_TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=10.0).as_dict()
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_ATTEMPTS = 3
_PAUSE_S = 10.0
"""How long to leave a platform alone that says "too fast" but not for how long."""

_NOT_A_NAME = re.compile(r"[^\w.-]+", re.ASCII)

_log = structlog.get_logger("storesync.platform")


class PlatformClient:
    """Calls one platform. `envelope` reads an error out of an answer that has not the expected shape."""

    def __init__(
        self,
        platform: str,
        transport: httpx.AsyncBaseTransport,
        clock: Clock,
        envelope: type[Any],
        meters: Meters | None = None,
        watch: AnswerWatch | None = None,
    ) -> None:
        self._platform = platform
        self._transport = transport
        self._envelope = envelope
        self._clock = clock
        self._meters = meters or Meters()
        self._watch = watch
        self._budgets = Budgets()
        self._server_clock = ServerClock(clock)

    async def fetch(self, call: Call[A]) -> A:
        """Make a call and return its answer. A read is tried three times, a write again only if refused unread."""
        async for attempt in stamina.retry_context(
            on=_Patience(call.repeat), attempts=_ATTEMPTS, timeout=60.0, wait_initial=0.2, wait_max=3.0
        ):
            with attempt:
                return await self._attempt(call)
        raise AssertionError("the last attempt returns or raises")

    def server_now(self, address: str) -> datetime:
        """Return the time at the server of this address, as far as we know it."""
        return self._server_clock.now(_origin(address))

    async def _attempt(self, call: Call[A]) -> A:
        self._give_way(call)
        await self._budgets.take(call.app, call.shop)
        origin = _origin(call.app.api_url)
        asked_at = self._clock()
        now = self._server_clock.now(origin)
        try:
            response = await self._exchange(call.operation, call.sign(now))
        except httpx.TransportError as error:
            raise self._failed(call, _unanswered(error)) from error
        answer, verdict = self._read(call, response, now)
        if verdict is not None:
            if verdict.blames_clock:
                self._server_clock.learn(origin, response.headers.get("date"), asked_at)
            raise self._failed(call, verdict, response)
        self._meters.count(Meter.CALL, self._platform, call.operation, Outcome.OK)
        if self._watch:
            self._watch.look(call.operation, response.content)
        return answer

    def _give_way(self, call: Call[Any]) -> None:
        """Do not ask at all for what may wait while its shop or app is left alone."""
        rests_s = self._budgets.rests_s(call.app, call.shop, self._clock())
        if rests_s > 0:
            raise RateLimited(
                platform=self._platform, operation=call.operation, reason="resting", retry_after_s=rests_s
            )

    async def _exchange(self, operation: str, outgoing: Outgoing) -> httpx.Response:
        # Straight to the transport: httpx's client would keep cookies and log addresses.
        request = httpx.Request(
            outgoing.method,
            outgoing.url,
            headers={"User-Agent": "storesync", **outgoing.headers},
            content=outgoing.body or None,
            extensions={"timeout": _TIMEOUT},
        )
        failpoint(f"{self._platform}.{operation}:before")
        response = await self._transport.handle_async_request(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        failpoint(f"{self._platform}.{operation}:after")
        return response

    def _read(self, call: Call[A], response: httpx.Response, now: datetime) -> tuple[A, Verdict | None]:
        status = response.status_code
        answer: Any = None
        try:
            answer = call.read(response.content) if call.read else decode(response.content, call.answer)
            return answer, call.judge(answer, status, now) or (_by_status(status) if status >= 300 else None)
        except msgspec.ValidationError:
            # JSON, but not what is documented: unless it is an error, somebody must look at it.
            return answer, self._refusal(call, response, now) or _unreadable(status, call.repeat)
        except (ValueError, RecursionError):
            return answer, _by_status(status)

    def _refusal(self, call: Call[Any], response: httpx.Response, now: datetime) -> Verdict | None:
        try:
            return call.judge(decode(response.content, self._envelope), response.status_code, now)
        except (ValueError, RecursionError):
            return None

    def _failed(
        self, call: Call[Any], verdict: Verdict, response: httpx.Response | None = None
    ) -> PlatformError:
        """Log a failure, once, and return it as the error that the rest of the house knows."""
        kind = _kind(verdict, call.repeat)
        self._meters.count(Meter.CALL, self._platform, call.operation, _outcome(kind))
        reason = _NOT_A_NAME.sub("_", verdict.reason)[:80]
        request_id = _NOT_A_NAME.sub("_", verdict.request_id)[:64]
        common: dict[str, Any] = {
            "platform": self._platform,
            "operation": call.operation,
            "reason": reason,
            "request_id": request_id,
        }
        _log.warning(
            "platform.call_failed",
            **common,
            app=call.app.id,
            shop=call.shop,
            error=kind.__name__,
            status=response.status_code if response else None,
        )
        if kind is HostMisconfigured:
            key = f"misconfigured:{self._platform}:{call.app.id}:{reason}:{self._clock():%Y-%m-%d}"
            facts = {"platform": self._platform, "operation": call.operation, "reason": reason}
            self._meters.notice(Notice(NoteKind.MISCONFIGURED, key, facts))
        if kind is RateLimited:
            pause_s = _pause(verdict, response, self._clock())
            self._budgets.rest(call.app, "" if verdict.is_of_app else call.shop, self._clock(), pause_s)
            return RateLimited(**common, retry_after_s=pause_s)
        return kind(**common, code=verdict.code)


class _Patience:
    """Decides whether a failed call may be sent again; an answer nobody understands gets one more chance."""

    def __init__(self, repeat: Repeat) -> None:
        self._repeat = repeat
        self._was_puzzled = False

    def __call__(self, error: Exception) -> bool:
        if self._repeat is Repeat.NEVER or isinstance(error, FateUnknown):
            return False
        if isinstance(error, UnexpectedResponse):
            first, self._was_puzzled = not self._was_puzzled, True
            return first and self._repeat is Repeat.FREELY
        return isinstance(error, PlatformUnavailable)


def decode(body: bytes | msgspec.Raw, answer: type[A]) -> A:
    """Read JSON leniently: numbers may be strings, unknown fields are skipped."""
    return msgspec.json.decode(body, type=answer, strict=False)


def _kind(verdict: Verdict, repeat: Repeat) -> type[PlatformError]:
    """Return the error's class: a write that may have had its effect is of unknown fate."""
    is_open = verdict.error is PlatformUnavailable and not verdict.is_unprocessed
    return FateUnknown if is_open and repeat is not Repeat.FREELY else verdict.error


def _outcome(kind: type[PlatformError]) -> Outcome:
    if issubclass(kind, FateUnknown):
        return Outcome.UNKNOWN_FATE
    is_theirs = issubclass(kind, PlatformUnavailable | RateLimited | UnexpectedResponse)
    return Outcome.UNAVAILABLE if is_theirs else Outcome.REFUSED


def _unanswered(error: httpx.TransportError) -> Verdict:
    if isinstance(error, OversizedBody):
        return Verdict(PlatformUnavailable, "oversized_body")
    return Verdict(PlatformUnavailable, type(error).__name__, is_unprocessed=isinstance(error, _NEVER_SENT))


def _unreadable(status: int, repeat: Repeat) -> Verdict:
    if status >= 300:
        return _by_status(status)
    return Verdict(UnexpectedResponse if repeat is Repeat.FREELY else PlatformUnavailable, "unreadable")


def _by_status(status: int) -> Verdict:
    """Judge an answer that is no JSON: a page of a proxy or of a platform that is down."""
    reason = f"http_{status}"
    if status == 429:
        return Verdict(RateLimited, reason)
    if status >= 500 or status < 300:
        return Verdict(PlatformUnavailable, reason)
    return Verdict(UnexpectedResponse, reason)


def _pause(verdict: Verdict, response: httpx.Response | None, now: datetime) -> float:
    asked = response.headers.get("retry-after", "") if response else ""
    if asked.isdecimal():
        return float(asked)
    until = parse_date(asked)
    if until is not None:
        return max(0.0, (until - now).total_seconds())
    return _PAUSE_S if verdict.retry_after_s is None else verdict.retry_after_s


def _origin(address: str) -> str:
    return urlsplit(address).netloc
