"""What buyers say of goods for everybody to read, and the one answer a seller may give (R6, R10)."""

from dataclasses import dataclass
from datetime import datetime

from domain.actions import DONE, UNDER_WAY, ActionState, Verdict

ANSWER_LENGTH = 500
LOW_STARS = 2
"""So many stars and fewer are worth an alert."""


@dataclass(frozen=True, slots=True)
class ReviewSnapshot:
    """A review as its platform shows it. Who wrote it is not kept: the order knows."""

    external_id: str
    order_external_id: str
    listing_external_id: str
    variant_external_id: str
    stars: int
    text: str
    photos: int
    videos: int
    is_hidden: bool
    created_at: datetime
    reply: str = ""
    replied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wants to say to a review. `refusal` is why not: the platform's reason in our words."""

    id: str
    seller_id: str
    shop_id: str
    review_id: str
    text: str
    state: ActionState
    version: int
    requested_by: str
    requested_at: datetime
    due_at: datetime
    attempts: int = 0
    looks: int = 0
    refusal: str = ""
    ended_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class Review:
    """A review in our books; `title` is of the listing, where it is known (`listing_id`)."""

    id: str
    shop_id: str
    seen: ReviewSnapshot
    seen_at: datetime
    listing_id: str = ""
    title: str = ""
    variant: str = ""
    order_id: str = ""

    @property
    def is_answered(self) -> bool:
        return bool(self.seen.reply)


def verdict(answer: Answer, reply: str) -> Verdict | None:
    """Judge by the review alone what became of an answer; None while nothing shows."""
    if not reply:
        return None
    return DONE if same_words(reply, answer.text) else Verdict("already_answered")


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts say the same; platforms may set spaces and line ends their own way."""
    return one.split() == other.split()
