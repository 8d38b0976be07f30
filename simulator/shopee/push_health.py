"""The six-hour rule: an address that fails most pushes is first warned, then switched off."""

from collections import deque
from datetime import datetime, timedelta

from simulator.world.clock import Clock

WINDOW = timedelta(hours=6)
COUNTED_FROM = 600
WARN_BELOW = 0.70
SUSPEND_BELOW = 0.30


class PushHealth:
    def __init__(self, clock: Clock) -> None:
        self.suspended_at: datetime | None = None
        self._clock = clock
        self._outcomes: deque[tuple[datetime, bool]] = deque()
        self._good = 0

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def status(self) -> str:
        if self.is_suspended:
            return "Suspended"
        rate = self._success_rate()
        return "Warning" if rate is not None and rate < WARN_BELOW else "Normal"

    def count(self, *, is_success: bool) -> None:
        self._outcomes.append((self._clock.now(), is_success))
        self._good += is_success
        rate = self._success_rate()
        if rate is not None and rate < SUSPEND_BELOW:
            self.suspended_at = self._clock.now()

    def lift(self) -> None:
        self.suspended_at = None
        self._outcomes.clear()
        self._good = 0

    def _success_rate(self) -> float | None:
        oldest = self._clock.now() - WINDOW
        while self._outcomes and self._outcomes[0][0] < oldest:
            self._good -= self._outcomes.popleft()[1]
        if len(self._outcomes) <= COUNTED_FROM:
            return None
        return self._good / len(self._outcomes)
