"""Pages of ids and windows of time, the same for all platforms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Page:
    """Ids that changed; `next_cursor` is None on the last page; `total` where the platform tells."""

    ids: tuple[str, ...]
    next_cursor: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, both ends included."""

    start: datetime
    end: datetime

    def sliced(self, longest: timedelta) -> Iterator["Window"]:
        """Cut into windows no longer than `longest`, oldest first; neighbours share their edge."""
        start = self.start
        while start < self.end:
            end = min(start + longest, self.end)
            yield Window(start, end)
            start = end
