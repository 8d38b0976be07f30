"""Arranging parcels: read what is offered, write ahead, send in mass calls, read back what stayed open.

A parcel is SENDING in the database before anything leaves. What was not answered is UNKNOWN: its order is
read first, and only a parcel that still waits to be arranged is sent once more, so that none is arranged twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    PlatformError,
    RateLimited,
    RequestRejected,
    TokenRevoked,
    UnsupportedByPlatform,
    WritesPaused,
)
from domain.failpoint import failpoint
from domain.parcels import FIND_WAY, NUMBER_SOON, NUMBER_WANTED, STOP_WITHIN, Packing, PackState, ShipStep
from domain.platform import Can, HandOver, Outcome, ParcelRef, ParcelResult, Platform, Shipment, Tracking
from domain.queue import Queue, Task
from domain.shops import Shop, ShopAccess, ShopState
from services.offers import Offered, OfferService, ref_of
from services.parcel_news import batch_moved, order_moved
from services.pausing import assert_open
from services.sync import SyncService
from services.tokens import TokenService
from services.wakeups import Wakeups
from services.ways import courier_at, packed_choice, remembered, unpacked_choice
from storage.database import Connection, Database
from storage.repositories import directory, packings, pauses
from storage.repositories.batches import Batches
from storage.repositories.packings import Packings
from storage.repositories.ways import Ways

LEASE = timedelta(seconds=45)
LOOK_AFTER = timedelta(seconds=4)
"""How long after an answer stayed open the order is read: a platform may show an effect a moment late."""
NEWS_EVERY = timedelta(seconds=0.25)
"""How often it is looked whether pushes told the numbers."""
PER_ROUND = 50
ROUNDS = 20
ATTEMPTS = 8
LATER = timedelta(seconds=30)
REFUSALS = (TokenRevoked, RequestRejected, HostMisconfigured, UnsupportedByPlatform)
PASSING = frozenset({"not_ready", "not_sent"})
"""Reasons that go away by themselves."""
STALE_CHOICE = frozenset({"slot_gone", "choice_incomplete", "choice_refused"})
"""Reasons for which the offers are read anew, and somebody may have to choose."""

log = get_logger(__name__)


class ShippingService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        offers: OfferService,
        sync: SyncService,
        platforms: Mapping[str, Platform],
        queue: Queue,
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._offers = offers
        self._sync = sync
        self._platforms = platforms
        self._queue = queue
        self._wakeups = wakeups

    async def due(self, limit: int = 50) -> list[str]:
        """Return the shops in which a parcel is to be arranged or looked at."""
        now = self._clock()
        return await self._db.read(lambda conn: packings.due_shops(conn, now, limit))

    async def arrange(self, shop_id: str) -> None:
        """Bring one shop's parcels a step on; safe to call at any time, any number of times."""
        shop = await self._db.read(lambda conn: directory.shop_by_id(conn, shop_id))
        if shop.state is not ShopState.LINKED:
            return
        for _ in range(ROUNDS):
            await self._look_again(shop)
            asked = await self._due(shop, ShipStep.ASKED)
            if not asked or await self._db.read(lambda conn: pauses.is_held(conn, shop.id)):
                break
            if Can.SHIP not in self._platforms[shop.platform].info.can:
                await self._settle(shop, asked, "unsupported")
                break
            try:
                if not await self._send(shop, asked):
                    break
            except PlatformError as failed:
                await self._put_off(shop, asked, failed)
                break
        self._wakeups.outbox.set()

    async def _look_again(self, shop: Shop) -> None:
        """Read the orders of what may have been sent; what still waits to be arranged is asked for again."""
        open_ones = await self._due(shop, ShipStep.SENDING, ShipStep.UNKNOWN)
        if not open_ones:
            return
        try:
            await self._sync.fetch_orders(shop, [each.order_number for each in open_ones])
        except PlatformError as failed:
            await self._put_off(shop, open_ones, failed, keep=True)
            return
        now = self._clock()

        def work(conn: Connection) -> None:
            mine = Packings(conn, shop.seller_id)
            for each in open_ones:
                known = mine.get(each.parcel_id)
                if known is None or known.step is not each.step:
                    continue
                if known.state is PackState.TO_ARRANGE:
                    mine.step(known, ShipStep.ASKED, due_at=now)
                else:
                    mine.step(known, ShipStep.NONE, reason="", due_at=None)
            _tell(conn, shop, open_ones, self._clock)

        await self._db.write(work, "ship.look")

    async def _send(self, shop: Shop, asked: Sequence[Packing]) -> bool:
        """Send what is asked for, as far as it is clear how; True when there may be more to do."""
        asked = await self._named(shop, asked)
        if not asked:
            return True
        refs = await self._refs(shop, asked)
        offered = await self._offers.kept(shop, refs)
        unknown = [ref for ref in refs if ref not in offered]
        if unknown:
            fresh, refused = await self._offers.read(shop, refs, unknown)
            await self._take_results(shop, refs, refused)
            offered |= fresh
        shipments = await self._write_ahead(shop, refs, offered)
        if not shipments:
            return False
        sent = {each.parcel: refs[each.parcel] for each in shipments}
        results: Sequence[ParcelResult]

        async def ask(platform: Platform, access: ShopAccess) -> Sequence[ParcelResult]:
            await self._db.read(lambda conn: assert_open(conn, shop.id))
            return await platform.fulfilment.ship(access, shipments)

        try:
            failpoint("ship.send:before")
            results = await self._tokens.call(shop.id, ask)
            failpoint("ship.send:after")
        except WritesPaused:
            results = [ParcelResult(each, Outcome.REJECTED, "not_sent") for each in sent]
        except FateUnknown:
            results = [ParcelResult(each, Outcome.UNKNOWN) for each in sent]
        except PlatformError as failed:
            await self._put_off(shop, await self._again(shop, sent.values()), failed)
            return False
        await self._take_results(shop, sent, results, is_sent=True)
        await self._number(shop, [each.parcel for each in results if each.outcome is Outcome.OK], sent)
        return len(asked) == PER_ROUND

    async def _named(self, shop: Shop, asked: Sequence[Packing]) -> Sequence[Packing]:
        """Return what can be named to the platform; what was stored without its courier is read once more."""
        nameless = [each for each in asked if not each.courier_id]
        if not nameless:
            return asked
        await self._sync.fetch_orders(shop, [each.order_number for each in nameless])
        return await self._due(shop, ShipStep.ASKED)

    async def _refs(self, shop: Shop, parcels: Sequence[Packing]) -> dict[ParcelRef, Packing]:
        orders = {each.order_id for each in parcels}
        split = await self._db.read(lambda conn: Packings(conn, shop.seller_id).split_orders(orders))
        return {ref_of(each, is_split=each.order_id in split): each for each in parcels}

    async def _write_ahead(
        self, shop: Shop, refs: Mapping[ParcelRef, Packing], offered: Mapping[ParcelRef, Offered]
    ) -> list[Shipment]:
        """Note what is about to be sent, and how; what nobody has chosen a way for waits for the choice."""
        now = self._clock()

        def work(conn: Connection) -> list[Shipment]:
            ways = {each.at: each for each in Ways(conn, shop.seller_id).all()}
            mine = Packings(conn, shop.seller_id)
            shipments, waiting = [], []
            for ref, options in offered.items():
                parcel = refs[ref]
                option = remembered(options, ways.get(courier_at(parcel)))
                usual = option.choice if option else None
                choice, number = unpacked_choice(parcel.choice) if parcel.choice else (usual, "")
                values: dict[str, Any] = {"attempts": parcel.attempts + 1, "due_at": now + LEASE}
                if choice is None:
                    reason = "choose" if options else "no_way"
                    step = ShipStep.ASKED if options else ShipStep.REFUSED
                    mine.step(parcel, step, due_at=None, reason=reason)
                    waiting.append(parcel)
                elif choice.way is HandOver.OWN and not number:
                    mine.step(parcel, ShipStep.REFUSED, due_at=None, reason=NUMBER_WANTED)
                    waiting.append(parcel)
                elif parcel.reason == FIND_WAY:  # nobody need choose: now the time for a Stop begins
                    mine.step(parcel, ShipStep.ASKED, due_at=now + STOP_WITHIN, reason="")
                    waiting.append(parcel)
                elif mine.step(parcel, ShipStep.SENDING, choice=packed_choice(choice, number), **values):
                    shipments.append(Shipment(ref, choice, number))
            _tell(conn, shop, waiting, self._clock)
            return shipments

        return await self._db.write(work, "ship.claim")

    async def _take_results(
        self,
        shop: Shop,
        refs: Mapping[ParcelRef, Packing],
        results: Sequence[ParcelResult],
        *,
        is_sent: bool = False,
    ) -> None:
        """Note what became of each parcel; one that the answer does not name is of unknown fate."""
        told = {each.parcel: each for each in results}
        if is_sent:
            told = {ref: told.get(ref, ParcelResult(ref, Outcome.UNKNOWN)) for ref in refs}
        if not told:
            return

        def work(conn: Connection) -> None:
            mine = Packings(conn, shop.seller_id)
            parcels = [mine.get(refs[ref].parcel_id) for ref in told if ref in refs]
            by_id = {each.parcel_id: each for each in parcels if each}
            for ref, result in told.items():
                parcel = by_id.get(refs[ref].parcel_id)
                if parcel:
                    self._take(mine, parcel, result)
                if parcel and result.reason in STALE_CHOICE:
                    Ways(conn, shop.seller_id).outdate(courier_at(parcel))
            _tell(conn, shop, list(by_id.values()), self._clock)

        await self._db.write(work, "ship.settle")

    def _take(self, mine: Packings, parcel: Packing, result: ParcelResult) -> None:
        now, reason = self._clock(), result.reason[:48]
        if result.outcome is Outcome.OK:
            soon = now + NUMBER_SOON  # until then nobody else asks for its number
            if parcel.state is PackState.TO_ARRANGE:
                mine.move(parcel, PackState.ARRANGED, step=ShipStep.NONE, reason="", due_at=soon)
            elif parcel.state is PackState.ARRANGED and not parcel.number:
                mine.put(parcel.parcel_id, due_at=soon)
        elif result.outcome is Outcome.UNKNOWN:
            mine.step(parcel, ShipStep.UNKNOWN, reason="platform_fate_unknown", due_at=now + LOOK_AFTER)
        elif reason in STALE_CHOICE and parcel.attempts < ATTEMPTS:
            attempts = parcel.attempts + 1
            mine.step(parcel, ShipStep.ASKED, reason=reason, choice="", attempts=attempts, due_at=now)
        elif reason in PASSING and parcel.attempts < ATTEMPTS:
            attempts = parcel.attempts + 1
            mine.step(parcel, ShipStep.ASKED, reason=reason, attempts=attempts, due_at=now + LATER)
        else:
            mine.step(parcel, ShipStep.REFUSED, reason=reason or "other", due_at=None)

    async def _number(
        self, shop: Shop, arranged: Sequence[ParcelRef], refs: Mapping[ParcelRef, Packing]
    ) -> None:
        """Ask for the numbers of what has just been arranged, then have the labels of its batches prepared."""
        if not arranged:
            return
        untold = await self._untold(shop, arranged, refs)
        numbers: Sequence[Tracking] = []
        try:
            if untold:
                failpoint("ship.numbers:before")
                numbers = await self._tokens.call(
                    shop.id, lambda platform, access: platform.fulfilment.tracking(access, untold)
                )
                failpoint("ship.numbers:after")
        except PlatformError as failed:
            log.warning("numbers_wait", shop=shop.id, reason=str(failed))

        def work(conn: Connection) -> list[str]:
            mine, later = Packings(conn, shop.seller_id), self._clock() + LOOK_AFTER
            for ref in untold:
                mine.put(refs[ref].parcel_id, due_at=later)
            for each in numbers:
                if each.number and each.parcel in refs:
                    mine.number(refs[each.parcel].parcel_id, each.number, each.pickup_code, each.courier)
            batches = sorted({refs[each].batch_id for each in arranged if refs[each].batch_id})
            for batch_id in batches:
                Batches(conn, shop.seller_id).touch(batch_id, labels_due_at=self._clock())
            return batches

        for batch_id in await self._db.write(work, "ship.number"):
            await self._queue.enqueue(Task.PREPARE_LABELS, shop.seller_id, batch_id)

    async def _untold(
        self, shop: Shop, arranged: Sequence[ParcelRef], refs: Mapping[ParcelRef, Packing]
    ) -> list[ParcelRef]:
        """Wait a moment for pushes that name the numbers; return the parcels of which they must be asked for.

        A parcel that had one before may get another, and an instant courier is met with a code besides.
        """
        asked = [each for each in arranged if refs[each].is_instant or refs[each].number]
        waiting = [each for each in arranged if each not in asked]
        for _ in range(self._platforms[shop.platform].info.numbers_told_within // NEWS_EVERY):
            told = await self._told(shop, [each.external_id for each in waiting])
            waiting = [each for each in waiting if each.external_id not in told]
            if not waiting:
                break
            await asyncio.sleep(NEWS_EVERY.total_seconds())
        return [*asked, *waiting]

    async def _told(self, shop: Shop, external_ids: Sequence[str]) -> set[str]:
        """Return which of these parcels have a number by now."""
        known = await self._db.read(
            lambda conn: Packings(conn, shop.seller_id).of_shop(shop.id, external_ids)
        )
        return {each.external_id for each in known if each.number}

    async def _settle(self, shop: Shop, parcels: Sequence[Packing], reason: str) -> None:
        """Note that the platform will not arrange these."""

        def work(conn: Connection) -> None:
            for each in parcels:
                refused = {"reason": reason[:48], "due_at": None}
                Packings(conn, shop.seller_id).step(each, ShipStep.REFUSED, **refused)
            _tell(conn, shop, parcels, self._clock)

        await self._db.write(work, "ship.refused")

    async def _put_off(
        self, shop: Shop, parcels: Sequence[Packing], failed: PlatformError, *, keep: bool = False
    ) -> None:
        """Surely nothing was sent: try again later, or say what stands in the way."""
        log.warning("parcels_wait", shop=shop.id, reason=str(failed), was_sent=keep)
        if isinstance(failed, REFUSALS) and not keep:
            await self._settle(shop, parcels, failed.code)
            return
        now = self._clock()
        asked_s = failed.retry_after_s if isinstance(failed, RateLimited) else 0.0

        def work(conn: Connection) -> None:
            for each in parcels:
                pause = max(min(2**each.attempts, 60), asked_s)
                values = {"due_at": now + timedelta(seconds=pause), "attempts": each.attempts + 1}
                step = each.step if keep else ShipStep.ASKED
                reason = FIND_WAY if each.reason == FIND_WAY else failed.code[:48]
                Packings(conn, shop.seller_id).step(each, step, reason=reason, **values)
            _tell(conn, shop, parcels, self._clock)

        await self._db.write(work, "ship.put_off")

    async def _due(self, shop: Shop, *steps: ShipStep) -> list[Packing]:
        now = self._clock()
        return await self._db.read(
            lambda conn: Packings(conn, shop.seller_id).due(shop.id, steps, now, PER_ROUND)
        )

    async def _again(self, shop: Shop, parcels: Any) -> list[Packing]:
        """Return these parcels as they stand now."""
        ids = [each.parcel_id for each in parcels]

        def work(conn: Connection) -> list[Packing]:
            mine = Packings(conn, shop.seller_id)
            return [found for each in ids if (found := mine.get(each))]

        return await self._db.read(work)


def _tell(conn: Connection, shop: Shop, parcels: Sequence[Packing], clock: Clock) -> None:
    """Have the batches of these parcels shown as they are now; of those in none, the order's card."""
    for batch_id in sorted({each.batch_id for each in parcels if each.batch_id}):
        batch_moved(conn, shop.seller_id, batch_id, clock())
    for order_id in sorted({each.order_id for each in parcels if not each.batch_id}):
        order_moved(conn, shop.seller_id, order_id, clock())
