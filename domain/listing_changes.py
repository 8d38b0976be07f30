"""A change of what a listing says of itself: proposed, confirmed, applied, read back, taken back.

It moves as a price does (`domain/changes.py`), but what changes is a text, of one listing in one shop,
and nobody else has to agree: who may, confirms.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from domain.changes import UNDO_LASTS, ChangeState

LISTED, UNLISTED = "listed", "unlisted"
BOOSTED = "boosted"
LIGHTEST_KG, HEAVIEST_KG = Decimal("0.01"), Decimal(1000)


class ListingField(StrEnum):
    """What of a listing can be changed. SHOWN is whether buyers see it; WEIGHT is in kilograms.

    BOOST shows it first for some hours, which ends by itself and cannot be taken back.
    """

    SHOWN = "shown"
    TITLE = "title"
    DESCRIPTION = "description"
    SKU = "sku"
    WEIGHT = "weight"
    BOOST = "boost"


LONGEST = {ListingField.TITLE: 255, ListingField.DESCRIPTION: 5000, ListingField.SKU: 100}


class EditGuard(StrEnum):
    """Why a listing cannot be changed so."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_CHANGE = "no_change"
    NOT_A_WEIGHT = "not_a_weight"


@dataclass(frozen=True, slots=True)
class ListingChange:
    """One proposed change. `seen_value` is what the shop showed when it was read last."""

    id: str
    seller_id: str
    shop_id: str
    listing_id: str
    field: ListingField
    before: str
    after: str
    state: ChangeState
    version: int
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    not_before: datetime | None = None
    attempts: int = 0
    ended_at: datetime | None = None
    reason: str = ""
    seen_value: str | None = None
    undo_of: str = ""

    def can_be_undone(self, now: datetime) -> bool:
        """Tell whether it went through recently enough to be taken back; an undo is the end of it."""
        if self.field is ListingField.BOOST:
            return False
        if self.state is not ChangeState.APPLIED or self.undo_of or self.ended_at is None:
            return False
        return now - self.ended_at < UNDO_LASTS


def check_edit(field: ListingField, before: str, after: str) -> EditGuard | None:
    """Return the guard that forbids this value, or None. An empty SKU is one that is taken away."""
    if field is ListingField.WEIGHT and not _is_weight(after):
        return EditGuard.NOT_A_WEIGHT
    if not after and field is not ListingField.SKU:
        return EditGuard.EMPTY
    if len(after) > LONGEST.get(field, len(after)):
        return EditGuard.TOO_LONG
    return EditGuard.NO_CHANGE if is_same(field, before, after) else None


def is_possible(field: ListingField, after: str) -> bool:
    """Tell whether a field can ever have this value: some have a few words alone."""
    words = {ListingField.SHOWN: {LISTED, UNLISTED}, ListingField.BOOST: {BOOSTED}}.get(field)
    return words is None or after in words


def is_same(field: ListingField, one: str, other: str) -> bool:
    """Tell whether two values are one: a weight may be written in several ways."""
    if field is ListingField.WEIGHT and _is_weight(one) and _is_weight(other):
        return Decimal(one) == Decimal(other)
    return one == other


def _is_weight(text: str) -> bool:
    try:
        weight = Decimal(text)
    except InvalidOperation:
        return False
    return weight.is_finite() and LIGHTEST_KG <= weight <= HEAVIEST_KG
