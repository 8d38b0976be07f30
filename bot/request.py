"""python-telegram-bot's request over an HTTP client of ours.

The client is handed in ready-made, with the kinds of errors it raises: HTTP libraries stay out of
this room. No address reaches a text, since every address of the Bot API holds the token.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, cast

from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from domain.failpoint import failpoint

_OK, _TOO_MANY_REQUESTS = 200, 429
_UNTOLD_PAUSE_S = 5.0
"""How long to wait when Telegram asks for a pause and does not say for how long."""


class HttpAnswer(Protocol):
    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...


class HttpClient(Protocol):
    """As much of `httpx.AsyncClient` as is used here."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        data: dict[str, str] | None,
        files: Any,
        headers: dict[str, str],
        timeout: tuple[float | None, float | None, float | None, float | None],  # noqa: ASYNC109 - httpx's name
    ) -> HttpAnswer: ...


@dataclass(frozen=True, slots=True)
class HttpFailures:
    """The client's errors by what they mean: looked at in this order, so they may overlap."""

    never_sent: tuple[type[Exception], ...]
    timed_out: tuple[type[Exception], ...]
    broken: tuple[type[Exception], ...]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for each step; `media_write_s` is for uploads (an export may have 50 MB)."""

    connect_s: float = 10.0
    read_s: float = 15.0
    write_s: float = 15.0
    media_write_s: float = 60.0
    pool_s: float = 10.0


class NeverSent(NetworkError):
    """No connection: Telegram has not seen the request."""


class AnswerLost(NetworkError):
    """The connection broke after the request may have left: it may have had its effect."""


class SlowDown(RetryAfter):
    """Telegram asks for a pause. Unlike its parent it does not warn about the type of its only number."""

    def __init__(self, seconds: float) -> None:
        TelegramError.__init__(self, f"Flood control exceeded. Retry in {seconds:g} seconds")
        self.seconds = seconds
        self._retry_after = timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class _Words:
    """As much of the library's RequestData as a request reads; its own is made of objects of the library."""

    json_parameters: dict[str, str]
    multipart_data: None = None
    contains_files: bool = False


def words(said: Mapping[str, object]) -> RequestData:
    """Return parameters that carry no file, ready for `post`; one that is None is left out."""
    told = {name: _written(value) for name, value in said.items() if value is not None}
    return cast("RequestData", _Words(told))


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


class ClientRequest(BaseRequest):
    """Carries Bot API calls over a client that is opened and closed by its owner."""

    def __init__(self, client: HttpClient, failures: HttpFailures, timeouts: Timeouts | None = None) -> None:
        self._client = client
        self._failures = failures
        self._timeouts = timeouts or Timeouts()

    @property
    def read_timeout(self) -> float | None:
        return self._timeouts.read_s

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Decode an answer. Unlike its parent it does not log the payload, which may hold people's words."""
        try:
            return json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("the answer is not JSON") from None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        files = request_data.multipart_data if request_data else None
        ours = self._timeouts
        write_s = ours.media_write_s if files else ours.write_s
        called = url.rpartition("/")[2].partition("?")[0]
        failpoint(f"telegram.{called}:before")
        try:
            answer = await self._client.request(
                method,
                url,
                data=_sendable(request_data) if request_data else None,
                files=files or None,
                headers={"User-Agent": self.USER_AGENT},
                timeout=(
                    _given(connect_timeout, ours.connect_s),
                    _given(read_timeout, ours.read_s),
                    _given(write_timeout, write_s),
                    _given(pool_timeout, ours.pool_s),
                ),
            )
        except self._failures.never_sent as error:
            failure: TelegramError = NeverSent(f"not sent ({type(error).__name__})")
        except self._failures.timed_out as error:
            failure = TimedOut(f"no answer in time ({type(error).__name__})")
        except self._failures.broken as error:
            failure = AnswerLost(f"the connection broke ({type(error).__name__})")
        else:
            failpoint(f"telegram.{called}:after")
            if answer.status_code == _TOO_MANY_REQUESTS:
                raise SlowDown(self._pause_s(answer.content))
            if method == "POST" and answer.status_code == _OK and b'"result"' not in answer.content:
                raise TelegramError("the answer has no result")  # it would become a bare KeyError
            return answer.status_code, answer.content
        raise failure  # outside the handler: a client's own error may name the address

    def _pause_s(self, payload: bytes) -> float:
        try:
            return float(self.parse_json_payload(payload)["parameters"]["retry_after"])
        except (TelegramError, KeyError, TypeError, ValueError):
            return _UNTOLD_PAUSE_S


def _given(value: Any, otherwise: float) -> float | None:
    return otherwise if value is BaseRequest.DEFAULT_NONE else value


def _sendable(data: RequestData) -> dict[str, str]:
    # Half an emoji cannot be encoded; it becomes a question mark instead of an error that quotes it.
    return {name: value.encode("utf-8", "replace").decode() for name, value in data.json_parameters.items()}
