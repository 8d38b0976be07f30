"""Returns: goods a buyer wants to give back, or money back for, and how far that is."""

from dataclasses import dataclass
from datetime import datetime
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

    `reason` is the platform's word, an open set; `buyer_says` the buyer's own. `answer_by` is until when
    the seller may answer, `proof_by` until when he may send proof. `offered` is the last offer, and
    `is_buyers_offer` tells that it waits for the seller. Where the platform's warehouse looks at the
    goods (`is_decided_elsewhere`) the seller cannot accept. Pictures are links that a platform may end.
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
    digest: str = ""
