"""New orders ring once and then gather on one message (`docs/promises.md` R4, P28).

The first order is a message of its own. Those that follow within five minutes are put on it, and it is
edited, silently, as often as the chat can take it; a new message comes when five minutes were quiet, or
after an hour. What is on which message is rows: a restart goes on with the same one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import NotFound
from domain.events import EventKind
from domain.money import Money
from services.earnings import earnings_of, kept_together
from services.orders import order_rows
from services.outbox import OutboxItem
from services.views import OrderRow
from storage import outbox
from storage.database import Connection, Database
from storage.repositories.earnings import Earnings
from storage.repositories.order_alerts import OrderAlert, OrderAlerts
from storage.repositories.orders import Orders
from storage.repositories.shops import Shops

QUIET = timedelta(minutes=5)
LONGEST = timedelta(hours=1)
PAGE = 6
MOST_SUMMED = 500
"""Of more orders on one message it is not worked out what is kept of them."""
STORM = 10
"""From so many orders on, a message is edited no more than every half minute."""
SOON, SELDOM = timedelta(seconds=5), timedelta(seconds=30)
BACKLOG = timedelta(minutes=10)
"""What waited longer than this was held up: then cancellations are told on the same message, too."""


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One page of the orders a message rings for, the latest first; sums and counts are over all of them."""

    alert: OrderAlert
    rows: tuple[OrderRow, ...]
    sold: tuple[Money, ...]
    cancelled: int
    page: int
    pages: int
    is_demo: bool
    kept: tuple[Money, ...] = ()
    """What is kept of all of them; nothing while it is not known of each that counts."""


class OrderAlertService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def gather(self, item: OutboxItem) -> tuple[str, bool] | None:
        """Put a new order, and all that wait with it, on the view's message.

        Return the alert and whether it is a new one, which has to be sent; None when its message stands
        already and an edit of it is planned.
        """
        now = self._clock()

        def work(conn: Connection) -> tuple[str, bool] | None:
            alerts = OrderAlerts(conn, item.view.seller_id)
            newest = alerts.newest(item.view.id)
            order_id = item.payload["order_id"]
            if newest and item.attempts > 1 and order_id in alerts.order_ids(newest.id):
                return newest.id, newest.count == 1  # its sending was cut off: the same message again
            kinds = [EventKind.ORDER_PLACED]
            if now - item.created_at > BACKLOG:
                kinds.append(EventKind.ORDER_CANCELLED)
            waiting = [each["order_id"] for each in outbox.take_waiting(conn, item.view.id, kinds)]
            is_open = newest is not None and _is_open(newest, now)
            alert = newest if newest and is_open else alerts.open(item.view.id, now)
            count = alerts.add(alert.id, [order_id, *waiting], now)
            if not is_open:
                return alert.id, True
            self._plan(conn, alerts, alert, count, now)
            return None

        return await self._db.write(work, "order_alert.gather")

    def _plan(
        self, conn: Connection, alerts: OrderAlerts, alert: OrderAlert, count: int, now: datetime
    ) -> None:
        """Plan the next edit, unless one is planned."""
        if alert.edit_due_at is not None:
            return
        due = max(now, alert.edited_at + (SOON if count <= STORM else SELDOM))
        outbox.add(
            conn,
            view_id=alert.view_id,
            dedupe_key=f"order_alert:{alert.id}:{due.timestamp()}",
            kind=EventKind.ORDER_ALERT_GREW,
            payload={"alert_id": alert.id},
            now=now,
            not_before=due,
        )
        alerts.plan_edit(alert.id, due)

    async def take_edit(self, seller_id: str, alert_id: str) -> AlertPage:
        """Return what the message shows now; orders that come from here on plan an edit of their own."""
        now = self._clock()

        def work(conn: Connection) -> AlertPage:
            OrderAlerts(conn, seller_id).plan_edit(alert_id, None, edited_at=now)
            return _page(conn, seller_id, alert_id, 1)

        return await self._db.write(work, "order_alert.take_edit")

    async def page(self, visitor: Visitor, alert_id: str, page: int) -> AlertPage:
        """Return a page of an alert's orders. Raises NotFound("alert_unknown")."""
        return await self._db.read(lambda conn: _page(conn, visitor.seller_id, alert_id, page))

    async def first(self, seller_id: str, alert_id: str) -> AlertPage:
        return await self._db.read(lambda conn: _page(conn, seller_id, alert_id, 1))


def _is_open(alert: OrderAlert, now: datetime) -> bool:
    return now - alert.last_at < QUIET and now - alert.opened_at < LONGEST


def _page(conn: Connection, seller_id: str, alert_id: str, page: int) -> AlertPage:
    alerts, orders = OrderAlerts(conn, seller_id), Orders(conn, seller_id)
    alert = alerts.get(alert_id)
    if alert is None:
        raise NotFound("alert_unknown")
    pages = max(1, -(-alert.count // PAGE))
    at = min(max(page, 1), pages)
    shown = orders.heads(alerts.order_ids(alert_id, offset=(at - 1) * PAGE, limit=PAGE))
    sold, cancelled = alerts.sums(alert_id)
    return AlertPage(
        alert=alert,
        rows=order_rows(orders, shown),
        sold=tuple(sold),
        cancelled=cancelled,
        page=at,
        pages=pages,
        is_demo=any(shop.is_simulated for shop in Shops(conn, seller_id).all()),
        kept=_kept(conn, seller_id, alerts.order_ids(alert_id), cancelled),
    )


def _kept(conn: Connection, seller_id: str, order_ids: Sequence[str], cancelled: int) -> tuple[Money, ...]:
    """Add up what is kept of an alert's orders; nothing while one of them is not known, or where they are many."""
    if len(order_ids) > MOST_SUMMED:
        return ()
    earned = earnings_of(conn, seller_id, Earnings(conn, seller_id).lines_of(order_ids))
    known = [each for each in earned.values() if each.kept is not None]
    return tuple(kept_together(known)) if len(known) == len(order_ids) - cancelled else ()
