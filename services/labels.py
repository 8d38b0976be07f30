"""Labels: prepared once the numbers are there, fetched when they are sent, merged in packing order.

A label shows a buyer's address, so no file of ours is kept: it goes from the platform into the chat. How
often a label was sent is counted before it leaves: from then on it may lie on a table.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from structlog.stdlib import get_logger

from domain.batches import LabelStep
from domain.clock import Clock
from domain.errors import PlatformError
from domain.events import EventKind
from domain.failpoint import failpoint
from domain.parcels import OFF, Packing, PackState, ShipStep
from domain.platform import Can, LabelFile, LabelRequest, ParcelRef, Platform
from services.offers import ref_of
from services.outbox import tell
from services.packing import PickLine, pick_lines
from services.papers import Page, Paper, merge
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import batches as batch_rows
from storage.repositories import directory
from storage.repositories.batches import Batches
from storage.repositories.packings import Packings

LOOK_EVERY = timedelta(seconds=2)
PATIENCE = timedelta(minutes=5)
"""How long a batch waits for all its parcels before what is there is sent."""
POLL_S = 0.5
POLLS = 40
"""How often a label that is in the making is asked for while its file is being put together."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Print:
    """Labels ready to be sent: one paper a courier, with what is on it, in packing order; and what did not come."""

    papers: tuple[Paper, ...]
    picks: tuple[tuple[PickLine, ...], ...]
    missing: tuple[Packing, ...]
    prints: int


