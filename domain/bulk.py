"""A bulk change: many prices asked for as one, by one recipe; its plan is what a person sees and agrees to.

Its changes are changes like any other and share its id as their proposal. What the recipe may not touch is
skipped, with the reason.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from domain.catalogue import ListingState, ListingVariant
from domain.changes import check_price
from domain.errors import InputError
from domain.money import Money, minor_digits

MOST = 1000
"""So many prices go into one bulk change; more are asked for in parts."""
DRAFT_LASTS = timedelta(hours=24)
WIDEST = Decimal(900)
"""A rise by more percent than this is a slip of the finger."""


class Move(StrEnum):
    """How a recipe makes a price: by percent of it, by an amount, to one amount for all, or each to its own."""

    PERCENT = "percent"
    BY = "by"
    TO = "to"
    EACH = "each"


class Rounding(StrEnum):
    """What a new price ends in; the values travel in buttons.

    The unit is a thousand where prices have no fraction, else one: TENTH is 129,400 or 12.40, WHOLE
    129,000 or 12.00, CHARM 128,900 or 11.90.
    """

    EXACT = "x"
    TENTH = "t"
    WHOLE = "w"
    CHARM = "c"


class Skip(StrEnum):
    """Why a price is left as it is; the guards' words, and some of its own."""

    BELOW_FLOOR = "below_floor"
    NOT_POSITIVE = "not_positive"
    WRONG_DECIMALS = "wrong_decimals"
    NO_CHANGE = "no_change"
    TOO_LARGE = "too_large"
    FLOOR_CURRENCY = "floor_currency"
    RATIO_CAP = "ratio_cap"
    BELOW_WHOLESALE = "below_wholesale"
    NOT_EDITABLE = "not_editable"
    OTHER_CURRENCY = "other_currency"
    CHANGED_SINCE = "changed_since"


class Source(StrEnum):
    """Where the prices of a bulk change come from."""

    FILTER = "filter"
    FILE = "file"
    UNDO = "undo"


class BulkState(StrEnum):
    """A draft is seen by who makes it alone; CALLED_OFF lets what was not sent be."""

    DRAFT = "draft"
    ASKED = "asked"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How each price is made. An amount, and the floor, are of one currency; a percent alone is of any."""

    move: Move
    value: Decimal
    rounding: Rounding = Rounding.EXACT
    floor: Decimal | None = None
    currency: str = ""

    def price_for(self, before: Money) -> Money:
        """Return the price this recipe makes of another one."""
        if self.move is Move.TO:
            return Money(self.value, before.currency)
        if self.move is Move.BY:
            return _rounded(Money(before.amount + self.value, before.currency), self.rounding)
        return _rounded(Money(before.amount * (100 + self.value) / 100, before.currency), self.rounding)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which products a bulk change is over: a list of `/products`, as its buttons carry it."""

    filter: str = ""
    shop: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class SentFile:
    """The file that a bulk change came out of: `digest` is of its bytes, `same` and `bad` are rows without a change."""

    name: str = ""
    digest: str = ""
    rows: int = 0
    same: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True)
class Bulk:
    """The head of a bulk change. `version` grows with every move of its own; its changes have theirs.

    `digest` names the plan that was shown, `undo_of` the bulk change that this one takes back,
    `reason` why the rest was called off: the platform's, or none where `stopped_by` did it.
    """

    id: str
    seller_id: str
    source: Source
    scope: Scope
    recipe: Recipe
    state: BulkState
    version: int
    requested_by: str
    requested_at: datetime
    digest: str = ""
    undo_of: str = ""
    reason: str = ""
    stopped_by: str = ""
    file: SentFile = SentFile()


@dataclass(frozen=True, slots=True)
class Planned:
    """One price of a plan: what it becomes, or why it is left."""

    shown: ListingVariant
    before: Money
    after: Money
    skip: Skip | None = None


def plan_price(shown: ListingVariant, recipe: Recipe, floor: Money | None) -> Planned:
    """Plan one price by a recipe; `floor` is its variant's own."""
    before = shown.price.listed
    if recipe.currency and recipe.currency != before.currency:
        return Planned(shown, before, before, Skip.OTHER_CURRENCY)
    return checked(shown, before, recipe.price_for(before), _higher(floor, recipe, before.currency))


def checked(shown: ListingVariant, before: Money, after: Money, floor: Money | None) -> Planned:
    """Plan one price as it was asked for, unless a guard forbids it."""
    if shown.state not in {ListingState.LISTED, ListingState.UNLISTED}:
        return Planned(shown, before, after, Skip.NOT_EDITABLE)
    guard = check_price(before, after, floor)
    return Planned(shown, before, after, Skip(guard.value) if guard else None)


def digest_of(plan: Sequence[Planned]) -> str:
    """Return a name for exactly this plan: other prices, or other ones skipped, have another."""
    lines = (
        f"{each.shown.id} {each.before.amount} {each.after.amount} {each.after.currency} {each.skip or ''}"
        for each in sorted(plan, key=lambda planned: planned.shown.id)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def check_recipe(recipe: Recipe) -> None:
    """Raise InputError("bulk_recipe") for a recipe that can only be a slip of the finger."""
    if recipe.move is Move.EACH:
        return
    is_zero = recipe.move is not Move.TO and not recipe.value
    is_wide = recipe.move is Move.PERCENT and not -100 < recipe.value <= WIDEST
    if is_zero or is_wide or (recipe.move is Move.TO and recipe.value <= 0):
        raise InputError("bulk_recipe", most=WIDEST)


def unit_of(currency: str) -> Decimal:
    """Return the unit that prices are rounded by."""
    return Decimal(1) if minor_digits(currency) else Decimal(1000)


def _rounded(price: Money, rounding: Rounding) -> Money:
    unit = unit_of(price.currency)
    if rounding is Rounding.EXACT:
        return price.rounded()
    if rounding is Rounding.CHARM:
        tenth = unit / 10
        return Money(_to_step(price.amount + tenth, unit) - tenth, price.currency)
    return Money(_to_step(price.amount, unit if rounding is Rounding.WHOLE else unit / 10), price.currency)


def _to_step(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _higher(floor: Money | None, recipe: Recipe, currency: str) -> Money | None:
    asked = None if recipe.floor is None else Money(recipe.floor, currency)
    if floor is None or asked is None:
        return floor or asked
    return floor if floor.currency != currency else max(floor, asked)
