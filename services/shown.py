"""What a shop was read to show, against what we believe: explained by what we know, or somebody's to explain."""

from datetime import datetime, timedelta

from domain.ids import new_id
from domain.stock import Movement, Reason, ShownState
from services.locks import freed, rest
from services.watching import watch
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.repositories.ledger import Ledger
from storage.repositories.shown_stock import Shown, ShownStock

SECOND_LOOK = timedelta(minutes=2)
"""A difference counts only when it is seen twice, so far apart: orders become visible late."""
MOST_EDITS, WITHIN = 6, timedelta(hours=1)
"""More edits of one variant than that are no person's: two programs that set each other's numbers would go on for ever."""


def settle(conn: Connection, seller_id: str, row: Shown, now: datetime, *, was_read: bool) -> None:
    """Take in that a platform accepted a number: what it sold since then it has lowered by itself."""
    shown = ShownStock(conn, seller_id)
    believed = _as_sent(row)
    if was_read and row.read != believed:
        values = {"state": ShownState.DIFFERS, "units": believed, "seen": row.read, "seen_at": now}
        shown.move(row, due_at=now, reason="", shown_at=now, **values)
        return
    values = {"units": believed, "shown_at": now, "seen": None} | freed(conn, seller_id, row, now)
    if row.target == believed:
        rest(conn, seller_id, row, now, due_at=now, **values)
        return
    shown.move(row, state=ShownState.READY, due_at=now, reason="", **values)


def explain(conn: Connection, seller_id: str, row: Shown, began: datetime, now: datetime) -> None:
    """Decide what a fresh reading, made after the shop's orders were taken in, means for a row."""
    shown = ShownStock(conn, seller_id)
    if not row.is_kept:  # what the shop shows is its own affair
        shown.move(row, state=ShownState.IDLE, units=row.read, seen=None, seen_at=None, due_at=now, reason="")
        return
    may_be_in = row.state in {ShownState.SENDING, ShownState.UNKNOWN}
    if row.state is ShownState.NEW:
        known_from = began.replace(microsecond=0)
        shown.move(row, state=ShownState.READY, units=row.read, known_from=known_from, due_at=now)
    elif may_be_in and row.read == _as_sent(row):
        settle(conn, seller_id, row, now, was_read=True)
    elif row.read == row.units:
        shown.move(row, state=ShownState.READY, due_at=now, seen=None, seen_at=None, reason="")
    elif row.seen != row.read or row.seen_at is None:
        again = now + SECOND_LOOK
        shown.move(row, seen=row.read, seen_at=now, due_at=again)
    elif now - row.seen_at < SECOND_LOOK:
        shown.move(row, due_at=row.seen_at + SECOND_LOOK)
    else:
        _believe_the_shop(conn, seller_id, row, now, may_be_in=may_be_in)


def _believe_the_shop(
    conn: Connection, seller_id: str, row: Shown, now: datetime, *, may_be_in: bool
) -> None:
    """Nothing explains it: somebody edited it there. A large edit, or one too many, waits for a person's word."""
    shown, edited = ShownStock(conn, seller_id), row.read - row.units
    values = {"units": row.read, "due_at": now, "seen": None, "seen_at": None}
    if row.shown_at is None and not may_be_in:
        shown.move(row, state=ShownState.READY, **values)  # never set by us: there is nothing of ours to edit
        return
    ledger = Ledger(conn, seller_id)
    is_loop = ledger.corrected_since(row.variant_id, now - WITHIN) >= MOST_EDITS
    is_large = may_be_in or 0 in {row.read, row.units} or abs(edited) * 5 > row.units or is_loop
    facts = {"shop": row.shop_id, "believed": str(row.units), "seen": str(row.read)}
    Audit(conn, seller_id).add(
        actor="storesync",
        action="stock.differs" if is_large else "stock.correction",
        subject=f"variant:{row.variant_id}",
        facts=facts,
        now=now,
    )
    if is_large:
        shown.move(row, state=ShownState.HELD, reason="differs")
        return
    step = Movement(
        id=new_id(),
        variant_id=row.variant_id,
        reason=Reason.CORRECTION,
        on_hand=edited,
        allocated=0,
        source=f"shop:{row.listing_variant_id}:{row.version}",
        at=now,
        listing_variant_id=row.listing_variant_id,
    )
    if ledger.add(step):
        shown.move(row, state=ShownState.READY, **values)
        shown.wake([row.variant_id], now)
        watch(conn, seller_id, [row.variant_id], now)


def _as_sent(row: Shown) -> int:
    """Return what a shop shows if it took what was sent: less what it has sold meanwhile."""
    return row.sent - (row.sent_from - row.units)
