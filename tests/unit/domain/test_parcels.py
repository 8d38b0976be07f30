"""Our state of a parcel follows what the platform says, and never leaves where nothing leads on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.orders import OrderStatus, ParcelLine, ParcelState
from domain.parcels import ENDED, OFF, PackState, Said, follow, goods_of, may_follow, said_of
from tests.factories import order_line, order_snapshot, parcel


@given(
    state=st.sampled_from([None, *PackState]),
    said=st.sampled_from(Said),
    printed=st.integers(0, 2),
    was_arranged=st.booleans(),
)
def test_whatever_a_platform_says_leads_where_a_parcel_may_go(
    state: PackState | None, said: Said, printed: int, *, was_arranged: bool
) -> None:
    after = follow(state, said, printed=printed, was_arranged=was_arranged)
    assert (after is None) <= (state is None)
    if state is not None and after is not None and after is not state:
        assert may_follow(state, after)
    if state is PackState.HANDED_OVER:
        assert after is PackState.HANDED_OVER
    if said is Said.OFF and state is not None and state not in ENDED:
        assert after in OFF
    if said is Said.OFF and printed and state in {PackState.PRINTED, PackState.PACKED}:
        assert after is PackState.PULL_OUT


@pytest.mark.parametrize(
    ("order", "box", "said"),
    [
        (OrderStatus.TO_SHIP, ParcelState.TO_ARRANGE, Said.TO_ARRANGE),
        (OrderStatus.TO_SHIP, ParcelState.ARRANGED, Said.ARRANGED),  # the first of several
        (OrderStatus.TO_SHIP, ParcelState.WAITING, Said.NOTHING),
        (OrderStatus.TO_SHIP, ParcelState.UNKNOWN, Said.TO_ARRANGE),
        (OrderStatus.ARRANGED, ParcelState.UNKNOWN, Said.ARRANGED),
        (OrderStatus.PENDING, ParcelState.TO_ARRANGE, Said.NOTHING),
        (OrderStatus.UNKNOWN, ParcelState.UNKNOWN, Said.NOTHING),
        (OrderStatus.CANCELLED, ParcelState.ARRANGED, Said.OFF),
        (OrderStatus.CANCEL_ASKED, ParcelState.TO_ARRANGE, Said.OFF),
        (OrderStatus.ARRANGED, ParcelState.CANCELLED, Said.OFF),
        (OrderStatus.ARRANGED, ParcelState.HANDED_OVER, Said.LEFT),
        (OrderStatus.SHIPPED, ParcelState.UNKNOWN, Said.LEFT),
    ],
)
def test_what_is_said_of_a_parcel(order: OrderStatus, box: ParcelState, said: Said) -> None:
    assert said_of(order_snapshot(status=order), parcel(state=box)) is said


def test_a_parcel_that_comes_back_is_packed_again_with_its_label() -> None:
    back = follow(PackState.PULLED, Said.ARRANGED, printed=1, was_arranged=False)
    assert back is PackState.PRINTED
    assert follow(PackState.DROPPED, Said.ARRANGED, printed=0, was_arranged=False) is PackState.ARRANGED
    assert follow(PackState.PULL_OUT, Said.TO_ARRANGE, printed=1, was_arranged=False) is PackState.PRINTED


def test_an_older_word_of_the_platform_takes_no_arranging_back() -> None:
    assert follow(PackState.PRINTED, Said.TO_ARRANGE, printed=1, was_arranged=False) is PackState.PRINTED
    assert follow(PackState.PRINTED, Said.TO_ARRANGE, printed=1, was_arranged=True) is PackState.TO_ARRANGE


def test_goods_are_of_one_kind_or_mixed() -> None:
    lamp, cable = (
        order_line(2),
        order_line(variant_external_id="7", sku="", title="Kabel", variant_name="2 m"),
    )
    order = order_snapshot(lines=(lamp, cable))
    one = parcel(lines=(ParcelLine("900001", "7", 3),))
    both = replace(one, lines=(*one.lines, ParcelLine("900001", "0", 2)))
    assert (goods_of(order, one).sku, goods_of(order, one).units) == ("Kabel 2 m", 3)
    assert (goods_of(order, both).is_mixed, goods_of(order, both).units) == (True, 5)
    assert goods_of(order, parcel(lines=())).is_mixed  # one that does not say holds what its order has
    assert goods_of(order_snapshot(lines=(lamp,)), parcel(lines=())).sku == "LAMP-12W"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PackState.DROPPED, PackState.ARRANGED),
        (PackState.PULL_OUT, PackState.PRINTED),
        (PackState.PULLED, PackState.PRINTED),
        (PackState.PACKED, PackState.PACKED),
    ],
)
def test_a_parcel_whose_cancellation_was_refused_is_packed_after_all(
    before: PackState, after: PackState
) -> None:
    assert follow(before, Said.ARRANGED, printed=1, was_arranged=True) is after
