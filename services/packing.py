"""Packing: what waits by courier and cut-off, who has which batch, and the number that packs a parcel."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.batches import Batch
from domain.chats import PRIVATE, View, Visitor
from domain.clock import Clock
from domain.errors import NotFound
from domain.events import EventKind
from domain.parcels import TO_PACK, Packing, PackState, ShipStep
from services import batches as acts
from services.batches import Scan, lane_key
from services.orders import oldest_sync
from services.outbox import tell
from services.ways import Question, questions_of
from storage.database import Connection, Database
from storage.repositories.batches import Batches
from storage.repositories.members import Members
from storage.repositories.packings import LaneCount, Packings, due_soon
from storage.repositories.shops import Shops

RINGS_BEFORE = timedelta(hours=2)
"""How long before the time to ship by those who pack are reminded of what is left."""
LOOKS_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lane:
    """One courier's parcels; the instant ones of all couriers are one lane, without a courier.

    `free` can be taken, `waiting` is all that is not packed.
    """

    key: str
    courier: str
    is_instant: bool
    free: int
    waiting: int
    packed: int
    first_due: datetime | None


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch as the work list shows it."""

    batch: Batch
    who: str
    size: int
    packed: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class WorkList:
    """What waits in one shop, or in all that the view shows (`shop_id` empty); lanes by urgency, instant first."""

    lanes: tuple[Lane, ...]
    batches: tuple[BatchLine, ...]
    printed: int
    packed: int
    pull_out: int
    refused: int
    next_number: int
    shop_id: str
    shops: tuple[tuple[str, str], ...]
    as_of: datetime | None
    is_demo: bool

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.lanes)


@dataclass(frozen=True, slots=True)
class PickLine:
    """So many parcels with one SKU each, or mixed (no SKU), and where their labels are in the file."""

    sku: str
    parcels: int
    units: int
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class BatchCard:
    """One batch with what is in it."""

    batch: Batch
    who: str
    parcels: tuple[Packing, ...]
    lines: tuple[PickLine, ...]
    questions: tuple[Question, ...]
    last: Packing | None
    stop_until: datetime | None
    is_demo: bool

    def count(self, *states: PackState) -> int:
        return sum(each.state in states for each in self.parcels)

    @property
    def left(self) -> int:
        return self.count(*TO_PACK)

    @property
    def packed(self) -> int:
        return self.count(PackState.PACKED, PackState.HANDED_OVER)

    @property
    def is_done(self) -> bool:
        return not self.left and not self.count(PackState.PULL_OUT)

    @property
    def arranging(self) -> int:
        under_way = {ShipStep.ASKED, ShipStep.SENDING, ShipStep.UNKNOWN}
        return sum(each.step in under_way for each in self.parcels)

    @property
    def refused(self) -> tuple[Packing, ...]:
        return tuple(each for each in self.parcels if each.step is ShipStep.REFUSED)


class PackingService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._reminded_at: datetime | None = None

    async def work(self, visitor: Visitor, shop_id: str = "") -> WorkList:
        """Return the work list; of a shop that is not there, of all."""
        return await self.work_of(visitor.view, visitor.member.user_id, shop_id)

    async def work_of(self, view: View, user_id: str = "", shop_id: str = "") -> WorkList:
        """Return the work list as a view shows it, with this person's own batches first."""

        def work(conn: Connection) -> WorkList:
            shops = [each for each in Shops(conn, view.seller_id).all() if view.shows(each.id)]
            chosen = shop_id if any(each.id == shop_id for each in shops) else ""
            packings = Packings(conn, view.seller_id)
            counts = packings.counts({chosen} if chosen else view.shops)
            return WorkList(
                lanes=_lanes(counts, chosen),
                batches=tuple(_open_batches(conn, view.seller_id, user_id)),
                printed=_sum(counts, PackState.PRINTED),
                packed=_sum(counts, PackState.PACKED),
                pull_out=_sum(counts, PackState.PULL_OUT),
                refused=sum(each.count for each in counts if each.is_refused and each.state in TO_PACK),
                next_number=Batches(conn, view.seller_id).last_number() + 1,
                shop_id=chosen,
                shops=tuple((each.id, each.name) for each in shops),
                as_of=oldest_sync(shops),
                is_demo=any(shop.is_simulated for shop in shops),
            )

        return await self._db.read(work)

    async def batch(self, seller_id: str, batch_id: str) -> BatchCard:
        """Return a batch. Raises NotFound("button_unknown")."""
        return await self._db.read(lambda conn: card_in(conn, seller_id, batch_id, self._clock()))

    async def pull_outs(self, visitor: Visitor) -> list[Packing]:
        """Return what was called off when its label was out and was not pulled out yet."""
        states = {PackState.PULL_OUT}
        return await self._db.read(lambda conn: Packings(conn, visitor.seller_id).in_states(states))

    async def refused(self, visitor: Visitor) -> list[Packing]:
        return await self._db.read(lambda conn: Packings(conn, visitor.seller_id).refused())

    async def of_order(self, seller_id: str, order_id: str) -> list[Packing]:
        """Return the parcels of an order that are ours to pack."""
        return await self._db.read(lambda conn: Packings(conn, seller_id).of_orders([order_id]))

    async def parcel(self, visitor: Visitor, parcel_id: str) -> Packing:
        """Return one parcel. Raises NotFound("button_unknown")."""
        found = await self._db.read(lambda conn: Packings(conn, visitor.seller_id).get(parcel_id))
        if found is None:
            raise NotFound("button_unknown")
        return found

    async def scan(self, visitor: Visitor, number: str) -> Scan | None:
        """Pack the parcel that a typed or scanned number names; None where it means something else.

        Only somebody with an open batch, in his private chat, packs by number: elsewhere a number is looked up.
        """
        if visitor.chat.kind != PRIVATE or not number:
            return None
        now = self._clock()

        def has_batch(conn: Connection) -> bool:
            return bool(Batches(conn, visitor.seller_id).all_open(visitor.member.user_id))

        if not await self._db.read(has_batch):
            return None
        return await self._db.write(lambda conn: acts.scan(conn, visitor, number, now), "packing.scan")

    async def keep_photo(self, visitor: Visitor, photo_id: str, photo_key: str) -> Packing | None:
        """Keep a photo with the parcel this person packed last; None when there is none to keep it with."""
        since = self._clock() - acts.PHOTO_WITHIN

        def work(conn: Connection) -> Packing | None:
            packings = Packings(conn, visitor.seller_id)
            parcel = packings.last_packed(visitor.member.user_id, since)
            if parcel:
                packings.put(parcel.parcel_id, photo_id=photo_id[:300], photo_key=photo_key[:64])
            return replace(parcel, photo_id=photo_id) if parcel else None

        return await self._db.write(work, "packing.photo")

    async def remind(self) -> int:
        """Tell, once for each courier and time to ship by, what is not packed shortly before it; how many were."""
        now = self._clock()
        if self._reminded_at and now - self._reminded_at < LOOKS_EVERY:
            return 0
        self._reminded_at = now

        due = await self._db.read(lambda conn: due_soon(conn, now, now + RINGS_BEFORE))
        if not due:
            return 0

        def work(conn: Connection) -> None:
            for seller_id, courier, first, _ in due:
                hour = first.strftime("%Y%m%d%H")
                key = f"cut_off:{lane_key(courier)}:{hour}"
                payload = {"courier": courier, "until": first.isoformat()}
                tell(conn, seller_id, EventKind.CUT_OFF_NEAR, key, payload, now=now)

        await self._db.write(work, "packing.remind")
        return len(due)


