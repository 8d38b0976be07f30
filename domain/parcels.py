"""Parcels as the people who pack see them: our own state beside the platform's, and what may follow on what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.orders import OrderSnapshot, OrderStatus, Parcel, ParcelState


class PackState(StrEnum):
    """Where a parcel stands with us. HANDED_OVER is final."""

    TO_ARRANGE = "to_arrange"
    ARRANGED = "arranged"
    PRINTED = "printed"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    PULL_OUT = "pull_out"  # called off when its label was out already: it lies somewhere in a pile
    PULLED = "pulled"
    DROPPED = "dropped"  # called off before anybody had it in hand


class ShipStep(StrEnum):
    """How far arranging a parcel is. SENDING is stored before anything leaves; UNKNOWN is read back, never repeated."""

    NONE = ""
    ASKED = "asked"
    SENDING = "sending"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class Scanned(StrEnum):
    """What a typed or scanned number did."""

    PACKED = "packed"
    AGAIN = "again"  # it was packed before
    FOREIGN = "foreign"  # somebody else has it in a batch
    FREE = "free"  # nobody has claimed it
    PULL_OUT = "pull_out"
    NOT_YET = "not_yet"  # its pickup is not arranged, so it has no label
    GONE = "gone"  # handed over


TO_PACK = frozenset({PackState.TO_ARRANGE, PackState.ARRANGED, PackState.PRINTED})
"""States in which a parcel still has to be packed."""
IN_HAND = frozenset({PackState.PRINTED, PackState.PACKED})
"""States in which a label is out: a parcel that is called off now must be looked for."""
OFF = frozenset({PackState.PULL_OUT, PackState.PULLED, PackState.DROPPED})
ENDED = frozenset({PackState.HANDED_OVER, PackState.PULLED, PackState.DROPPED})
"""States in which nobody has anything to do any more."""

_FOLLOWS: dict[PackState, frozenset[PackState]] = {
    PackState.TO_ARRANGE: frozenset(
        {
            PackState.ARRANGED,
            PackState.HANDED_OVER,
            PackState.PULL_OUT,  # the courier did not come: it has its label already
            PackState.DROPPED,
        }
    ),
    PackState.ARRANGED: frozenset(
        {
            PackState.TO_ARRANGE,
            PackState.PRINTED,
            PackState.PACKED,  # by a label that was printed elsewhere
            PackState.HANDED_OVER,
            PackState.PULL_OUT,
            PackState.DROPPED,
        }
    ),
    PackState.PRINTED: frozenset(
        {PackState.TO_ARRANGE, PackState.PACKED, PackState.HANDED_OVER, PackState.PULL_OUT}
    ),
    PackState.PACKED: frozenset({PackState.TO_ARRANGE, PackState.HANDED_OVER, PackState.PULL_OUT}),
    PackState.PULL_OUT: frozenset({PackState.PULLED, PackState.PRINTED, PackState.HANDED_OVER}),
    PackState.PULLED: frozenset({PackState.PRINTED, PackState.HANDED_OVER}),
    PackState.DROPPED: frozenset({PackState.TO_ARRANGE, PackState.ARRANGED, PackState.HANDED_OVER}),
    PackState.HANDED_OVER: frozenset(),
}

STOP_WITHIN = timedelta(seconds=5)
"""How long an act that no platform takes back waits for a [Stop]."""
NUMBER_WANTED = "number_wanted"
"""Why a parcel of the seller's own courier is not arranged: its number is what the platform is told."""
NUMBER_SOON = timedelta(seconds=10)
"""How long whoever arranged a parcel is left to find out its number by himself."""
FIND_WAY = "find_way"
"""Why a parcel is looked at without that wait: whether somebody must choose is asked first, and nothing is sent."""

_LEFT = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED, OrderStatus.RETURNING})
_CALLED_OFF = frozenset({OrderStatus.CANCELLED, OrderStatus.CANCEL_ASKED})
_UNDER_WAY = frozenset({ParcelState.HANDED_OVER, ParcelState.DELIVERED, ParcelState.FAILED})
WORK = frozenset({OrderStatus.TO_SHIP, OrderStatus.ARRANGED})
"""States of an order whose parcels somebody has to pack."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What is in a parcel, as far as it decides the order of packing: one SKU, or mixed."""

    sku: str
    units: int
    is_mixed: bool


