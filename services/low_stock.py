"""What runs low: told once for each level of an episode, on one message where several do, and looked after by the clock.

Which level rang on which message of a view is rows: an event only says that there is something to tell,
and what a view was not told yet is asked for when it is told. A level is neither lost nor told twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import NotFound
from domain.events import EventKind
from domain.low_stock import WINDOW, Scarcity, may_ring_at
from services.orders import oldest_sync
from services.outbox import OutboxItem
from services.wakeups import Wakeups
from services.watching import watch
from storage import outbox
from storage.database import Connection, Database
from storage.repositories.episodes import Episodes, LowHead, claim_looks, is_look_due
from storage.repositories.low_alerts import LowAlerts
from storage.repositories.shops import Shops

PAGE = 6
LOOK_EVERY = timedelta(minutes=30)
AT_ONCE = 100
"""So many variants are looked at in one transaction."""


@dataclass(frozen=True, slots=True)
class LowRow:
    """A variant that is or was low. `scarcity` is None once it is above its threshold; `days` where known."""

    variant_id: str
    title: str
    name: str
    sku: str
    units: int
    scarcity: Scarcity | None
    days: int | None
    is_refilled: bool = False


@dataclass(frozen=True, slots=True)
class LowAlertCard:
    """What one message rang for, as it stands now: what is low first."""

    alert_id: str
    rows: tuple[LowRow, ...]
    is_demo: bool

    @property
    def low(self) -> tuple[LowRow, ...]:
        return tuple(each for each in self.rows if not each.is_refilled)


@dataclass(frozen=True, slots=True)
class LowPage:
    """A page of all that is low, what lasts the shortest first."""

    rows: tuple[LowRow, ...]
    total: int
    out: int
    page: int
    pages: int
    as_of: datetime | None
    is_demo: bool


class LowStockService:
    def __init__(self, db: Database, clock: Clock, wakeups: Wakeups) -> None:
        self._db = db
        self._clock = clock
        self._wakeups = wakeups

    async def gather(self, item: OutboxItem) -> str | None:
        """Take what this view was not told yet onto one message; return its alert, which has to be sent.

        None: it is told already, or the view has heard enough for now and hears the rest together later.
        """
        now = self._clock()

        def work(conn: Connection) -> str | None:
            view = item.view
            alerts = LowAlerts(conn, view.seller_id)
            cut_off = alerts.told_by(view.id, item.id)
            if cut_off:  # its sending was: the same message again
                return cut_off.id
            waiting = outbox.take_waiting(conn, view.id, [EventKind.STOCK_LOW])
            since = min(each["since"] for each in [item.payload, *waiting])
            untold = alerts.untold(view, datetime.fromisoformat(since))
            if not untold:
                return None
            due = may_ring_at(alerts.opened_since(view.id, now - WINDOW), now)
            if due <= now:
                return alerts.open(view.id, item.id, untold, now).id
            outbox.add(
                conn,
                view_id=view.id,
                dedupe_key=f"low:later:{item.id}",
                kind=EventKind.STOCK_LOW,
                payload={**item.payload, "since": since},
                now=now,
                not_before=due,
            )
            return None

        return await self._db.write(work, "low_stock.gather")

    async def alert(self, seller_id: str, alert_id: str) -> LowAlertCard:
        """Return what a message rang for. Raises NotFound("alert_unknown")."""
        return await self._db.read(lambda conn: _card(conn, seller_id, alert_id))

    async def take_edit(self, seller_id: str, alert_id: str) -> LowAlertCard:
        """Return what a message shows now; what moves from here on plans an edit of its own."""
        now = self._clock()

        def work(conn: Connection) -> LowAlertCard:
            LowAlerts(conn, seller_id).plan_edit(alert_id, None, edited_at=now)
            return _card(conn, seller_id, alert_id)

        return await self._db.write(work, "low_stock.take_edit")

    async def page(self, visitor: Visitor, page: int = 1) -> LowPage:
        """List what is low now."""

        def work(conn: Connection) -> LowPage:
            episodes = Episodes(conn, visitor.seller_id)
            total, out = episodes.counts()
            pages = max(1, -(-total // PAGE))
            at = min(max(page, 1), pages)
            heads = episodes.lowest(offset=(at - 1) * PAGE, limit=PAGE)
            shops = Shops(conn, visitor.seller_id).all()
            return LowPage(
                rows=tuple(_row(head, head.episode.number) for head in heads),
                total=total,
                out=out,
                page=at,
                pages=pages,
                as_of=oldest_sync(shops),
                is_demo=any(shop.is_simulated for shop in shops),
            )

        return await self._db.read(work)

    async def look_due(self, limit: int = 20) -> int:
        """Look at the stock of every seller whose turn it is, whether or not anything moved; return how many."""
        now = self._clock()
        if not await self._db.read(lambda conn: is_look_due(conn, now)):
            return 0
        sellers = await self._db.write(
            lambda conn: claim_looks(conn, now, now + LOOK_EVERY, limit), "low_stock.claim"
        )
        for seller_id in sellers:
            await self.look(seller_id)
        return len(sellers)

    async def look(self, seller_id: str) -> None:
        """Look at all of a seller's stock that is low or may have become it."""
        now = self._clock()
        ids = await self._db.read(lambda conn: Episodes(conn, seller_id).to_look_at())
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            await self._db.write(
                lambda conn, some=some: watch(conn, seller_id, some, now),  # type: ignore[misc]
                "low_stock.look",
            )
        self._wakeups.outbox.set()


def running_low(conn: Connection, seller_id: str) -> int:
    """Return how many variants are low and not out."""
    total, out = Episodes(conn, seller_id).counts()
    return total - out


def _card(conn: Connection, seller_id: str, alert_id: str) -> LowAlertCard:
    alerts = LowAlerts(conn, seller_id)
    if alerts.get(alert_id) is None:
        raise NotFound("alert_unknown")
    rows = [_row(head, rung) for head, rung in alerts.heads(alert_id)]
    is_demo = any(shop.is_simulated for shop in Shops(conn, seller_id).all())
    worst_first = sorted(rows, key=lambda row: (row.is_refilled, -(row.scarcity or 0)))
    return LowAlertCard(alert_id, tuple(worst_first), is_demo)


def _row(head: LowHead, rung: int) -> LowRow:
    """Return a variant as it stands; it is refilled once the episode that rang has ended."""
    episode = head.episode
    return LowRow(
        variant_id=episode.variant_id,
        title=head.title,
        name=head.name,
        sku=head.sku,
        units=episode.units,
        scarcity=episode.now,
        days=episode.days,
        is_refilled=not episode.is_open and episode.number == rung,
    )
