"""Orders: which snapshot counts, which one is worth telling, what the lines add up to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.orders import (
    OPEN,
    PAID,
    Known,
    Order,
    OrderStatus,
    Taken,
    is_worth_telling,
    shortest_tails,
    take,
    was_called_off,
)
from tests.factories import NOW, SELLER, money, order_line, order_snapshot

SECOND = timedelta(seconds=1)
O = OrderStatus  # noqa: E741 - the tables below are read by their columns


def known(status: OrderStatus = O.UNPAID, **changes: object) -> Known:
    return replace(Known("0d00000000000001", status, NOW, "seen-before"), **changes)  # type: ignore[arg-type]


def test_an_unknown_order_is_new() -> None:
    assert take(None, order_snapshot()) is Taken.NEW


@pytest.mark.parametrize(
    ("age", "digest", "taken"),
    [
        (SECOND, "another", Taken.CHANGED),
        (SECOND, "seen-before", Taken.SAME),
        (0 * SECOND, "another", Taken.CHANGED),
        (0 * SECOND, "seen-before", Taken.SAME),
        (-SECOND, "another", Taken.STALE),
        (-SECOND, "seen-before", Taken.STALE),
    ],
)
def test_a_snapshot_counts_unless_it_is_older_or_the_same(age: timedelta, digest: str, taken: Taken) -> None:
    assert take(known(), order_snapshot(updated_at=NOW + age, digest=digest)) is taken


@pytest.mark.parametrize("seen", list(OrderStatus))
def test_a_new_order_is_worth_telling_when_it_is_to_be_packed(seen: OrderStatus) -> None:
    assert is_worth_telling(None, order_snapshot(status=seen)) is (seen in {O.TO_SHIP, O.PENDING})


@pytest.mark.parametrize("stored", list(OrderStatus))
@pytest.mark.parametrize("seen", list(OrderStatus))
def test_a_known_order_is_worth_telling_when_it_was_paid(stored: OrderStatus, seen: OrderStatus) -> None:
    expected = stored is O.UNPAID and seen in {O.TO_SHIP, O.PENDING}
    assert is_worth_telling(known(stored), order_snapshot(status=seen)) is expected


@pytest.mark.parametrize("stored", list(OrderStatus))
@pytest.mark.parametrize("seen", list(OrderStatus))
def test_an_order_is_called_off_while_somebody_may_be_packing_it(
    stored: OrderStatus, seen: OrderStatus
) -> None:
    expected = stored in {O.PENDING, O.TO_SHIP, O.ARRANGED} and seen in {O.CANCELLED, O.CANCEL_ASKED}
    assert was_called_off(known(stored), order_snapshot(status=seen)) is expected
    assert not was_called_off(None, order_snapshot(status=seen))


def test_an_unknown_status_stays_in_sight_and_is_not_counted_as_sold() -> None:
    assert O.UNKNOWN in OPEN
    assert O.UNKNOWN not in PAID


def test_goods_are_the_sum_of_the_lines() -> None:
    seen = order_snapshot(lines=(order_line(2, 29000), order_line(3, 1500)))
    assert [line.total for line in seen.lines] == [money(58000), money(4500)]
    assert Order("o", SELLER, "s", seen, NOW).goods == money(62500)
    assert Order("o", SELLER, "s", replace(seen, lines=()), NOW).goods == money(0)


@pytest.mark.parametrize(
    ("numbers", "tails"),
    [
        ([], {}),
        (["260302ABCDE"], {"260302ABCDE": "ABCDE"}),
        (["A12345", "B12345"], {"A12345": "A12345", "B12345": "B12345"}),
        (["XA12345", "XB12345"], {"XA12345": "A12345", "XB12345": "B12345"}),
        (["0012345", "9912345", "9999999"], {"0012345": "012345", "9912345": "912345", "9999999": "99999"}),
        (["12345", "9912345"], {"12345": "12345", "9912345": "912345"}),
        (["ABC", "XABC"], {"ABC": "ABC", "XABC": "XABC"}),
        (["", "A"], {"": "", "A": "A"}),
        (["SAME123", "SAME123"], {"SAME123": "SAME123"}),
    ],
)
def test_a_tail_is_as_short_as_it_can_be_and_no_shorter_than_five(
    numbers: list[str], tails: dict[str, str]
) -> None:
    assert shortest_tails(numbers) == tails


def test_how_short_a_tail_may_be_can_be_chosen() -> None:
    assert shortest_tails(["AB12", "AB13"], at_least=1) == {"AB12": "2", "AB13": "3"}
