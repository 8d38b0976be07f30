"""Every Bot API call that was received, and those that broke the schema or a hard limit."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from simulator.telegram.records import Json

KEPT: Final = 50_000


@dataclass(slots=True, frozen=True)
class Received:
    """One answered call; the bot's token is never part of it."""

    n: int
    at: float
    method: str
    chat_id: int | str | None
    ok: bool
    error_code: int | None
    description: str | None
    params: Json


class CallLog:
    def __init__(self) -> None:
        self._count = 0
        self._calls: deque[Received] = deque(maxlen=KEPT)
        self._violations: list[Json] = []

    def next_number(self) -> int:
        self._count += 1
        return self._count

    def add(self, call: Received) -> None:
        self._calls.append(call)

    def add_violation(self, n: int, method: str, description: str, why: str) -> None:
        self._violations.append({"n": n, "method": method, "description": description, "why": why})

    def calls(self, after: int = 0, method: str | None = None) -> list[Received]:
        return [
            call
            for call in self._calls
            if call.n > after and (method is None or call.method.lower() == method.lower())
        ]

    def violations(self) -> list[Json]:
        return list(self._violations)

    def clear(self) -> None:
        self._calls.clear()
        self._violations.clear()
