"""The home screen: today's numbers and what is due."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.chats import Visitor
from domain.clock import Clock
from domain.returns import ReturnState
from services.earnings import earnings_of, kept_together
from services.low_stock import running_low
from services.orders import counts_of, oldest_sync
from services.views import Home, OrderFilter
from storage.database import Connection, Database
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.earnings import Earnings
from storage.repositories.holidays import HolidayRows
from storage.repositories.orders import Orders
from storage.repositories.pauses import Pauses
from storage.repositories.returns import Returns
from storage.repositories.shops import Shops


class HomeService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def today(self, visitor: Visitor) -> Home:
        """Count since midnight in the view's zone."""
        now = self._clock()
        midnight = start_of_day(now, visitor.view.zone)

        def work(conn: Connection) -> Home:
            orders = Orders(conn, visitor.seller_id)
            shops = Shops(conn, visitor.seller_id).all()
            sold, count = orders.sold_since(midnight)
            earned = earnings_of(
                conn, visitor.seller_id, Earnings(conn, visitor.seller_id).lines_paid_since(midnight)
            )
            known = [each for each in earned.values() if each.kept is not None]
            resting = HolidayRows(conn, visitor.seller_id).resting()
            waiting = Changes(conn, visitor.seller_id).waiting()
            return Home(
                shops=tuple(shops),
                sold=tuple(sold),
                orders_today=count,
                to_pack=counts_of(orders, now)[OrderFilter.TO_PACK],
                pack_next=orders.next_to_pack(),
                approvals=len({change.proposal_id for change in waiting}),
                sold_out=Catalogue(conn, visitor.seller_id).sold_out(),
                as_of=oldest_sync(shops),
                is_demo=any(shop.is_simulated for shop in shops),
                pause=Pauses(conn, visitor.seller_id).find(),
                low=running_low(conn, visitor.seller_id),
                resting=tuple(shop.name for shop in shops if shop.id in resting),
                kept=tuple(kept_together(known)),
                kept_orders=len(known),
                returns=Returns(conn, visitor.seller_id).counts().get(ReturnState.ASKED, 0),
                returns_due=Returns(conn, visitor.seller_id).first_due(),
            )

        return await self._db.read(work)


def start_of_day(now: datetime, zone: str) -> datetime:
    """Return the first existing moment of the local date, in UTC."""
    local = now.astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
