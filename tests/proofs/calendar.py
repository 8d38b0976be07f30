"""P31, `calendar`: a daily report comes once for each local date, whatever clocks, people and machines do."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest

from domain import schedules
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
ODD = (
    "Africa/Cairo", "Africa/Casablanca", "America/Asuncion", "America/Havana", "America/Nuuk",
    "America/Santiago", "America/Scoresbysund", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran",
    "Australia/Lord_Howe", "Europe/Dublin", "Pacific/Apia", "Pacific/Chatham", "Antarctica/Troll",
)  # fmt: skip
"""Zones that jump at midnight, by half an hour, backwards, or by two hours."""


async def calendar(trial: Trial) -> Verdict:
    """P31: once for each date, at its time, the first of two, the end of a gap; a day late at most, never twice."""
    verdict, random = trial.verdict(), trial.random
    others = sorted(available_timezones() - set(ODD))
    zones = [*ODD, *(random.sample(others, 35) if not trial.is_release else others)]
    with _sabotage(trial):
        for zone in zones:
            _each_date_has_its_moment(zone, _hour(random), verdict)
            _live_through(zones, random, verdict)
            verdict.trials += 1
    return verdict


def _hour(random: Random) -> time:
    """Return a time of day, most often one at which clocks are turned."""
    return time(random.choice((0, 0, 1, 2, 2, 3, 23, 8)), random.choice((0, 15, 30, 45)))


def _each_date_has_its_moment(zone: str, at: time, verdict: Verdict) -> None:
    tz, day, before = ZoneInfo(zone), FIRST, None
    while day <= LAST:
        due = schedules.moment(day, at, zone)
        wall = datetime.combine(day, at)
        shown = due.astimezone(tz).replace(tzinfo=None)
        just_before = (due - SECOND).astimezone(tz).replace(tzinfo=None)
        is_there = shown == wall and due.astimezone(tz).fold == 0
        is_end_of_gap = just_before < wall < shown
        verdict.check(is_there or is_end_of_gap, f"{zone}: {wall} is due at {due}")
        verdict.check(before is None or before < due, f"{zone}: {wall} does not come after the day before")
        before, day = due, day + DAY


def _live_through(zones: list[str], random: Random, verdict: Verdict) -> None:
    """Live through a year with a clock that ticks unevenly and a person who moves; note what was made."""
    zone, at = random.choice(zones), _hour(random)
    now = datetime(random.randint(2020, 2034), 1, 1, tzinfo=UTC)
    end, done, made = now + 365 * DAY, schedules.done_at_start(now, at, zone), set[date]()
    last = done
    while now < end:
        run = schedules.due_run(now, at, zone, done)
        if run:
            late = now - schedules.moment(run.day, at, zone)
            verdict.check(run.day not in made, f"{zone}: {run.day} was made twice")
            verdict.check(timedelta() <= late <= DAY, f"{zone}: {run.day} was made {late} after its time")
            verdict.check(
                run.skipped == (run.day - last).days - 1, f"{zone}: {run.day} hides what it left out"
            )
            made.add(run.day)
        done = last = schedules.done_before(now, at, zone, done)
        pause = random.choices((0.25, 20, 60), (90, 8, 2))[0]
        slept = schedules.next_due(at, zone, done) + timedelta(hours=pause * random.random())
        verdict.check(slept > now, f"{zone}: the next after {done} is due in the past")
        now = max(now, slept)
        if random.random() < 0.02:
            zone = random.choice(zones)


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Reckon with the wall clock alone, as if every time existed once."""

    def by_the_wall(day: date, at: time, zone: str) -> datetime:
        return datetime.combine(day, at, ZoneInfo(zone)).replace(fold=1).astimezone(UTC)

    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(schedules, "moment", by_the_wall)
        yield
