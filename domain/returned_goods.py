"""Goods that a buyer sent back: which of them lie on the shelf again, and which are left out.

What is said of them are movements of the ledger, numbered for each return and what was sold: so each counts once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.returns import ReturnSnapshot, ReturnState, Solution
from domain.stock import Movement, Reason

MOST_STEPS = 24
"""So often somebody may change their mind about one line."""

_MAY_BE_BACK = frozenset(
    {
        ReturnState.ACCEPTED,
        ReturnState.COMING_BACK,
        ReturnState.JUDGING,
        ReturnState.DISPUTED,
        ReturnState.CLOSED,
        ReturnState.UNKNOWN,
    }
)


@dataclass(frozen=True, slots=True)
class Returned:
    """So many units of one variant that come back, before anything was said of them."""

    listing_variant_id: str
    variant_id: str
    title: str
    quantity: int


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """What became of it: `back` on the shelf, `out` left out. Of what is not counted nothing is kept."""

    of: Returned
    is_counted: bool
    back: int = 0
    out: int = 0
    steps: int = 0

    @property
    def left(self) -> int:
        """Return of how many units nothing is said yet."""
        return max(0, self.of.quantity - self.back - self.out) if self.is_counted else 0


@dataclass(frozen=True, slots=True)
class Goods:
    """All that comes back by one return. `undo_id` is what was said last, while it can be taken back."""

    lines: tuple[GoodsLine, ...] = ()
    undo_id: str = ""

    @property
    def version(self) -> int:
        return sum(each.steps for each in self.lines)

    @property
    def next(self) -> GoodsLine | None:
        """Return what is to be looked at next."""
        return next((each for each in self.lines if each.left), None)

    @property
    def left(self) -> int:
        return sum(each.left for each in self.lines)

    @property
    def back(self) -> int:
        return sum(each.back for each in self.lines)

    @property
    def out(self) -> int:
        return sum(each.out for each in self.lines)


def may_be_back(seen: ReturnSnapshot) -> bool:
    """Tell whether goods of this return may have reached the seller."""
    return seen.solution is not Solution.REFUND and (seen.is_back or seen.state in _MAY_BE_BACK)


def source(return_id: str, listing_variant_id: str, step: int) -> str:
    """Return what names a step in the ledger: said twice, it counts once."""
    return f"return:{return_id}:{listing_variant_id}:{step}"


def sorted_line(
    of: Returned, steps: Sequence[Movement], undone: Collection[str], *, is_counted: bool
) -> GoodsLine:
    """Return what became of goods by what was said of them in turn; who leaves some out means all the rest."""
    back = out = 0
    for each in steps:
        if each.id in undone:
            continue
        if each.reason is Reason.RETURNED:
            back += each.on_hand
        else:
            out = max(0, of.quantity - back)
    # What is taken back is a step, too: whoever still sees the goods as they were must look again.
    return GoodsLine(of, is_counted, back, out, len(steps) + sum(each.id in undone for each in steps))
