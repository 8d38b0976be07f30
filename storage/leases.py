"""Letting go of what a process that is gone had in hand."""

from datetime import datetime

from sqlalchemy import Connection, update

from domain.changes import ChangeState
from storage.repositories import packings, shown_stock
from storage.repositories.order_actions import OrderActions
from storage.repositories.return_actions import ReturnActions
from storage.repositories.review_answers import ReviewAnswers
from storage.tables.changes import change, listing_change
from storage.tables.shops import shop, sync_mark
from storage.tables.transit import inbox, outbox


def release_all(conn: Connection, now: datetime) -> None:
    """End every lease: the only process of an SQLite file calls this at its start, nobody else does.

    Without it a restart after a kill would wait until the leases of the killed process run out.
    """
    conn.execute(update(inbox).where(inbox.c.state == "leased").values(state="new", lease_until=None))
    conn.execute(update(outbox).where(outbox.c.state == "sending").values(state="pending", lease_until=None))
    conn.execute(update(sync_mark).values(lease_until=None))
    conn.execute(update(shop).values(lease_until=None))
    for table in (change, listing_change):
        under_way = table.c.state.in_([ChangeState.APPLYING, ChangeState.UNKNOWN])
        conn.execute(update(table).where(under_way).values(lease_until=now))
    shown_stock.release(conn, now)
    packings.release(conn, now)
    OrderActions.release(conn, now)
    ReturnActions.release(conn, now)
    ReviewAnswers.release(conn, now)
