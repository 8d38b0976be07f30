"""What is left of a variant against its threshold, looked at in the transaction that moved it (`low_stock` tells)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from domain.events import EventKind
from domain.low_stock import (
    LOOK_BACK,
    Episode,
    Standing,
    cover_h,
    next_episode,
    per_day,
    rings,
    usual_threshold,
)
from domain.stock import Policy
from services.ledger import levels
from services.outbox import tell
from storage import outbox
from storage.database import Connection
from storage.repositories.cards import Cards
from storage.repositories.episodes import Episodes, Known
from storage.repositories.ledger import Ledger
from storage.repositories.low_alerts import LowAlerts

MOST_SALES = 200
"""So many of the newest movements tell how fast a variant sells."""
EDIT_EVERY = timedelta(seconds=10)
LOST_AFTER = timedelta(hours=1)


def watch(conn: Connection, seller_id: str, variant_ids: Collection[str], now: datetime) -> None:
    """Begin, deepen or end the episodes of these variants; what is to be rung or edited is asked for."""
    if not variant_ids:
        return
    episodes, moved = Episodes(conn, seller_id), []
    known = episodes.of(variant_ids)
    for variant_id, seen in _standings(conn, seller_id, variant_ids, known, now).items():
        before = known.get(variant_id)
        was = before.episode if before else None
        after = next_episode(variant_id, was, seen, now)
        if after is None or after == was or not episodes.put(after, before):
            continue
        if rings(was, after):
            _ring(conn, seller_id, after, now)
        if was is not None and (after.units, after.is_open) != (was.units, was.is_open):
            moved.append(was)
    _edit(conn, seller_id, moved, now)


def _standings(
    conn: Connection,
    seller_id: str,
    variant_ids: Collection[str],
    known: Mapping[str, Known],
    now: datetime,
) -> dict[str, Standing]:
    """Return what is left of each variant and from where on it is low.

    A variant that was never counted and has no threshold is watched for its last unit alone, and only
    once it had some.
    """
    ledger = Ledger(conn, seller_id)
    marks = Episodes(conn, seller_id).marks(variant_ids)
    found = {}
    for variant_id, level in sorted(levels(conn, seller_id, variant_ids).items()):
        mark = marks[variant_id]
        is_open = variant_id in known and known[variant_id].episode.is_open
        is_known = level.is_counted or mark.alert_at is not None or mark.has_run_out or is_open
        is_kept = mark.is_on_sale and level.policy is Policy.TRACKED
        daily = _per_day(ledger, variant_id, now) if level.is_counted else 0.0
        threshold = mark.alert_at
        if threshold is None and level.is_counted:
            threshold = usual_threshold(daily)
        hours = cover_h(level.available, daily)
        found[variant_id] = Standing(level.available, threshold, hours, is_kept and is_known)
    return found


def _per_day(ledger: Ledger, variant_id: str, now: datetime) -> float:
    sold, since = ledger.sold_lately(variant_id, now - LOOK_BACK, MOST_SALES)
    return per_day(sold, since, now)


def _ring(conn: Connection, seller_id: str, reached: Episode, now: datetime) -> None:
    cards = Cards(conn, seller_id)
    shops = Episodes(conn, seller_id).shops_of(reached.variant_id)
    views = sorted({view for shop_id in shops for view in cards.views(shop_id)})
    payload = {"variant_id": reached.variant_id, "since": now.isoformat()}
    key = f"low:{reached.variant_id}:{reached.number}:{reached.level:d}"
    tell(conn, seller_id, EventKind.STOCK_LOW, key, payload, now=now, views=views)


def _edit(conn: Connection, seller_id: str, moved: Collection[Episode], now: datetime) -> None:
    """Plan an edit of every message that rang for one of these, unless one is planned."""
    alerts = LowAlerts(conn, seller_id)
    shown = {
        alert.id: alert
        for each in moved
        for alert in alerts.with_line(each.variant_id, each.number, now - LOST_AFTER)
    }
    for alert_id, alert in sorted(shown.items()):
        due = max(now, alert.edited_at + EDIT_EVERY)
        outbox.add(
            conn,
            view_id=alert.view_id,
            dedupe_key=f"low_alert:{alert_id}:{due.timestamp()}",
            kind=EventKind.STOCK_LOW_MOVED,
            payload={"alert_id": alert_id},
            now=now,
            not_before=due,
        )
        alerts.plan_edit(alert_id, due)
