"""What a platform lets a price be, beside the seller's own guards: what its rules forbid is not even sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from domain.changes import Guard
from domain.money import Money


@dataclass(frozen=True, slots=True)
class PriceRules:
    """A platform's rules in one region; None where it has none that is known.

    The dearest variant of a listing may cost `ratio_cap` times the cheapest; prices have `digits` after the point.
    """

    ratio_cap: int | None = None
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a price breaks, and between which it would not, where there is such a span."""

    guard: Guard
    lowest: Money | None = None
    highest: Money | None = None
    cap: int = 0


def find_breach(
    after: Money, others: Sequence[Money], wholesale: Money | None, rules: PriceRules
) -> Breach | None:
    """Return the rule that forbids a price beside those of the listing's other variants, or None."""
    if rules.digits is not None and after.amount != round(after.amount, rules.digits):
        return Breach(Guard.WRONG_DECIMALS)
    if wholesale is not None and after < wholesale:
        return Breach(Guard.BELOW_WHOLESALE, lowest=wholesale)
    if rules.ratio_cap is None or not others:
        return None
    lowest, highest = _span(others, rules.ratio_cap, rules.digits or 0)
    if lowest <= after <= highest:
        return None
    is_open = lowest <= highest
    return Breach(
        Guard.RATIO_CAP,
        lowest=lowest if is_open else None,
        highest=highest if is_open else None,
        cap=rules.ratio_cap,
    )


def _span(others: Sequence[Money], cap: int, digits: int) -> tuple[Money, Money]:
    """Return the lowest and the highest price that keep the dearest and the cheapest close enough."""
    cheapest, dearest = min(others, key=_amount), max(others, key=_amount)
    step = Decimal(1).scaleb(-digits)
    lowest = (dearest.amount / cap).quantize(step, ROUND_CEILING)
    return Money(lowest, dearest.currency), cheapest * cap


def _amount(of: Money) -> Decimal:
    return of.amount