def may_follow(state: PackState, after: PackState) -> bool:
    return after in _FOLLOWS[state]


class Said(StrEnum):
    """What a platform says of a parcel, as far as it moves ours."""

    NOTHING = "nothing"
    TO_ARRANGE = "to_arrange"
    ARRANGED = "arranged"
    OFF = "off"
    LEFT = "left"


def said_of(order: OrderSnapshot, parcel: Parcel) -> Said:
    """Read what a snapshot says of one parcel; an order that ended says it of all of them."""
    if order.status in _LEFT or parcel.state in _UNDER_WAY:
        return Said.LEFT
    if order.status in _CALLED_OFF or parcel.state is ParcelState.CANCELLED:
        return Said.OFF
    if order.status not in WORK or parcel.state is ParcelState.WAITING:
        return Said.NOTHING
    is_arranged = parcel.state is ParcelState.ARRANGED
    if parcel.state is ParcelState.UNKNOWN:
        is_arranged = order.status is OrderStatus.ARRANGED
    return Said.ARRANGED if is_arranged else Said.TO_ARRANGE


def follow(state: PackState | None, said: Said, *, printed: int, was_arranged: bool) -> PackState | None:
    """Return our state after what the platform says now; None while the parcel is not ours to pack.

    `was_arranged` tells that the platform itself had called the order arranged before: only then does "to
    be arranged" mean that the courier did not come. Otherwise it is merely older than what we arranged.
    """
    if state is PackState.HANDED_OVER or said is Said.NOTHING:
        return state
    if said is Said.LEFT:
        return None if state is None else PackState.HANDED_OVER
    if said is Said.OFF:
        return called_off(state, printed)
    if said is Said.ARRANGED:
        return _arranged(state)
    if state in {PackState.PULL_OUT, PackState.PULLED}:  # the cancellation was refused
        return PackState.PRINTED
    is_new = state in {None, PackState.DROPPED}
    return PackState.TO_ARRANGE if is_new or was_arranged else state


def called_off(state: PackState | None, printed: int) -> PackState | None:
    """Return our state when a parcel is not to be sent any more."""
    if state is None or state in OFF or state is PackState.HANDED_OVER:
        return state
    return PackState.PULL_OUT if printed or state in IN_HAND else PackState.DROPPED


def goods_of(order: OrderSnapshot, parcel: Parcel) -> Goods:
    """Tell what a parcel holds; one that does not say holds what its order has."""
    names = {
        (line.listing_external_id, line.variant_external_id): line.sku or f"{line.title} {line.variant_name}"
        for line in order.lines
    }
    held = [
        (names.get((each.listing_external_id, each.variant_external_id), ""), each.quantity)
        for each in parcel.lines
    ]
    held = held or [(line.sku or f"{line.title} {line.variant_name}", line.quantity) for line in order.lines]
    kinds = {name for name, _ in held}
    units = sum(quantity for _, quantity in held)
    return Goods(held[0][0][:128] if len(kinds) == 1 else "", units, is_mixed=len(kinds) != 1)


def _arranged(state: PackState | None) -> PackState:
    if state is None or state is PackState.TO_ARRANGE:
        return PackState.ARRANGED
    if state in OFF:  # the cancellation was refused
        return PackState.ARRANGED if state is PackState.DROPPED else PackState.PRINTED
    return state


@dataclass(frozen=True, slots=True)
class Packing:
    """A parcel in our hands. `number` is what stands on its label, `order_number` names its order."""

    parcel_id: str
    order_id: str
    shop_id: str
    external_id: str
    courier_id: str
    place: str
    number: str
    order_number: str
    courier: str
    is_instant: bool
    ship_by: datetime | None
    sku: str
    units: int
    is_mixed: bool
    state: PackState
    step: ShipStep
    reason: str
    choice: str
    due_at: datetime | None
    attempts: int
    batch_id: str
    position: int
    page: int
    printed: int
    packed_at: datetime | None
    packed_by: str
    photo_id: str
    pickup_code: str
    version: int
