"""Pushes a platform could not deliver, while we were down or slow: read, stored like any other, then confirmed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from domain.clock import Clock
from domain.errors import PlatformError
from domain.meters import Meters
from domain.notices import NoteKind, Notice
from domain.platform import Can, Platform, PushState
from domain.shops import PlatformApp
from services.apps import AppService
from services.inbound import InboundService

EVERY = timedelta(hours=1)
MOST_PAGES = 50
"""A platform that never runs out of them must not keep us."""

_TROUBLES = {PushState.WARNING: NoteKind.PUSHES_FAIL, PushState.SUSPENDED: NoteKind.PUSHES_OFF}

log = structlog.get_logger("storesync.lost_pushes")


class LostPushService:
    """Looks at the start, when most was missed, and once an hour from then on; each process by itself."""

    def __init__(
        self,
        clock: Clock,
        apps: AppService,
        platforms: Mapping[str, Platform],
        inbound: InboundService,
        meters: Meters,
    ) -> None:
        self._clock = clock
        self._meters = meters
        self._apps = apps
        self._platforms = platforms
        self._inbound = inbound
        self._due: dict[str, datetime] = {}

    async def due(self) -> list[str]:
        """Return the apps whose time has come; each is named once an hour."""
        now = self._clock()
        found = [
            app.id
            for app in await self._apps.all()
            if self._can_recall(app) and self._due.get(app.id, now) <= now
        ]
        self._due |= dict.fromkeys(found, now + EVERY)
        return found

    async def recall(self, app_id: str) -> int:
        """Take in what an app was not told; return how many pushes were new."""
        app = await self._apps.get(app_id)
        if app is None or not self._can_recall(app):
            return 0
        try:
            new = await self._recall(self._platforms[app.platform], app)
            await self._look(self._platforms[app.platform], app)
        except PlatformError as failed:
            # A sandbox has no such store, and polling finds everything in any case.
            log.info("pushes.not_recalled", app=app.id, platform=app.platform, code=failed.code)
            return 0
        return new

    async def _look(self, platform: Platform, app: PlatformApp) -> None:
        """Tell the host once that pushes fail or are off; what is off again later is told again."""
        health = await platform.hooks.push_health(app)
        if health.state in _TROUBLES:
            began = health.since.isoformat() if health.since else f"{self._clock():%Y-%m-%d}"
            key = f"pushes:{app.id}:{health.state}:{began}"
            self._meters.notice(Notice(_TROUBLES[health.state], key, {"platform": app.platform}))

    def _can_recall(self, app: PlatformApp) -> bool:
        platform = self._platforms.get(app.platform)
        return platform is not None and Can.RECALL_PUSHES in platform.info.can

    async def _recall(self, platform: Platform, app: PlatformApp) -> int:
        new, before = 0, ""
        for _ in range(MOST_PAGES):
            page = await platform.hooks.lost(app)
            if not page.mark or page.mark == before:
                break
            new += await self._inbound.store_hints(app, page.hints)
            await platform.hooks.confirm_lost(app, page.mark)
            before = page.mark
            if not page.has_more:
                break
        return new
