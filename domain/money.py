"""Money: an exact amount with its currency. Adding two currencies is an error, not a sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SCALE = 4
"""Digits after the point that are kept in storage (ten-thousandths)."""

_WHOLE = frozenset({"IDR", "VND", "JPY", "KRW", "CLP", "TWD"})
"""Currencies whose amounts are shown without a fraction."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one operation."""


def minor_digits(currency: str) -> int:
    """Return how many digits after the point a person expects in this currency."""
    return 0 if currency in _WHOLE else 2


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in major units (129000 IDR is one hundred and twenty-nine thousand rupiah)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise ValueError("money must be a finite number")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount

    def rounded(self) -> "Money":
        """Return the amount rounded half up to what the currency shows."""
        step = Decimal(1).scaleb(-minor_digits(self.currency))
        return Money(self.amount.quantize(step, ROUND_HALF_UP), self.currency)

    def percent_from(self, before: "Money") -> Decimal:
        """Return the change from `before` to this amount, in percent (-10.2 is a drop).

        Raises ZeroDivisionError-free: from nothing, any rise counts as 100 percent.
        """
        base = self._same(before)
        if base == 0:
            return Decimal(0) if self.amount == 0 else Decimal(100)
        return (self.amount - base) / base * 100


def total(amounts: Iterable[Money]) -> dict[str, Money]:
    """Sum amounts per currency; nothing is ever converted."""
    sums: dict[str, Money] = {}
    for each in amounts:
        known = sums.get(each.currency)
        sums[each.currency] = each if known is None else known + each
    return sums
