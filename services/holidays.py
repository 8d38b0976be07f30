"""Holidays of shops: wished with one worded button, carried to the platform, read back.

A wish is absolute ("on", "off"), so one whose fate is unknown is read back and asked for again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from structlog.stdlib import get_logger

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import (
    Conflict,
    HostMisconfigured,
    PlatformError,
    RateLimited,
    RequestRejected,
    TokenRevoked,
    UnsupportedByPlatform,
    WritesPaused,
)
from domain.events import EventKind
from domain.holidays import ShopHoliday, Wish
from domain.people import Role
from domain.platform import Can, Holiday, Holidays, Outcome, Platform
from domain.queue import Queue, Task
from domain.shops import Shop, ShopAccess, ShopState
from domain.tickets import Action, ButtonTicket
from services.decisions import need
from services.outbox import tell
from services.pausing import assert_open
from services.tokens import TokenService
from services.views import Pressed, PressResult
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory, holidays, pauses
from storage.repositories.audit import Audit
from storage.repositories.cards import Cards
from storage.repositories.holidays import HolidayRows
from storage.repositories.shops import Shops

SUBJECT = "shop"
"""What the message that shows a shop is remembered under."""
LEASE = timedelta(seconds=45)
ATTEMPTS = 8
REFUSALS = (TokenRevoked, RequestRejected, HostMisconfigured, UnsupportedByPlatform)
NO_EFFECT = "no_effect"
WISHES = {Action.BEGIN_HOLIDAY: Wish.ON, Action.END_HOLIDAY: Wish.OFF}

log = get_logger(__name__)


class HolidayService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        platforms: Mapping[str, Platform],
        queue: Queue,
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._platforms = platforms
        self._queue = queue
        self._wakeups = wakeups

    async def due(self, limit: int = 50) -> list[str]:
        """Return the shops of which something is wished that may leave now."""
        now = self._clock()
        return await self._db.read(lambda conn: holidays.due_shops(conn, now, limit))

    async def spread(self, shop_id: str) -> None:
        """Ask the queue to bring what is wished of a shop to its platform."""
        self._wakeups.outbox.set()
        await self._queue.enqueue(Task.SWITCH_HOLIDAY, shop_id)

    async def carry(self, shop_id: str) -> None:
        """Bring a wish a step on; safe to call at any time, any number of times."""
        now = self._clock()

        def work(conn: Connection) -> tuple[Shop, ShopHoliday | None]:
            shop = directory.shop_by_id(conn, shop_id)
            if pauses.is_held(conn, shop_id):
                return shop, None
            return shop, holidays.claim(conn, shop_id, now, now + LEASE)

        shop, wished = await self._db.write(work, "holiday.claim")
        if wished is None:
            return
        try:
            refusal = await self._send(shop, wished.wish)
        except WritesPaused:
            await self._later(shop, wished, timedelta(0))
        except REFUSALS as failed:
            await self._settle(shop, wished, failed.code)
        except PlatformError as failed:
            await self._again(shop, wished, failed)
        else:
            await self._settle(shop, wished, refusal)

    async def _send(self, shop: Shop, wish: Wish) -> str:
        """Ask for it and read it back; return why it was refused, or "". Raises PlatformError while it is open."""
        role_of(self._platforms[shop.platform])

        async def ask(platform: Platform, access: ShopAccess) -> tuple[str, Holiday]:
            await self._db.read(lambda conn: assert_open(conn, shop.id))
            role = role_of(platform)
            result = await role.set_holiday(access, is_on=wish is Wish.ON)
            refusal = result.reason if result.outcome is Outcome.REJECTED else ""
            return refusal, await role.fetch_holiday(access)

        refusal, seen = await self._tokens.call(shop.id, ask)
        now = self._clock()
        await self._db.write(
            lambda conn: HolidayRows(conn, shop.seller_id).read(shop.id, seen, now), "holiday.record"
        )
        if not refusal and seen.is_on is not (wish is Wish.ON):
            raise PlatformError(platform=shop.platform, operation="set_holiday", code=NO_EFFECT)
        return refusal

    async def _again(self, shop: Shop, wished: ShopHoliday, failed: PlatformError) -> None:
        log.warning("holiday_not_switched", shop=shop.id, reason=str(failed), attempts=wished.attempts)
        if wished.attempts >= ATTEMPTS:
            await self._settle(shop, wished, failed.code)
            return
        pause = timedelta(seconds=2**wished.attempts)
        if isinstance(failed, RateLimited):
            pause = max(pause, timedelta(seconds=failed.retry_after_s))
        await self._later(shop, wished, pause)

    async def _later(self, shop: Shop, wished: ShopHoliday, pause: timedelta) -> None:
        due_at = self._clock() + pause
        await self._db.write(
            lambda conn: HolidayRows(conn, shop.seller_id).later(wished, due_at), "holiday.later"
        )

    async def _settle(self, shop: Shop, wished: ShopHoliday, refusal: str) -> None:
        now = self._clock()

        def work(conn: Connection) -> None:
            rows = HolidayRows(conn, shop.seller_id)
            known = rows.of(shop.id)
            if known.wish is not wished.wish:
                return  # somebody wishes otherwise by now
            rows.settle(known, refusal)
            step = "refused" if refusal else "done"
            _note(conn, shop, wished.wish, step, wished.wished_by, now, refusal)

        await self._db.write(work, "holiday.settle")
        self._wakeups.outbox.set()


def role_of(platform: Platform) -> Holidays:
    """Return what switches holidays. Raises UnsupportedByPlatform before any request where nothing does."""
    if platform.holidays is None or Can.SWITCH_HOLIDAY not in platform.info.can:
        raise UnsupportedByPlatform(platform=platform.info.slug, operation="holiday")
    return platform.holidays


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Wish for a holiday, or for its end, as a button says. Raises NotAllowed("role"), Conflict("moved_on")."""
    need(visitor, Role.MANAGER)
    shop = Shops(conn, visitor.seller_id).get(ticket.object_id)
    rows = HolidayRows(conn, visitor.seller_id)
    known, wish = rows.of(ticket.object_id), WISHES[ticket.action]
    is_shown = known.version == ticket.object_version and not known.wish
    if shop is None or shop.state is not ShopState.LINKED or not is_shown or known.is_on is (wish is Wish.ON):
        raise Conflict("moved_on")
    rows.wish(known, wish, visitor.member.user_id, now)
    _note(conn, shop, wish, "asked", visitor.member.user_id, now)
    return Pressed(PressResult.HOLIDAY_ASKED, shop.id)


def _note(
    conn: Connection, shop: Shop, wish: Wish, step: str, actor: str, now: datetime, why: str = ""
) -> None:
    """Audit a step, and have the messages that show the shop brought up to date."""
    Audit(conn, shop.seller_id).add(
        actor=actor,
        action=f"shop.holiday_{wish}.{step}",
        subject=f"shop:{shop.id}",
        facts={"reason": why},
        now=now,
    )
    views = sorted({each.view_id for each in Cards(conn, shop.seller_id).of(SUBJECT, shop.id)})
    if views:
        version = HolidayRows(conn, shop.seller_id).of(shop.id).version
        key = f"shop:moved:{shop.id}:{version}"
        tell(conn, shop.seller_id, EventKind.SHOP_MOVED, key, {"shop_id": shop.id}, now=now, views=views)
