"""What a platform must bring to be held to the contract: its adapter, and a stand-in that can be moved and broken.

The contract asks the stand-in for the truth and compares; it never asks the adapter what is right.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from domain.errors import PlatformError, TokenRevoked
from domain.orders import OrderStatus
from domain.platform import CancelReason, Platform
from domain.returns import ReturnState
from domain.shops import PlatformApp, ShopAccess

Fault = Literal["server_error", "html", "broken_json", "rate_limit", "timeout_before", "timeout_after"]
Step = Literal[
    "hold",
    "await_invoice",
    "release",
    "arrange",
    "pickup",
    "pickup_fails",
    "deliver",
    "complete",
    "ask_cancel",
    "refuse_cancel",
    "return",
]
"""What buyers, the platform and couriers do with an order; `hold` and `await_invoice` pay it."""
Where = Literal[
    "orders",
    "listings",
    "prices",
    "stock",
    "refresh",
    "shipping",
    "cancelling",
    "money",
    "returns",
    "reviews",
]


@dataclass(frozen=True)
class TrueVariant:
    """A variant as the platform has it."""

    listing: str
    variant: str
    price: Decimal
    buyer_pays: Decimal
    available: int
    reserved: int
    is_locked: bool
    is_listed: bool


@dataclass(frozen=True)
class TrueOrder:
    """An order as the platform has it; `lines` are listing, variant, quantity and unit price."""

    number: str
    raw_status: str
    total: Decimal
    updated_s: int
    lines: tuple[tuple[str, str, int, Decimal], ...]


@dataclass(frozen=True)
class TrueParcel:
    """A parcel as the platform has it."""

    number: str
    courier: str
    raw_status: str
    tracking_number: str


@dataclass(frozen=True)
class TrueIncome:
    """What the platform pays for an order, and when it did; None while it has not."""

    number: str
    payout: Decimal
    released_s: int | None


@dataclass(frozen=True)
class TrueReturn:
    """A return as the platform has it; `proof` are the pictures of its dispute, `words` the seller's."""

    raw_state: str
    refund: Decimal
    updated_s: int
    proof: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class TrueReview:
    """A review as the platform has it."""

    order: str
    listing: str
    stars: int
    text: str
    photos: int
    reply: str
    created_s: int


@dataclass(frozen=True)
class Delivered:
    """One push as it came in."""

    headers: Mapping[str, str]
    body: bytes


