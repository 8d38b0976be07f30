"""Sending bulk changes: one listing first, alone, and read back; then listing by listing (`promises.md` R6, P8).

Every price goes the way a single one goes: APPLYING in the database before it leaves, APPLIED only when
the shop was seen to show it. What a killed process had in hand is read back before anything is sent.
A refusal that would meet all the rest calls the rest off.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from structlog.stdlib import get_logger

from domain.changes import Change, ChangeState
from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    TokenExpired,
    UnexpectedResponse,
    WritesPaused,
)
from domain.events import EventKind
from domain.failpoint import failpoint
from domain.locks import PRICE_LOCKED, known_end, next_look, wave
from domain.money import Money
from domain.platform import ListingVariantSnapshot, Outcome, Platform, PricePush, PushResult
from domain.shops import ShopAccess
from services import applying, guards
from services.applying import (
    ATTEMPTS,
    CLOSED_PAUSE,
    LOOK_PAUSE,
    LOST,
    REFUSALS,
    tell_waited,
    waits_too_long,
)
from services.bulk_batches import Batch, take
from services.bulk_decisions import call_off
from services.decisions import moved, undo_failed
from services.pausing import assert_open
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import bulks as bulk_rows
from storage.repositories.audit import Audit
from storage.repositories.bulks import OPEN_STATES, Bulks
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes

TELL_EVERY = timedelta(seconds=2)
HITS_ALL = frozenset(
    {"shop_restricted", "token_revoked", "shop_unlinked", "host_misconfigured", "unsupported"}
)
"""Reasons that are not about one price: the next would be refused for the same."""
NOT_SENT = "not_sent"

log = get_logger(__name__)

Shown = Mapping[str, ListingVariantSnapshot]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a change goes next."""

    change: Change
    to: ChangeState
    values: dict[str, Any]


@dataclass(slots=True)
class Trip:
    """What became of a batch so far: `steps` are to be written, `out` may be in the shop, `left` is untouched."""

    left: list[Change]
    steps: list[Step] = field(default_factory=list)
    out: list[Change] = field(default_factory=list)
    goes_on: bool = True


