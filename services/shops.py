"""Shops as their seller looks at them: state, last reading, how far the first import has come."""

from collections.abc import Mapping

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, NotFound
from domain.people import Role
from domain.platform import Can, Platform
from domain.queue import Queue, Task
from domain.shops import Shop, ShopState
from services.decisions import need
from services.sync import NOT_READ
from services.views import Progress, ShopDetails
from storage.database import Connection, Database
from storage.repositories import directory, marks
from storage.repositories.changes import Changes
from storage.repositories.health import Healths
from storage.repositories.holidays import HolidayRows
from storage.repositories.listing_changes import ListingChanges
from storage.repositories.order_actions import OrderActions
from storage.repositories.packings import Packings
from storage.repositories.pauses import Pauses
from storage.repositories.return_actions import ReturnActions
from storage.repositories.review_answers import ReviewAnswers
from storage.repositories.shops import Shops
from storage.repositories.shown_stock import ShownStock


class ShopService:
    def __init__(self, db: Database, clock: Clock, queue: Queue, platforms: Mapping[str, Platform]) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._platforms = platforms

    async def list_shops(self, visitor: Visitor) -> list[Shop]:
        """Return the shops that are shown in this view."""
        return [shop for shop in await self.list_all(visitor) if visitor.view.shows(shop.id)]

    async def list_all(self, visitor: Visitor) -> list[Shop]:
        return await self._db.read(lambda conn: Shops(conn, visitor.seller_id).all())

    async def details(self, visitor: Visitor, shop_id: str) -> ShopDetails:
        """Return one of the shops shown in this view. Raises NotFound("shop_unknown")."""

        def work(conn: Connection) -> ShopDetails:
            shop = Shops(conn, visitor.seller_id).get(shop_id)
            if shop is None or shop.state is ShopState.UNLINKED or not visitor.view.shows(shop.id):
                raise NotFound("shop_unknown")
            can = self._platforms[shop.platform].info.can
            can_rest = Can.SWITCH_HOLIDAY in can
            return ShopDetails(
                shop=shop,
                prices=Changes(conn, visitor.seller_id).count_approved(shop_id),
                listings=ListingChanges(conn, visitor.seller_id).count_approved(shop_id),
                stock=ShownStock(conn, visitor.seller_id).count_to_send(shop_id),
                parcels=Packings(conn, visitor.seller_id).count_asked(shop_id),
                orders=OrderActions(conn, visitor.seller_id).count_ready(shop_id),
                returns=ReturnActions(conn, visitor.seller_id).count_ready(shop_id),
                answers=ReviewAnswers(conn, visitor.seller_id).count_ready(shop_id),
                pause=Pauses(conn, visitor.seller_id).find(),
                is_rated=Can.READ_STANDING in can,
                health=Healths(conn, visitor.seller_id).of(shop_id),
                holiday=HolidayRows(conn, visitor.seller_id).of(shop_id) if can_rest else None,
            )

        return await self._db.read(work)

    async def sync_now(self, visitor: Visitor, shop_id: str) -> Shop:
        """Ask for a reading of orders and listings at once.

        Raises NotFound("shop_unknown"), Conflict("moved_on") for a shop that is paused.
        """
        need(visitor, Role.PACKER)
        shop, now = (await self.details(visitor, shop_id)).shop, self._clock()
        if shop.state in NOT_READ:
            raise Conflict("moved_on")
        await self._db.write(lambda conn: marks.hurry(conn, shop_id, now), "shops.hurry")
        await self._queue.enqueue(Task.POLL_ORDERS, shop_id)
        await self._queue.enqueue(Task.POLL_LISTINGS, shop_id)
        return shop

    async def progress(self, shop_id: str) -> Progress:
        """Tell how far the first import has come; 100 percent means both streams are in."""
        now = self._clock()

        def work(conn: Connection) -> Progress:
            shop = directory.shop_by_id(conn, shop_id)
            by_stream = {mark.stream: mark for mark in marks.all_of(conn, shop_id)}
            orders, listings = by_stream["orders"], by_stream["listings"]
            is_done = bool(orders.backfill_done_at and listings.backfill_done_at)
            total = orders.backfill_total + listings.backfill_total
            seen = orders.backfill_seen + listings.backfill_seen
            ended = max(orders.backfill_done_at or now, listings.backfill_done_at or now)
            return Progress(
                shop=shop,
                listings=listings.backfill_seen if not is_done else listings.backfill_total,
                orders=orders.backfill_seen if not is_done else orders.backfill_total,
                percent=100 if is_done else min(99, 100 * seen // total if total else 0),
                is_done=is_done,
                seconds=(ended - shop.linked_at).total_seconds(),
            )

        return await self._db.read(work)
