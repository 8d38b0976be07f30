"""Reading returns: at once where a push hints at one, and by a slow poll for pushes that were lost (R5)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import PlatformError, RateLimited
from domain.platform import Can, Page, Platform, Window
from domain.shops import Shop
from services.returns import ReturnService
from services.sync import BACKFILL, LONGEST_WAIT, NOT_READ, ORDERS, all_pages, batched
from services.tokens import TokenService
from storage.database import Database
from storage.repositories import directory, marks
from storage.repositories.marks import Mark

RETURNS = "returns"
EVERY = timedelta(minutes=15)
UNTIL_IMPORTED = timedelta(seconds=20)
LEASE = timedelta(minutes=5)
ANSWERS = frozenset({Can.ANSWER_RETURNS, Can.DISPUTE_RETURNS})
"""A platform that can do neither has no returns to show."""

log = get_logger(__name__)


class ReturnReadService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        returns: ReturnService,
        platforms: Mapping[str, Platform],
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._returns = returns
        self._platforms = platforms

    async def poll_due(self, shop_id: str) -> int:
        """Read the returns that changed since the mark, if it still is due; return how many were new or newer."""
        now = self._clock()
        shop = await self._db.read(lambda conn: directory.shop_by_id(conn, shop_id))
        if shop.state in NOT_READ:
            return 0
        mark = await self._db.write(
            lambda conn: marks.begin(conn, shop_id, RETURNS, now + LEASE, due_by=now), "return_reading.begin"
        )
        if mark is None:
            return 0
        if not self._can_read(shop):
            await self._save(mark, EVERY, failures=0)
            return 0
        orders = await self._db.read(lambda conn: marks.get(conn, shop_id, ORDERS))
        if orders.backfill_done_at is None:
            await self._save(mark, UNTIL_IMPORTED, failures=0)
            return 0
        try:
            taken = await self._read(shop, mark)
        except PlatformError as failed:
            await self._fail(mark, failed)
            return 0
        info = self._platforms[shop.platform].info
        reached = max(filter(None, [mark.high_water, now - info.visibility_lag]))
        await self._save(mark, EVERY, failures=0, high_water=reached)
        return taken

    async def fetch(self, shop: Shop, numbers: Sequence[str]) -> int:
        """Read these returns and record them; return how many were new or newer."""
        if not self._can_read(shop):
            return 0
        size, taken = self._platforms[shop.platform].info.returns_per_fetch, 0
        for batch in batched(list(dict.fromkeys(numbers)), size):
            taken += await self._take(shop, batch)
        return taken

    async def _read(self, shop: Shop, mark: Mark) -> int:
        now, info = self._clock(), self._platforms[shop.platform].info
        start = now - BACKFILL if mark.high_water is None else mark.high_water - info.overlap
        numbers: list[str] = []
        for window in Window(start, now).sliced(info.window):
            numbers += await self._changed(shop, window)
        return await self.fetch(shop, numbers)

    async def _changed(self, shop: Shop, window: Window) -> list[str]:
        async def ask(cursor: str) -> Page:
            return await self._tokens.call(
                shop.id, lambda platform, access: platform.returns.returns_changed(access, window, cursor)
            )

        return await all_pages(ask)

    async def _take(self, shop: Shop, batch: Sequence[str]) -> int:
        found = await self._tokens.call(
            shop.id, lambda platform, access: platform.returns.fetch_returns(access, batch)
        )
        return await self._returns.record(shop, found)

    def _can_read(self, shop: Shop) -> bool:
        return bool(ANSWERS & self._platforms[shop.platform].info.can)

    async def _fail(self, mark: Mark, failed: PlatformError) -> None:
        """Wait longer each time; nothing is lost by it."""
        pause = min(timedelta(seconds=30 * 2 ** min(mark.failures, 8)), LONGEST_WAIT)
        if isinstance(failed, RateLimited):
            pause = max(pause, timedelta(seconds=failed.retry_after_s))
        await self._save(mark, pause, failures=mark.failures + 1)
        log.warning(
            "read_failed", shop=mark.shop_id, stream=RETURNS, reason=str(failed), wait_s=pause.seconds
        )

    async def _save(self, mark: Mark, pause: timedelta, **values: object) -> None:
        saved = {"next_due": self._clock() + pause, "lease_until": None, **values}
        await self._db.write(
            lambda conn: marks.save(conn, mark.shop_id, RETURNS, of_gen=mark.lease_gen, **saved),
            "return_reading.save",
        )
