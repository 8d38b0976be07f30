"""What the host is told, what persons wrote to the host, and what stands behind a reference."""

import json
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from domain.ids import new_id
from domain.notices import Breakage, Feedback, HostNote, NoteKind, Notice
from storage.insertion import insert_new
from storage.repositories.words import storable
from storage.tables.host import breakage, feedback, host_note
from storage.tables.transit import oddity


def add(conn: Connection, notice: Notice, now: datetime) -> bool:
    """Keep a notice; False when the same was kept before."""
    facts = {name: storable(value) for name, value in notice.facts.items()}
    values = {
        "id": new_id(),
        "kind": notice.kind,
        "dedupe_key": storable(notice.key)[:160],
        "payload": json.dumps(facts, ensure_ascii=False),
        "created_at": now,
        "not_before": now,
    }
    return insert_new(conn, host_note, values)


def waiting(conn: Connection, since: datetime, now: datetime, limit: int) -> list[HostNote]:
    due = (
        (host_note.c.told_at.is_(None)) & (host_note.c.not_before <= now) & (host_note.c.created_at >= since)
    )
    query = select(host_note).where(due).order_by(host_note.c.created_at, host_note.c.id).limit(limit)
    return [
        HostNote(row.id, NoteKind(row.kind), json.loads(row.payload), row.created_at, row.attempts)
        for row in conn.execute(query)
    ]


def told(conn: Connection, note_id: str, now: datetime) -> None:
    conn.execute(update(host_note).where(host_note.c.id == note_id).values(told_at=now))


def later(conn: Connection, note_id: str, not_before: datetime) -> None:
    values = {"not_before": not_before, "attempts": host_note.c.attempts + 1}
    conn.execute(update(host_note).where(host_note.c.id == note_id).values(values))


def count_odd(conn: Connection, platform: str, place: str, word: str, times: int, now: datetime) -> bool:
    """Count an unknown word; tell whether it was met for the first time."""
    key = {"platform": platform[:24], "place": place[:48], "word": storable(word)[:96]}
    if insert_new(conn, oddity, {**key, "count": times, "first_seen": now, "last_seen": now}):
        return True
    same = (
        (oddity.c.platform == key["platform"])
        & (oddity.c.place == key["place"])
        & (oddity.c.word == key["word"])
    )
    conn.execute(update(oddity).where(same).values(count=oddity.c.count + times, last_seen=now))
    return False


def add_breakage(conn: Connection, broke: Breakage) -> None:
    """Keep what stands behind a reference; of two alike the later one counts."""
    values = {
        "seller_id": broke.seller_id or None,
        "at": broke.at,
        "code": broke.code[:64],
        "source": broke.source[:48],
    }
    if not insert_new(conn, breakage, {"reference": broke.reference, **values}):
        conn.execute(update(breakage).where(breakage.c.reference == broke.reference).values(values))


def find_breakage(conn: Connection, reference: str) -> Breakage | None:
    row = conn.execute(select(breakage).where(breakage.c.reference == reference)).one_or_none()
    return Breakage(row.reference, row.at, row.code, row.source, row.seller_id or "") if row else None


def add_feedback(conn: Connection, written: Feedback) -> None:
    conn.execute(
        feedback.insert().values(
            id=written.id,
            seller_id=written.seller_id,
            at=written.at,
            reference=written.reference,
            words=storable(written.words),
        )
    )


def find_feedback(conn: Connection, feedback_id: str) -> Feedback | None:
    return next(iter(_feedbacks(conn, feedback.c.id == feedback_id, 1)), None)


def latest_feedback(conn: Connection, limit: int) -> list[Feedback]:
    """Return what was written, the newest first."""
    return _feedbacks(conn, feedback.c.id.is_not(None), limit)


def _feedbacks(conn: Connection, condition: ColumnElement[bool], limit: int) -> list[Feedback]:
    query = select(feedback).where(condition).order_by(feedback.c.at.desc(), feedback.c.id).limit(limit)
    return [
        Feedback(
            row.id,
            row.seller_id,
            row.at,
            row.words,
            row.reference,
            find_breakage(conn, row.reference) if row.reference else None,
        )
        for row in conn.execute(query).all()
    ]
