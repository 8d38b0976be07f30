"""What is old enough to go, a limited number of rows at a time: each call is one short transaction (R20)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, literal, or_, select, tuple_, update

from domain.actions import ActionState
from domain.orders import OrderStatus
from domain.returns import SETTLED_RETURNS
from domain.shops import LinkState
from storage.tables.chats import button_ticket, dialogue
from storage.tables.host import active_day, audit_cut, breakage, feedback, host_note
from storage.tables.orders import sale_order
from storage.tables.people import audit
from storage.tables.returns import return_action, sale_return
from storage.tables.reviews import review
from storage.tables.shops import data_key, linking, secret
from storage.tables.transit import outbox
from storage.upsert import upsert

OVER = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)
TOLD = ("sent", "dead", "merged")


def forget_buyers(conn: Connection, before: datetime, limit: int) -> int:
    """Take the buyer out of orders that were over by then; what was sold stays."""
    known = or_(sale_order.c.buyer_name != "", sale_order.c.buyer_city != "", sale_order.c.buyer_note != "")
    old = sale_order.c.status.in_(OVER) & (sale_order.c.updated_at < before) & known
    some = select(sale_order.c.id).where(old).limit(limit)
    blank = {"buyer_name": "", "buyer_city": "", "buyer_note": ""}
    return conn.execute(update(sale_order).where(sale_order.c.id.in_(some)).values(blank)).rowcount


def forget_returning_buyers(conn: Connection, before: datetime, limit: int) -> int:
    """Take the buyer, his words and his pictures out of returns that were settled by then."""
    blank = {"buyer_name": "", "buyer_says": "", "photos": "[]", "videos": "[]"}
    known = or_(*(sale_return.c[name] != empty for name, empty in blank.items()))
    old = sale_return.c.state.in_(sorted(SETTLED_RETURNS)) & (sale_return.c.updated_at < before) & known
    some = select(sale_return.c.id).where(old).limit(limit)
    return conn.execute(update(sale_return).where(sale_return.c.id.in_(some)).values(blank)).rowcount


def forget_drafts(conn: Connection, before: datetime, limit: int) -> int:
    """Delete answers to returns that somebody began to put together and left."""
    old = (return_action.c.state == ActionState.DRAFT) & (return_action.c.requested_at < before)
    return _delete_some(conn, return_action, old, limit)


def forget_messages(conn: Connection, before: datetime, limit: int) -> int:
    """Delete what was said, or given up, before that."""
    newest = select(func.max(outbox.c.id)).scalar_subquery()
    old = outbox.c.state.in_(TOLD) & (outbox.c.created_at < before) & (outbox.c.id < newest)
    return _delete_some(conn, outbox, old, limit)


def forget_reviews(conn: Connection, before: datetime, limit: int) -> int:
    """Delete what buyers said before that; what was answered goes with it."""
    return _delete_some(conn, review, review.c.created_at < before, limit)


def forget_tickets(conn: Connection, before: datetime, limit: int) -> int:
    return _delete_some(conn, button_ticket, button_ticket.c.expires_at < before, limit)


def forget_dialogues(conn: Connection, before: datetime, limit: int) -> int:
    return _delete_some(conn, dialogue, dialogue.c.expires_at < before, limit)


def drop_quarantine(conn: Connection, before: datetime, limit: int) -> int:
    """Destroy the keys of what a consent granted and nobody confirmed in time."""
    late = (linking.c.expires_at < before) & (linking.c.state != LinkState.CONFIRMED)
    owners = select(literal("linking:").concat(linking.c.id)).where(late)
    theirs = list(conn.scalars(select(data_key.c.owner).where(data_key.c.owner.in_(owners)).limit(limit)))
    conn.execute(delete(secret).where(secret.c.owner.in_(theirs)))
    return conn.execute(delete(data_key).where(data_key.c.owner.in_(theirs))).rowcount


def forget_linkings(conn: Connection, before: datetime, limit: int) -> dict[str, int]:
    """Delete linkings that ended before that; return how many had reached each state."""
    some = select(linking.c.id, linking.c.state).where(linking.c.expires_at < before).limit(limit)
    found = conn.execute(some).all()
    conn.execute(delete(linking).where(linking.c.id.in_([row.id for row in found])))
    states: dict[str, int] = {}
    for row in found:
        states[row.state] = states.get(row.state, 0) + 1
    return states


def forget_notes(conn: Connection, before: datetime, limit: int) -> int:
    return _delete_some(conn, host_note, host_note.c.created_at < before, limit)


def forget_references(conn: Connection, before: datetime, limit: int) -> int:
    return _delete_some(conn, breakage, breakage.c.at < before, limit)


def forget_feedback(conn: Connection, before: datetime, limit: int) -> int:
    return _delete_some(conn, feedback, feedback.c.at < before, limit)


def forget_active_days(conn: Connection, before_day: str, limit: int) -> int:
    return _delete_some(conn, active_day, active_day.c.day < before_day, limit)


def cut_audits(conn: Connection, before: datetime, limit: int) -> int:
    """Delete the oldest rows of each seller's chain and keep the hash that the rest hangs on.

    The newest row stays, whatever its age: the next one hangs on it.
    """
    gone = 0
    for seller_id in _with_old_audit(conn, before):
        newest = select(func.max(audit.c.seq)).where(audit.c.seller_id == seller_id).scalar_subquery()
        mine = (audit.c.seller_id == seller_id) & (audit.c.at < before) & (audit.c.seq < newest)
        query = select(audit.c.seq, audit.c.hash, audit.c.at).where(mine).order_by(audit.c.seq).limit(limit)
        old = conn.execute(query).all()
        if not old:
            continue
        last = old[-1]
        kept = {"seller_id": seller_id, "hash": last.hash, "seq": last.seq, "at": last.at}
        upsert(conn, audit_cut, [kept], keys=["seller_id"], update=["hash", "seq", "at"])
        cut = (audit.c.seller_id == seller_id) & (audit.c.seq <= last.seq)
        gone += conn.execute(delete(audit).where(cut)).rowcount
    return gone


def _with_old_audit(conn: Connection, before: datetime) -> Sequence[str]:
    return conn.scalars(select(audit.c.seller_id).where(audit.c.at < before).distinct()).all()


def _delete_some(conn: Connection, table: Table, old: ColumnElement[bool], limit: int) -> int:
    keys: list[Any] = list(table.primary_key.columns)
    some = select(*keys).where(old).limit(limit)
    return conn.execute(delete(table).where(tuple_(*keys).in_(some))).rowcount
