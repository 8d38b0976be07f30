"""When a daily report is due: gaps, times that come twice, lateness, other zones."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.schedules import Run, done_at_start, done_before, due_run, moment, next_due

JAKARTA = "Asia/Jakarta"
EIGHT = time(8)
D10, D11, D12 = date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 12)
DUE = datetime(2026, 11, 11, 1, tzinfo=UTC)
"""08:00 of 11 November in Jakarta."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        (JAKARTA, "2026-11-11", "08:00", "2026-11-11 01:00"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25 00:30"),
        ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23 22:00"),
        ("America/Nuuk", "2026-03-28", "23:30", "2026-03-29 01:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03 15:30"),
        ("America/Los_Angeles", "2026-03-08", "00:00", "2026-03-08 08:00"),
        ("America/Los_Angeles", "2026-03-09", "00:00", "2026-03-09 07:00"),
    ],
)
def test_moment_is_the_first_that_exists(zone: str, day: str, at: str, utc: str) -> None:
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment(date.fromisoformat(day), time.fromisoformat(at), zone) == expected


def test_asked_for_after_its_hour_it_begins_tomorrow() -> None:
    assert done_at_start(DUE - MINUTE, EIGHT, JAKARTA) == D10
    assert done_at_start(DUE, EIGHT, JAKARTA) == D11
    assert next_due(EIGHT, JAKARTA, D11) == DUE + 24 * HOUR


def test_due_once_then_done() -> None:
    assert due_run(DUE - MINUTE, EIGHT, JAKARTA, D10) is None
    assert due_run(DUE, EIGHT, JAKARTA, D10) == Run(D11, is_late=False, skipped=0)
    assert due_run(DUE, EIGHT, JAKARTA, D11) is None


def test_missed_for_hours_it_is_made_late() -> None:
    assert due_run(DUE + 5 * HOUR, EIGHT, JAKARTA, D10) == Run(D11, is_late=True, skipped=0)


def test_missed_for_days_the_last_is_made_and_the_others_are_counted() -> None:
    assert due_run(DUE + 74 * HOUR, EIGHT, JAKARTA, D10) == Run(date(2026, 11, 14), is_late=True, skipped=3)


def test_too_late_on_a_day_of_25_hours_is_skipped() -> None:
    due = moment(date(2026, 10, 24), EIGHT, "Europe/Berlin")
    late = due + timedelta(hours=24, minutes=30)
    assert due_run(late, EIGHT, "Europe/Berlin", date(2026, 10, 23)) is None
    assert done_before(late, EIGHT, "Europe/Berlin", date(2026, 10, 23)) == date(2026, 10, 24)


def test_another_zone_never_makes_a_date_twice() -> None:
    assert due_run(DUE + 2 * HOUR, EIGHT, "Asia/Bangkok", D11) is None
    assert next_due(EIGHT, "America/Los_Angeles", D11) == datetime(2026, 11, 12, 16, tzinfo=UTC)
