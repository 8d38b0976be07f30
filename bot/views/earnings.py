"""What is kept of an order, made ready for a template, which does not compute."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.earnings import Earning, FeeKind, sum_of
from domain.money import Money

KINDS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class EarningLines:
    """Amounts with their signs: goods, what is taken and what it cost add up to what is kept."""

    goods: Money
    taken: Money
    kinds: tuple[tuple[FeeKind, Money], ...]
    paid_out: Money
    cost: Money | None
    kept: Money | None
    learnt_from: int

    @property
    def is_estimated(self) -> bool:
        return self.learnt_from > 0


def earning_lines(earning: Earning | None) -> EarningLines | None:
    """Return the lines of an earning, the largest fees first; what has no room goes together as the rest."""
    if earning is None:
        return None
    largest = sorted(earning.fees, key=lambda fee: -abs(fee.amount.amount))
    return EarningLines(
        goods=earning.goods,
        taken=-earning.taken,
        kinds=_kinds([(fee.kind, -fee.amount) for fee in largest]),
        paid_out=earning.paid_out,
        cost=None if earning.cost is None else -earning.cost,
        kept=earning.kept,
        learnt_from=earning.learnt_from,
    )


def _kinds(amounts: Sequence[tuple[FeeKind, Money]]) -> tuple[tuple[FeeKind, Money], ...]:
    if len(amounts) <= KINDS_SHOWN:
        return tuple(amounts)
    named = [pair for pair in amounts if pair[0] is not FeeKind.OTHER][: KINDS_SHOWN - 1]
    kept = {kind for kind, _ in named}
    rest = [amount for kind, amount in amounts if kind not in kept]
    return (*named, (FeeKind.OTHER, sum_of(rest, rest[0].currency)))
