"""What this process counts about itself: plain numbers in memory, read by the metrics page and flushed to rows.

Labels are words of ours (a platform's slug, an operation, an outcome), never ids or names.
"""

from bisect import bisect_left
from collections import Counter, deque
from enum import StrEnum

from domain.notices import Notice


class Meter(StrEnum):
    """What is counted, with the labels that belong to it."""

    ACTION = "action"  # outcome
    CALL = "call"  # platform, operation, outcome
    REFRESH = "refresh"  # platform, outcome
    PUSH_REFUSED = "push_refused"  # platform
    LINKING = "linking"  # the stage that old linkings had reached


class Outcome(StrEnum):
    """How an action of a person, or a call to a platform, ended."""

    OK = "ok"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    UNKNOWN_FATE = "unknown_fate"
    FAILED = "failed"


OF_FIELDS = frozenset({"field", "type"})
"""The places of what is odd about an answer's fields, not about a word in one of them."""

Tally = tuple[Meter, tuple[str, ...]]

WAITS_S = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)
"""Upper ends of the classes of the histogram; the last class has none."""


_NOTICES_KEPT = 200
"""Beyond so many unsaved ones the oldest go: a trouble that repeats itself says the same again."""


class Waits:
    """A histogram of seconds."""

    def __init__(self) -> None:
        self.classes = [0] * (len(WAITS_S) + 1)
        self.sum_s = 0.0

    def add(self, seconds: float) -> None:
        seconds = max(0.0, seconds)
        self.classes[bisect_left(WAITS_S, seconds)] += 1
        self.sum_s += seconds


class Meters:
    """The counters of one process; counted in the event loop only."""

    def __init__(self) -> None:
        self.totals: Counter[Tally] = Counter()
        self.alert_waits = Waits()
        self.lag_s = 0.0
        """The longest that the event loop was late lately."""
        self._unsaved: Counter[Tally] = Counter()
        self._odd: Counter[tuple[str, str, str]] = Counter()
        self._notices: deque[Notice] = deque(maxlen=_NOTICES_KEPT)

    def count(self, meter: Meter, *labels: str) -> None:
        self.totals[meter, labels] += 1
        self._unsaved[meter, labels] += 1

    def drain(self) -> Counter[Tally]:
        """Return what was counted since the last time, for saving."""
        taken, self._unsaved = self._unsaved, Counter()
        return taken

    def put_back(self, unsaved: Counter[Tally]) -> None:
        """Keep for the next time what could not be saved."""
        self._unsaved.update(unsaved)

    def odd(self, platform: str, place: str, word: str) -> None:
        """Count a word of a platform that we do not know; or, in a place of `OF_FIELDS`, a field."""
        self._odd[platform, place, word] += 1

    def notice(self, notice: Notice) -> None:
        """Keep what the host should hear of until it is saved."""
        self._notices.append(notice)

    def take_odd(self) -> Counter[tuple[str, str, str]]:
        taken, self._odd = self._odd, Counter()
        return taken

    def take_notices(self) -> list[Notice]:
        taken = list(self._notices)
        self._notices.clear()
        return taken
