"""Variants that bear one SKU: what joins by itself, what a person is asked, what never is one."""

from dataclasses import replace

import pytest

from domain.namesakes import Apart, Joint, Market, Namesake, joints, questions

IDR = Market("IDR", is_simulated=False)
A, B, C = (Namesake(each, "lamp", IDR, (f"shop-{each}",)) for each in "abc")
COUNTED, TOLD = replace(A, is_counted=True), replace(B, has_own=True)


def test_what_nobody_counted_becomes_the_oldest_or_the_one_that_was_told_something() -> None:
    assert joints([A, B, C], ()) == [Joint("b", "a"), Joint("c", "a")]
    assert joints([A, TOLD, C], ()) == [Joint("a", "b"), Joint("c", "b")]
    other = [replace(each, variant_id=each.variant_id.upper(), sku="pot") for each in (A, B)]
    assert joints([A, *other, B], ()) == [Joint("b", "a"), Joint("B", "A")]
    assert questions([A, B, C], ()) == questions([A, TOLD, C], ()) == []


@pytest.mark.parametrize(
    ("every", "asked"),
    [
        ([COUNTED, B, C], [Joint("b", "a"), Joint("c", "a")]),
        ([B, replace(C, is_counted=True)], [Joint("b", "c")]),
        ([A, TOLD, replace(C, has_own=True)], [Joint("a", "b"), Joint("c", "b")]),
        ([replace(COUNTED, is_held=True), B], []),
        ([COUNTED, replace(B, is_counted=True), C], []),
    ],
    ids=["counted", "counted later", "told two things", "waits for a count", "counted twice"],
)
def test_what_would_be_sent_or_lost_is_asked(every: list[Namesake], asked: list[Joint]) -> None:
    assert joints(every, ()) == []
    assert questions(every, ()) == asked


@pytest.mark.parametrize(
    "every",
    [
        [COUNTED],
        [COUNTED, replace(B, shops=A.shops), C],
        [COUNTED, replace(B, shops=("shop-x", "shop-x")), C],
        [COUNTED, replace(B, market=Market("SGD", is_simulated=False))],
        [COUNTED, replace(B, market=Market("IDR", is_simulated=True))],
    ],
    ids=["alone", "twice in one shop", "twice in another", "other currency", "demo"],
)
@pytest.mark.parametrize("is_counted", [True, False])
def test_what_shares_no_stock_is_never_one(every: list[Namesake], *, is_counted: bool) -> None:
    every = [replace(each, is_counted=each.is_counted and is_counted) for each in every]
    assert joints(every, ()) == questions(every, ()) == []


def test_what_a_person_kept_apart_stays_apart() -> None:
    apart: Apart = {frozenset("ab")}
    assert joints([A, B, C], apart) == []
    assert questions([A, B, C], apart) == [Joint("c", "a")]
    assert questions([COUNTED, B, C], apart) == [Joint("c", "a")]
