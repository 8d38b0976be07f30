"""Bringing what the shops show to what the ledger says: read, compare with our belief, set, read back (R10).

A row is SENDING in the database before anything leaves. What may be in a shop and was not answered is
read back, never sent blindly. A shop that shows something else than we believe is asked for its orders
first: a sale we had not heard of is the likely reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import (
    HostMisconfigured,
    PlatformError,
    RateLimited,
    RequestRejected,
    TokenRevoked,
    UnsupportedByPlatform,
    WritesPaused,
)
from domain.failpoint import failpoint
from domain.locks import BELOW_RESERVED, STOCK_LOCKS
from domain.platform import Can, Outcome, Platform, PushResult, StockPush
from domain.shops import Shop, ShopAccess, ShopState
from domain.stock import ShownState
from services.counting import card_moved
from services.locks import lock, rest
from services.pausing import assert_open
from services.shown import explain, settle
from services.sync import ORDERS, SyncService, batched
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory, marks, pauses, shown_stock
from storage.repositories.catalogue import Catalogue
from storage.repositories.shown_stock import Shown, ShownStock

LEASE = timedelta(seconds=45)
PER_ROUND = 50
ROUNDS = 20
REFUSED_PAUSE = timedelta(minutes=10)
REFUSALS = (TokenRevoked, RequestRejected, HostMisconfigured, UnsupportedByPlatform)

log = get_logger(__name__)


class StockPushService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        sync: SyncService,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._sync = sync
        self._platforms = platforms
        self._wakeups = wakeups

    async def due(self, limit: int = 50) -> list[str]:
        """Return the shops in which stock is to be sent, settled or looked at."""
        now = self._clock()
        return await self._db.read(lambda conn: shown_stock.due_shops(conn, now, limit))

    async def push(self, shop_id: str) -> None:
        """Bring one shop's stock a step on; safe to call at any time, any number of times."""
        shop = await self._db.read(lambda conn: directory.shop_by_id(conn, shop_id))
        if (
            shop.state is not ShopState.LINKED
            or Can.PUSH_STOCK not in self._platforms[shop.platform].info.can
        ):
            return
        try:
            for _ in range(ROUNDS):
                await self._look_again(shop)
                if not await self._send(shop):
                    break
        except PlatformError as failed:
            await self._put_off(shop, failed)
        self._wakeups.outbox.set()

    async def _look_again(self, shop: Shop) -> None:
        """Read what was never read, what may have been sent, and what differs; the shop's orders come first."""
        looked_at = {
            ShownState.NEW,
            ShownState.SENDING,
            ShownState.UNKNOWN,
            ShownState.DIFFERS,
            ShownState.LOCKED,
        }
        rows = await self._due(shop, looked_at)
        if not rows:
            return
        mark = await self._db.read(lambda conn: marks.get(conn, shop.id, ORDERS))
        await self._sync.read_orders(shop, mark)
        began = self._clock()
        found = await self._read(shop, rows)

        def work(conn: Connection) -> None:
            for row in (
                ShownStock(conn, shop.seller_id).get([each.listing_variant_id for each in rows]).values()
            ):
                if row.state not in looked_at:
                    continue
                if row.listing_external_id not in found:
                    refuse(conn, shop.seller_id, row, "not_found", self._clock())
                else:
                    explain(conn, shop.seller_id, row, began, self._clock())
                card_moved(conn, shop.seller_id, row.variant_id, self._clock())

        await self._db.write(work, "stock.look")

    async def _send(self, shop: Shop) -> bool:
        """Send what differs, at most one round of it; True when there is more to send or to look at."""
        claimed, more = await self._claim(shop)
        if not claimed:
            return more
        pushes = [
            StockPush(each.listing_external_id, each.external_id, each.sent, each.sent_from, each.place)
            for each in claimed
        ]

        async def ask(platform: Platform, access: ShopAccess) -> Sequence[PushResult]:
            await self._db.read(lambda conn: assert_open(conn, shop.id))
            return await platform.catalogue.push_stock(access, pushes)

        try:
            failpoint("stock.push:before")
            results = await self._tokens.call(shop.id, ask)
            failpoint("stock.push:after")
        except WritesPaused:
            await self._put_back(shop, claimed)
            return False
        except PlatformError as failed:
            await self._not_sent(shop, claimed, failed)
            return False
        await self._take_results(shop, claimed, results)
        return more or any(each.outcome is not Outcome.OK for each in results)

    async def _claim(self, shop: Shop) -> tuple[list[Shown], bool]:
        now = self._clock()

        def work(conn: Connection) -> tuple[list[Shown], bool]:
            shown = ShownStock(conn, shop.seller_id)
            if pauses.is_held(conn, shop.id):
                return [], False
            rows = shown.of_shop(shop.id, set(shown_stock.TO_SEND), now, PER_ROUND)
            claimed = []
            for row in rows:
                if row.target == row.units:
                    rest(conn, shop.seller_id, row, now, **_nothing_to_free(row))
                    continue
                values: dict[str, Any] = {
                    "state": ShownState.SENDING,
                    "sent": row.target,
                    "sent_from": row.units,
                    "attempts": row.attempts + 1,
                }
                if shown.move(row, due_at=now + LEASE, **values):
                    claimed.append(replace(row, **values))
            return claimed, len(rows) == PER_ROUND

        return await self._db.write(work, "stock.claim")

    async def _take_results(
        self, shop: Shop, claimed: Sequence[Shown], results: Sequence[PushResult]
    ) -> None:
        """Note what was refused, and read the rest back."""
        told = {(each.listing_external_id, each.variant_external_id): each for each in results}
        refused, sent, is_done = [], [], set()
        for row in claimed:
            result = told.get((row.listing_external_id, row.external_id))
            if result and result.outcome is Outcome.REJECTED:
                refused.append((row, result.reason))
                continue
            sent.append(row)
            if result and result.outcome is Outcome.OK:
                is_done.add(row.listing_variant_id)

        def note(conn: Connection) -> None:
            for row, reason in refused:
                refuse(conn, shop.seller_id, row, reason, self._clock())
                card_moved(conn, shop.seller_id, row.variant_id, self._clock())

        if refused:
            await self._db.write(note, "stock.refused")
        if locked := [row for row, reason in refused if reason in STOCK_LOCKS]:
            await self._time_locks(shop, locked)
        done = [row for row in sent if row.listing_variant_id in is_done]
        if done:
            found = await self._read(shop, done)
            await self._settle(shop, done, found)
        if len(done) < len(sent):
            await self._unknown(shop, [row for row in sent if row.listing_variant_id not in is_done])

    async def _time_locks(self, shop: Shop, locked: Sequence[Shown]) -> None:
        """Read until when a promotion holds what was refused, and how much it keeps."""
        await self._read(shop, locked)
        asked_for = {row.listing_variant_id: row.sent for row in locked}

        def work(conn: Connection) -> None:
            now, shown = self._clock(), ShownStock(conn, shop.seller_id)
            for row in shown.get(list(asked_for)).values():
                if row.state is not ShownState.LOCKED:
                    continue
                if row.reason == BELOW_RESERVED and row.target > asked_for[row.listing_variant_id]:
                    shown.move(row, state=ShownState.READY, due_at=now)  # as much of it as may be
                else:
                    lock(conn, shop.seller_id, row, row.reason, now)
                card_moved(conn, shop.seller_id, row.variant_id, now)

        await self._db.write(work, "stock.time_locks")

    async def _settle(self, shop: Shop, done: Sequence[Shown], found: set[str]) -> None:
        """Believe what was set, and say that it is shown once it was read."""

        def work(conn: Connection) -> None:
            rows = ShownStock(conn, shop.seller_id).get([each.listing_variant_id for each in done])
            for row in rows.values():
                if row.state is not ShownState.SENDING:
                    continue
                settle(conn, shop.seller_id, row, self._clock(), was_read=row.listing_external_id in found)
                card_moved(conn, shop.seller_id, row.variant_id, self._clock())

        await self._db.write(work, "stock.settle")

    async def _unknown(self, shop: Shop, rows: Sequence[Shown]) -> None:
        """It may be in the shop: look at once, after the orders."""
        now = self._clock()

        def work(conn: Connection) -> None:
            for row in rows:
                values = {"state": ShownState.UNKNOWN, "due_at": now, "reason": "platform_fate_unknown"}
                ShownStock(conn, shop.seller_id).move(row, **values)

        await self._db.write(work, "stock.unknown")

    async def _put_back(self, shop: Shop, rows: Sequence[Shown]) -> None:
        """Paused between the claim and the push: it waits as if it had not been claimed."""
        now = self._clock()

        def work(conn: Connection) -> None:
            for row in rows:
                values = {"state": ShownState.READY, "due_at": now, "attempts": row.attempts - 1}
                ShownStock(conn, shop.seller_id).move(row, **values)

        await self._db.write(work, "stock.put_back")

    async def _not_sent(self, shop: Shop, rows: Sequence[Shown], failed: PlatformError) -> None:
        """Surely nothing was sent: it goes back and is tried again later."""
        now = self._clock()
        log.warning("stock_waits", shop=shop.id, reason=str(failed), was_sent=False)
        is_final = isinstance(failed, REFUSALS)

        def work(conn: Connection) -> None:
            for row in rows:
                state = ShownState.REFUSED if is_final else ShownState.READY
                pause = REFUSED_PAUSE if is_final else timedelta(seconds=min(2**row.attempts, 300))
                until = now + max(pause, _asked(failed))
                ShownStock(conn, shop.seller_id).move(row, state=state, due_at=until, reason=failed.code[:48])
                card_moved(conn, shop.seller_id, row.variant_id, now)

        await self._db.write(work, "stock.not_sent")

    async def _put_off(self, shop: Shop, failed: PlatformError) -> None:
        """The shop cannot be read: what waits for a look waits longer."""
        now = self._clock()
        log.warning("stock_waits", shop=shop.id, reason=str(failed))
        pause = max(REFUSED_PAUSE if isinstance(failed, REFUSALS) else timedelta(seconds=10), _asked(failed))
        waiting = set(ShownState) - {ShownState.IDLE, ShownState.HELD}

        def work(conn: Connection) -> None:
            shown = ShownStock(conn, shop.seller_id)
            for row in shown.of_shop(shop.id, waiting, now + LEASE, 10_000):
                shown.move(row, due_at=now + pause, version=row.version)

        await self._db.write(work, "stock.put_off")

    async def _due(self, shop: Shop, states: set[ShownState]) -> list[Shown]:
        now = self._clock()
        return await self._db.read(
            lambda conn: ShownStock(conn, shop.seller_id).of_shop(shop.id, states, now, 500)
        )

    async def _read(self, shop: Shop, rows: Sequence[Shown]) -> set[str]:
        """Read these listings into our books; return the ids of those that are there."""
        size = self._platforms[shop.platform].info.listings_per_fetch
        found: set[str] = set()
        for batch in batched(sorted({each.listing_external_id for each in rows}), size):
            seen = await self._tokens.call(
                shop.id,
                lambda platform, access, batch=batch: platform.catalogue.fetch_listings(access, batch),  # type: ignore[misc]
            )
            now = self._clock()
            await self._db.write(
                lambda conn, seen=seen, now=now: Catalogue(conn, shop.seller_id).record(shop.id, seen, now),  # type: ignore[misc]
                "stock.read",
            )
            found |= {each.external_id for each in seen}
        return found


def refuse(conn: Connection, seller_id: str, row: Shown, reason: str, now: datetime) -> None:
    """Note that a platform did not take a number; what differs is looked into, all else tried again later."""
    if reason in STOCK_LOCKS:
        lock(conn, seller_id, row, reason, now)
        return
    if reason == "shows_other":
        values: dict[str, Any] = {"state": ShownState.DIFFERS, "due_at": now, "seen": None, "seen_at": None}
    else:
        values = {"state": ShownState.REFUSED, "due_at": now + REFUSED_PAUSE}
    ShownStock(conn, seller_id).move(row, reason=reason[:48], **values)


def _nothing_to_free(row: Shown) -> dict[str, Any]:
    """Return what to note of a number that waited and need not be set any more: nobody is told."""
    return {"locked_since": None, "locked_until": None} if row.is_waiting and not row.is_short else {}


def _asked(failed: PlatformError) -> timedelta:
    return timedelta(seconds=failed.retry_after_s if isinstance(failed, RateLimited) else 0.0)