class LabelService:
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
        """Return (seller id, batch id) of batches whose labels are to be prepared."""
        now = self._clock()
        return await self._db.read(lambda conn: batch_rows.due(conn, now, limit))

    async def prepare(self, seller_id: str, batch_id: str) -> None:
        """Have a batch's labels sent when every parcel is arranged and numbered, or when it waited too long."""
        await self._number(seller_id, batch_id)
        now = self._clock()

        def work(conn: Connection) -> None:
            batches = Batches(conn, seller_id)
            batch = batches.get(batch_id)
            if batch is None:
                return
            parcels = Packings(conn, seller_id).of_batch(batch_id)
            ready = [each for each in parcels if _is_printable(each)]
            waits = [each for each in parcels if _is_coming(each)]
            again_at = now + LOOK_EVERY if waits else None
            if batch.labels is not LabelStep.WAITING:
                # What came too late for the labels of its batch gets its number all the same.
                batches.touch(batch_id, labels_due_at=again_at)
                return
            is_late = now - batch.opened_at > PATIENCE
            if waits and not (ready and is_late):
                batches.touch(batch_id, labels_due_at=again_at)
                return
            step = LabelStep.READY if ready else LabelStep.STUCK
            batches.touch(batch_id, labels=step, labels_due_at=again_at, prints=batch.prints + bool(ready))
            if ready:
                payload = {"batch_id": batch_id, "prints": str(batch.prints + 1)}
                key = f"labels:{batch_id}:{batch.prints + 1}"
                tell(conn, seller_id, EventKind.LABELS_READY, key, payload, now=now, views=[batch.view_id])

        await self._db.write(work, "labels.prepare")
        self._wakeups.outbox.set()

    async def fetch(self, seller_id: str, payload: Mapping[str, str]) -> Print:
        """Fetch the labels of a batch or of one parcel, and count the print. Raises PlatformError when none comes."""
        batch_id, parcel_id = payload.get("batch_id", ""), payload.get("parcel_id", "")

        def look(conn: Connection) -> list[Packing]:
            mine = Packings(conn, seller_id)
            one = mine.get(parcel_id) if parcel_id else None
            return mine.of_batch(batch_id) if batch_id else [one] if one else []

        parcels = await self._db.read(look)
        wanted = [each for each in parcels if _is_printable(each)]
        pages = await self._pages(seller_id, wanted)
        printed = [each for each in wanted if each.parcel_id in pages]
        papers = await asyncio.to_thread(merge, printed, pages)
        print_key = f"{batch_id or parcel_id}:{payload.get('prints') or payload.get('source', '')}"
        await self._note(seller_id, batch_id, papers, print_key)
        missing = [each for each in parcels if each not in printed and each.state not in OFF]
        fresh = {each.parcel_id: each for each in await self._db.read(look)}
        picks = [
            tuple(pick_lines([fresh[key] for key in paper.first_pages if key in fresh])) for paper in papers
        ]
        return Print(tuple(papers), tuple(picks), tuple(missing), int(payload.get("prints", "1")))

    async def _number(self, seller_id: str, batch_id: str) -> None:
        """Ask for the numbers of arranged parcels that have none, no more often than the platform wants."""

        def look(conn: Connection) -> tuple[list[Packing], set[str]]:
            mine = Packings(conn, seller_id)
            parcels = [
                each
                for each in mine.of_batch(batch_id)
                if each.state is PackState.ARRANGED and not each.number
            ]
            return parcels, mine.split_orders({each.order_id for each in parcels})

        nameless, split = await self._db.read(look)
        for shop_id, parcels in _by_shop(nameless).items():
            refs = {ref_of(each, is_split=each.order_id in split): each for each in parcels}
            await self._ask_numbers(seller_id, shop_id, refs)

    async def _ask_numbers(self, seller_id: str, shop_id: str, refs: Mapping[ParcelRef, Packing]) -> None:
        """Read the numbers of a shop's parcels that are due; each is due again a while after it was asked for."""
        platform, now = await self._platform(shop_id), self._clock()
        due = [ref for ref, each in refs.items() if not each.due_at or each.due_at <= now]
        if Can.SHIP not in platform.info.can or not due:
            return
        again_at = now + platform.info.numbers_every
        try:
            failpoint("labels.numbers:before")
            numbers = await self._tokens.call(
                shop_id, lambda found, access: found.fulfilment.tracking(access, due)
            )
            failpoint("labels.numbers:after")
        except PlatformError as failed:
            log.warning("numbers_wait", shop=shop_id, reason=str(failed))
            return

        def work(conn: Connection) -> None:
            mine = Packings(conn, seller_id)
            for each in numbers:
                mine.put(refs[each.parcel].parcel_id, due_at=again_at)
                if each.number:
                    mine.number(refs[each.parcel].parcel_id, each.number, each.pickup_code, each.courier)

        await self._db.write(work, "labels.number")

    async def _platform(self, shop_id: str) -> Platform:
        shop = await self._db.read(lambda conn: directory.shop_by_id(conn, shop_id))
        return self._platforms[shop.platform]

    async def _pages(self, seller_id: str, parcels: Sequence[Packing]) -> dict[str, Page]:
        """Fetch labels, shop by shop; return by parcel where its label is."""
        orders = {each.order_id for each in parcels}
        split = await self._db.read(lambda conn: Packings(conn, seller_id).split_orders(orders))
        pages: dict[str, Page] = {}
        for shop_id, them in _by_shop(parcels).items():
            refs = {ref_of(each, is_split=each.order_id in split): each for each in them}
            for file in await self._files(shop_id, refs):
                for at, ref in enumerate(file.parcels):
                    pages[refs[ref].parcel_id] = Page(file.content, at, len(file.parcels))
        return pages

    async def _files(self, shop_id: str, refs: Mapping[ParcelRef, Packing]) -> list[LabelFile]:
        """Ask until every label is there or refused, or the patience is over; keep what came."""
        files: list[LabelFile] = []
        waiting: Sequence[ParcelRef] = list(refs)
        for poll in range(POLLS):
            wanted = [
                LabelRequest(ref, refs[ref].number, is_ordered=bool(poll or refs[ref].printed))
                for ref in waiting
            ]
            failpoint("labels.fetch:before")
            found = await self._tokens.call(
                shop_id,
                lambda platform, access, wanted=wanted: platform.fulfilment.labels(access, wanted),  # type: ignore[misc]
            )
            failpoint("labels.fetch:after")
            files += found.files
            waiting = found.waiting
            if not waiting:
                break
            await asyncio.sleep(POLL_S * (1 + poll // 5))
        return files

    async def _note(self, seller_id: str, batch_id: str, papers: Sequence[Paper], print_key: str) -> None:
        """Count the print, before anything leaves, and note on which page each label is."""

        def work(conn: Connection) -> None:
            mine = Packings(conn, seller_id)
            mine.printed([key for paper in papers for key in paper.first_pages], print_key)
            for paper in papers:
                for parcel_id, page in paper.first_pages.items():
                    mine.put(parcel_id, page=page)
            if batch_id:
                Batches(conn, seller_id).touch(batch_id, labels=LabelStep.SENT)

        await self._db.write(work, "labels.note")


def _by_shop(parcels: Sequence[Packing]) -> dict[str, list[Packing]]:
    shops: dict[str, list[Packing]] = defaultdict(list)
    for each in parcels:
        shops[each.shop_id].append(each)
    return shops


def _is_printable(parcel: Packing) -> bool:
    return parcel.state in {PackState.ARRANGED, PackState.PRINTED, PackState.PACKED} and bool(parcel.number)


def _is_coming(parcel: Packing) -> bool:
    """Tell whether a parcel will have a label soon: it is being arranged, or waits for its number."""
    if parcel.state is PackState.TO_ARRANGE:
        return parcel.step in {ShipStep.ASKED, ShipStep.SENDING, ShipStep.UNKNOWN}
    return parcel.state is PackState.ARRANGED and not parcel.number
