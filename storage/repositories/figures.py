"""What the host counts, over all sellers: numbers only, no rows, no names."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.insertion import insert_new
from storage.tables.chats import view
from storage.tables.host import active_day, host_tally
from storage.tables.orders import sale_order
from storage.tables.people import seller
from storage.tables.shops import linking, shop
from storage.tables.transit import inbox, oddity, outbox
from storage.upsert import upsert

SEPARATOR = "|"
"""Stands between the labels of a tally; none of them holds it."""


def save(conn: Connection, day: str, counted: Mapping[Any, int]) -> None:
    """Add what was counted, by meter and labels, to the day's tallies."""
    summed: Counter[tuple[str, str]] = Counter()
    for (meter, labels), count in counted.items():
        summed[meter, SEPARATOR.join(labels)[:120]] += count
    rows = [
        {"day": day, "meter": meter, "labels": labels, "count": count}
        for (meter, labels), count in sorted(summed.items())
    ]
    if rows:
        conn.execute(_adding(conn.dialect.name), rows)


def claim_day(conn: Connection, day: str, chore: str) -> bool:
    """Take a day's chore; False when it was taken already."""
    return insert_new(conn, host_tally, {"day": day, "meter": chore, "labels": "", "count": 1})


def saved(conn: Connection, since_day: str = "") -> dict[tuple[str, tuple[str, ...]], int]:
    """Return the tallies of that day and all later ones, summed."""
    query = (
        select(host_tally.c.meter, host_tally.c.labels, func.sum(host_tally.c.count))
        .where(host_tally.c.day >= since_day)
        .group_by(host_tally.c.meter, host_tally.c.labels)
    )
    return {
        (meter, tuple(labels.split(SEPARATOR))): int(count) for meter, labels, count in conn.execute(query)
    }


def note_active(conn: Connection, day: str, sellers: Iterable[str]) -> None:
    """Note that these sellers did something that day; those deleted meanwhile are left out."""
    known = conn.scalars(select(seller.c.id).where(seller.c.id.in_(sorted(sellers))).order_by(seller.c.id))
    rows = [{"seller_id": each, "day": day} for each in known]
    upsert(conn, active_day, rows, keys=["seller_id", "day"], update=[])


def active_since(conn: Connection, day: str) -> int:
    query = select(func.count(active_day.c.seller_id.distinct())).where(active_day.c.day >= day)
    return conn.scalar(query) or 0


def inbox_states(conn: Connection) -> dict[tuple[str, str], int]:
    """Count what waits or was set aside, by source and state; what is done is not counted."""
    query = (
        select(inbox.c.source, inbox.c.state, func.count())
        .where(inbox.c.state.in_(("new", "leased", "parked")))
        .group_by(inbox.c.source, inbox.c.state)
    )
    return {(source, state): count for source, state, count in conn.execute(query)}


def outbox_states(conn: Connection) -> dict[tuple[str, str], int]:
    query = select(outbox.c.kind, outbox.c.state, func.count()).group_by(outbox.c.kind, outbox.c.state)
    return {(kind, state): count for kind, state, count in conn.execute(query)}


def due_of(conn: Connection, seller_id: str, now: datetime) -> int:
    """Count what one seller's chats are still to be told."""
    mine = select(view.c.id).where(view.c.seller_id == seller_id)
    waiting = outbox.c.state.in_(("pending", "sending")) & (outbox.c.not_before <= now)
    query = select(func.count()).select_from(outbox).where(waiting, outbox.c.view_id.in_(mine))
    return conn.scalar(query) or 0


def oldest_waiting(conn: Connection) -> tuple[datetime | None, datetime | None]:
    """Return since when the oldest update or push, and the oldest message that is due, waits."""
    came = select(func.min(inbox.c.received_at)).where(inbox.c.state.in_(("new", "leased")))
    due = select(func.min(outbox.c.not_before)).where(outbox.c.state.in_(("pending", "sending")))
    return conn.scalar(came), conn.scalar(due)


def oddities(conn: Connection) -> dict[tuple[str, str], tuple[int, int]]:
    """Return how many unknown words each place of each platform has sent, and how often in all."""
    query = select(oddity.c.platform, oddity.c.place, func.count(), func.sum(oddity.c.count))
    found = conn.execute(query.group_by(oddity.c.platform, oddity.c.place))
    return {(platform, place): (words, int(times)) for platform, place, words, times in found}


def linking_states(conn: Connection) -> dict[str, int]:
    """Count the linkings that are kept, by the state they have reached."""
    return _counted(conn, linking.c.state)


def shop_states(conn: Connection) -> dict[str, int]:
    return _counted(conn, shop.c.state)


def shops_with_orders(conn: Connection) -> int:
    """Count the shops of which an order was seen."""
    seen = exists().where(sale_order.c.shop_id == shop.c.id)
    return conn.scalar(select(func.count()).select_from(shop).where(seen)) or 0


def _counted(conn: Connection, column: ColumnElement[str]) -> dict[str, int]:
    found = conn.execute(select(column, func.count()).group_by(column))
    return {row[0]: row[1] for row in found}


@cache
def _adding(dialect: str) -> sqlite.Insert | postgresql.Insert:
    statement = sqlite.insert(host_tally) if dialect == "sqlite" else postgresql.insert(host_tally)
    added = {"count": host_tally.c.count + statement.excluded.count}
    return statement.on_conflict_do_update(index_elements=["day", "meter", "labels"], set_=added)
