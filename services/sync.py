"""Reading shops: the first import, then polls from a saved mark, and the hints of pushes (R5).

A mark moves only when all pages and all details of its window are in. A window starts a little before
the mark and the mark stays a little behind the present, because orders become visible late.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from structlog.stdlib import get_logger

from domain.catalogue import ListingState
from domain.clock import Clock
from domain.errors import PlatformError, RateLimited, TokenRevoked
from domain.events import EventKind
from domain.meters import Meters
from domain.platform import Page, Platform, PlatformInfo, Window
from domain.shops import Shop, ShopState
from services.locks import follow_locks
from services.namesakes import match
from services.orders import OrderService
from services.outbox import tell
from services.shop_names import name_shop
from services.tokens import TokenService
from services.wakeups import Wakeups
from services.watching import watch
from storage.database import Connection, Database
from storage.repositories import directory, marks
from storage.repositories.catalogue import Catalogue
from storage.repositories.marks import Mark
from storage.repositories.shops import Shops
from storage.repositories.shown_stock import ShownStock

BACKFILL = timedelta(days=30)
LEASE = timedelta(minutes=2)
LISTINGS_EVERY = timedelta(minutes=10)
LONGEST_WAIT = timedelta(minutes=15)
STRETCH, STRETCHES = timedelta(minutes=30), 50
"""What is read between two notes of how far it is, at least, and into how many a long time is cut: whoever ends
or fails midway goes on from there. An everyday reading is one."""
NOT_READ = frozenset({ShopState.PAUSED, ShopState.UNLINKED})
ORDERS, LISTINGS = "orders", "listings"

log = get_logger(__name__)


class SyncService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        orders: OrderService,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
        meters: Meters,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._orders = orders
        self._platforms = platforms
        self._wakeups = wakeups
        self._meters = meters

    async def claim_due(self, limit: int = 500) -> list[Mark]:
        """Lease the streams that are due to be read."""
        now = self._clock()
        return await self._db.write(
            lambda conn: marks.claim_due(conn, now, now + LEASE, limit), "sync.claim_due"
        )

    async def poll_due(self, shop_id: str, stream: str) -> int:
        """Read a stream if it still is due: somebody may have read it since this was asked for."""
        return await self.poll(shop_id, stream, due_by=self._clock())

    async def poll(self, shop_id: str, stream: str, *, due_by: datetime | None = None) -> int:
        """Read what changed in one stream since its mark; return how many records were new or newer.

        A failure is noted on the shop and the stream waits longer each time; nothing is lost by it.
        """
        shop, now = await self._shop(shop_id), self._clock()
        if shop.state in NOT_READ:
            return 0
        mark = await self._db.write(
            lambda conn: marks.begin(conn, shop_id, stream, now + LEASE, due_by=due_by), "sync.begin"
        )
        if mark is None:
            return 0
        if mark.backfill_done_at is None:
            return await self.backfill(shop_id)
        try:
            read = self.read_orders if stream == ORDERS else self.read_listings
            taken = await read(shop, mark)
        except PlatformError as failed:
            await self._fail(shop, mark, failed)
            return 0
        return taken

    async def backfill(self, shop_id: str) -> int:
        """Read 30 days of orders, then all listings. Started again, it goes over what it has quickly."""
        shop = await self._shop(shop_id)
        if shop.state in NOT_READ:
            return 0
        both = await self._db.read(lambda conn: {each.stream: each for each in marks.all_of(conn, shop_id)})
        taken, stream = 0, ORDERS
        try:
            if both[ORDERS].backfill_done_at is None:
                taken += await self._import_orders(shop)
            stream = LISTINGS
            if both[LISTINGS].backfill_done_at is None:
                taken += await self._import_listings(shop)
        except PlatformError as failed:
            await self._fail(shop, both[stream], failed)
            return taken
        await self._tell_done(shop)
        return taken

    async def read_orders(self, shop: Shop, mark: Mark) -> int:
        """Read orders changed since the mark, up to now."""
        info, now = self._info(shop), self._clock()
        start = (mark.high_water or now - BACKFILL) - info.overlap
        seen_up_to, taken = now - info.visibility_lag, 0
        for window in Window(start, now).sliced(min(info.window, max(STRETCH, (now - start) / STRETCHES))):
            numbers = await self._changed_orders(shop, window)
            taken += await self.fetch_orders(shop, numbers)
            if window.end < seen_up_to:
                await self._reach(shop, mark, window.end)
        await self._save(shop, ORDERS, now, seen_up_to, info.poll_every, of_gen=mark.lease_gen)
        return taken

    async def read_listings(self, shop: Shop, mark: Mark) -> int:
        """Read listings changed since the mark."""
        info, now = self._info(shop), self._clock()
        since = mark.high_water - info.overlap if mark.high_water else None
        ids = await self._changed_listings(shop, since)
        await self.fetch_listings(shop, ids)
        await match(self._db, shop, ids if mark.matched_at else None, now)
        await self._save(
            shop, LISTINGS, now, now - info.visibility_lag, LISTINGS_EVERY, of_gen=mark.lease_gen
        )
        return len(ids)

    async def fetch_orders(self, shop: Shop, numbers: Sequence[str]) -> int:
        """Read these orders and record them; return how many were new or newer."""
        taken = 0
        for batch in batched(list(dict.fromkeys(numbers)), self._info(shop).orders_per_fetch):
            taken += await self._take_orders(shop, batch)
        return taken

    async def fetch_listings(self, shop: Shop, ids: Sequence[str]) -> int:
        """Read these listings and record them; return how many there were."""
        for batch in batched(list(dict.fromkeys(ids)), self._info(shop).listings_per_fetch):
            await self._take_listings(shop, batch)
        return len(ids)

    async def check_access(self, shop: Shop) -> None:
        """Ask the platform for the shop itself: a consent that has ended shows here and cuts the shop off."""
        found = await self._tokens.call(shop.id, lambda platform, access: platform.linking.fetch_shop(access))

        def work(conn: Connection) -> None:
            name_shop(conn, shop, found.name, self._info(shop))
            Shops(conn, shop.seller_id).set(shop.id, authorised_until=found.authorised_until)

        await self._db.write(work, "sync.check_access")

    async def _import_orders(self, shop: Shop) -> int:
        info, now = self._info(shop), self._clock()
        numbers: list[str] = []
        for window in Window(now - BACKFILL, now).sliced(info.window):
            numbers.extend(await self._changed_orders(shop, window))
        # The newest first: what must leave today is on the screen while the rest still comes in.
        numbers = list(dict.fromkeys(reversed(numbers)))
        await self._count(shop, ORDERS, 0, len(numbers))
        taken = seen = 0
        for batch in batched(numbers, info.orders_per_fetch):
            taken += await self._take_orders(shop, batch)
            seen += len(batch)
            await self._count(shop, ORDERS, seen, len(numbers))
        await self._save(shop, ORDERS, now, now - info.visibility_lag, info.poll_every, is_first=True)
        return taken

    async def _import_listings(self, shop: Shop) -> int:
        info, now = self._info(shop), self._clock()
        ids = await self._changed_listings(shop, None)
        await self._count(shop, LISTINGS, 0, len(ids))
        seen = 0
        for batch in batched(ids, info.listings_per_fetch):
            await self._take_listings(shop, batch)
            seen += len(batch)
            await self._count(shop, LISTINGS, seen, len(ids))
        await match(self._db, shop, None, now)
        await self._save(shop, LISTINGS, now, now - info.visibility_lag, LISTINGS_EVERY, is_first=True)
        return len(ids)

    async def _take_orders(self, shop: Shop, batch: Sequence[str]) -> int:
        stored = await self._orders.digests(shop, batch)
        found = await self._tokens.call(
            shop.id, lambda platform, access: platform.orders.fetch_orders(access, batch, stored)
        )
        return await self._orders.record(shop, found)

    async def _take_listings(self, shop: Shop, batch: Sequence[str]) -> None:
        found = await self._tokens.call(
            shop.id, lambda platform, access: platform.catalogue.fetch_listings(access, batch)
        )
        for each in found:
            if each.state is ListingState.UNKNOWN and each.raw_state:
                self._meters.odd(shop.platform, "listing state", each.raw_state)
        now = self._clock()

        def work(conn: Connection) -> None:
            moved = Catalogue(conn, shop.seller_id).record(shop.id, found, now)
            watch(conn, shop.seller_id, moved, now)
            ShownStock(conn, shop.seller_id).notice(shop.id, now)
            follow_locks(conn, shop.seller_id, shop.id, now)

        await self._db.write(work, "listings.record")
        self._wakeups.outbox.set()

    async def _changed_orders(self, shop: Shop, window: Window) -> list[str]:
        async def ask(cursor: str) -> Page:
            return await self._tokens.call(
                shop.id, lambda platform, access: platform.orders.orders_changed(access, window, cursor)
            )

        return await all_pages(ask)

    async def _changed_listings(self, shop: Shop, since: datetime | None) -> list[str]:
        async def ask(cursor: str) -> Page:
            return await self._tokens.call(
                shop.id, lambda platform, access: platform.catalogue.listings_changed(access, since, cursor)
            )

        return await all_pages(ask)

    async def _count(self, shop: Shop, stream: str, seen: int, total: int) -> None:
        """Note how far an import is; every tenth of the way is told."""
        now = self._clock()

        def work(conn: Connection) -> None:
            marks.save(
                conn,
                shop.id,
                stream,
                backfill_seen=seen,
                backfill_total=total,
                lease_until=now + LEASE,
            )
            step = 10 * seen // total if total else 10
            kind, about = EventKind.BACKFILL_PROGRESS, f"backfill:{shop.id}:step:"
            key = f"{about}{shop.linked_at.timestamp():.0f}:{stream}:{step}"
            tell(conn, shop.seller_id, kind, key, {"shop_id": shop.id}, now=now, instead_of=about)

        await self._db.write(work, "sync.count")
        self._wakeups.outbox.set()

    async def _save(
        self,
        shop: Shop,
        stream: str,
        started: datetime,
        high_water: datetime,
        every: timedelta,
        *,
        is_first: bool = False,
        of_gen: int | None = None,
    ) -> None:
        """Move a mark: everything up to it is in. The mark never moves back, nor by who was overtaken."""
        now = self._clock()

        def work(conn: Connection) -> None:
            mark = marks.get(conn, shop.id, stream)
            reached = max(filter(None, [mark.high_water, high_water]))
            values: dict[str, object] = {"backfill_done_at": now} if is_first else {}
            if stream == LISTINGS:
                values["matched_at"] = now
            if not marks.save(
                conn,
                shop.id,
                stream,
                of_gen=of_gen,
                high_water=reached,
                next_due=started + every,
                lease_until=None,
                failures=0,
                **values,
            ):
                return
            Shops(conn, shop.seller_id).set(shop.id, synced_at=started, trouble="", trouble_since=None)

        await self._db.write(work, "sync.save")

    async def _reach(self, shop: Shop, mark: Mark, high_water: datetime) -> None:
        """Move a mark on the way, unless it was further, and go on reading: a part that came in is no failure."""
        lease_until = self._clock() + LEASE

        def work(conn: Connection) -> None:
            reached = max(filter(None, [marks.get(conn, shop.id, mark.stream).high_water, high_water]))
            marks.save(
                conn,
                shop.id,
                mark.stream,
                of_gen=mark.lease_gen,
                high_water=reached,
                lease_until=lease_until,
                failures=0,
            )

        await self._db.write(work, "sync.reach")

    async def _fail(self, shop: Shop, mark: Mark, failed: PlatformError) -> None:
        """Note a failed reading: wait longer each time, say since when, go on with the other shops."""
        now = self._clock()

        def work(conn: Connection) -> timedelta:
            failures = marks.get(conn, mark.shop_id, mark.stream).failures
            wait = min(timedelta(seconds=5 * 2 ** min(failures, 8)), LONGEST_WAIT)
            if isinstance(failed, RateLimited):
                wait = max(wait, timedelta(seconds=failed.retry_after_s))
            if not marks.save(
                conn,
                mark.shop_id,
                mark.stream,
                of_gen=mark.lease_gen,
                next_due=now + wait,
                lease_until=None,
                failures=failures + 1,
            ):
                return wait
            stored = directory.shop_by_id(conn, shop.id)
            if not isinstance(failed, TokenRevoked) and not stored.trouble:
                Shops(conn, shop.seller_id).set(shop.id, trouble=failed.code, trouble_since=now)
            return wait

        wait = await self._db.write(work, "sync.fail")
        log.warning("read_failed", shop=shop.id, stream=mark.stream, reason=str(failed), wait_s=wait.seconds)

    async def _tell_done(self, shop: Shop) -> None:
        now = self._clock()
        about = f"backfill:{shop.id}:"
        key = f"{about}{shop.linked_at.timestamp():.0f}:done"

        def work(conn: Connection) -> None:
            kind = EventKind.BACKFILL_DONE
            tell(conn, shop.seller_id, kind, key, {"shop_id": shop.id}, now=now, instead_of=about)

        await self._db.write(work, "sync.tell_done")
        self._wakeups.outbox.set()

    async def _shop(self, shop_id: str) -> Shop:
        return await self._db.read(lambda conn: directory.shop_by_id(conn, shop_id))

    def _info(self, shop: Shop) -> PlatformInfo:
        return self._platforms[shop.platform].info


async def all_pages(ask: Callable[[str], Awaitable[Page]]) -> list[str]:
    """Walk pages to the end; a cursor that comes again ends the walk (a platform that repeats itself)."""
    ids: list[str] = []
    cursor, walked = "", {""}
    while True:
        page = await ask(cursor)
        ids.extend(page.ids)
        if page.next_cursor is None or page.next_cursor in walked:
            return list(dict.fromkeys(ids))
        cursor = page.next_cursor
        walked.add(cursor)


def batched(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Cut into batches of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
