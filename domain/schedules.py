"""When a daily report is due: computed here and stored in UTC, once for each local date (`promises.md` R17).

Pure: now, zone and what was done are passed in.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LATE = timedelta(hours=24)
"""Up to here a report that was missed is still made, once; after it, it is skipped."""
PUNCTUAL = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Run:
    """A report to be made now for a local date; `skipped` is how many dates before it were missed."""

    day: date
    is_late: bool
    skipped: int


def moment(day: date, at: time, zone: str) -> datetime:
    """Return when a local time of a date comes, in UTC.

    Of a time that comes twice the first; for one that the clocks jump over, the moment of the jump.
    """
    tz = ZoneInfo(zone)
    wall = datetime.combine(day, at)
    usual = wall.replace(tzinfo=tz).astimezone(UTC)
    if usual.astimezone(tz).replace(tzinfo=None) == wall:
        return usual
    before = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    return _jump(before, usual, tz)


def next_due(at: time, zone: str, done: date) -> datetime:
    """Return when the first report after the one of `done` is due."""
    return moment(done + DAY, at, zone)


def done_at_start(now: datetime, at: time, zone: str) -> date:
    """Return what counts as done when a report is first asked for: everything up to now."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return today if moment(today, at, zone) <= now else today - DAY


def due_run(now: datetime, at: time, zone: str, done: date) -> Run | None:
    """Return the report to be made now, if one is: the latest that is due and not done. None for one too late."""
    # A jump may carry the last minutes of a date into the next one, or a zone be a day ahead of the last one.
    day = now.astimezone(ZoneInfo(zone)).date() + DAY
    while day > done and moment(day, at, zone) > now:
        day -= DAY
    if day <= done or now - moment(day, at, zone) > LATE:
        return None
    late_by = now - moment(day, at, zone)
    return Run(day, late_by > PUNCTUAL, (day - done).days - 1)


def done_before(now: datetime, at: time, zone: str, done: date) -> date:
    """Return the last date that nothing is made for any more: done, or skipped as too late."""
    day = now.astimezone(ZoneInfo(zone)).date() + DAY
    while day > done and moment(day, at, zone) > now:
        day -= DAY
    return max(day, done)


def _jump(low: datetime, high: datetime, tz: ZoneInfo) -> datetime:
    """Return the first second after `low` that has the offset of `high`."""
    offset = high.astimezone(tz).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        if middle.astimezone(tz).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)
