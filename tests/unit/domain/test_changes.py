"""Changes: which moves there are, which prices are forbidden, when one tap is not enough."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.changes import ENDED, MOVES, ChangeState, Guard, check_price
from domain.money import Money
from tests.factories import DAY, NOW, change, money

A, S = ChangeState, timedelta(seconds=1)

ALLOWED = {
    (A.DRAFT, A.PENDING),
    (A.PENDING, A.APPROVED), (A.PENDING, A.REJECTED), (A.PENDING, A.EXPIRED), (A.PENDING, A.SUPERSEDED),
    (A.APPROVED, A.APPLYING), (A.APPROVED, A.REJECTED), (A.APPROVED, A.SUPERSEDED), (A.APPROVED, A.EXPIRED),
    (A.APPLYING, A.APPLIED), (A.APPLYING, A.FAILED), (A.APPLYING, A.UNKNOWN), (A.APPLYING, A.CONFLICT),
    (A.APPLYING, A.APPROVED),
    (A.UNKNOWN, A.APPLIED), (A.UNKNOWN, A.FAILED), (A.UNKNOWN, A.UNKNOWN), (A.UNKNOWN, A.CONFLICT),
    (A.UNKNOWN, A.APPROVED),
}  # fmt: skip


@pytest.mark.parametrize("state", list(ChangeState))
@pytest.mark.parametrize("to", list(ChangeState))
def test_only_the_moves_of_the_state_machine_exist(state: ChangeState, to: ChangeState) -> None:
    assert (to in MOVES.get(state, frozenset())) == ((state, to) in ALLOWED)


def test_what_has_ended_moves_no_more_and_everything_else_can_end() -> None:
    assert {state for state in ChangeState if not MOVES.get(state)} == ENDED

    def ends(state: ChangeState, seen: frozenset[ChangeState] = frozenset()) -> bool:
        return state in ENDED or any(ends(to, seen | {state}) for to in MOVES[state] - seen - {state})

    assert all(ends(state) for state in ChangeState)


@pytest.mark.parametrize(
    ("after", "floor", "guard"),
    [
        (money(119000), None, None),
        (money(1), None, None),
        (money(0), None, Guard.NOT_POSITIVE),
        (money(-1), None, Guard.NOT_POSITIVE),
        (money("999999999999"), None, None),
        (money("1000000000000"), None, Guard.TOO_LARGE),
        (money("119000.5"), None, Guard.WRONG_DECIMALS),
        (money("119000.00"), None, None),
        (money(129000), None, Guard.NO_CHANGE),
        (money("129000.00"), None, Guard.NO_CHANGE),
        (money(119000), money(119000), None),
        (money(119000), money(119001), Guard.BELOW_FLOOR),
        (money(139000), money(150000), Guard.BELOW_FLOOR),
        (money(119000), money(10, "MYR"), Guard.FLOOR_CURRENCY),
    ],
)
def test_a_price_is_forbidden_by_its_guard(after: Money, floor: Money | None, guard: Guard | None) -> None:
    assert check_price(money(129000), after, floor) == guard


@pytest.mark.parametrize(
    ("after", "guard"), [("12.345", Guard.WRONG_DECIMALS), ("12.34", None), ("0.01", None)]
)
def test_cents_are_two_digits(after: str, guard: Guard | None) -> None:
    assert check_price(money(10, "SGD"), money(after, "SGD"), None) == guard


def test_guards_of_the_price_itself_come_before_the_floor() -> None:
    assert check_price(money(5), money(-1), money(100)) is Guard.NOT_POSITIVE
    assert check_price(money(5), money("1.5"), money(100)) is Guard.WRONG_DECIMALS
    assert check_price(money(5), money(5), money(100)) is Guard.NO_CHANGE


def test_a_percent_is_of_the_price_before() -> None:
    assert change(129000, 119000).percent.quantize(Decimal("0.01")) == Decimal("-7.75")


@pytest.mark.parametrize(
    ("changes", "can"),
    [
        ({"state": A.APPLIED, "ended_at": NOW}, True),
        ({"state": A.APPLIED, "ended_at": NOW - DAY + S}, True),
        ({"state": A.APPLIED, "ended_at": NOW - DAY}, False),
        ({"state": A.APPLIED, "ended_at": None}, False),
        ({"state": A.APPLIED, "ended_at": NOW, "undo_of": "x"}, False),
        ({"state": A.FAILED, "ended_at": NOW}, False),
        ({"state": A.UNKNOWN, "ended_at": NOW}, False),
    ],
)
def test_only_what_went_through_lately_can_be_undone(changes: dict[str, Any], *, can: bool) -> None:
    assert change(**changes).can_be_undone(NOW) is can
