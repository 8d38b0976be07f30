"""What views have chosen to hear."""

from datetime import datetime, time

from sqlalchemy import Connection, bindparam, delete, select, update

from domain.alerts import Alert, Loudness, Preferences, QuietHours
from storage.insertion import insert_new
from storage.tables.alerts import alert_choice, quiet_hours

# Asked for every event that is told, so built once.
_CHOICES = select(alert_choice).where(alert_choice.c.view_id == bindparam("view"))
_QUIET = select(quiet_hours).where(quiet_hours.c.view_id == bindparam("view"))


def preferences(conn: Connection, view_id: str) -> Preferences:
    choices = conn.execute(_CHOICES, {"view": view_id}).all()
    quiet = conn.execute(_QUIET, {"view": view_id}).one_or_none()
    return Preferences(
        choices={Alert(row.alert): Loudness(row.loudness) for row in choices},
        snoozed_until={Alert(row.alert): row.snoozed_until for row in choices if row.snoozed_until},
        quiet=QuietHours(time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)) if quiet else None,
    )


def choose(conn: Connection, view_id: str, alert: Alert, loudness: Loudness) -> None:
    _set(conn, view_id, alert, loudness=loudness)


def snooze(conn: Connection, view_id: str, alert: Alert, until: datetime | None) -> None:
    """Hush an alert until then; None ends it."""
    _set(conn, view_id, alert, snoozed_until=until)


def be_quiet(conn: Connection, view_id: str, hours: QuietHours | None) -> None:
    conn.execute(delete(quiet_hours).where(quiet_hours.c.view_id == view_id))
    if hours:
        start, end = (each.isoformat("minutes") for each in (hours.start, hours.end))
        conn.execute(quiet_hours.insert().values(view_id=view_id, start=start, end=end))


def _set(conn: Connection, view_id: str, alert: Alert, **values: object) -> None:
    insert_new(conn, alert_choice, {"view_id": view_id, "alert": alert, "loudness": Loudness.SOUND})
    mine = (alert_choice.c.view_id == view_id, alert_choice.c.alert == alert)
    conn.execute(update(alert_choice).where(*mine).values(values))
