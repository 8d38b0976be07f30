"""How far prices may go before one tap is not enough: a seller's limits, and whose word goes beyond them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.changes import Change
from domain.money import Money

DAY_LASTS = timedelta(hours=24)


class Cap(StrEnum):
    """Which limit: of one change, of a day's changes, of the prices asked for together."""

    CHANGE = "change"
    DAY = "day"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Limits:
    """A seller's limits: in percent for one change and for a day of changes, and for prices asked at once."""

    percent_per_change: Decimal = Decimal(30)
    percent_per_day: Decimal = Decimal(50)
    items_per_proposal: int = 200

    def of(self, cap: Cap) -> int:
        """Return a limit as the whole number it is set to."""
        numbers = {Cap.CHANGE: self.percent_per_change, Cap.DAY: self.percent_per_day}
        return int(numbers.get(cap, self.items_per_proposal))


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that is passed: a percent with its sign or a count, and what the seller allows."""

    cap: Cap
    reached: Decimal
    limit: Decimal


@dataclass(frozen=True, slots=True)
class Approval:
    """Who said yes to a change, and when; `is_typed` tells that the new price was typed, not tapped."""

    change_id: str
    user_id: str
    at: datetime
    is_typed: bool


def find_excess(
    changes: Sequence[Change], limits: Limits, day_began_at: Mapping[str, Money]
) -> Excess | None:
    """Return the limit that changes asked for together pass, or None.

    `day_began_at` has, by listing variant, the price from which the day's changes started; one that is
    missing starts with its change. The way back to a price that was left is bound by no limit.
    """
    bound = [each for each in changes if not each.undo_of]
    if not bound:
        return None
    once = max((each.percent for each in bound), key=abs)
    if abs(once) > limits.percent_per_change:
        return Excess(Cap.CHANGE, once, limits.percent_per_change)
    starts = {each.id: day_began_at.get(each.listing_variant_id, each.before) for each in bound}
    in_a_day = max((each.after.percent_from(starts[each.id]) for each in bound), key=abs)
    if abs(in_a_day) > limits.percent_per_day:
        return Excess(Cap.DAY, in_a_day, limits.percent_per_day)
    if len(bound) > limits.items_per_proposal:
        return Excess(Cap.ITEMS, Decimal(len(bound)), Decimal(limits.items_per_proposal))
    return None


def may_exceed(requested_by: str, approvals: Iterable[Approval]) -> bool:
    """Tell whether a limit may be passed: a second person agreed, or the price was typed once more."""
    return any(each.is_typed or each.user_id != requested_by for each in approvals)
