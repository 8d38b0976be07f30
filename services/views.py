"""What the services hand to the faces: plain records, ready to be shown. No text, no markup."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.caps import Excess
from domain.catalogue import ListingVariant, Variant
from domain.changes import Change
from domain.earnings import Cost, Earning
from domain.health import ShopHealth
from domain.holidays import ShopHoliday
from domain.low_stock import Scarcity
from domain.money import Money
from domain.orders import Order, OrderStatus
from domain.pausing import Pause
from domain.people import Role
from domain.shops import Linking, Shop


@dataclass(frozen=True, slots=True)
class Home:
    """Today's numbers for one view. `sold` has one sum per currency, over orders paid today in its zone.

    `kept` is what the seller keeps of `kept_orders` of these: of those whose costs and fees are known.
    """

    shops: tuple[Shop, ...]
    sold: tuple[Money, ...]
    orders_today: int
    to_pack: int
    pack_next: datetime | None
    approvals: int
    sold_out: int
    as_of: datetime | None
    is_demo: bool
    pause: Pause | None = None
    low: int = 0
    kept: tuple[Money, ...] = ()
    kept_orders: int = 0
    returns: int = 0
    """Returns that wait for an answer, the first of them until `returns_due`."""
    returns_due: datetime | None = None
    resting: tuple[str, ...] = ()
    """The names of shops that are on holiday."""


class OrderFilter(StrEnum):
    """The lists of `/orders`, each a set of states."""

    TO_PACK = "to_pack"
    UNPAID = "unpaid"
    ON_THE_WAY = "on_the_way"
    DONE = "done"
    CANCELLED = "cancelled"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of a list of orders. `tail` is the shortest unique ending of its number."""

    order_id: str
    number: str
    tail: str
    shop_name: str
    status: OrderStatus
    raw_status: str
    total: Money | None
    first_line: str
    units: int
    more_lines: int
    courier: str
    placed_at: datetime
    ship_by: datetime | None
    is_cod: bool = False


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Page `page` of `pages` (from 1) of the orders placed up to `until`; counts of every filter."""

    filter: OrderFilter
    rows: tuple[OrderRow, ...]
    counts: dict[OrderFilter, int]
    page: int
    pages: int
    until: datetime
    as_of: datetime | None
    is_demo: bool


@dataclass(frozen=True, slots=True)
class OrderCard:
    """One order with its shop, and what is kept of it as far as that is known."""

    order: Order
    shop: Shop
    tail: str
    as_of: datetime | None
    earning: Earning | None = None
    return_id: str = ""
    """The latest return of it, where a buyer wants to send something back."""


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One line of `/stock`: what can be sold now, over all shops; `listed` where all shops agree on it.

    `shop_name` tells it apart where only one of several shops has it.
    """

    variant_id: str
    title: str
    name: str
    sku: str
    available: int
    reserved: int
    listed: Money | None
    shops: int
    scarcity: Scarcity | None = None
    shop_name: str = ""


@dataclass(frozen=True, slots=True)
class VariantPage:
    """Page of variants, the scarcest first."""

    words: str
    rows: tuple[VariantRow, ...]
    total: int
    sold_out: int
    page: int
    pages: int
    as_of: datetime | None
    is_demo: bool
    low: int = 0


@dataclass(frozen=True, slots=True)
class ShownVariant:
    """A variant as one shop shows it."""

    shop: Shop
    shown: ListingVariant


@dataclass(frozen=True, slots=True)
class VariantCard:
    """One variant in every shop that sells it."""

    variant: Variant
    shown: tuple[ShownVariant, ...]
    as_of: datetime | None
    is_demo: bool
    cost: Cost | None = None


@dataclass(frozen=True, slots=True)
class ProposedPrice:
    """One change of a proposal with what is shown beside it.

    `keeps` is what the seller keeps of one unit before and after it, where costs and fees are known.
    """

    change: Change
    shown: ListingVariant
    shop: Shop
    keeps: tuple[Money, Money] | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes asked for together: one card.

    `version` is the sum of the changes' versions, so that it grows whenever any of them moves.
    `excess` is the seller's limit that it passes while it waits: then one of `second_persons` approves it,
    or, where there is none, the amount must be typed by who asked (`needs_typing`).
    `undone_by_name` names who took it back.
    """

    id: str
    variant: Variant
    prices: tuple[ProposedPrice, ...]
    version: int
    needs_typing: bool
    can_be_undone: bool
    requested_by: str
    requested_by_name: str
    decided_by_name: str
    is_demo: bool
    excess: Excess | None = None
    second_persons: tuple[str, ...] = ()
    undone_by_name: str = ""
    is_paused: bool = False
    """Whether its seller has paused all writes; a paused shop says so itself."""


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at a view: one person in a private chat, in a group anybody up to its cap."""

    role: Role
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class ShopDetails:
    """One shop, with how much of each kind waits to be sent to it."""

    shop: Shop
    prices: int
    listings: int
    stock: int
    parcels: int
    orders: int
    pause: Pause | None
    is_rated: bool = False
    """Whether its platform tells how it stands."""
    health: ShopHealth | None = None
    returns: int = 0
    answers: int = 0
    holiday: ShopHoliday | None = None
    """None where its platform has no holidays, or none that we can switch."""

    @property
    def waiting(self) -> list[tuple[str, int]]:
        return _waiting(self)


