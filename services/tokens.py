"""One refresh chain for each pair of tokens, however many callers and shops have it (`promises.md` R9).

A refresh token is spent by its first use, so exactly one caller refreshes: an in-process lock, then a
lease in the database. The attempt is journalled before it leaves and the new pair is stored before it
is used.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import FateUnknown, PlatformError, PlatformUnavailable, TokenExpired, TokenRevoked
from domain.events import EventKind
from domain.meters import Meter, Meters, Outcome
from domain.pace import on_behalf_of
from domain.platform import Platform
from domain.shops import Credentials, PlatformApp, Shop, ShopAccess, ShopState
from services.apps import AppService
from services.outbox import tell
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory, tokens
from storage.repositories.shops import Shops
from storage.vault import Vault

T = TypeVar("T")

LEASE = timedelta(seconds=90)
EARLY = timedelta(minutes=30)
"""An access token this near to its end is refreshed before it is used."""
TRIES = 3

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    shop: Shop
    app: PlatformApp
    credentials: Credentials
    version: int
    pair: str
    """Names the pair of tokens, which other shops may have, too."""

    @property
    def access(self) -> ShopAccess:
        return ShopAccess(
            self.app, self.shop.external_id, self.shop.region, self.shop.currency, self.credentials
        )


class TokenService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        vault: Vault,
        apps: AppService,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
        meters: Meters,
    ) -> None:
        self._db = db
        self._clock = clock
        self._vault = vault
        self._apps = apps
        self._platforms = platforms
        self._wakeups = wakeups
        self._meters = meters
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def call(self, shop_id: str, ask: Callable[[Platform, ShopAccess], Awaitable[T]]) -> T:
        """Call a platform for a shop with a fresh token; an expired one is refreshed once.

        Raises TokenRevoked when the shop must be linked again.
        """
        held = await self._fresh(shop_id)
        platform = self._platforms[held.shop.platform]
        try:
            with on_behalf_of(held.shop.seller_id):
                try:
                    return await ask(platform, held.access)
                except TokenExpired:
                    held = await self._refreshed(held)
                    return await ask(platform, held.access)
        except TokenRevoked as revoked:
            await self._cut_off(held, revoked.reason)
            raise

    async def refresh_expiring(self, limit: int = 20) -> int:
        """Refresh what ends soon, also for shops that nobody uses; return how many were looked at."""
        before = self._clock() + EARLY
        due = await self._db.read(lambda conn: tokens.expiring(conn, before, limit))
        for shop_id in due:
            try:
                await self._fresh(shop_id)
            except PlatformError as failed:
                log.warning("refresh_failed", shop=shop_id, reason=str(failed))
        return len(due)

    async def _fresh(self, shop_id: str) -> _Held:
        held = await self._read(shop_id)
        if held.credentials.expires_at - EARLY > self._clock():
            return held
        return await self._refreshed(held)

    async def _read(self, shop_id: str) -> _Held:
        def work(conn: Connection) -> tuple[Shop, Credentials, int, str]:
            shop = directory.shop_by_id(conn, shop_id)
            if shop.state in {ShopState.NEEDS_RELINK, ShopState.UNLINKED}:
                code = "shop_unlinked" if shop.state is ShopState.UNLINKED else None
                raise TokenRevoked(platform=shop.platform, operation="access", reason=shop.state, code=code)
            state = tokens.token_state(conn, shop_id)
            credentials = Credentials(
                self._vault.get(conn, f"shop:{shop_id}", "access_token"),
                self._vault.get(conn, f"shop:{shop_id}", "refresh_token"),
                state.expires_at or self._clock(),
                state.refresh_expires_at,
            )
            return shop, credentials, state.version, tokens.pair_of(conn, shop_id)

        shop, credentials, version, pair = await self._db.read(work)
        app = await self._apps.get(shop.app_id)
        if app is None:
            raise TokenRevoked(platform=shop.platform, operation="access", reason="app_gone")
        return _Held(shop, app, credentials, version, pair)

    async def _refreshed(self, old: _Held) -> _Held:
        """Return what is newer than `old`, refreshed here unless somebody did meanwhile."""
        shop_id = old.shop.id
        async with self._locks[old.pair]:
            held = await self._read(shop_id)
            if held.version > old.version:
                return held
            generation = await self._lease(shop_id)
            if generation is None:
                return await self._await_other(shop_id, held)
            held = await self._read(shop_id)
            if held.version > old.version:
                await self._drop(shop_id, generation)
                return held
            return await self._refresh(held, generation)

    async def _lease(self, shop_id: str) -> int | None:
        now = self._clock()
        return await self._db.write(
            lambda conn: tokens.take_lease(conn, shop_id, now, now + LEASE), "tokens.take_lease"
        )

    async def _await_other(self, shop_id: str, held: _Held) -> _Held:
        """Another process refreshes this shop: wait for its result as long as its lease may last."""
        ends = asyncio.get_running_loop().time() + LEASE.total_seconds()
        while asyncio.get_running_loop().time() < ends:
            await asyncio.sleep(0.2)
            now = await self._read(shop_id)
            if now.version > held.version:
                return now
        raise PlatformUnavailable(platform=held.shop.platform, operation="refresh", reason="refresh_busy")

    async def _refresh(self, held: _Held, generation: int) -> _Held:
        shop, platform = held.shop, self._platforms[held.shop.platform]
        for attempt in range(1, TRIES + 1):
            await self._db.write(
                lambda conn: tokens.journal_attempt(conn, shop.id, held.version), "tokens.journal"
            )
            try:
                fresh = await platform.linking.refresh(
                    held.app, shop.external_id, held.credentials.refresh_token
                )
            except FateUnknown:
                self._counted(shop, Outcome.UNKNOWN_FATE)
                # The answer was lost: the same old token again, inside whatever grace the platform has.
                if attempt == TRIES:
                    await self._drop(shop.id, generation)
                    raise
            except TokenRevoked as revoked:
                self._counted(shop, Outcome.REFUSED)
                await self._drop(shop.id, generation)
                await self._cut_off(held, revoked.reason)
                raise
            except PlatformError:
                self._counted(shop, Outcome.UNAVAILABLE)
                await self._drop(shop.id, generation)
                raise
            else:
                self._counted(shop, Outcome.OK)
                return await self._store(held, fresh, generation)
        raise AssertionError("unreachable")

    def _counted(self, shop: Shop, outcome: Outcome) -> None:
        self._meters.count(Meter.REFRESH, shop.platform, outcome)

    async def _drop(self, shop_id: str, generation: int) -> None:
        await self._db.write(lambda conn: tokens.drop_lease(conn, shop_id, generation), "tokens.drop_lease")

    async def _store(self, held: _Held, fresh: Credentials, generation: int) -> _Held:
        shop_id = held.shop.id

        def work(conn: Connection) -> None:
            for each in tokens.advance(
                conn,
                shop_id,
                generation=generation,
                expires_at=fresh.expires_at,
                refresh_expires_at=fresh.refresh_expires_at,
            ):
                self._vault.put(conn, f"shop:{each}", "access_token", fresh.access_token)
                self._vault.put(conn, f"shop:{each}", "refresh_token", fresh.refresh_token)

        await self._db.write(work, "tokens.store")
        return await self._read(shop_id)

    async def _cut_off(self, held: _Held, reason: str) -> None:
        """The shop must be linked again: stop its work and tell its chats, once."""
        now: datetime = self._clock()
        shop = held.shop

        def work(conn: Connection) -> None:
            if tokens.token_state(conn, shop.id).version != held.version:
                return  # somebody stored a newer pair: this refusal was of the old one
            stored = directory.shop_by_id(conn, shop.id)
            if stored.state not in {ShopState.LINKED, ShopState.PAUSED}:
                return
            Shops(conn, shop.seller_id).set(
                shop.id, state=ShopState.NEEDS_RELINK, trouble=reason[:48], trouble_since=now
            )
            key = f"cut_off:{shop.id}:{held.version}"
            tell(conn, shop.seller_id, EventKind.SHOP_CUT_OFF, key, {"shop_id": shop.id}, now=now)

        await self._db.write(work, "tokens.cut_off")
        self._wakeups.outbox.set()
