"""httpx's transport over aiohttp's connection pool.

httpx's own pool is scanned per request and collapses above ten requests in flight; aiohttp's does
not, but its client mixes up what matters to a shop: was a failed request sent or not? Here the two
are told apart by class:

    never sent     PoolTimeout, ConnectTimeout, ConnectError
    fate unknown   WriteTimeout, WriteError, ReadTimeout, ReadError, RemoteProtocolError

No error, message or cause of ours holds an address: addresses carry tokens.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Literal

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from yarl import URL

Step = Literal["pool", "connect", "write", "read"]

_PIECE = 64 * 1024
"""Bytes of a request's body written at a time: each has the whole write time-out for itself."""

_IDLE_S = 15.0
"""A connection idle for longer is not used again: most servers cut theirs after 60 s or more."""

_TIMED_OUT: dict[Step, tuple[type[httpx.TimeoutException], str]] = {
    "pool": (httpx.PoolTimeout, "no connection became free in time"),
    "connect": (httpx.ConnectTimeout, "the connection was not made in time"),
    "write": (httpx.WriteTimeout, "the request was not taken in time"),
    "read": (httpx.ReadTimeout, "the answer did not come in time"),
}


class OversizedBody(httpx.RemoteProtocolError):
    """The answer is larger than we are willing to hold."""


@dataclass(frozen=True, slots=True)
class TransportLimits:
    """How much one transport holds. `body_bytes` counts decoded bytes; `deadline_s` covers a request whole."""

    connections: int = 100
    body_bytes: int = 10 * 1024 * 1024
    deadline_s: float | None = 60.0


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends httpx's requests through aiohttp: no redirects, no cookies, no proxy from the environment."""

    def __init__(
        self,
        limits: TransportLimits | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._limits = limits or TransportLimits()
        self._tls = tls
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._is_closed:
            raise httpx.ConnectError("the transport is closed")
        progress = _Progress(request.extensions.get("timeout", {}), self._limits.deadline_s)
        try:
            async with progress.guard:
                progress.enter("connect")
                answer = await self._send(request, progress)
        except (aiohttp.ClientError, OSError, UnicodeError) as error:  # a host may be no name at all
            failure = progress.failure(error)
        else:
            return self._response(answer, progress)
        finally:
            progress.is_over = True
        raise failure  # outside the handler: the cause would bring the address along

    async def aclose(self) -> None:
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    async def _send(self, request: httpx.Request, progress: "_Progress") -> aiohttp.ClientResponse:
        headers = request.headers.copy()
        headers["Accept-Encoding"] = "gzip, deflate"
        has_body = "Content-Length" in headers or headers.pop("Transfer-Encoding", None) is not None
        return await self._open_session().request(
            request.method,
            URL(str(request.url), encoded=True),
            headers=headers.multi_items(),
            data=_pieces(request.stream, progress) if has_body else None,
            allow_redirects=False,
            trace_request_ctx=progress,
        )

    def _open_session(self) -> aiohttp.ClientSession:
        # Not in the constructor: a session belongs to the loop it is made in.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._limits.connections,
                    keepalive_timeout=_IDLE_S,
                    ssl=self._tls or True,
                    resolver=self._resolver,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                trust_env=False,
                skip_auto_headers=("User-Agent", "Accept", "Content-Type"),
                trace_configs=[_tracing()],
            )
        return self._session

    def _response(self, answer: aiohttp.ClientResponse, progress: "_Progress") -> httpx.Response:
        undone = (b"content-encoding", b"content-length")  # aiohttp has decoded the body
        return httpx.Response(
            answer.status,
            headers=[pair for pair in answer.raw_headers if pair[0].lower() not in undone],
            stream=_Body(answer, progress, self._limits.body_bytes),
        )


class _Progress:
    """Which step a request has reached, and until when that step may take."""

    def __init__(self, timeouts: Mapping[str, float | None], deadline_s: float | None) -> None:
        self._timeouts = timeouts
        self._deadline = None if deadline_s is None else asyncio.get_running_loop().time() + deadline_s
        self.guard = asyncio.timeout_at(self._deadline)
        self.step: Step = "connect"
        self.is_over = False

    def enter(self, step: Step) -> None:
        if not self.is_over:  # a server may answer while we still write
            self.step = step
            self.guard.reschedule(self.until(step))

    def until(self, step: Step) -> float | None:
        allowed = self._timeouts.get(step)
        if allowed is None:
            return self._deadline
        ends = asyncio.get_running_loop().time() + allowed
        return ends if self._deadline is None else min(ends, self._deadline)

    def failure(self, error: Exception) -> httpx.TransportError:
        if isinstance(error, TimeoutError):
            kind, text = _TIMED_OUT[self.step]
            return kind(text)
        if self.step in ("pool", "connect"):
            return httpx.ConnectError(f"no connection ({type(error).__name__})")
        return _broken(error, httpx.WriteError if self.step == "write" else httpx.ReadError)


class _Body(httpx.AsyncByteStream):
    """An answer's body, decoded and counted; closing it early drops the connection."""

    def __init__(self, answer: aiohttp.ClientResponse, progress: _Progress, limit: int) -> None:
        self._answer = answer
        self._progress = progress
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._limit
        while piece := await self._next():
            left -= len(piece)
            if left < 0:
                raise OversizedBody(f"the answer is larger than {self._limit} bytes")
            yield piece

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout_at(self._progress.until("read")):
                return await self._answer.content.readany()
        except TimeoutError:
            failure: httpx.TransportError = httpx.ReadTimeout("the answer stopped coming")
        except (aiohttp.ClientError, OSError) as error:
            failure = _broken(error, httpx.ReadError)
        raise failure

    async def aclose(self) -> None:
        self._answer.close()


def _broken(error: Exception, kind: type[httpx.TransportError]) -> httpx.TransportError:
    name = type(error).__name__
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return httpx.RemoteProtocolError("the server hung up without an answer")
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError):
        return httpx.RemoteProtocolError(f"the answer is not HTTP ({name})")
    return kind(f"the connection broke ({name})")


async def _pieces(
    body: httpx.AsyncByteStream | httpx.SyncByteStream, progress: _Progress
) -> AsyncIterator[bytes]:
    """Hand out the body piece by piece; being asked for the next one means the last was taken."""
    if not isinstance(body, httpx.AsyncByteStream):
        raise TypeError("an asynchronous transport needs an asynchronous body")
    async for chunk in body:
        for start in range(0, len(chunk), _PIECE):
            progress.enter("write")
            yield chunk[start : start + _PIECE]
    progress.enter("read")


def _tracing() -> aiohttp.TraceConfig:
    """Make aiohttp tell each request's progress which step it has reached."""
    tracing = aiohttp.TraceConfig()
    tracing.on_connection_queued_start.append(_queued)
    tracing.on_connection_queued_end.append(_dequeued)
    tracing.on_request_headers_sent.append(_sending)
    return tracing


async def _queued(_session: aiohttp.ClientSession, request: SimpleNamespace, _: object) -> None:
    request.trace_request_ctx.enter("pool")


async def _dequeued(_session: aiohttp.ClientSession, request: SimpleNamespace, _: object) -> None:
    request.trace_request_ctx.enter("connect")


async def _sending(_session: aiohttp.ClientSession, request: SimpleNamespace, _: object) -> None:
    request.trace_request_ctx.enter("read")
