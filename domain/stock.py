"""The ledger of stock: every movement counted once, and what an order holds of a variant.

`available = on_hand - allocated`. An order allocates when it is placed, takes from the shelf when it is
shipped, and gives back exactly once when it is cancelled before that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.orders import OrderStatus

MAIN = "main"
"""The one location there is for now; every row names it."""

DRAFT_LASTS = timedelta(hours=1)
UNDO_LASTS = timedelta(hours=24)
MOST = 1_000_000
"""More than this of one variant is a slip of the finger."""


MOST_RECEIVED = 1_000
_PLACED = "placed"
"""A delivery of more than this is asked for once more."""


class Policy(StrEnum):
    """How a variant's stock is kept: by us, made when it is ordered, or not at all."""

    TRACKED = "tracked"
    MADE_TO_ORDER = "made_to_order"
    UNMANAGED = "unmanaged"


class Reason(StrEnum):
    """Why the ledger moved."""

    OPENING = "opening"
    SALE = "sale"
    SHIP = "ship"
    CANCEL = "cancel"
    MANUAL = "manual"
    COUNT = "count"
    RESTOCK = "restock"
    RETURNED = "returned"  # a buyer sent it back, and it is as new
    LEFT_OUT = "left_out"  # a buyer sent it back, and it is not: nothing moves
    CORRECTION = "correction"
    UNDO = "undo"


class ShownState(StrEnum):
    """How far a shop is with what it should show of a variant."""

    NEW = "new"  # never looked at: it is read before anything is sent
    IDLE = "idle"
    READY = "ready"  # to be compared, and sent where it differs
    SENDING = "sending"
    UNKNOWN = "unknown"  # it may be in the shop: read back, never sent blindly
    DIFFERS = "differs"  # the shop shows something else: orders first, then look again
    HELD = "held"  # it differs so much that a person must say what is true
    REFUSED = "refused"
    LOCKED = (
        "locked"  # a promotion holds it, or keeps more than we want to show: looked at again when it ends
    )


@dataclass(frozen=True, slots=True)
class Held:
    """What one order has done to one variant: units it holds (`allocated`), units it took (`on_hand`, negative)."""

    on_hand: int = 0
    allocated: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the ledger. `source` names the event it comes from, and counts once for a seller."""

    id: str
    variant_id: str
    reason: Reason
    on_hand: int
    allocated: int
    source: str
    at: datetime
    actor: str = ""
    order_id: str = ""
    listing_variant_id: str = ""
    location: str = MAIN


@dataclass(frozen=True, slots=True)
class Level:
    """How much there is. Until a count is confirmed `available` is what the shops show."""

    on_hand: int
    allocated: int
    available: int
    is_counted: bool
    policy: Policy = Policy.TRACKED


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a variant's stock is kept, and how many of it no shop is told of."""

    policy: Policy
    keeps_back: int
    version: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A count of one location of one shop: `before` it showed there, `after` is to be."""

    listing_variant_id: str
    place: str
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class StockDraft:
    """A count about to be sent: `before` was on hand when it was drawn up, `after` is to be.

    With `received` it is no count: so many came in on top of what there is. With `placed` one location was counted,
    and the rest is as before.
    """

    id: str
    variant_id: str
    before: int
    after: int
    version: int
    received: int = 0
    placed: Placed | None = None


HOLDING = frozenset(
    {
        OrderStatus.UNPAID,
        OrderStatus.PENDING,
        OrderStatus.TO_SHIP,
        OrderStatus.ARRANGED,
        OrderStatus.CANCEL_ASKED,
    }
)
"""States in which an order's units lie on the shelf and are promised."""

GONE = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED, OrderStatus.RETURNING})


def held_after(status: OrderStatus, quantity: int, held: Held | None) -> Held:
    """Return what an order in this state holds of a variant, given what it held (None: nothing yet).

    What was shipped is gone: a cancellation after that gives nothing back, the goods do when they return.
    """
    if status in GONE:
        return Held(-quantity, 0)
    if status in HOLDING:
        return Held(0, quantity)
    if status is OrderStatus.CANCELLED:
        return held if held and held.on_hand else Held()
    return held or Held(0, quantity)


def reason_of(before: Held, after: Held) -> Reason:
    """Return what to call the step from one to the other."""
    if after.on_hand < before.on_hand:
        return Reason.SHIP
    return Reason.SALE if after.allocated > before.allocated else Reason.CANCEL


def placed_source(draft: StockDraft, placed: Placed) -> str:
    """Return what names the count of one location in the ledger, and tells where it was."""
    return f"{_PLACED}:{draft.id}:{draft.version}:{placed.place}"


def place_of(moved: Movement) -> str:
    """Return which location a movement was counted at, if at one alone."""
    kind, _, rest = moved.source.partition(":")
    return rest.split(":", 2)[2] if kind == _PLACED else ""


def needs_second_word(before: int, after: int, received: int = 0) -> bool:
    """Tell whether a count is so far from the one before that it is asked for once more."""
    if received:
        return received > MOST_RECEIVED
    if after == 0:
        return before > 10
    return before > 0 and abs(after - before) * 5 > before and abs(after - before) > 2
