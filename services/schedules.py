"""Reports by the clock of a view: asked for, moved with its zone, made once for each local date (R17)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from domain.chats import View, Visitor
from domain.clock import Clock
from domain.events import EventKind
from domain.money import Money
from domain.people import Role
from domain.schedules import DAY, done_at_start, done_before, due_run, moment, next_due
from services.decisions import need
from services.low_stock import running_low
from services.orders import counts_of
from services.outbox import tell
from services.views import OrderFilter
from storage.database import Connection, Database
from storage.repositories import directory, schedules
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.orders import Orders
from storage.repositories.schedules import Planned
from storage.repositories.shops import Shops

DAILY_CARD = "daily_card"


@dataclass(frozen=True, slots=True)
class DailyCard:
    """The day before `day` in numbers, and what waits now."""

    day: date
    yesterday: date
    sold: tuple[Money, ...]
    orders: int
    to_pack: int
    pack_next: datetime | None
    approvals: int
    sold_out: int
    is_demo: bool
    low: int = 0


class ScheduleService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def daily_at(self, visitor: Visitor) -> time | None:
        """Return the local time of the daily card here; None while nobody asked for one."""
        planned = await self._db.read(lambda conn: schedules.get(conn, visitor.view.id, DAILY_CARD))
        return planned.local_time if planned else None

    async def set_daily(self, visitor: Visitor, at: time | None) -> time | None:
        """Send the daily card here at a local time from now on, or not any more; in a group it takes a manager."""
        if visitor.chat.kind != "private":
            need(visitor, Role.MANAGER)
        view, now = visitor.view, self._clock()

        def work(conn: Connection) -> None:
            schedules.drop(conn, view.id, DAILY_CARD)
            if at is not None:
                done = done_at_start(now, at, view.zone)
                due = next_due(at, view.zone, done)
                schedules.plan(conn, Planned(view.id, DAILY_CARD, at, view.zone, due, done))

        await self._db.write(work, "schedule.set")
        return at

    async def run_due(self, limit: int = 50) -> int:
        """Ask for every report that is due; return how many there were.

        The outbox key holds the local date: a date is told once, whatever is set or moved meanwhile.
        """
        now = self._clock()
        if not await self._db.read(lambda conn: schedules.is_due(conn, now)):
            return 0

        def work(conn: Connection) -> int:
            due = schedules.due(conn, now, limit)
            for planned in due:
                _run(conn, planned, now)
            return len(due)

        return await self._db.write(work, "schedule.run")

    async def card(self, view: View, day: date) -> DailyCard:
        """Return the numbers of the day before `day`, by the view's zone."""

        def work(conn: Connection) -> DailyCard:
            orders = Orders(conn, view.seller_id)
            now, midnight = self._clock(), time()
            start, end = (moment(each, midnight, view.zone) for each in (day - DAY, day))
            sold, count = orders.sold_since(start, until=end)
            shops = Shops(conn, view.seller_id).all()
            return DailyCard(
                day=day,
                yesterday=day - DAY,
                sold=tuple(sold),
                orders=count,
                to_pack=counts_of(orders, now)[OrderFilter.TO_PACK],
                pack_next=orders.next_to_pack(),
                approvals=len({each.proposal_id for each in Changes(conn, view.seller_id).waiting()}),
                sold_out=Catalogue(conn, view.seller_id).sold_out(),
                is_demo=any(shop.is_simulated for shop in shops),
                low=running_low(conn, view.seller_id),
            )

        return await self._db.read(work)


def follow_zone(conn: Connection, view_id: str, zone: str) -> None:
    """Move a view's reports to another zone, in the transaction that sets it; what is done stays done."""
    for planned in schedules.of_view(conn, view_id):
        due = next_due(planned.local_time, zone, planned.done)
        schedules.plan(conn, replace(planned, zone=zone, next_due=due))


def _run(conn: Connection, planned: Planned, now: datetime) -> None:
    run = due_run(now, planned.local_time, planned.zone, planned.done)
    if run is not None:
        view, _ = directory.view_and_chat(conn, planned.view_id)
        payload = {"day": run.day.isoformat(), "skipped": str(run.skipped)}
        payload |= {"is_late": "1"} if run.is_late else {}
        key = f"report:{planned.report}:{run.day.isoformat()}"
        tell(conn, view.seller_id, EventKind.DAILY_CARD, key, payload, now=now, views=[view.id])
    done = done_before(now, planned.local_time, planned.zone, planned.done)
    schedules.made(conn, planned, done, next_due(planned.local_time, planned.zone, done))
