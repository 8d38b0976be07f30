"""Who was active and how actions ended: counted in memory as updates are handled, saved now and then."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from domain.clock import Clock
from domain.meters import Meter, Meters, Outcome
from storage.database import Connection, Database
from storage.repositories import figures


class ActivityService:
    """Cheap where it is called: nothing is written before `flush`."""

    def __init__(self, db: Database, clock: Clock, meters: Meters) -> None:
        self._db = db
        self._clock = clock
        self._meters = meters
        self._unsaved: dict[str, set[str]] = defaultdict(set)
        self._saved: tuple[str, set[str]] = ("", set())

    def acted(self, seller_id: str, outcome: Outcome) -> None:
        """Count one thing that a person asked for; a stranger belongs to no seller."""
        self._meters.count(Meter.ACTION, outcome)
        day = day_of(self._clock())
        saved_day, saved = self._saved
        if seller_id and not (day == saved_day and seller_id in saved):
            self._unsaved[day].add(seller_id)

    async def flush(self) -> None:
        """Save what was counted; what cannot be saved is kept for the next time."""
        counted = self._meters.drain()
        active, self._unsaved = self._unsaved, defaultdict(set)
        if not counted and not active:
            return
        day = day_of(self._clock())

        def work(conn: Connection) -> None:
            figures.save(conn, day, counted)
            for active_day, sellers in sorted(active.items()):
                figures.note_active(conn, active_day, sellers)

        try:
            await self._db.write(work, "activity.flush")
        except BaseException:
            self._meters.put_back(counted)
            for active_day, sellers in active.items():
                self._unsaved[active_day] |= sellers
            raise
        kept = self._saved[1] if self._saved[0] == day else set()
        self._saved = (day, kept | active.get(day, set()))


def day_of(now: datetime, days_ago: int = 0) -> str:
    """Return a day in UTC as it is written in rows, today or so many days ago."""
    day: date = (now.astimezone(UTC) - timedelta(days=days_ago)).date()
    return day.isoformat()
