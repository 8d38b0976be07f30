"""Returns: goods a buyer wants to give back, or money back for, and how far that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.money import Money


class ReturnState(StrEnum):
    """Where a return stands. The platform's own word is kept beside it; UNKNOWN is never guessed away."""

    ASKED = "asked"  # the seller may answer
    ACCEPTED = "accepted"  # agreed; the goods come back, if they have to
    COMING_BACK = "coming_back"
    JUDGING = "judging"  # the platform decides
    DISPUTED = "disputed"  # the seller has objected
    CLOSED = "closed"  # settled
    CANCELLED = "cancelled"  # the buyer took it back, or nothing came of it
    UNKNOWN = "unknown"


OPEN_RETURNS = frozenset(
    {
        ReturnState.ASKED,
        ReturnState.ACCEPTED,
        ReturnState.COMING_BACK,
        ReturnState.JUDGING,
        ReturnState.DISPUTED,
        ReturnState.UNKNOWN,
    }
)
"""States in which a return still needs somebody's eye."""


SETTLED_RETURNS = frozenset({ReturnState.CLOSED, ReturnState.CANCELLED})


class ReturnReason(StrEnum):
    """Why a buyer returns something, as far as we have a word of our own for it; the platform's is kept beside it."""

    DAMAGED = "damaged"
    FAULTY = "faulty"
    WRONG_ITEM = "wrong_item"
    MISSING = "missing"
    NOT_RECEIVED = "not_received"
    NOT_AS_DESCRIBED = "not_as_described"
    DOES_NOT_FIT = "does_not_fit"
    FAKE = "fake"
    EXPIRED = "expired"
    CHANGED_MIND = "changed_mind"
    OTHER = "other"


class Solution(StrEnum):
    """What a buyer is to get: money for goods that come back, or money alone."""

    RETURN_AND_REFUND = "return_and_refund"
    REFUND = "refund"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One SKU that is to come back."""

    listing_external_id: str
    variant_external_id: str
    title: str
    sku: str
    quantity: int
    unit_price: Money
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class ReturnSnapshot:
    """What a platform said of a return, and when. An order may have several.

    `reason` is the platform's word, an open set, and `why` ours for it; `buyer_says` the buyer's own. `answer_by` is until when
    the seller may answer, `proof_by` until when he may send proof. `offered` is the last offer, and
    `is_buyers_offer` tells that it waits for the seller. Where the platform's warehouse looks at the
    goods (`is_decided_elsewhere`) the seller cannot accept. `is_back` is the platform's word that the
    goods have reached the seller. Pictures are links that a platform may end.
    """

    external_id: str
    order_external_id: str
    state: ReturnState
    raw_state: str
    solution: Solution
    reason: str
    buyer_says: str
    refund: Money
    created_at: datetime
    updated_at: datetime
    lines: tuple[ReturnLine, ...]
    photos: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    buyer_name: str = ""
    answer_by: datetime | None = None
    proof_by: datetime | None = None
    proof_state: str = ""
    offered: Money | None = None
    offered_solution: Solution = Solution.UNKNOWN
    is_buyers_offer: bool = False
    is_decided_elsewhere: bool = False
    tracking_number: str = ""
    raw_goods_state: str = ""
    is_back: bool = False
    digest: str = ""
    why: ReturnReason = ReturnReason.OTHER

    @property
    def counter_offer(self) -> Money | None:
        """Return what the buyer would take instead of what was asked for, where he has said so."""
        return self.offered if self._is_haggled and self.is_buyers_offer else None

    @property
    def waits_for_buyer(self) -> bool:
        """Tell whether the seller has offered something else and the buyer has yet to answer."""
        return self._is_haggled and not self.is_buyers_offer

    @property
    def _is_haggled(self) -> bool:
        """Tell whether the last offer is another than what was asked for: platforms call that an offer, too."""
        is_other = self.offered != self.refund or self.offered_solution is not self.solution
        return self.state is ReturnState.ASKED and self.offered is not None and is_other

    @property
    def due(self) -> datetime | None:
        """Return until when the seller must answer, where it is his turn."""
        return self.answer_by if self.state is ReturnState.ASKED and not self.waits_for_buyer else None


@dataclass(frozen=True, slots=True)
class Return:
    """A return as we keep it; `version` grows with everything that is said of it."""

    id: str
    seller_id: str
    shop_id: str
    snapshot: ReturnSnapshot
    version: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class KnownReturn:
    """What is stored of a return, as far as it decides whether a snapshot is news."""

    id: str
    state: ReturnState
    updated_at: datetime
    digest: str
    counter_offer: Money | None
    is_back: bool = False

    def is_news(self, seen: ReturnSnapshot) -> bool:
        """Tell whether a snapshot says something newer; an older one never wins, the same one says nothing."""
        return seen.updated_at >= self.updated_at and seen.digest != self.digest


REMINDS_BEFORE: Sequence[timedelta] = (timedelta(hours=24), timedelta(hours=3))
"""How long before the time to answer by a seller is reminded; each once."""


def next_reminder(due: datetime | None, after: datetime) -> datetime | None:
    """Return the first moment after `after` at which a seller is to be reminded of a deadline."""
    moments = [due - before for before in REMINDS_BEFORE] if due else []
    return min((each for each in moments if each > after), default=None)
