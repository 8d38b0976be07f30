"""Stock: what an order holds in each state, what a step is called, when a count is asked for once more."""

import pytest

from domain.orders import OrderStatus as S
from domain.stock import Held, Reason, held_after, needs_second_word, reason_of


@pytest.mark.parametrize(
    ("status", "held", "after"),
    [
        (S.UNPAID, None, Held(0, 2)),
        (S.PENDING, None, Held(0, 2)),
        (S.TO_SHIP, Held(0, 2), Held(0, 2)),
        (S.ARRANGED, None, Held(0, 2)),
        (S.CANCEL_ASKED, None, Held(0, 2)),
        (S.SHIPPED, Held(0, 2), Held(-2, 0)),
        (S.DELIVERED, None, Held(-2, 0)),
        (S.COMPLETED, None, Held(-2, 0)),
        (S.RETURNING, None, Held(-2, 0)),
        (S.CANCELLED, Held(0, 2), Held()),
        (S.CANCELLED, None, Held()),
        (S.CANCELLED, Held(-2, 0), Held(-2, 0)),
        (S.UNKNOWN, None, Held(0, 2)),
        (S.UNKNOWN, Held(-2, 0), Held(-2, 0)),
    ],
)
def test_an_order_holds_what_its_state_says(status: S, held: Held | None, after: Held) -> None:
    assert held_after(status, 2, held) == after


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (Held(), Held(0, 2), Reason.SALE),
        (Held(0, 2), Held(-2, 0), Reason.SHIP),
        (Held(), Held(-2, 0), Reason.SHIP),
        (Held(0, 2), Held(), Reason.CANCEL),
    ],
)
def test_a_step_has_a_name(before: Held, after: Held, reason: Reason) -> None:
    assert reason_of(before, after) is reason


@pytest.mark.parametrize(
    ("before", "after", "is_asked"),
    [
        (10, 0, False),
        (11, 0, True),
        (0, 500, False),
        (100, 120, False),
        (100, 121, True),
        (100, 79, True),
        (5, 7, False),
        (5, 8, True),
    ],
)
def test_a_count_far_from_the_last_is_asked_for_once_more(before: int, after: int, *, is_asked: bool) -> None:
    assert needs_second_word(before, after) is is_asked


@pytest.mark.parametrize(("received", "is_asked_again"), [(1, False), (1_000, False), (1_001, True)])
def test_a_delivery_is_asked_for_again_only_when_it_is_huge(received: int, *, is_asked_again: bool) -> None:
    assert needs_second_word(5, 5 + received, received) is is_asked_again