@dataclass(frozen=True, slots=True)
class Writes:
    """Whether prices, stock and pickups leave for the shops, and how much of each waits while they do not.

    `version` grows with every pause and resume.
    """

    pause: Pause | None
    shops: tuple[Shop, ...]
    prices: int
    listings: int
    stock: int
    parcels: int
    orders: int
    version: int
    is_demo: bool
    returns: int = 0
    answers: int = 0

    @property
    def waiting(self) -> list[tuple[str, int]]:
        return _waiting(self)


class PressResult(StrEnum):
    """What a press on a ticketed button did.

    UNDONE: `object_id` is the new proposal that takes the old one back, approved by who pressed. BULK_LOOKED:
    the prices would be others than those shown, so nothing was asked for.
    """

    APPROVED = "approved"
    NEEDS_TYPING = "needs_typing"
    REJECTED = "rejected"
    UNDONE = "undone"
    PRICE_CALLED_OFF = "price_called_off"
    STOCK_CALLED_OFF = "stock_called_off"
    BULK_LOOKED = "bulk_looked"
    BULK_ASKED = "bulk_asked"
    BULK_APPROVED = "bulk_approved"
    BULK_TYPING = "bulk_typing"
    BULK_REJECTED = "bulk_rejected"
    BULK_STOPPED = "bulk_stopped"
    BULK_UNDONE = "bulk_undone"
    LINK_CONFIRMED = "link_confirmed"
    LINK_REFUSED = "link_refused"
    ROLE_CHANGED = "role_changed"
    MEMBER_REMOVED = "member_removed"
    STOCK_SENT = "stock_sent"
    STOCK_ASKED = "stock_asked"
    STOCK_UNDONE = "stock_undone"
    KEPT_SO = "kept_so"
    JOINED = "joined"
    KEPT_APART = "kept_apart"
    EDIT_CONFIRMED = "edit_confirmed"
    REVIEW_ANSWERED = "review_answered"
    PAUSED = "paused"
    RESUMED = "resumed"
    LIMIT_SET = "limit_set"
    ORDER_ASKED = "order_asked"
    SHOP_PAUSED = "shop_paused"
    SHOP_RESUMED = "shop_resumed"
    SHOP_UNLINKED = "shop_unlinked"
    BATCH_TAKEN = "batch_taken"
    BATCH_MOVED = "batch_moved"
    BATCH_ENDED = "batch_ended"
    LABELS_COMING = "labels_coming"
    WAY_CHOSEN = "way_chosen"
    HANDED_OVER = "handed_over"
    PULLED = "pulled"
    SHIP_ASKED = "ship_asked"
    SHIP_STOPPED = "ship_stopped"
    RETURN_ANSWERED = "return_answered"
    GOODS_SORTED = "goods_sorted"
    HOLIDAY_ASKED = "holiday_asked"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press that counted; `object_id` is the proposal or the linking it moved."""

    result: PressResult
    object_id: str


@dataclass(frozen=True, slots=True)
class LinkChoice:
    """A platform and region that this installation can link."""

    app_id: str
    platform: str
    platform_name: str
    region: str
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """A linking just started. `url` is for one button; `can_paste` when the address may be pasted back."""

    linking: Linking
    url: str
    valid_until: datetime
    platform_name: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a first import has come."""

    shop: Shop
    listings: int
    orders: int
    percent: int
    is_done: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Hits:
    """What a bare text may mean."""

    words: str
    orders: tuple[OrderRow, ...]
    variants: tuple[VariantRow, ...]


def _waiting(of: ShopDetails | Writes) -> list[tuple[str, int]]:
    """Return how much waits to be sent, by kind; a kind of which nothing waits is left out."""
    counts = {
        "prices": of.prices,
        "listings": of.listings,
        "stock": of.stock,
        "parcels": of.parcels,
        "orders": of.orders,
        "returns": of.returns,
        "answers": of.answers,
    }
    return [(kind, count) for kind, count in counts.items() if count]
