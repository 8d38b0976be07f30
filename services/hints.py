"""What platforms pushed: hints that something changed. The thing itself is always read again (R16)."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import PlatformError
from domain.meters import Meters
from domain.notices import NoteKind, Notice
from domain.platform import HintKind, Platform
from domain.shops import Shop, ShopState
from services.apps import AppService
from services.health import HealthService
from services.parcel_news import take_numbers
from services.return_reading import ReturnReadService
from services.sync import SyncService
from storage import inbox
from storage.database import Connection, Database
from storage.inbox import InboxRow
from storage.repositories import directory

LEASE_S = 120
ATTEMPTS = 8

_OF_ACCESS = {HintKind.AUTHORISED, HintKind.DEAUTHORISED, HintKind.AUTHORISATION_ENDING}
"""Hints about whether and until when a shop may be read."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Claimed:
    row: InboxRow
    kind: HintKind
    shop_external_id: str
    ids: tuple[str, ...]
    numbers: dict[str, str]


class HintService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        apps: AppService,
        sync: SyncService,
        health: HealthService,
        returns: ReturnReadService,
        platforms: Mapping[str, Platform],
        meters: Meters,
    ) -> None:
        self._db = db
        self._clock = clock
        self._apps = apps
        self._sync = sync
        self._health = health
        self._returns = returns
        self._platforms = platforms
        self._meters = meters

    async def work_off(self, limit: int = 100) -> int:
        """Work off waiting hints, those of one shop together; return how many were claimed."""
        now = self._clock()
        found = await self._db.write(
            lambda conn: inbox.claim(
                conn, sources=list(self._platforms), now=now, lease_s=LEASE_S, limit=limit
            ),
            "hints.claim",
        )
        by_shop: dict[tuple[str, str], list[_Claimed]] = defaultdict(list)
        for row in found:
            hint = _read(row)
            by_shop[row.app_id, hint.shop_external_id].append(hint)
        for (app_id, external_id), hints in by_shop.items():
            await self._work_off_shop(app_id, external_id, hints)
        return len(found)

    async def _work_off_shop(self, app_id: str, external_id: str, hints: list[_Claimed]) -> None:
        shop = await self._find(app_id, external_id)
        if shop is None or shop.state is not ShopState.LINKED:
            # Not (or no longer) ours: what it missed is read when it is linked.
            await self._done(hints)
            return
        try:
            await self._take_numbers(shop, hints)
            await self._read_again(shop, hints)
        except PlatformError as failed:
            await self._later(hints, failed)
        else:
            await self._done(hints)

    async def _find(self, app_id: str, external_id: str) -> Shop | None:
        app = await self._apps.get(app_id)
        if app is None:
            return None
        return await self._db.read(
            lambda conn: directory.find_shop(conn, app.platform, app.environment, external_id)
        )

    async def _take_numbers(self, shop: Shop, hints: list[_Claimed]) -> None:
        """Keep the numbers that pushes name themselves: those of many parcels need not be asked for then."""
        told = {parcel: number for hint in hints for parcel, number in hint.numbers.items()}
        if told:
            await self._db.write(lambda conn: take_numbers(conn, shop, told), "hints.numbers")

    async def _read_again(self, shop: Shop, hints: list[_Claimed]) -> None:
        orders, listings, returns = (
            [each for hint in hints if hint.kind is kind for each in hint.ids]
            for kind in (HintKind.ORDER, HintKind.LISTING, HintKind.RETURN)
        )
        if orders:
            await self._sync.fetch_orders(shop, orders)
        if listings:
            await self._sync.fetch_listings(shop, listings)
        if returns:
            await self._returns.fetch(shop, returns)
        kinds = {hint.kind for hint in hints}
        if HintKind.STANDING in kinds:
            await self._health.refresh(shop)
        if kinds & _OF_ACCESS:
            # The next call finds out whether it is true: a push is a pointer, not data.
            await self._sync.check_access(shop)

    async def _done(self, hints: list[_Claimed]) -> None:
        def work(conn: Connection) -> None:
            for hint in hints:
                inbox.done(conn, hint.row.id, hint.row.lease_gen)

        await self._db.write(work, "hints.done")

    async def _later(self, hints: list[_Claimed], failed: PlatformError) -> None:
        """Try again later, and leave it to the poll after that: it reads the same from its mark."""
        now = self._clock()

        def work(conn: Connection) -> None:
            for hint in hints:
                row = hint.row
                if row.attempts >= ATTEMPTS:
                    inbox.park(conn, row.id, row.lease_gen, failed.code)
                else:
                    again = now + timedelta(seconds=2**row.attempts)
                    inbox.later(conn, row.id, row.lease_gen, again, failed.code)

        await self._db.write(work, "hints.later")
        if any(hint.row.attempts >= ATTEMPTS for hint in hints):
            key = f"parked:{failed.platform}:{now:%Y-%m-%dT%H}"
            facts = {"source": failed.platform, "reason": failed.code}
            self._meters.notice(Notice(NoteKind.PARKED, key, facts))
        log.warning("hints_failed", count=len(hints), reason=str(failed))


def _read(row: InboxRow) -> _Claimed:
    body = json.loads(row.body)
    return _Claimed(
        row, HintKind(body["kind"]), body["shop"], tuple(body["ids"]), dict(body.get("numbers", ()))
    )
