"""Sending confirmed changes of listings: claim, look, send, read back, settle (`promises.md` R6).

As with prices: a change is APPLYING in the database before anything leaves, and APPLIED only when the
shop was seen to show it. What may have been sent is read back, never sent blindly.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from structlog.stdlib import get_logger

from domain.catalogue import Listing
from domain.changes import ChangeState
from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
    UnexpectedResponse,
    UnsupportedByPlatform,
    WritesPaused,
)
from domain.failpoint import failpoint
from domain.listing_changes import ListingChange, ListingField, is_same
from domain.platform import ListingSnapshot, Outcome, Platform, PushResult
from domain.shops import ShopAccess
from services.listing_edits import edit_moved, value_of
from services.pausing import assert_open
from services.showcase import read_boosts
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory, listing_changes, pauses
from storage.repositories.audit import Audit
from storage.repositories.catalogue import Catalogue
from storage.repositories.listing_changes import ListingChanges
from storage.repositories.listings import Listings

LEASE = timedelta(seconds=45)
LOOKS_S = (0.0, 0.3, 1.0)
"""Pauses before each reading back: a platform may show a write a moment late."""
ATTEMPTS = 6
LOOK_PAUSE = timedelta(seconds=10)
CLOSED_PAUSE = timedelta(minutes=5)
REFUSALS = (TokenRevoked, RequestRejected, HostMisconfigured, UnsupportedByPlatform)

log = get_logger(__name__)


class ListingApplyService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._wakeups = wakeups

    async def due(self, limit: int = 50) -> list[tuple[str, str]]:
        """Return (seller id, change id) of what waits to be sent, settled or ended."""
        now = self._clock()
        return await self._db.read(lambda conn: listing_changes.due(conn, now, limit))

    async def apply(self, seller_id: str, change_id: str) -> None:
        """Bring one change a step on; safe to call at any time, for any change, any number of times."""
        claimed = await self._claim(seller_id, change_id)
        if claimed is None:
            return
        change, is_resumed = claimed
        try:
            is_out = is_resumed or await self._send(change)
        except WritesPaused:
            await self._move(change, ChangeState.APPROVED, lease_until=None, attempts=change.attempts - 1)
        except FateUnknown as failed:
            await self._wait_to_look(change, failed)
        except (PlatformUnavailable, RateLimited, UnexpectedResponse, TokenExpired) as failed:
            await self._back(change, self._clock() + _pause(change, failed), failed.code)
        except REFUSALS as failed:
            await self._end(change, ChangeState.FAILED, failed.code)
        else:
            if is_out:
                await self._read_back(change)

    async def _claim(self, seller_id: str, change_id: str) -> tuple[ListingChange, bool] | None:
        """Take a change in hand; the second value tells that it may have been sent before."""
        now = self._clock()

        def work(conn: Connection) -> tuple[ListingChange, bool] | None:
            changes = ListingChanges(conn, seller_id)
            change = changes.get(change_id)
            if change is None:
                return None
            if change.state is ChangeState.PENDING and change.expires_at <= now:
                changes.move(change, ChangeState.EXPIRED, ended_at=now)
                edit_moved(conn, seller_id, change_id, now)
                return None
            if change.state in {ChangeState.APPLYING, ChangeState.UNKNOWN}:
                return (change, True) if changes.take_over(change, now, now + LEASE) else None
            is_early = change.not_before is not None and change.not_before > now
            if change.state is not ChangeState.APPROVED or is_early or pauses.is_held(conn, change.shop_id):
                return None
            values = {"lease_until": now + LEASE, "attempts": change.attempts + 1}
            if not changes.move(change, ChangeState.APPLYING, **values):
                return None
            taken = changes.get(change_id)
            return (taken, False) if taken else None

        claimed = await self._db.write(work, "listing.claim")
        self._wakeups.outbox.set()
        return claimed

    async def _send(self, change: ListingChange) -> bool:
        """Look, then send; True when it left and what became of it must be read back."""
        seen = await self._look(change)
        if seen is None:
            await self._end(change, ChangeState.FAILED, "listing_gone")
        elif is_same(change.field, seen, change.after):
            await self._end(change, ChangeState.APPLIED, seen=seen)
        elif not is_same(change.field, seen, change.before):
            await self._end(change, ChangeState.CONFLICT, seen=seen)
        else:
            result = await self._push(change)
            if result.outcome is not Outcome.REJECTED:
                return True
            await self._end(change, ChangeState.FAILED, result.reason)
        return False

    async def _read_back(self, change: ListingChange) -> None:
        try:
            await self._settle(change)
        except PlatformError as failed:
            await self._wait_to_look(change, failed)

    async def _settle(self, change: ListingChange) -> None:
        """It may have been sent: read the shop until it shows the new value, and believe only that."""
        seen: str | None = None
        for pause in LOOKS_S:
            await asyncio.sleep(pause)
            seen = await self._look(change)
            if seen is not None and is_same(change.field, seen, change.after):
                await self._end(change, ChangeState.APPLIED, seen=seen)
                return
        if seen is None:
            await self._end(change, ChangeState.FAILED, "listing_gone")
        elif not is_same(change.field, seen, change.before):
            await self._end(change, ChangeState.CONFLICT, seen=seen)
        elif change.attempts >= ATTEMPTS:
            await self._end(change, ChangeState.FAILED, "no_effect", seen=seen)
        else:
            # The shop still shows the old value: the new one is a whole value, so it may be sent again.
            await self._back(change, self._clock(), "no_effect")

    async def _look(self, change: ListingChange) -> str | None:
        """Read the listing in its shop, take it into our books, and return what is to change of it."""
        ours = await self._ours(change)
        found = await self._tokens.call(
            change.shop_id,
            lambda platform, access: platform.catalogue.fetch_listings(access, [ours.external_id]),
        )
        if change.field is ListingField.BOOST:
            shop = await self._db.read(lambda conn: directory.shop_by_id(conn, change.shop_id))
            await read_boosts(self._db, self._tokens, shop, self._clock)
        now = self._clock()

        def work(conn: Connection) -> str | None:
            Catalogue(conn, change.seller_id).record(change.shop_id, found, now)
            listing = Listings(conn, change.seller_id).get(change.listing_id)
            return value_of(listing, change.field, now) if listing and _is_there(found, listing) else None

        return await self._db.write(work, "listing.look")

    async def _push(self, change: ListingChange) -> PushResult:
        ours = await self._ours(change)

        async def ask(platform: Platform, access: ShopAccess) -> PushResult:
            await self._db.read(lambda conn: assert_open(conn, change.shop_id))
            if platform.listing_writes is None:
                raise UnsupportedByPlatform(platform=platform.info.slug, operation="push_listing")
            return await platform.listing_writes.push_listing(
                access, ours.external_id, change.field, change.after
            )

        failpoint("listing.push:before")
        result = await self._tokens.call(change.shop_id, ask)
        failpoint("listing.push:after")
        return result

    async def _ours(self, change: ListingChange) -> Listing:
        found = await self._db.read(lambda conn: Listings(conn, change.seller_id).get(change.listing_id))
        if found is None:
            raise RequestRejected(platform="", operation="apply", code="listing_gone")
        return found

    async def _wait_to_look(self, change: ListingChange, failed: PlatformError) -> None:
        """It may be in the shop, and nobody could look: UNKNOWN until somebody can."""
        log.warning("listing_waits", change=change.id, reason=str(failed), was_sent=True)
        again = self._clock() + (CLOSED_PAUSE if isinstance(failed, REFUSALS) else LOOK_PAUSE)
        if change.state is not ChangeState.UNKNOWN:
            await self._move(change, ChangeState.UNKNOWN, lease_until=again, reason=failed.code)
            return
        await self._db.write(
            lambda conn: ListingChanges(conn, change.seller_id).hold(change, again), "listing.look_later"
        )

    async def _back(self, change: ListingChange, not_before: datetime, reason: str) -> None:
        values = {"not_before": not_before, "lease_until": None, "reason": reason[:48]}
        await self._move(change, ChangeState.APPROVED, **values)

    async def _end(
        self, change: ListingChange, state: ChangeState, reason: str = "", *, seen: str | None = None
    ) -> None:
        now = self._clock()
        values = {"ended_at": now, "reason": reason[:48], "seen_value": seen, "lease_until": None}
        await self._move(change, state, **values)

    async def _move(self, change: ListingChange, to: ChangeState, **values: Any) -> None:
        now = self._clock()

        def work(conn: Connection) -> None:
            if not ListingChanges(conn, change.seller_id).move(change, to, **values):
                return  # somebody took it over: theirs is the last word
            Audit(conn, change.seller_id).add(
                actor="storesync",
                action=f"listing.{to}",
                subject=f"listing:{change.listing_id}",
                facts={"change": change.id, "reason": str(values.get("reason") or "")},
                now=now,
            )
            edit_moved(conn, change.seller_id, change.id, now)

        await self._db.write(work, f"listing.{to}")
        self._wakeups.outbox.set()


def _is_there(found: Sequence[ListingSnapshot], listing: Listing) -> bool:
    return any(each.external_id == listing.external_id for each in found)


def _pause(change: ListingChange, failed: PlatformError) -> timedelta:
    """Return a pause that grows, or the longer one that the platform asks for."""
    log.warning("listing_waits", change=change.id, reason=str(failed), was_sent=False)
    asked_s = failed.retry_after_s if isinstance(failed, RateLimited) else 0.0
    return timedelta(seconds=max(min(2**change.attempts, 300), asked_s))
