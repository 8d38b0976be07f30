"""A change: a write to a platform that is proposed, guarded, approved, applied, read back (R6).

DRAFT -> PENDING -> APPROVED -> APPLYING -> APPLIED | FAILED | UNKNOWN | CONFLICT
         PENDING -> REJECTED | EXPIRED | SUPERSEDED
         APPROVED -> REJECTED (called off while it waits)
         APPLYING, UNKNOWN -> APPROVED (read back: the shop still shows the old value)
         UNKNOWN -> APPLIED | FAILED | CONFLICT
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.money import Money


class ChangeKind(StrEnum):
    PRICE = "price"


class ChangeState(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


MOVES: dict[ChangeState, frozenset[ChangeState]] = {
    ChangeState.DRAFT: frozenset({ChangeState.PENDING}),
    ChangeState.PENDING: frozenset(
        {ChangeState.APPROVED, ChangeState.REJECTED, ChangeState.EXPIRED, ChangeState.SUPERSEDED}
    ),
    ChangeState.APPROVED: frozenset(
        {ChangeState.APPLYING, ChangeState.SUPERSEDED, ChangeState.EXPIRED, ChangeState.REJECTED}
    ),
    ChangeState.APPLYING: frozenset(
        {
            ChangeState.APPLIED,
            ChangeState.FAILED,
            ChangeState.UNKNOWN,
            ChangeState.CONFLICT,
            ChangeState.APPROVED,
        }
    ),
    ChangeState.UNKNOWN: frozenset(
        {
            ChangeState.APPLIED,
            ChangeState.FAILED,
            ChangeState.UNKNOWN,
            ChangeState.CONFLICT,
            ChangeState.APPROVED,
        }
    ),
}
"""Every move that exists; what is not here cannot happen."""

ENDED = frozenset(
    {
        ChangeState.APPLIED,
        ChangeState.FAILED,
        ChangeState.CONFLICT,
        ChangeState.REJECTED,
        ChangeState.EXPIRED,
        ChangeState.SUPERSEDED,
    }
)

APPROVAL_LASTS = timedelta(hours=24)
UNDO_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Change:
    """One proposed write to one listing variant in one shop.

    Changes asked for together share `proposal_id` and one card. `version` grows with every move.
    `seen_value` is what the shop showed when it was read last. `undo_of` names the change taken back.
    Since `locked_since` it waits or waited for a promotion, until `locked_until` where the end is known.
    """

    id: str
    proposal_id: str
    seller_id: str
    shop_id: str
    kind: ChangeKind
    listing_variant_id: str
    before: Money
    after: Money
    state: ChangeState
    version: int
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    note: str = ""
    approved_by: str = ""
    decided_at: datetime | None = None
    not_before: datetime | None = None
    attempts: int = 0
    ended_at: datetime | None = None
    reason: str = ""
    seen_value: Money | None = None
    undo_of: str = ""
    locked_since: datetime | None = None
    locked_until: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """Tell whether it is approved and waits for a promotion to end."""
        return self.state is ChangeState.APPROVED and self.locked_since is not None

    @property
    def percent(self) -> Decimal:
        return self.after.percent_from(self.before)

    def can_be_undone(self, now: datetime) -> bool:
        """Tell whether this change went through recently enough to be taken back."""
        return (
            self.state is ChangeState.APPLIED
            and not self.undo_of
            and self.ended_at is not None
            and now - self.ended_at < UNDO_LASTS
        )


class Guard(StrEnum):
    """Why a price may not be proposed or applied at all."""

    BELOW_FLOOR = "below_floor"
    NOT_POSITIVE = "not_positive"
    WRONG_DECIMALS = "wrong_decimals"
    NO_CHANGE = "no_change"
    TOO_LARGE = "too_large"
    FLOOR_CURRENCY = "floor_currency"
    RATIO_CAP = "ratio_cap"  # by a platform's rule, as the next one (domain/price_rules.py)
    BELOW_WHOLESALE = "below_wholesale"


HIGHEST = Decimal(10) ** 12
"""No price has more than twelve digits before the point; a longer one is a slip of the finger."""


def check_price(before: Money, after: Money, floor: Money | None) -> Guard | None:
    """Return the guard that forbids this price, or None; asked at the request and again before it is sent."""
    if after.amount <= 0:
        return Guard.NOT_POSITIVE
    if after.amount >= HIGHEST:
        return Guard.TOO_LARGE
    if after != after.rounded():
        return Guard.WRONG_DECIMALS
    if after == before:
        return Guard.NO_CHANGE
    return None if floor is None else _check_floor(after, floor)


def _check_floor(after: Money, floor: Money) -> Guard | None:
    if floor.currency != after.currency:
        return Guard.FLOOR_CURRENCY
    return Guard.BELOW_FLOOR if after < floor else None