class BulkApplyService:
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

    async def due(self, limit: int = 20) -> list[tuple[str, str]]:
        """Return (seller id, bulk id) of what waits to be sent, settled or ended."""
        now = self._clock()
        return await self._db.read(lambda conn: bulk_rows.due(conn, now, limit))

    async def apply(self, seller_id: str, bulk_id: str) -> None:
        """Send what may be sent; safe to call at any time, for any bulk change, any number of times."""
        told: datetime | None = None
        while batch := await self._claim(seller_id, bulk_id):
            trip = await self._travel(batch)
            is_time = told is None or self._clock() - told >= TELL_EVERY
            told = self._clock() if is_time else told
            await self._settle(batch, trip, is_told=is_time)
            if not trip.goes_on:
                return

    async def _claim(self, seller_id: str, bulk_id: str) -> Batch | None:
        now = self._clock()
        batch = await self._db.write(lambda conn: take(conn, seller_id, bulk_id, now), "bulk.claim")
        self._wakeups.outbox.set()
        return batch

    async def _travel(self, batch: Batch) -> Trip:
        """Look, send, read back: return what became of each price of the batch."""
        trip = Trip(left=list(batch.changes))
        if batch.is_resumed:
            trip.left, trip.out = [], trip.left
        else:
            await self._send(batch, trip)
        if trip.out:
            try:
                await self._read_back(batch, trip)
            except PlatformError as failed:
                trip.steps += [self._look_later(each, failed) for each in trip.out]
                trip.goes_on = False
        return trip

    async def _send(self, batch: Batch, trip: Trip) -> None:
        """Look, then send in one call; what left is out, what became of it must be read back."""
        try:
            shown = await self._look(batch)
            await self._sort(batch, shown, trip)
            results = await self._push(batch, trip.left) if trip.left else []
        except WritesPaused:
            trip.steps += [self._put_back(each) for each in trip.left]
        except FateUnknown as failed:
            trip.steps += [self._look_later(each, failed) for each in trip.left]
        except (PlatformUnavailable, RateLimited, UnexpectedResponse, TokenExpired) as failed:
            trip.steps += [self._send_later(each, failed) for each in trip.left]
        except REFUSALS as failed:
            trip.steps += [self._end(each, ChangeState.FAILED, failed.code) for each in trip.left]
        else:
            await self._take_results(batch, trip, results)
            return
        trip.goes_on = False

    async def _sort(self, batch: Batch, shown: Shown, trip: Trip) -> None:
        """Keep in `left` what may be sent: the shop shows what was approved against, and the guards agree."""
        now = self._clock()
        refused = await self._db.read(
            lambda conn: guards.refusals_at_last(conn, batch.changes, self._platforms, now)
        )
        trip.left = []
        for change in batch.changes:
            one = shown.get(batch.variants[change.id])
            if one is None:
                trip.steps.append(self._end(change, ChangeState.FAILED, "listing_gone"))
            elif one.price.listed == change.after:
                trip.steps.append(self._end(change, ChangeState.APPLIED, seen=change.after))
            elif one.price.listed != change.before:
                trip.steps.append(self._end(change, ChangeState.CONFLICT, seen=one.price.listed))
            elif one.price.locked_until and one.price.locked_until > now:
                trip.steps.append(self._hold(change, one.price.locked_until))
            elif reason := refused.get(change.id):
                trip.steps.append(self._end(change, ChangeState.FAILED, reason))
            else:
                trip.left.append(change)

    async def _push(self, batch: Batch, changes: Sequence[Change]) -> Sequence[PushResult]:
        listing = batch.listing_external_id
        pushes = [PricePush(listing, batch.variants[each.id], each.after) for each in changes]

        async def ask(platform: Platform, access: ShopAccess) -> Sequence[PushResult]:
            await self._db.read(lambda conn: assert_open(conn, batch.shop_id))
            return await platform.catalogue.push_prices(access, pushes)

        failpoint("bulk.push:before")
        results = await self._tokens.call(batch.shop_id, ask)
        failpoint("bulk.push:after")
        return results

    async def _take_results(self, batch: Batch, trip: Trip, results: Sequence[PushResult]) -> None:
        """Sort what was sent into what is out and what the platform refused, each with its reason."""
        told = {each.variant_external_id: each for each in results}
        refused = [each for each in trip.left if _is_refused(told.get(batch.variants[each.id]))]
        trip.out = [each for each in trip.left if each not in refused]
        reasons = {each.id: told[batch.variants[each.id]].reason for each in refused}
        locks = await self._locks(batch, [each for each in refused if reasons[each.id] == PRICE_LOCKED])
        for change in refused:
            reason = reasons[change.id]
            if reason == NOT_SENT:
                trip.steps.append(self._back(change, self._clock() + _pause(change), reason))
            elif reason == PRICE_LOCKED and not waits_too_long(change, self._clock()):
                trip.steps.append(self._hold(change, locks.get(change.id)))
            else:
                trip.steps.append(self._end(change, ChangeState.FAILED, reason))

    async def _locks(self, batch: Batch, locked: Sequence[Change]) -> dict[str, datetime | None]:
        """Return when the promotions end that hold these, where the platform tells it."""
        if not locked:
            return {}
        try:
            shown = await self._look(batch)
        except PlatformError:
            return {}
        ends = {each.id: shown.get(batch.variants[each.id]) for each in locked}
        return {change_id: one.price.locked_until for change_id, one in ends.items() if one}

    async def _read_back(self, batch: Batch, trip: Trip) -> None:
        """They may have been sent: read the shop until it shows the new values, and believe only that."""
        shown: Shown = {}
        for pause in applying.LOOKS_S:
            await asyncio.sleep(pause)
            shown = await self._look(batch)
            live = [each for each in trip.out if _listed(shown, batch, each) == each.after]
            trip.steps += [self._end(each, ChangeState.APPLIED, seen=each.after) for each in live]
            trip.out = [each for each in trip.out if each not in live]
            if not trip.out:
                return
        trip.steps += [self._not_live(each, _listed(shown, batch, each)) for each in trip.out]
        trip.out = []

    def _not_live(self, change: Change, seen: Money | None) -> Step:
        if seen is None:
            return self._end(change, ChangeState.FAILED, "listing_gone")
        if seen != change.before:
            return self._end(change, ChangeState.CONFLICT, seen=seen)
        if change.attempts >= ATTEMPTS:
            return self._end(change, ChangeState.FAILED, "no_effect", seen=seen)
        # The shop still shows the old value: a list price is absolute, so it may be sent again.
        return self._back(change, self._clock(), "no_effect")

    async def _look(self, batch: Batch) -> Shown:
        """Read the listing in its shop, take what is read into our books, and return its variants."""
        found = await self._tokens.call(
            batch.shop_id,
            lambda platform, access: platform.catalogue.fetch_listings(access, [batch.listing_external_id]),
        )
        now = self._clock()
        await self._db.write(
            lambda conn: Catalogue(conn, batch.seller_id).record(batch.shop_id, found, now), "bulk.look"
        )
        return {one.external_id: one for listing in found for one in listing.variants}

    def _put_back(self, change: Change) -> Step:
        values = {"lease_until": None, "attempts": change.attempts - 1}
        return Step(change, ChangeState.APPROVED, values)

    def _send_later(self, change: Change, failed: PlatformError) -> Step:
        log.warning("bulk_waits", change=change.id, reason=str(failed), was_sent=False)
        asked_s = failed.retry_after_s if isinstance(failed, RateLimited) else 0.0
        pause = max(_pause(change), timedelta(seconds=asked_s))
        return self._back(change, self._clock() + pause, failed.code)

    def _look_later(self, change: Change, failed: PlatformError) -> Step:
        log.warning("bulk_waits", change=change.id, reason=str(failed), was_sent=True)
        pause = CLOSED_PAUSE if isinstance(failed, REFUSALS) else LOOK_PAUSE
        values = {"lease_until": self._clock() + pause, "reason": failed.code[:48]}
        return Step(change, ChangeState.UNKNOWN, values)

    def _hold(self, change: Change, ends_at: datetime | None) -> Step:
        now = self._clock()
        values = {"locked_since": change.locked_since or now, "locked_until": known_end(ends_at, now)}
        return self._back(change, next_look(ends_at, now), PRICE_LOCKED, **values)

    def _back(self, change: Change, not_before: datetime, reason: str, **more: datetime | None) -> Step:
        values = {"not_before": not_before, "lease_until": None, "reason": reason[:48]} | more
        return Step(change, ChangeState.APPROVED, values)

    def _end(
        self, change: Change, state: ChangeState, reason: str = "", *, seen: Money | None = None
    ) -> Step:
        values = {
            "ended_at": self._clock(),
            "reason": reason[:48],
            "seen_value": seen.amount if seen else None,
            "lease_until": None,
        }
        if change.locked_since and change.locked_until is None:
            values["locked_until"] = wave(self._clock())
        return Step(change, state, values)

    async def _settle(self, batch: Batch, trip: Trip, *, is_told: bool) -> None:
        """Write what became of a batch; call the rest off when the platform's reason would meet all of it."""
        now = self._clock()
        await self._db.write(
            lambda conn: _write(conn, batch, trip.steps, now, is_told=is_told), "bulk.settle"
        )
        self._wakeups.outbox.set()


