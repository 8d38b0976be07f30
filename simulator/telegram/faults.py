"""Troubles on order: what the next calls of the bot shall meet."""

import random
from dataclasses import dataclass
from typing import Final

from simulator.telegram import errors
from simulator.telegram.errors import ApiError, too_many_requests

REFUSALS: Final = {
    "400": (400, "Bad Request: chat not found"),
    "401": (401, "Unauthorized"),
    "403": (403, "Forbidden: bot was blocked by the user"),
    "409": (409, errors.OTHER_POLLER),
    "413": (413, "Request Entity Too Large"),
    "500": (500, "Internal Server Error: restart"),
}
TRANSPORT_KINDS: Final = {
    *("502_html", "timeout_before", "timeout_after", "drop_before", "drop_after", "delay"),
}
CALL_KINDS: Final = {*REFUSALS, *TRANSPORT_KINDS, "429"}


@dataclass(slots=True)
class Fault:
    """A rule for calls; it is spent after `left` hits unless a probability governs it."""

    kind: str
    method: str | None = None
    chat_id: str | None = None
    left: int = 1
    probability: float | None = None
    description: str | None = None
    retry_after: int = 1
    delay_s: float | None = None

    def refusal(self) -> ApiError:
        """Return the error this rule answers with."""
        if self.kind == "429":
            return too_many_requests(self.retry_after)
        code, text = REFUSALS[self.kind]
        return ApiError(code, self.description or text)


class FaultRules:
    def __init__(self, source: random.Random) -> None:
        self._random = source
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._rules.append(fault)

    def clear(self) -> None:
        self._rules.clear()

    def take(self, method: str, chat_id: str | None) -> Fault | None:
        """Return the first rule that hits this call, and count the hit."""
        for rule in self._rules:
            if rule.method is not None and rule.method.lower() != method.lower():
                continue
            if rule.chat_id is not None and rule.chat_id != chat_id:
                continue
            if rule.probability is not None:
                if self._random.random() >= rule.probability:
                    continue
                return rule
            rule.left -= 1
            if rule.left <= 0:
                self._rules.remove(rule)
            return rule
        return None
