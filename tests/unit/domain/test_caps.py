"""Limits: which one a proposal passes, and whose word goes beyond it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.caps import DAY_LASTS, Approval, Cap, Excess, Limits, find_excess, may_exceed
from domain.changes import Change
from tests.factories import DAY, NOW, change, money

WIDE = Limits(Decimal(10**6), Decimal(10**6), 10**6)
LAMP, KETTLE = "1500000000000001", "1500000000000002"


def percent_of(limit: int) -> Limits:
    return replace(WIDE, percent_per_change=Decimal(limit))


def test_the_limits_of_a_new_seller() -> None:
    assert Limits() == Limits(Decimal(30), Decimal(50), 200)
    assert DAY_LASTS == DAY


@pytest.mark.parametrize(
    ("before", "after", "percent", "reached"),
    [
        (1000, 700, 30, None),
        (1000, 1300, 30, None),
        (1000, 699, 30, "-30.1"),
        (1000, 1301, 30, "30.1"),
        (1000, 990, 0, "-1"),
        (0, 5, 99, "100"),
        (0, 5, 100, None),
    ],
)
def test_beyond_the_limit_of_one_change_a_tap_is_not_enough(
    before: int, after: int, percent: int, reached: str | None
) -> None:
    excess = find_excess([change(before, after)], percent_of(percent), {})
    assert excess == (Excess(Cap.CHANGE, Decimal(reached), Decimal(percent)) if reached else None)


def test_the_largest_of_the_changes_is_told_and_the_way_back_is_free() -> None:
    small, large = change(1000, 990), change(1000, 100)
    assert find_excess([small, large, change(1000, 650)], Limits(), {}) == Excess(
        Cap.CHANGE, Decimal(-90), Decimal(30)
    )
    assert find_excess([small, replace(large, undo_of=small.id)], Limits(), {}) is None
    assert find_excess([replace(large, undo_of=small.id)], Limits(), {}) is None
    assert find_excess([], Limits(), {}) is None


@pytest.mark.parametrize(
    ("began", "after", "reached"),
    [(1000, 500, None), (1000, 499, "-50.1"), (500, 750, None), (500, 751, "50.2"), (700, 720, None)],
)
def test_small_steps_add_up_over_a_day(began: int, after: int, reached: str | None) -> None:
    step = change(700, after, listing_variant_id=LAMP)
    limits = replace(WIDE, percent_per_day=Decimal(50))
    excess = find_excess([step], limits, {LAMP: money(began), KETTLE: money(1)})
    assert excess == (Excess(Cap.DAY, Decimal(reached), Decimal(50)) if reached else None)


def test_a_price_not_changed_today_starts_where_it_is() -> None:
    limits = replace(WIDE, percent_per_day=Decimal(50))
    assert find_excess([change(1000, 500)], limits, {KETTLE: money(5000)}) is None
    assert find_excess([change(1000, 499)], limits, {}) == Excess(Cap.DAY, Decimal("-50.1"), Decimal(50))


def test_each_price_has_its_own_day_and_the_furthest_is_told() -> None:
    lamp = change(700, 720, id="c1", listing_variant_id=LAMP)
    kettle = change(400, 380, id="c2", listing_variant_id=KETTLE)
    limits = replace(WIDE, percent_per_day=Decimal(50))
    starts = {LAMP: money(1000), KETTLE: money(1000)}
    assert find_excess([lamp, kettle], limits, starts) == Excess(Cap.DAY, Decimal(-62), Decimal(50))
    assert find_excess([lamp], limits, starts) is None


def test_one_change_too_far_is_told_before_the_day() -> None:
    far = change(1000, 400)
    assert find_excess([far], Limits(), {far.listing_variant_id: money(2000)}) == Excess(
        Cap.CHANGE, Decimal(-60), Decimal(30)
    )


def many(count: int) -> list[Change]:
    return [change(1000, 990, id=f"c{at}") for at in range(count)]


def test_too_many_prices_at_once_need_more_than_a_tap() -> None:
    limits = replace(WIDE, items_per_proposal=3)
    back = change(1000, 990, undo_of="c9")
    assert find_excess([*many(3), back], limits, {}) is None
    assert find_excess(many(4), limits, {}) == Excess(Cap.ITEMS, Decimal(4), Decimal(3))


@pytest.mark.parametrize(
    ("approvals", "may"),
    [
        ([], False),
        ([("4711", False)], False),
        ([("4711", True)], True),
        ([("4712", False)], True),
        ([("4711", False), ("4712", False)], True),
    ],
)
def test_a_limit_is_passed_by_a_second_person_or_by_typing(
    approvals: list[tuple[str, bool]], *, may: bool
) -> None:
    given = [Approval("c1", user_id, NOW, is_typed) for user_id, is_typed in approvals]
    assert may_exceed("4711", given) is may


def test_each_limit_is_told_as_the_whole_number_it_is_set_to() -> None:
    limits = Limits(Decimal(25), Decimal(40), 80)
    assert [limits.of(each) for each in (Cap.CHANGE, Cap.DAY, Cap.ITEMS)] == [25, 40, 80]
