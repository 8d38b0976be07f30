"""What a seller does about a return, from the tap to what the platform shows of it (R6, R10)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.actions import DONE, UNDER_WAY, ActionState, Verdict
from domain.money import Money
from domain.returns import ReturnSnapshot, ReturnState, Solution


class ReturnActionKind(StrEnum):
    ACCEPT = "accept"
    ACCEPT_OFFER = "accept_offer"
    OFFER = "offer"
    DISPUTE = "dispute"


TEXT_LENGTH = 500
EMAIL_LENGTH = 120
ACCEPTABLE = frozenset({ReturnState.ASKED, ReturnState.COMING_BACK})
ARGUABLE = frozenset({ReturnState.ASKED, ReturnState.ACCEPTED, ReturnState.COMING_BACK})
"""States in which a seller may try to accept, or to object; the platform has the last word."""

_AGREED = frozenset({ReturnState.ACCEPTED, ReturnState.COMING_BACK, ReturnState.CLOSED})


@dataclass(frozen=True, slots=True)
class Proof:
    """One kind of proof that an objection asks for, and the addresses of the pictures handed over for it."""

    external_id: str
    requirement: str
    is_required: bool
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnAction:
    """One thing asked of a platform about a return. As a draft it still waits for its confirmation.

    `was` is the return's state when it was asked for. `step` is the proof of an objection that is
    looked at. `own_words` are the seller's and take the place of the reason's. `email` is where the platform
    answers to; it goes when the action ends. `refusal` is why not: the platform's reason in our words.
    """

    id: str
    seller_id: str
    shop_id: str
    return_id: str
    kind: ReturnActionKind
    state: ActionState
    version: int
    requested_by: str
    requested_at: datetime
    due_at: datetime
    was: ReturnState
    solution: Solution = Solution.UNKNOWN
    amount: Money | None = None
    reason_id: str = ""
    reason_text: str = ""
    own_words: str = ""
    proofs: tuple[Proof, ...] = ()
    step: int = 0
    email: str = ""
    attempts: int = 0
    looks: int = 0
    refusal: str = ""
    ended_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def words(self) -> str:
        """Return what the platform is told in words: the seller's own, or else those of the reason."""
        return self.own_words or self.reason_text

    @property
    def missing(self) -> Proof | None:
        """Return the first proof that must be there and is not."""
        return next((each for each in self.proofs if each.is_required and not each.pictures), None)


def fits(kind: ReturnActionKind, seen: ReturnSnapshot) -> bool:
    """Tell whether something may be asked for as a return stands."""
    match kind:
        case ReturnActionKind.ACCEPT:
            return seen.state in ACCEPTABLE and not seen.is_decided_elsewhere
        case ReturnActionKind.ACCEPT_OFFER:
            return seen.counter_offer is not None
        case ReturnActionKind.OFFER:
            return seen.state is ReturnState.ASKED
        case ReturnActionKind.DISPUTE:
            return seen.state in ARGUABLE


def verdict(action: ReturnAction, seen: ReturnSnapshot) -> Verdict | None:
    """Judge by the return alone whether an action had its effect; None while nothing shows either way.

    What stands so although nothing of ours has left (READY) somebody else did.
    """
    if action.kind is ReturnActionKind.DISPUTE:
        return _of_dispute(action, seen)
    if action.kind is ReturnActionKind.OFFER and _stands(action, seen):
        return DONE
    if seen.state is ReturnState.JUDGING:
        return Verdict("being_judged")
    if seen.state is ReturnState.DISPUTED:
        return Verdict("already_disputed")
    if seen.state is action.was:
        return None if fits(action.kind, seen) or action.state is not ActionState.READY else _gone(action)
    is_agreed = seen.state in _AGREED and action.kind is not ReturnActionKind.OFFER
    is_ours = is_agreed and (action.was is ReturnState.ASKED or seen.state is ReturnState.CLOSED)
    return DONE if is_ours else None if seen.state is ReturnState.UNKNOWN else Verdict("too_late")


def _of_dispute(action: ReturnAction, seen: ReturnSnapshot) -> Verdict | None:
    if seen.state in {ReturnState.DISPUTED, ReturnState.JUDGING}:
        if action.state is not ActionState.READY:
            return DONE
        is_disputed = seen.state is ReturnState.DISPUTED
        return Verdict("already_disputed" if is_disputed else "being_judged")
    return None if seen.state in ARGUABLE | {ReturnState.UNKNOWN} else Verdict("too_late")


def _stands(action: ReturnAction, seen: ReturnSnapshot) -> bool:
    is_same = action.amount is None or seen.offered == action.amount
    return seen.waits_for_buyer and is_same and seen.offered_solution is action.solution


def _gone(action: ReturnAction) -> Verdict:
    return Verdict("no_offer" if action.kind is ReturnActionKind.ACCEPT_OFFER else "too_late")
