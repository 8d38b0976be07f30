"""Reading what buyers see of a shop besides its goods: what they say of them, and what is shown first.

Platforms do not push either, so it is asked for now and then. Reviews come in no promised order and some
hundred at most, so all that can be reached are read each time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import PlatformError, RateLimited
from domain.events import EventKind
from domain.platform import Can, Platform, ReviewPage
from domain.reviews import LOW_STARS, ReviewSnapshot
from domain.shops import Shop, ShopAccess
from services.outbox import tell
from services.sync import LONGEST_WAIT, NOT_READ
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory, marks
from storage.repositories.listings import Listings
from storage.repositories.marks import Mark
from storage.repositories.reviews import Reviews

SHOWCASE = "showcase"
EVERY = timedelta(minutes=30)
LEASE = timedelta(minutes=3)
MOST_PAGES = 20
NEWS_LASTS = timedelta(days=2)
"""An older review is no news: it was there when the shop was linked, or while nobody read it."""

log = get_logger(__name__)


class ShowcaseService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._platforms = platforms
        self._wakeups = wakeups

    async def poll_due(self, shop_id: str) -> int:
        """Read a shop's reviews and boosts if it still is due; return how many reviews were new."""
        now = self._clock()
        shop = await self._db.read(lambda conn: directory.shop_by_id(conn, shop_id))
        if shop.state in NOT_READ:
            return 0
        mark = await self._db.write(
            lambda conn: marks.begin(conn, shop_id, SHOWCASE, now + LEASE, due_by=now), "showcase.begin"
        )
        if mark is None:
            return 0
        can = self._platforms[shop.platform].info.can
        try:
            fresh = await self._read_reviews(shop, mark) if Can.READ_REVIEWS in can else 0
            if Can.BOOST_LISTINGS in can:
                await read_boosts(self._db, self._tokens, shop, self._clock)
        except PlatformError as failed:
            await self._fail(mark, failed)
            return 0
        await self._save(mark, EVERY, high_water=now, failures=0)
        return fresh

    async def _read_reviews(self, shop: Shop, mark: Mark) -> int:
        found = await self._pages(shop)
        now = self._clock()
        is_first = mark.high_water is None

        def work(conn: Connection) -> int:
            fresh = Reviews(conn, shop.seller_id).record(shop.id, found, now)
            for review_id in [] if is_first else fresh:
                tell_if_low(conn, shop.seller_id, review_id, now)
            return len(fresh)

        taken = await self._db.write(work, "showcase.record")
        self._wakeups.outbox.set()
        return taken

    async def _pages(self, shop: Shop) -> Sequence[ReviewSnapshot]:
        """Walk the pages; a cursor that comes again ends the walk."""
        found: list[ReviewSnapshot] = []
        cursor, walked = "", {""}
        for _ in range(MOST_PAGES):
            page = await self._page(shop, cursor)
            found += page.reviews
            if page.next_cursor is None or page.next_cursor in walked:
                break
            cursor = page.next_cursor
            walked.add(cursor)
        return found

    async def _page(self, shop: Shop, cursor: str) -> ReviewPage:
        return await self._tokens.call(
            shop.id, lambda platform, access: platform.reviews.reviews(access, cursor)
        )

    async def _fail(self, mark: Mark, failed: PlatformError) -> None:
        """Wait longer each time; nothing is lost by it."""
        pause = min(timedelta(seconds=30 * 2 ** min(mark.failures, 8)), LONGEST_WAIT)
        if isinstance(failed, RateLimited):
            pause = max(pause, timedelta(seconds=failed.retry_after_s))
        log.warning(
            "read_failed", shop=mark.shop_id, stream=SHOWCASE, reason=str(failed), wait_s=pause.seconds
        )
        await self._save(mark, pause, failures=mark.failures + 1)

    async def _save(self, mark: Mark, pause: timedelta, **values: object) -> None:
        due = self._clock() + pause
        await self._db.write(
            lambda conn: marks.save(
                conn, mark.shop_id, SHOWCASE, of_gen=mark.lease_gen, next_due=due, lease_until=None, **values
            ),
            "showcase.save",
        )


async def read_boosts(db: Database, tokens: TokenService, shop: Shop, clock: Clock) -> None:
    """Read what a shop shows first, and until when."""

    async def ask(platform: Platform, access: ShopAccess) -> Mapping[str, timedelta]:
        return await platform.listing_writes.boosted(access) if platform.listing_writes else {}

    left = await tokens.call(shop.id, ask)
    now = clock()
    until = {number: now + lasts for number, lasts in left.items()}
    await db.write(lambda conn: Listings(conn, shop.seller_id).note_boosts(shop.id, until), "boosts.note")


def tell_if_low(conn: Connection, seller_id: str, review_id: str, now: datetime) -> None:
    """Ring for a review of few stars that is news and waits for an answer."""
    review = Reviews(conn, seller_id).get(review_id)
    if review is None or review.is_answered or review.seen.stars > LOW_STARS:
        return
    if now - review.seen.created_at > NEWS_LASTS:
        return
    payload = {"review_id": review_id, "shop_id": review.shop_id}
    tell(conn, seller_id, EventKind.REVIEW_LOW, f"review:low:{review_id}", payload, now=now)
