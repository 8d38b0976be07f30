"""Whether parcels missed their courier though somebody could have packed them in time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator.shopee.calls.packages import PREFIX
from simulator.world.double_day import DoubleDay
from simulator.world.orders import Order, OrderState
from tests.proofs.packer import Table

BATCHES = "SELECT courier, is_instant, opened_at, closed_at FROM batch"
PACKED = (
    "SELECT p.external_id, k.packed_at, b.opened_at FROM packing k JOIN parcel p ON p.id = k.parcel_id"
    " LEFT JOIN batch b ON b.id = k.batch_id WHERE k.state = 'handed_over'"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch somebody took, and when its courier came next."""

    at: datetime
    is_instant: bool
    courier_at: datetime


def judge_hours(table: Table) -> None:
    """No parcel was left for the next day while somebody took a batch that was less urgent.

    That is asked of the time in which a batch could still be packed, which is as long as the longest took: so
    it does not matter how fast this machine is.
    """
    day, verdict = table.day, table.verdict
    batches = [
        (name, bool(instant), _at(begun), _at(done))
        for name, instant, begun, done in table.scene.rows(BATCHES)
    ]
    longest = max((done - begun for *_, begun, done in batches if begun and done), default=timedelta(0))
    taken = [
        Taken(begun, instant, _next(day, name, begun)) for name, instant, begun, _ in batches if begun
    ]  # fmt: skip
    packed = {parcel: (_at(at), _at(begun)) for parcel, at, begun in table.scene.rows(PACKED)}
    met = missed = 0
    for order in (one.order for one in day.placed):
        ready = _ready_at(order)
        for parcel in order.parcels:
            at, begun = packed.get(PREFIX + parcel.number, (None, None))
            courier_at = day.cut_offs()[parcel.courier]
            if at is None or ready is None or ready >= courier_at:
                continue
            met += at <= courier_at
            missed += at > courier_at
            if at > courier_at:
                chances = [
                    each
                    for each in taken
                    if ready + longest <= each.at <= courier_at - longest
                    and not each.is_instant
                    and each.courier_at > courier_at
                    and (begun is None or each.at < begun)
                ]
                verdict.check(not chances, f"{parcel.number} missed {parcel.courier} for less urgent batches")
    verdict.numbers |= {
        "hours_met": met,
        "hours_missed": missed,
        "longest_batch_s": round(longest.total_seconds(), 1),
    }


def _next(day: DoubleDay, courier: str, at: datetime) -> datetime:
    """Return when a courier comes next after that moment."""
    hour = day.cut_offs().get(courier, day.begins_at)
    return hour if hour > at else hour + day.lasts


def _ready_at(order: Order) -> datetime | None:
    """Return when an order last became what it was when its parcels were arranged."""
    moments = [at for at, state in order.history if state is OrderState.TO_SHIP]
    return max(moments, default=None)


def _at(stored: str | datetime | None) -> datetime | None:
    """Read a moment as either database keeps it."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored
