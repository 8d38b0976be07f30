"""Whether parcels missed their courier though somebody could have packed them in time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator.world.couriers import COURIERS
from simulator.world.orders import Order, OrderState
from tests.proofs.packer import Table

BATCHES = "SELECT courier, is_instant, opened_at, closed_at FROM batch"
PACKED = (
    "SELECT p.external_id, k.packed_at, b.opened_at, b.courier FROM packing k JOIN parcel p ON p.id = k.parcel_id"
    " LEFT JOIN batch b ON b.id = k.batch_id WHERE k.state = 'handed_over'"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch somebody took, and when its courier came next."""

    at: datetime
    is_instant: bool
    courier_at: datetime


@dataclass(frozen=True, slots=True)
class Packed:
    """When a parcel was packed, and in which batch: when that was taken, and whose it was when it was taken."""

    at: datetime | None
    begun: datetime | None
    lane: str


def judge_hours(table: Table) -> None:
    """No parcel was left for the next day while somebody took a batch that was less urgent.

    That is asked of the time in which a batch could still be packed, which is as long as the longest took: so
    it does not matter how fast this machine is. What is urgent is judged by what could be known: where a courier
    is named only when a parcel is arranged, by who comes first.
    """
    verdict = table.verdict
    batches = [
        (name, bool(instant), _at(begun), _at(done))
        for name, instant, begun, done in table.scene.rows(BATCHES)
    ]
    longest = max((done - begun for *_, begun, done in batches if begun and done), default=timedelta(0))
    taken = [
        Taken(begun, instant, table.next_visit(name, begun)) for name, instant, begun, _ in batches if begun
    ]
    packed = {
        parcel: Packed(_at(at), _at(begun), lane or "")
        for parcel, at, begun, lane in table.scene.rows(PACKED)
    }
    met = missed = 0
    for shop in table.shops:
        for order in (one.order for one in shop.day.placed):
            ready = _ready_at(order)
            for parcel in order.parcels:
                each = packed.get(shop.words.parcel(parcel))
                courier_at = table.cut_offs()[parcel.courier]
                if each is None or each.at is None or ready is None or ready >= courier_at:
                    continue
                met += each.at <= courier_at
                missed += each.at > courier_at
                if each.at > courier_at:
                    is_named = COURIERS[parcel.courier].is_instant or parcel.courier == each.lane
                    known_at = courier_at if is_named else table.next_visit(each.lane, ready)
                    chance = _chance(each, ready, known_at, taken, longest)
                    name = f"{shop.words.name} {parcel.number}"
                    verdict.check(not chance, f"{name} missed {parcel.courier} for less urgent batches")
    verdict.numbers |= {
        "hours_met": met,
        "hours_missed": missed,
        "longest_batch_s": round(longest.total_seconds(), 1),
    }


def _chance(
    packed: Packed, ready: datetime, known_at: datetime, taken: list[Taken], longest: timedelta
) -> bool:
    """Tell whether somebody had the time to take it, and took what was less urgent."""
    return any(
        ready + longest <= each.at <= known_at - longest
        and not each.is_instant
        and each.courier_at > known_at
        and (packed.begun is None or each.at < packed.begun)
        for each in taken
    )


def _ready_at(order: Order) -> datetime | None:
    """Return when an order last became what it was when its parcels were arranged."""
    moments = [at for at, state in order.history if state is OrderState.TO_SHIP]
    return max(moments, default=None)


def _at(stored: str | datetime | None) -> datetime | None:
    """Read a moment as either database keeps it."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored
