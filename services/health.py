"""How shops stand with their platforms: read on a schedule and when a platform hints at it; told when it gets worse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from structlog.stdlib import get_logger

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import NotFound, PlatformError, RateLimited
from domain.events import EventKind
from domain.health import ShopHealth, declines
from domain.platform import Can, Holiday, Platform, StandingSnapshot
from domain.shops import Shop, ShopAccess, ShopState
from services.holidays import role_of
from services.outbox import tell
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory, marks
from storage.repositories.health import Healths
from storage.repositories.holidays import HolidayRows
from storage.repositories.marks import Mark
from storage.repositories.shops import Shops

HEALTH = "health"
EVERY = timedelta(hours=6)
LEASE = timedelta(minutes=2)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HealthCard:
    """A shop with what was read last; None while it was never read."""

    shop: Shop
    health: ShopHealth | None


class HealthService:
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

    async def look(self, visitor: Visitor, shop_id: str) -> HealthCard:
        """Return how one of the shops shown in this view stands.

        Raises NotFound("shop_unknown"), also for a shop whose platform does not tell.
        """
        card = await self.card(visitor.seller_id, shop_id)
        can = self._platforms[card.shop.platform].info.can
        if not visitor.view.shows(shop_id) or Can.READ_STANDING not in can:
            raise NotFound("shop_unknown")
        return card

    async def card(self, seller_id: str, shop_id: str) -> HealthCard:
        def work(conn: Connection) -> HealthCard:
            shop = Shops(conn, seller_id).get(shop_id)
            if shop is None or shop.state is ShopState.UNLINKED:
                raise NotFound("shop_unknown")
            return HealthCard(shop, Healths(conn, seller_id).of(shop_id))

        return await self._db.read(work)

    async def poll_due(self, shop_id: str) -> bool:
        """Read how a shop stands if that is due; tell whether it was read."""
        shop = await self._db.read(lambda conn: directory.shop_by_id(conn, shop_id))
        return await self._attempt(shop, due_by=self._clock())

    async def refresh(self, shop: Shop) -> bool:
        """Read how a shop stands now, because its platform hinted at it; what fails is read when it is due."""
        return await self._attempt(shop)

    async def _attempt(self, shop: Shop, due_by: datetime | None = None) -> bool:
        until = self._clock() + LEASE
        mark = await self._db.write(
            lambda conn: marks.begin(conn, shop.id, HEALTH, until, due_by=due_by), "health.begin"
        )
        if mark is None:
            return False
        try:
            await self._read(shop, mark)
        except PlatformError as failed:
            await self._fail(mark, failed)
            return False
        return True

    async def _read(self, shop: Shop, mark: Mark) -> None:
        told, can = None, self._platforms[shop.platform].info.can
        if Can.SWITCH_HOLIDAY in can:
            await self._read_holiday(shop)
        if Can.READ_STANDING in can:
            told = await self._tokens.call(
                shop.id, lambda platform, access: platform.standing.fetch_standing(access)
            )
        await self._db.write(lambda conn: self._keep(conn, shop, mark, told), "health.record")
        self._wakeups.outbox.set()

    async def _read_holiday(self, shop: Shop) -> None:
        """Look whether a shop is on holiday: that may be switched in the seller centre, too."""

        async def ask(platform: Platform, access: ShopAccess) -> Holiday:
            return await role_of(platform).fetch_holiday(access)

        told, now = await self._tokens.call(shop.id, ask), self._clock()
        await self._db.write(
            lambda conn: HolidayRows(conn, shop.seller_id).read(shop.id, told, now), "health.holiday"
        )

    def _keep(self, conn: Connection, shop: Shop, mark: Mark, told: StandingSnapshot | None) -> None:
        """Keep what was read, unless somebody began to read later, and tell what got worse since the last time."""
        now = self._clock()
        values = {"next_due": now + EVERY, "lease_until": None, "failures": 0}
        if not marks.save(conn, shop.id, HEALTH, of_gen=mark.lease_gen, **values) or told is None:
            return
        healths = Healths(conn, shop.seller_id)
        before = healths.of(shop.id)
        healths.keep(shop.id, told, now)
        worse = declines(before.standing if before else None, told)
        if worse:
            payload = {"shop_id": shop.id, "worse": " ".join(worse)}
            key = f"health:{shop.id}:{now.timestamp():.0f}"
            tell(conn, shop.seller_id, EventKind.HEALTH_WORSE, key, payload, now=now)

    async def _fail(self, mark: Mark, failed: PlatformError) -> None:
        """Wait longer each time; the screen says as of when it is."""
        pause = min(timedelta(minutes=2 ** min(mark.failures, 10)), EVERY)
        if isinstance(failed, RateLimited):
            pause = max(pause, timedelta(seconds=failed.retry_after_s))
        values = {
            "next_due": self._clock() + pause,
            "lease_until": None,
            "failures": mark.failures + 1,
        }
        await self._db.write(
            lambda conn: marks.save(conn, mark.shop_id, HEALTH, of_gen=mark.lease_gen, **values),
            "health.fail",
        )
        log.warning("read_failed", shop=mark.shop_id, stream=HEALTH, reason=str(failed), wait_s=pause.seconds)
