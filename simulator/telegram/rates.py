"""Telegram's published rates, for runs that want them.

1/s in a chat with bursts of 3, 20/min in a group, 30/s over all chats.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Final

from simulator.telegram.errors import too_many_requests

CHAT_BURST: Final = 3
GROUP_PER_MINUTE: Final = 20
TOTAL_PER_SECOND: Final = 30


class RateLimits:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.is_on = False
        self._tokens: dict[str, tuple[float, float]] = {}
        self._groups: defaultdict[str, deque[float]] = defaultdict(deque)
        self._total: deque[float] = deque()

    def switch(self, *, is_on: bool) -> None:
        self.is_on = is_on
        self._tokens.clear()
        self._groups.clear()
        self._total.clear()

    def spend(self, chat_id: str) -> None:
        """Count one message or edit; raise 429 with the seconds to wait when it is too soon."""
        if not self.is_on:
            return
        now = self._clock()
        waits = [self._wait_total(now)]
        if chat_id.startswith("-"):
            waits.append(self._wait_group(chat_id, now))
        tokens, seen = self._tokens.get(chat_id, (float(CHAT_BURST), now))
        tokens = min(float(CHAT_BURST), tokens + now - seen)
        waits.append(1 - tokens if tokens < 1 else 0.0)
        wait = max(waits)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._tokens[chat_id] = (tokens - 1, now)
        self._total.append(now)
        if chat_id.startswith("-"):
            self._groups[chat_id].append(now)

    def _wait_total(self, now: float) -> float:
        return _wait(self._total, now, TOTAL_PER_SECOND, 1.0)

    def _wait_group(self, chat_id: str, now: float) -> float:
        return _wait(self._groups[chat_id], now, GROUP_PER_MINUTE, 60.0)


def _wait(times: deque[float], now: float, limit: int, window_s: float) -> float:
    while times and times[0] <= now - window_s:
        times.popleft()
    return times[0] + window_s - now if len(times) >= limit else 0.0
