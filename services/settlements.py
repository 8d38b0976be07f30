"""Reading what platforms paid out and took, little by little, so that no price or stock waits for the past.

First it is noted which orders were paid out; of those a few hundred a run are read, and what they add up to
is what fees are estimated by (`domain/earnings.py`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import PlatformError, RateLimited
from domain.platform import Can, Platform, Release, ReleasePage, Window
from domain.shops import Shop
from services.sync import LONGEST_WAIT, ORDERS, batched
from services.tokens import TokenService
from storage.database import Connection, Database
from storage.repositories import directory, marks
from storage.repositories.earnings import Earnings, SoldLine
from storage.repositories.marks import Mark

MONEY = "money"
EVERY = timedelta(hours=1)
AGAIN = timedelta(seconds=2)
"""While there is more to read of the past."""
UNTIL_IMPORTED = timedelta(seconds=20)
BACK = timedelta(days=30)
OVERLAP = timedelta(days=1)
LESSONS_LAST = timedelta(days=90)
LEASE = timedelta(minutes=5)
ORDERS_A_RUN = 200

log = get_logger(__name__)


class SettlementService:
    def __init__(
        self, db: Database, clock: Clock, *, tokens: TokenService, platforms: Mapping[str, Platform]
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._platforms = platforms

    async def poll_due(self, shop_id: str) -> int:
        """Note what was paid out since the mark and read some of it; return how many statements were read."""
        now = self._clock()
        shop = await self._db.read(lambda conn: directory.shop_by_id(conn, shop_id))
        mark = await self._db.write(
            lambda conn: marks.begin(conn, shop_id, MONEY, now + LEASE, due_by=now), "settlements.begin"
        )
        if mark is None:
            return 0
        if Can.READ_SETTLEMENTS not in self._platforms[shop.platform].info.can:
            await self._rest(mark, EVERY)
            return 0
        orders = await self._db.read(lambda conn: marks.get(conn, shop_id, ORDERS))
        if orders.backfill_done_at is None:
            await self._rest(mark, UNTIL_IMPORTED)
            return 0
        try:
            await self._note_releases(shop, mark)
            read, is_more = await self._read(shop)
        except PlatformError as failed:
            await self._fail(mark, failed)
            return 0
        await self._rest(mark, AGAIN if is_more else EVERY)
        return read

    async def _note_releases(self, shop: Shop, mark: Mark) -> None:
        now, info = self._clock(), self._platforms[shop.platform].info
        start = now - BACK if mark.high_water is None else mark.high_water - OVERLAP
        found: list[Release] = []
        for window in Window(start, now).sliced(info.window):
            found += await self._releases(shop, window)

        def note(conn: Connection) -> None:
            Earnings(conn, shop.seller_id).note_releases(shop.id, found)
            marks.save(conn, shop.id, MONEY, of_gen=mark.lease_gen, high_water=now)

        await self._db.write(note, "settlements.note")

    async def _releases(self, shop: Shop, window: Window) -> list[Release]:
        """Walk the pages of a window; a cursor that comes again ends the walk."""
        found: list[Release] = []
        cursor, walked = "", {""}
        while True:
            page = await self._page(shop, window, cursor)
            found += page.releases
            if page.next_cursor is None or page.next_cursor in walked:
                return found
            cursor = page.next_cursor
            walked.add(cursor)

    async def _page(self, shop: Shop, window: Window, cursor: str) -> ReleasePage:
        return await self._tokens.call(
            shop.id, lambda platform, access: platform.settlements.released(access, window, cursor)
        )

    async def _read(self, shop: Shop) -> tuple[int, bool]:
        """Read statements that were only noted so far; tell whether some are left."""
        unread = await self._db.read(
            lambda conn: Earnings(conn, shop.seller_id).unread(shop.id, ORDERS_A_RUN + 1)
        )
        wanted = dict(list(unread.items())[:ORDERS_A_RUN])
        size = self._platforms[shop.platform].info.settlements_per_fetch
        for numbers in batched(list(wanted), size):
            await self._read_batch(shop, {number: wanted[number] for number in numbers})
        if wanted:
            since = self._clock() - LESSONS_LAST
            await self._db.write(
                lambda conn: Earnings(conn, shop.seller_id).learn(shop.id, shop.currency, since),
                "settlements.learn",
            )
        return len(wanted), len(unread) > len(wanted)

    async def _read_batch(self, shop: Shop, ids: Mapping[str, str]) -> None:
        """Read the statements of some orders, given as ids by number, and keep them."""
        found = await self._tokens.call(
            shop.id, lambda platform, access: platform.settlements.fetch_settlements(access, list(ids))
        )
        now, known = self._clock(), [each for each in found if each.order_external_id in ids]

        def keep(conn: Connection) -> None:
            earnings = Earnings(conn, shop.seller_id)
            earnings.record(ids, known, _categories(earnings.lines_of(ids.values())), now)

        await self._db.write(keep, "settlements.record")

    async def _rest(self, mark: Mark, pause: timedelta) -> None:
        await self._save(mark, pause, failures=0)

    async def _fail(self, mark: Mark, failed: PlatformError) -> None:
        """Wait longer each time; nothing is lost by it."""
        pause = min(timedelta(seconds=30 * 2 ** min(mark.failures, 8)), LONGEST_WAIT)
        if isinstance(failed, RateLimited):
            pause = max(pause, timedelta(seconds=failed.retry_after_s))
        await self._save(mark, pause, failures=mark.failures + 1)
        log.warning("read_failed", shop=mark.shop_id, stream=MONEY, reason=str(failed), wait_s=pause.seconds)

    async def _save(self, mark: Mark, pause: timedelta, *, failures: int) -> None:
        values = {"next_due": self._clock() + pause, "lease_until": None, "failures": failures}
        await self._db.write(
            lambda conn: marks.save(conn, mark.shop_id, MONEY, of_gen=mark.lease_gen, **values),
            "settlements.save",
        )


def _categories(lines: Sequence[SoldLine]) -> dict[str, str]:
    """Return the category of each order whose goods are all of one."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        found[line.order_id].add(line.category)
    return {order_id: next(iter(several)) for order_id, several in found.items() if len(several) == 1}
