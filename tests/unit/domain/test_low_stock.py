"""Low stock: where levels begin, that each rings once, and when an episode is over."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.low_stock import (
    NEVER_H,
    Episode,
    Scarcity,
    Standing,
    cover_h,
    may_ring_at,
    next_episode,
    per_day,
    rings,
    scarcity,
    usual_threshold,
)
from tests.factories import NOW

LOW, CRITICAL, OUT = Scarcity
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
REFILLED_FROM = {None: 2, 0: 2, 1: 3, 3: 5, 5: 7, 10: 13, 11: 15, 20: 25}
"""Thresholds, and from how many units on stock is refilled."""


@pytest.mark.parametrize(
    ("units", "threshold", "level"),
    [
        (6, 5, None), (5, 5, LOW), (2, 5, LOW), (1, 5, CRITICAL), (0, 5, OUT), (-3, 5, OUT),
        (10, 10, LOW), (4, 10, LOW), (3, 10, CRITICAL), (1, 1, LOW), (1, 3, CRITICAL),
        (1, 0, None), (0, 0, OUT), (1, None, None), (0, None, OUT),
    ],
)  # fmt: skip
def test_a_level_follows_from_what_is_left(units: int, threshold: int | None, level: Scarcity | None) -> None:
    assert scarcity(units, threshold) is level


def walk(threshold: int | None, *left: int, step: timedelta = MINUTE) -> tuple[list[str], Episode | None]:
    """Look at these numbers one after another; return what rang, and the last episode."""
    known, rung = None, []
    for at, units in enumerate(left):
        after = next_episode("lamp", known, Standing(units, threshold), NOW + at * step)
        if after and rings(known, after):
            rung.append(after.level.name)
        known = after
    return rung, known


@pytest.mark.parametrize(
    ("left", "rung"),
    [
        ((6, 5, 1, 0), ["LOW", "CRITICAL", "OUT"]),
        ((6, 0, 1, 5), ["OUT"]),
        ((5, 6, 5, 6, 4), ["LOW"]),
        ((5, 7, 5), ["LOW", "LOW"]),
        ((0, 1, 0, 3, 0), ["OUT"]),
        ((1, 5, 1, 6, 1), ["CRITICAL"]),
        ((0, 40, 1, 0), ["OUT", "CRITICAL", "OUT"]),
        ((40, 39), []),
    ],
)
def test_each_level_rings_once_until_stock_is_well_above(left: tuple[int, ...], rung: list[str]) -> None:
    assert walk(5, *left)[0] == rung


def test_a_little_above_for_a_day_is_over_too() -> None:
    rung, last = walk(5, 5, *[6] * 25, 5, step=HOUR)
    assert rung == ["LOW", "LOW"]
    assert last
    assert last.number == 2
    assert walk(5, 5, *[6] * 24, 5, step=HOUR)[0] == ["LOW"], "not a day yet"
    assert walk(5, 5, *[6] * 23, 5, 6, 6, 6, 5, step=HOUR)[0] == ["LOW"], "the day begins anew"


def test_what_is_not_watched_rings_nothing_and_ends_what_was() -> None:
    _, known = walk(5, 3)
    assert known
    after = next_episode("lamp", known, Standing(3, 5, is_watched=False), NOW)
    assert after
    assert (after.is_open, rings(known, after)) == (False, False)
    assert next_episode("lamp", None, Standing(0, None, is_watched=False), NOW) is None


@given(st.sampled_from(list(REFILLED_FROM)), st.lists(st.integers(-2, 30), max_size=40))
def test_no_level_rings_twice_before_a_refill(threshold: int | None, left: list[int]) -> None:
    """Told by hand: the worst since the last refill rings when it is reached, and nothing else."""
    told, expected = 0, []
    for units in left:
        if units >= REFILLED_FROM[threshold]:
            told = 0
        is_low = units <= 0 or (threshold is not None and units <= threshold)
        level = 0 if not is_low else 3 if units <= 0 else 2 if units <= (threshold or 0) // 3 else 1
        if level > told:
            expected.append(["LOW", "CRITICAL", "OUT"][level - 1])
            told = level
    assert walk(threshold, *left)[0] == expected


def test_what_sells_faster_is_low_earlier() -> None:
    fortnight = timedelta(days=14)
    assert per_day(14, NOW - fortnight, NOW) == 1.0
    assert per_day(14, NOW - HOUR, NOW) == 2.0, "one hour is spread over a week"
    assert per_day(-3, NOW - fortnight, NOW) == 0.0
    assert [usual_threshold(each) for each in (0.0, 0.1, 1.0, 1.4)] == [0, 1, 5, 7]
    assert [cover_h(units, 1.4) for units in (3, 0, -2)] == [51, 0, 0]
    assert cover_h(3, 0.0) == NEVER_H


def test_five_sounds_in_a_quarter_of_an_hour_are_enough() -> None:
    def ago(*minutes: int) -> list[datetime]:
        return [NOW - each * MINUTE for each in minutes]

    assert may_ring_at([], NOW) == NOW
    assert may_ring_at(ago(4, 3, 2, 1), NOW) == NOW
    assert may_ring_at(ago(14, 4, 3, 2, 1), NOW) == NOW + MINUTE
    assert may_ring_at(ago(15, 4, 3, 2, 1), NOW) == NOW
    assert may_ring_at(ago(9, 8, 4, 3, 2, 1), NOW) == NOW + 7 * MINUTE


def test_an_episode_is_open_until_it_is_closed() -> None:
    begun = Episode("v1", 1, Scarcity.LOW, Scarcity.LOW, 3, 48, NOW)
    assert begun.is_open
    assert not replace(begun, closed_at=NOW).is_open


@pytest.mark.parametrize(
    ("units", "cover", "days"), [(3, 47, 1), (3, 48, 2), (3, 0, 0), (0, 48, None), (3, NEVER_H, None)]
)
def test_whole_days_that_are_left_are_told_where_somebody_buys(
    units: int, cover: int, days: int | None
) -> None:
    assert Episode("v1", 1, Scarcity.LOW, Scarcity.LOW, units, cover, NOW).days == days
