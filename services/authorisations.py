"""Until when shops may be read: asked for once a day, and told to their owners before it ends and after it has.

What is said is an outbox row whose key names the shop, the end and the step, so a step is told once, however
many workers look and however often they start.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import PlatformError
from domain.events import EventKind
from domain.platform import Can, Platform
from domain.shops import PlatformApp, Shop
from services.apps import AppService
from services.outbox import tell
from services.sync import SyncService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import authorisations as rows
from storage.repositories.authorisations import Ending
from storage.repositories.cards import Cards
from storage.repositories.shops import Shops

EVERY = timedelta(days=1)
LOOKS_EVERY = timedelta(minutes=1)
WARNS_BEFORE = (1, 3, 7)
"""Days before the end at which owners are told, the nearest first."""
ESCALATES_AFTER = (3, 1)
"""Days after the end at which owners are told again while nobody has linked, the latest first."""
ESCALATES_UNTIL = timedelta(days=7)
"""Whoever has not linked again by then does not want to."""
AT_ONCE = 200
DAY = timedelta(days=1)

log = get_logger(__name__)


class AuthorisationService:
    """Each process asks at its start and once a day; what it tells is told once for all of them."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        apps: AppService,
        sync: SyncService,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._apps = apps
        self._sync = sync
        self._platforms = platforms
        self._wakeups = wakeups
        self._due: dict[str, datetime] = {}
        self._looked_at: datetime | None = None
        self._checked: set[tuple[str, datetime]] = set()

    async def due(self) -> list[str]:
        """Return the apps whose time to be asked has come; each is named once a day."""
        now = self._clock()
        found = [
            app.id
            for app in await self._apps.all()
            if self._can_list(app) and self._due.get(app.id, now) <= now
        ]
        self._due |= dict.fromkeys(found, now + EVERY)
        return found

    async def read(self, app_id: str) -> int:
        """Ask which shops an app may read and until when; return how many it may.

        A shop of ours that is not named is asked for itself: what ended is found out there.
        """
        app = await self._apps.get(app_id)
        if app is None or not self._can_list(app):
            return 0
        try:
            told = await self._platforms[app.platform].linking.fetch_authorisations(app)
        except PlatformError as failed:
            log.warning("authorisations.not_read", app=app.id, platform=app.platform, code=failed.code)
            self._due[app.id] = self._clock() + timedelta(hours=1)
            return 0
        until = {each.external_id: each.until for each in told}
        linked = await self._db.read(lambda conn: rows.linked_of(conn, app_id))
        await self._db.write(lambda conn: _keep(conn, linked, until), "authorisations.keep")
        for shop in linked:
            if shop.external_id not in until:
                await self._check(shop)
        return len(told)

    async def warn(self) -> int:
        """Tell owners of what ends soon, and of what has ended and is not linked again; return how many there are."""
        now = self._clock()
        if self._looked_at and now - self._looked_at < LOOKS_EVERY:
            return 0
        self._looked_at = now
        found = await self._db.read(
            lambda conn: [
                *rows.ending(conn, now - DAY, now + max(WARNS_BEFORE) * DAY, AT_ONCE),
                *rows.ended(conn, now - ESCALATES_UNTIL, now - min(ESCALATES_AFTER) * DAY, AT_ONCE),
            ]
        )
        for each in found:
            if each.is_linked and each.at <= now and (each.shop.id, each.at) not in self._checked:
                self._checked.add((each.shop.id, each.at))
                await self._check(each.shop)
        if found:
            await self._db.write(lambda conn: _tell(conn, found, now), "authorisations.tell")
            self._wakeups.outbox.set()
        return len(found)

    async def still(self, seller_id: str, shop_id: str, at: datetime) -> Shop | None:
        """Return the shop if its consent ends, or has ended, at that moment as before; a pause changes nothing of it."""
        return await self._db.read(lambda conn: rows.still(conn, seller_id, shop_id, at))

    async def _check(self, shop: Shop) -> None:
        """Ask for a shop itself; one whose consent has ended is cut off by it and told."""
        try:
            await self._sync.check_access(shop)
        except PlatformError as failed:
            log.info("authorisations.checked", shop=shop.id, code=failed.code)

    def _can_list(self, app: PlatformApp) -> bool:
        platform = self._platforms.get(app.platform)
        return platform is not None and Can.LIST_AUTHORISATIONS in platform.info.can


def _keep(conn: Connection, linked: Sequence[Shop], until: Mapping[str, datetime | None]) -> None:
    for shop in linked:
        if shop.external_id in until and until[shop.external_id] != shop.authorised_until:
            Shops(conn, shop.seller_id).set(shop.id, authorised_until=until[shop.external_id])


def _tell(conn: Connection, found: Sequence[Ending], now: datetime) -> None:
    for each in found:
        step = _step(each, now)
        if step:
            about = f"authorisation:{each.shop.id}:{each.at.timestamp():.0f}:{step}"
            payload = {"shop_id": each.shop.id, "at": each.at.isoformat()}
            cards = Cards(conn, each.shop.seller_id)
            views = cards.views_of_owners(each.shop.id) or cards.views(each.shop.id)
            kind = EventKind.AUTHORISATION_ENDING
            tell(conn, each.shop.seller_id, kind, about, payload, now=now, views=views)


def _step(each: Ending, now: datetime) -> str:
    """Return how far it is, in words of the key: one message for each; none for what is over and still linked."""
    if each.is_linked:
        left = each.at - now
        near = [days for days in WARNS_BEFORE if timedelta(0) < left <= days * DAY]
        return f"before{near[0]}" if near else ""
    late = [days for days in ESCALATES_AFTER if now - each.at >= days * DAY]
    return f"after{late[0]}" if late else ""
