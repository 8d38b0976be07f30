"""How loudly an event is told in a view: decided when it is taken up, by what is chosen there then."""

from datetime import datetime

from domain import alerts as rules
from domain.alerts import Loudness
from domain.chats import View
from domain.events import EventKind
from storage.database import Connection
from storage.repositories import alerts as stored
from storage.repositories.orders import Orders

_OF_ORDERS = (EventKind.ORDER_PLACED, EventKind.ORDER_CANCELLED)


def loudness_in(
    conn: Connection, view: View, kind: EventKind, payload: dict[str, str], now: datetime
) -> Loudness:
    """Return how loudly an event is told in a view, as it is chosen there now."""
    if kind not in rules.OF_KIND:
        return Loudness.SOUND
    chosen = stored.preferences(conn, view.id)
    decided = rules.loudness(kind, chosen, now, view.zone, breaks_through=False)
    if decided is not Loudness.SILENT or kind not in _OF_ORDERS:
        return decided
    order = Orders(conn, view.seller_id).get(payload["order_id"])
    is_urgent = order is not None and rules.breaks_through(kind, order.snapshot)
    return rules.loudness(kind, chosen, now, view.zone, breaks_through=is_urgent)