class PlatformCase(ABC):
    """One platform under test: `shop` is linked, `app` holds its keys."""

    platform: Platform
    impatient: Platform
    """The same adapter over a line that gives up after a second."""
    app: PlatformApp
    shop: ShopAccess
    wrong_decimals: Decimal
    """A price that the shop's currency cannot have."""

    # How platforms say the same thing differently. No test is left out for one of these: what a platform is not
    # able to do stands in `Can`, and nowhere else.
    tells_buyer_price: ClassVar[bool] = True
    """What buyers pay while a promotion runs stands beside the list price."""
    limits_windows: ClassVar[bool] = True
    """A window that is too long is refused, and not simply read."""
    tells_consent: ClassVar[bool] = True
    """A consent is pushed, and not its end alone."""
    locks_prices: ClassVar[bool] = True
    """A promotion holds the list price fast, and not stock alone."""
    makes_labels: ClassVar[bool] = True
    """A label is never there at once when it is ordered, but a while later."""
    keeps_held: ClassVar[bool] = True
    """What the platform holds back is not cancelled for the seller either, should somebody ask."""
    signs_address: ClassVar[bool] = True
    access_lasts: ClassVar[timedelta] = timedelta(hours=4)
    ended_consent: ClassVar[type[PlatformError]] = TokenRevoked
    """What a call hears first once the seller took his consent back; a refresh hears TokenRevoked."""
    shown_after: ClassVar[Mapping[Step, OrderStatus]] = {}
    """Where an order stands after a step, other than elsewhere."""
    accepted: ClassVar[frozenset[ReturnState]] = frozenset({ReturnState.CLOSED})
    pickup_place: ClassVar[tuple[str, str]] = ("1173", "Bandung")
    """The id of where parcels are picked up, and a word of its text."""
    counters: ClassVar[tuple[str, ...]] = ("3201", "3202")
    gone_slot: ClassVar[str] = "1400000000"
    foreign_way: ClassVar[str] = "choice_refused"
    """How a pickup is refused whose courier does not come, at a time that is over."""
    pickup_codes: ClassVar[bool] = True
    cod_is_a_reason: ClassVar[bool] = True
    reasons: ClassVar[tuple[CancelReason, ...]] = (CancelReason.OUT_OF_STOCK, CancelReason.BUYER_ASKED)
    """What a seller may give for a reason, the usual one first."""
    consent_lasts: ClassVar[timedelta] = timedelta(days=365)
    names_courier_first: ClassVar[bool] = True
    """Who carries a parcel is told before it is arranged."""

    def held_fast(self, shown: int) -> int:
        """Return units that a campaign which holds stock does not let a seller set."""
        return shown + 1

    def offences(self) -> Sequence[str]:
        """Return what the platform's documents have against the requests sent so far, where they can be asked."""
        return ()

    @abstractmethod
    async def consent(self, page: str, *, many_shops: bool = False) -> Mapping[str, str]:
        """Consent on the page as the seller; return the query of the address the browser lands on."""

    @abstractmethod
    async def variants(self) -> Sequence[TrueVariant]: ...

    @abstractmethod
    async def orders(self) -> Sequence[TrueOrder]: ...

    @abstractmethod
    async def buy(
        self, *variants: TrueVariant, courier: str = "J&T Express", is_paid: bool = True, units: int = 1
    ) -> str:
        """Let a buyer buy so many of each; return the order's number.

        Couriers: "J&T Express" comes or is brought to, "JNE Reguler" has counters, "GoSend Instant" comes
        at once, "Kurir Toko" is the seller's own.
        """

    @abstractmethod
    async def buyer_cancels(self, number: str) -> None: ...

    @abstractmethod
    async def complete(self, number: str) -> None:
        """Let an order go all its way, until its money is released."""

    @abstractmethod
    async def incomes(self) -> Sequence[TrueIncome]:
        """Return what the platform pays for each order that somebody paid."""

    @abstractmethod
    async def step(self, number: str, step: Step) -> None:
        """Take an order a step further."""

    @abstractmethod
    async def buyer_returns(self, number: str) -> str:
        """Let an order arrive and its buyer send all of it back; return the return's number."""

    @abstractmethod
    async def true_return(self, number: str) -> TrueReturn: ...

    @abstractmethod
    async def buyer_offers(self, number: str, amount: Decimal) -> None:
        """Let the buyer propose to keep the goods for this much."""

    @abstractmethod
    async def return_step(self, number: str, step: Literal["judge", "warehouse", "withdraw"]) -> None:
        """Let the platform judge a return or have its warehouse look at it, or the buyer take it back."""

    @abstractmethod
    async def buyer_reviews(self, order: str, stars: int, text: str, photos: int = 0) -> str:
        """Let the buyer of an order say something of what is in it; return the review's number."""

    @abstractmethod
    async def seller_answers(self, review: str, text: str) -> None:
        """Answer a review in the seller centre."""

    @abstractmethod
    async def true_reviews(self) -> Mapping[str, TrueReview]:
        """Return what buyers said, by number."""

    @abstractmethod
    async def parcels(self, number: str) -> Sequence[TrueParcel]:
        """Return an order's parcels."""

    @abstractmethod
    async def split(self, number: str) -> None:
        """Cut an order of two lines into two parcels."""

    @abstractmethod
    async def hold_numbers(self, *, held: bool) -> None:
        """Let couriers be slow in giving numbers, or quick again."""

    @abstractmethod
    async def fail_labels(self, count: int) -> None:
        """Let the making of the next labels fail."""

    @abstractmethod
    async def seller_edits_price(self, variant: TrueVariant, price: Decimal) -> None: ...

    @abstractmethod
    async def seller_edits_stock(self, variant: TrueVariant, units: int) -> None: ...

    @abstractmethod
    async def hold_stock(self, variant: TrueVariant, reserved: int, until_s: int) -> None:
        """Run a campaign that keeps units back and lets nobody change the stock."""

    @abstractmethod
    async def lock(self, variant: TrueVariant, until_s: int) -> None:
        """Run a campaign that locks the price."""

    @abstractmethod
    async def break_next(self, fault: Fault, where: Where) -> None: ...

    @abstractmethod
    async def expire_access(self) -> None: ...

    @abstractmethod
    async def revoke(self) -> None:
        """The seller takes his consent back."""

    @abstractmethod
    async def ban(self) -> None:
        """The platform bans the shop."""

    @abstractmethod
    async def penalise(self, points: int) -> None:
        """The platform gives the shop penalty points; from three on something runs against it."""

    @abstractmethod
    async def listen(self) -> None:
        """Tell the platform where to push to; from now on `pushed` returns what comes."""

    @abstractmethod
    async def lose_pushes(self, *, lost: bool) -> None:
        """Let the platform deliver nothing, and give up on it at once; or deliver again."""

    @abstractmethod
    async def pushed(self) -> Delivered:
        """Wait for the next push."""