def _write(conn: Connection, batch: Batch, steps: Sequence[Step], now: datetime, *, is_told: bool) -> None:
    changes, audit = Changes(conn, batch.seller_id), Audit(conn, batch.seller_id)
    head = Bulks(conn, batch.seller_id).get(batch.bulk_id, for_update=True)
    for step in steps:
        # Nothing new to tell or to audit of one that is looked at again later.
        if step.change.state is step.to is ChangeState.UNKNOWN:
            changes.hold(step.change, step.values["lease_until"])
        elif changes.move(step.change, step.to, **step.values):
            audit.add(
                actor="storesync",
                action=f"price.{step.to}",
                subject=f"proposal:{batch.bulk_id}",
                facts={"change": step.change.id, "reason": str(step.values.get("reason") or "")},
                now=now,
            )
            if step.to in LOST:
                undo_failed(conn, step.change, now)
            if step.change.locked_since:
                until = step.change.locked_until or step.values.get("locked_until") or now
                told_at = step.values.get("ended_at") or now
                tell_waited(conn, step.change, step.to, until, told_at, EventKind.BULK_WAIT_FAILED)
    fatal = next((each for each in steps if each.values.get("reason") in HITS_ALL), None)
    if fatal and head and call_off(conn, head, now, reason=str(fatal.values["reason"])):
        return
    states = {each.state for each in changes.of_proposal(batch.bulk_id)}
    if is_told or not states & set(OPEN_STATES):
        moved(conn, batch.seller_id, batch.bulk_id, now)


def _is_refused(result: PushResult | None) -> bool:
    return result is not None and result.outcome is Outcome.REJECTED


def _listed(shown: Shown, batch: Batch, change: Change) -> Money | None:
    one = shown.get(batch.variants[change.id])
    return one.price.listed if one else None


def _pause(change: Change) -> timedelta:
    return timedelta(seconds=min(2**change.attempts, 300))
