"""One call to a platform, as data: what to send, how it may be repeated, how its answer is judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar

from domain.errors import PlatformError
from domain.shops import PlatformApp

A = TypeVar("A")


class Repeat(Enum):
    """When a call that failed may be sent again by itself."""

    FREELY = "freely"  # a read
    UNPROCESSED = "unprocessed"  # a write: only when it certainly had no effect
    NEVER = "never"  # spends something, a code or a token


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request ready to go, signed for the moment it leaves."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer amounts to that is not the one hoped for.

    `is_unprocessed` tells that the request never got past the door, `blames_clock` that its time was
    refused there, `is_of_app` that all shops of the app must wait.
    """

    error: type[PlatformError]
    reason: str
    request_id: str = ""
    code: str | None = None
    retry_after_s: float | None = None
    is_unprocessed: bool = False
    blames_clock: bool = False
    is_of_app: bool = False


@dataclass(frozen=True, slots=True)
class Call(Generic[A]):
    """One operation. `sign` makes the request for a moment of the server's time, anew for each attempt.

    `judge` sees the decoded answer with its HTTP status and that same time, and returns None when it is
    good. `read` reads an answer that is no JSON, such as a file; ValueError for what it cannot be.
    """

    operation: str
    app: PlatformApp
    shop: str
    repeat: Repeat
    sign: Callable[[datetime], Outgoing] = field(repr=False)
    answer: type[A]
    judge: Callable[[A, int, datetime], Verdict | None]
    read: Callable[[bytes], A] | None = None
