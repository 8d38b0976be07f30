"""Orders as StoreSync keeps them, and how a snapshot of one is taken in."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.money import Money


class OrderStatus(StrEnum):
    """Where an order stands. The platform's own word is kept beside it; UNKNOWN is never guessed away."""

    UNPAID = "unpaid"
    PENDING = "pending"  # paid, held back by the platform
    TO_SHIP = "to_ship"
    ARRANGED = "arranged"  # pickup or drop-off booked
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCEL_ASKED = "cancel_asked"
    CANCELLED = "cancelled"
    RETURNING = "returning"
    UNKNOWN = "unknown"


OPEN = frozenset(
    {
        OrderStatus.UNPAID,
        OrderStatus.PENDING,
        OrderStatus.TO_SHIP,
        OrderStatus.ARRANGED,
        OrderStatus.CANCEL_ASKED,
        OrderStatus.UNKNOWN,
    }
)
"""States in which an order still needs somebody's eye."""

WORK = frozenset({OrderStatus.UNPAID, OrderStatus.PENDING, OrderStatus.TO_SHIP, OrderStatus.ARRANGED})
"""States on the way to the parcel: there is something to do here as long as the shop is linked."""

PAID = frozenset(OrderStatus) - {OrderStatus.UNPAID, OrderStatus.CANCELLED, OrderStatus.UNKNOWN}
"""States that only an order that counts as sold can have."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One SKU in an order. `unit_ids` are the platform's ids of the line or of its units.

    `quantity` is what is left of it in an order that goes on, after `cancelled` units were taken out.
    """

    listing_external_id: str
    variant_external_id: str
    unit_ids: tuple[str, ...]
    title: str
    variant_name: str
    sku: str
    quantity: int
    unit_price: Money
    list_price: Money
    image_url: str = ""
    cancelled: int = 0

    @property
    def total(self) -> Money:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """How many units of one order line travel in a parcel."""

    listing_external_id: str
    variant_external_id: str
    quantity: int


class ParcelState(StrEnum):
    """Where a parcel stands with the platform; what we did with it is ours to keep beside it."""

    WAITING = "waiting"  # not to be shipped yet: unpaid, held back, being allocated
    TO_ARRANGE = "to_arrange"
    ARRANGED = "arranged"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    FAILED = "failed"  # lost, or not delivered
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is packed and handed over, as the platform numbers it.

    Parcels of one `courier_id` (the platform's own) and one `place` (from which
    warehouse) can be arranged together. An instant courier comes within the hour.
    """

    external_id: str
    raw_status: str
    courier: str
    tracking_number: str
    lines: tuple[ParcelLine, ...]
    state: ParcelState = ParcelState.UNKNOWN
    courier_id: str = ""
    place: str = ""
    is_instant: bool = False


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """What a platform said of an order, and when (`updated_at`, with `digest` to tell equals apart)."""

    external_id: str
    status: OrderStatus
    raw_status: str
    placed_at: datetime
    updated_at: datetime
    currency: str
    lines: tuple[OrderLine, ...]
    parcels: tuple[Parcel, ...]
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    total: Money | None = None
    buyer_name: str = ""
    buyer_city: str = ""
    buyer_note: str = ""
    seller_note: str = ""
    payment_method: str = ""
    courier: str = ""
    is_cod: bool = False
    cancelled_by: str = ""
    cancel_reason: str = ""
    digest: str = ""
    sold_on: str = ""
    """The shop front that brought it, by its name, where that is not the platform's own."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order in our books. `recorded_at` is when we first knew of it, `told_at` when a chat was told."""

    id: str
    seller_id: str
    shop_id: str
    snapshot: OrderSnapshot
    recorded_at: datetime
    told_at: datetime | None = None

    @property
    def goods(self) -> Money:
        """The sum of the lines."""
        zero = Money(Decimal(0), self.snapshot.currency)
        return sum((line.total for line in self.snapshot.lines), zero)


@dataclass(frozen=True, slots=True)
class Known:
    """What must be known of a stored order to judge a new snapshot of it."""

    order_id: str
    status: OrderStatus
    updated_at: datetime
    digest: str


class Taken(StrEnum):
    """What taking in a snapshot amounts to."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    STALE = "stale"


def take(stored: Known | None, seen: OrderSnapshot) -> Taken:
    """Compare a snapshot with the stored one; an older one never overwrites a newer one.

    With equal `updated_at` a different digest counts as newer: platforms change fields without
    moving the time, and the later read of the two is the one being recorded.
    """
    if stored is None:
        return Taken.NEW
    if seen.updated_at < stored.updated_at:
        return Taken.STALE
    if seen.digest == stored.digest:
        return Taken.SAME
    return Taken.CHANGED


def is_worth_telling(stored: Known | None, seen: OrderSnapshot) -> bool:
    """Tell whether this snapshot makes the order one to pack: paid now, and not known as such before."""
    wants = {OrderStatus.TO_SHIP, OrderStatus.PENDING}
    if seen.status not in wants:
        return False
    return stored is None or stored.status is OrderStatus.UNPAID


def was_called_off(stored: Known | None, seen: OrderSnapshot) -> bool:
    """Tell whether an order somebody may be packing is not to be packed any more."""
    packing = {OrderStatus.PENDING, OrderStatus.TO_SHIP, OrderStatus.ARRANGED}
    ended = {OrderStatus.CANCELLED, OrderStatus.CANCEL_ASKED}
    return stored is not None and stored.status in packing and seen.status in ended


def shortest_tails(numbers: list[str], at_least: int = 5) -> dict[str, str]:
    """Map each order number to the shortest ending that is unique among them (five characters or more)."""
    ordered = sorted(number[::-1] for number in numbers)
    tails: dict[str, str] = {}
    for before, number, after in zip(["", *ordered], ordered, [*ordered[1:], ""], strict=False):
        # Sorted from their ends, the numbers most alike are neighbours.
        shared = max(_alike(number, before), _alike(number, after))
        tails[number[::-1]] = number[: max(at_least, shared + 1)][::-1]
    return tails


def _alike(one: str, other: str) -> int:
    """Return with how many equal characters both begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
