"""Sending approved changes: claim, look, send, read back, settle (`promises.md` R6, P8).

A change is APPLYING in the database before anything leaves. It is APPLIED only when the shop was seen
to show the new value. A process that dies in between leaves a lease that runs out; whoever comes
next reads the shop first and never sends blindly.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from structlog.stdlib import get_logger

from domain.catalogue import ListingVariant
from domain.changes import Change, ChangeState
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
    WritesPaused,
)
from domain.events import EventKind
from domain.failpoint import failpoint
from domain.locks import PRICE_LOCKED, known_end, next_look, wave
from domain.money import Money
from domain.platform import ListingVariantSnapshot, Outcome, Platform, PricePush, PushResult
from domain.shops import ShopAccess
from services.decisions import moved, undo_failed
from services.guards import refusal_at_last
from services.locks import went_through, went_wrong
from services.pausing import assert_open
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import changes as change_rows
from storage.repositories import pauses
from storage.repositories.audit import Audit
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes

LEASE = timedelta(seconds=45)
LOOKS_S = (0.0, 0.3, 1.0)
"""Pauses before each reading back: a platform may show a write a moment late."""
ATTEMPTS = 6
LOOK_PAUSE = timedelta(seconds=10)
UNTOLD_LASTS = timedelta(days=14)
"""How long a price waits for a promotion whose end the platform does not tell."""
CLOSED_PAUSE = timedelta(minutes=5)
"""How long until the next look at a price that may be in the shop: the platform is down, or shut for us."""

LOST = frozenset({ChangeState.FAILED, ChangeState.CONFLICT})
REFUSALS = (TokenRevoked, RequestRejected, HostMisconfigured)
"""Repeating the call brings the same answer: somebody must act first."""

log = get_logger(__name__)


class ApplyService:
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

    async def due(self, limit: int = 50) -> list[tuple[str, str]]:
        """Return (seller id, change id) of what waits to be sent, settled or ended."""
        now = self._clock()
        return await self._db.read(lambda conn: change_rows.due(conn, now, limit))

    async def apply(self, seller_id: str, change_id: str) -> None:
        """Bring one change a step on; safe to call at any time, for any change, any number of times."""
        claimed = await self._claim(seller_id, change_id)
        if claimed is None:
            return
        change, is_resumed = claimed
        try:
            is_out = is_resumed or await self._send(change)
        except WritesPaused:
            await self._put_back(change)
        except FateUnknown as failed:
            await self._wait_to_look(change, failed)
        except (PlatformUnavailable, RateLimited, UnexpectedResponse, TokenExpired) as failed:
            await self._wait_to_send(change, failed)
        except REFUSALS as failed:
            await self._end(change, ChangeState.FAILED, reason=failed.code)
        else:
            if is_out:
                await self._read_back(change)

    async def _claim(self, seller_id: str, change_id: str) -> tuple[Change, bool] | None:
        """Take a change in hand; the second value tells that it may have been sent before."""
        now = self._clock()

        def work(conn: Connection) -> tuple[Change, bool] | None:
            changes = Changes(conn, seller_id)
            change = changes.get(change_id)
            if change is None:
                return None
            if change.state is ChangeState.PENDING and change.expires_at <= now:
                changes.move(change, ChangeState.EXPIRED, ended_at=now)
                moved(conn, seller_id, change.proposal_id, now)
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

        claimed = await self._db.write(work, "apply.claim")
        self._wakeups.outbox.set()
        return claimed

    async def _send(self, change: Change) -> bool:
        """Look, then send; True when the price left and what became of it must be read back."""
        shown = await self._look(change)
        if shown is None:
            await self._end(change, ChangeState.FAILED, reason="listing_gone")
        elif shown.price.listed == change.after:
            await self._end(change, ChangeState.APPLIED, seen=change.after)
        elif shown.price.listed != change.before:
            await self._end(change, ChangeState.CONFLICT, seen=shown.price.listed)
        elif shown.price.locked_until and shown.price.locked_until > self._clock():
            await self._hold(change, shown.price.locked_until)
        elif reason := await self._guard(change):
            await self._end(change, ChangeState.FAILED, reason=reason)
        else:
            result = await self._push(change)
            if result.outcome is not Outcome.REJECTED:
                return True
            await self._refused(change, result.reason)
        return False

    async def _read_back(self, change: Change) -> None:
        try:
            await self._settle(change)
        except PlatformError as failed:
            await self._wait_to_look(change, failed)

    async def _settle(self, change: Change) -> None:
        """It may have been sent: read the shop until it shows the new value, and believe only that."""
        seen: Money | None = None
        for pause in LOOKS_S:
            await asyncio.sleep(pause)
            shown = await self._look(change)
            seen = shown.price.listed if shown else None
            if seen == change.after:
                await self._end(change, ChangeState.APPLIED, seen=seen)
                return
        if seen is None:
            await self._end(change, ChangeState.FAILED, reason="listing_gone")
        elif seen != change.before:
            await self._end(change, ChangeState.CONFLICT, seen=seen)
        elif change.attempts >= ATTEMPTS:
            await self._end(change, ChangeState.FAILED, reason="no_effect", seen=seen)
        else:
            # The shop still shows the old value: a list price is absolute, so it may be sent again.
            await self._back(change, self._clock(), "no_effect")

    async def _look(self, change: Change) -> ListingVariantSnapshot | None:
        """Read the listing variant in its shop, and take what is read into our books."""
        ours = await self._ours(change)
        found = await self._tokens.call(
            change.shop_id,
            lambda platform, access: platform.catalogue.fetch_listings(access, [ours.listing_external_id]),
        )
        now = self._clock()
        await self._db.write(
            lambda conn: Catalogue(conn, change.seller_id).record(change.shop_id, found, now), "apply.look"
        )
        variants = [one for listing in found for one in listing.variants]
        return next((one for one in variants if one.external_id == ours.external_id), None)

    async def _push(self, change: Change) -> PushResult:
        ours = await self._ours(change)
        push = PricePush(ours.listing_external_id, ours.external_id, change.after)

        async def ask(platform: Platform, access: ShopAccess) -> Sequence[PushResult]:
            await self._db.read(lambda conn: assert_open(conn, change.shop_id))
            return await platform.catalogue.push_prices(access, [push])

        failpoint("apply.push:before")
        results = await self._tokens.call(change.shop_id, ask)
        failpoint("apply.push:after")
        return results[0]

    async def _ours(self, change: Change) -> ListingVariant:
        def work(conn: Connection) -> ListingVariant | None:
            return Catalogue(conn, change.seller_id).listing_variant(change.listing_variant_id)

        found = await self._db.read(work)
        if found is None:
            raise RequestRejected(platform="", operation="apply", code="listing_gone")
        return found

    async def _guard(self, change: Change) -> str:
        """Ask the guards once more at the last moment."""
        now = self._clock()
        return await self._db.read(lambda conn: refusal_at_last(conn, change, self._platforms, now))

    async def _refused(self, change: Change, reason: str) -> None:
        """The platform said no: what a promotion holds waits for its end, or is asked for slowly."""
        if reason == PRICE_LOCKED and not waits_too_long(change, self._clock()):
            shown = await self._look(change)
            await self._hold(change, shown.price.locked_until if shown else None)
            return
        await self._end(change, ChangeState.FAILED, reason=reason)

    async def _wait_to_send(self, change: Change, failed: PlatformError) -> None:
        """No usable answer, and surely nothing was sent: it goes back and is tried again later."""
        pause = timedelta(seconds=min(2**change.attempts, 300))
        log.warning("apply_waits", change=change.id, reason=str(failed), was_sent=False)
        await self._back(change, self._clock() + _longer(pause, failed), failed.code)

    async def _wait_to_look(self, change: Change, failed: PlatformError) -> None:
        """It may be in the shop, and nobody could look: UNKNOWN until somebody can."""
        pause = CLOSED_PAUSE if isinstance(failed, REFUSALS) else LOOK_PAUSE
        log.warning("apply_waits", change=change.id, reason=str(failed), was_sent=True)
        again = self._clock() + _longer(pause, failed)
        if change.state is not ChangeState.UNKNOWN:
            await self._move(change, ChangeState.UNKNOWN, lease_until=again, reason=failed.code)
            return
        # Nothing new to tell or to audit: only the next look is later.
        await self._db.write(
            lambda conn: Changes(conn, change.seller_id).hold(change, again), "apply.look_later"
        )

    async def _put_back(self, change: Change) -> None:
        """Paused between the look and the push: it waits as if it had not been taken in hand."""
        await self._move(change, ChangeState.APPROVED, lease_until=None, attempts=change.attempts - 1)

    async def _hold(self, change: Change, ends_at: datetime | None) -> None:
        now = self._clock()
        values = {"locked_since": change.locked_since or now, "locked_until": known_end(ends_at, now)}
        await self._back(change, next_look(ends_at, now), PRICE_LOCKED, **values)

    async def _back(self, change: Change, not_before: datetime, reason: str, **more: datetime | None) -> None:
        values = {"not_before": not_before, "lease_until": None, "reason": reason} | more
        await self._move(change, ChangeState.APPROVED, **values)

    async def _end(
        self, change: Change, state: ChangeState, *, reason: str = "", seen: Money | None = None
    ) -> None:
        now = self._clock()
        values = {
            "ended_at": now,
            "reason": reason[:48],
            "seen_value": seen.amount if seen else None,
            "lease_until": None,
        }
        if change.locked_since and change.locked_until is None:
            values["locked_until"] = wave(now)
        await self._move(change, state, **values)

    async def _move(self, change: Change, to: ChangeState, **values: Any) -> None:
        now = self._clock()

        def work(conn: Connection) -> None:
            if not Changes(conn, change.seller_id).move(change, to, **values):
                return  # somebody took it over: theirs is the last word
            facts = {"change": change.id, "reason": str(values.get("reason") or "")}
            Audit(conn, change.seller_id).add(
                actor="storesync",
                action=f"price.{to}",
                subject=f"proposal:{change.proposal_id}",
                facts=facts,
                now=now,
            )
            moved(conn, change.seller_id, change.proposal_id, now)
            if to in LOST:
                undo_failed(conn, change, now)
            if change.locked_since:
                until = change.locked_until or values.get("locked_until") or now
                told_at = values.get("ended_at") or now
                tell_waited(conn, change, to, until, told_at, EventKind.WAIT_FAILED)

        await self._db.write(work, f"apply.{to}")
        self._wakeups.outbox.set()


def waits_too_long(change: Change, now: datetime) -> bool:
    """Tell whether a promotion without an end has held a price for so long that nobody expects it any more."""
    return change.locked_since is not None and now - change.locked_since > UNTOLD_LASTS


def tell_waited(
    conn: Connection, change: Change, to: ChangeState, until: datetime, now: datetime, failed: EventKind
) -> None:
    """Tell of a price that waited for a promotion to end that it went through, or that it did not."""
    if to is ChangeState.APPLIED:
        went_through(conn, change.seller_id, change.shop_id, until, now)
    if to in LOST:
        went_wrong(conn, change.seller_id, change.shop_id, change.proposal_id, now, failed)


def _longer(pause: timedelta, failed: PlatformError) -> timedelta:
    """Return the pause, or the longer one that the platform asks for."""
    asked_s = failed.retry_after_s if isinstance(failed, RateLimited) else 0.0
    return max(pause, timedelta(seconds=asked_s))