def card_in(conn: Connection, seller_id: str, batch_id: str, now: datetime) -> BatchCard:
    """Return a batch with its parcels as they are in this transaction."""
    batch = Batches(conn, seller_id).get(batch_id)
    if batch is None:
        raise NotFound("button_unknown")
    parcels = Packings(conn, seller_id).of_batch(batch_id)
    member = Members(conn, seller_id).get(batch.user_id)
    asked = [each.due_at for each in parcels if each.step is ShipStep.ASKED and each.due_at]
    until = max(asked, default=None)
    shops = {each.id: each for each in Shops(conn, seller_id).all()}
    return BatchCard(
        batch=batch,
        who=member.name if member else "",
        parcels=tuple(parcels),
        lines=tuple(pick_lines(parcels)),
        questions=questions_of(conn, seller_id, parcels),
        last=next((each for each in parcels if each.parcel_id == batch.last_parcel_id), None),
        stop_until=until if until and until > now else None,
        is_demo=any(shops[each.shop_id].is_simulated for each in parcels if each.shop_id in shops),
    )


def pick_lines(parcels: Sequence[Packing]) -> list[PickLine]:
    """Sum parcels up by SKU, in packing order; what holds several kinds is one line at the end."""
    groups: dict[str, list[Packing]] = defaultdict(list)
    for each in sorted(parcels, key=lambda one: (one.is_mixed, one.position)):
        groups["" if each.is_mixed else each.sku].append(each)
    lines = []
    for sku, them in groups.items():
        pages = [each.page for each in them if each.page]
        units = sum(each.units for each in them)
        lines.append(PickLine(sku, len(them), units, min(pages, default=0), max(pages, default=0)))
    return lines


def _lanes(counts: Sequence[LaneCount], shop_id: str) -> tuple[Lane, ...]:
    couriers: dict[str, list[LaneCount]] = defaultdict(list)
    for each in counts:
        couriers["" if each.is_instant else each.courier].append(each)
    lanes = [_lane(courier, them, shop_id) for courier, them in couriers.items()]
    far = datetime.max.replace(tzinfo=next((each.first_due.tzinfo for each in lanes if each.first_due), None))
    shown = [each for each in lanes if each.waiting or each.packed]
    return tuple(
        sorted(
            shown, key=lambda lane: (not lane.is_instant, lane.first_due or far, -lane.waiting, lane.courier)
        )
    )


def _lane(courier: str, counts: Sequence[LaneCount], shop_id: str) -> Lane:
    waiting = [each for each in counts if each.state in TO_PACK]
    return Lane(
        key=lane_key(courier, shop_id),
        courier=courier,
        is_instant=not courier,
        free=sum(each.count for each in waiting if not each.is_claimed and not each.is_refused),
        waiting=sum(each.count for each in waiting),
        packed=_sum(counts, PackState.PACKED),
        first_due=min((each.first_due for each in waiting if each.first_due), default=None),
    )


def _sum(counts: Sequence[LaneCount], state: PackState) -> int:
    return sum(each.count for each in counts if each.state is state)


def _open_batches(conn: Connection, seller_id: str, user_id: str) -> list[BatchLine]:
    """Return who has which batch, this person's own first."""
    batches = Batches(conn, seller_id).all_open()
    held = Packings(conn, seller_id).packed_of_batches([each.id for each in batches])
    names = {each.user_id: each.name for each in Members(conn, seller_id).all()}
    lines = [
        BatchLine(
            batch=each,
            who=names.get(each.user_id, ""),
            size=held.get(each.id, (0, 0))[0],
            packed=held.get(each.id, (0, 0))[1],
            is_mine=each.user_id == user_id,
        )
        for each in batches
    ]
    return sorted(lines, key=lambda line: not line.is_mine)
