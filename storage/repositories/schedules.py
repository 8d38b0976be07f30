"""What is due by the clock of a view: one row a report, with the next moment and the last date done."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, Row, delete, select, update

from storage.tables.schedules import schedule
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Planned:
    """A report of a view: at `local_time` in `zone`, next at `next_due`, made up to `done`."""

    view_id: str
    report: str
    local_time: time
    zone: str
    next_due: datetime
    done: date


def get(conn: Connection, view_id: str, report: str) -> Planned | None:
    query = select(schedule).where(schedule.c.view_id == view_id, schedule.c.report == report)
    row = conn.execute(query).one_or_none()
    return _planned(row) if row else None


def of_view(conn: Connection, view_id: str) -> list[Planned]:
    return [_planned(row) for row in conn.execute(select(schedule).where(schedule.c.view_id == view_id))]


def plan(conn: Connection, planned: Planned) -> None:
    """Write when a report is due; one that is planned already moves."""
    values = {
        "view_id": planned.view_id,
        "report": planned.report,
        "local_time": planned.local_time.isoformat("minutes"),
        "zone": planned.zone,
        "next_due": planned.next_due,
        "done_date": planned.done,
    }
    fresh = ["local_time", "zone", "next_due", "done_date"]
    upsert(conn, schedule, [values], keys=["view_id", "report"], update=fresh)


def drop(conn: Connection, view_id: str, report: str) -> None:
    conn.execute(delete(schedule).where(schedule.c.view_id == view_id, schedule.c.report == report))


def is_due(conn: Connection, now: datetime) -> bool:
    return (
        conn.execute(select(schedule.c.view_id).where(schedule.c.next_due <= now).limit(1)).first()
        is not None
    )


def due(conn: Connection, now: datetime, limit: int) -> list[Planned]:
    """Return what is due, the longest waiting first; others that ask at the same time get other rows."""
    query = (
        select(schedule)
        .where(schedule.c.next_due <= now)
        .order_by(schedule.c.next_due)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_planned(row) for row in conn.execute(query)]


def made(conn: Connection, of: Planned, done: date, next_due: datetime) -> None:
    query = update(schedule).where(schedule.c.view_id == of.view_id, schedule.c.report == of.report)
    conn.execute(query.values(done_date=done, next_due=next_due))


def _planned(row: Row[tuple[object, ...]]) -> Planned:
    at = time.fromisoformat(row.local_time)
    return Planned(row.view_id, row.report, at, row.zone, row.next_due, row.done_date)
