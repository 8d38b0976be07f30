"""The recipes of bulk changes: how prices come out, and by which name a plan is known."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.bulk import Move, Planned, Recipe, Rounding, Skip, digest_of
from domain.money import Money
from tests.unit.bot import records as r

RUPIAH = "IDR"


@pytest.mark.parametrize(
    ("percent", "rounding", "before", "after"),
    [
        ("-10", Rounding.EXACT, "129500", "116550"),
        ("-10", Rounding.TENTH, "129500", "116600"),
        ("-10", Rounding.WHOLE, "129500", "117000"),
        ("-10", Rounding.CHARM, "129500", "116900"),
        ("-10", Rounding.CHARM, "1000", "900"),
        ("-7.5", Rounding.EXACT, "11111", "10278"),
        ("5", Rounding.CHARM, "99900", "104900"),
    ],
)
def test_a_percent_comes_out_rounded(percent: str, rounding: Rounding, before: str, after: str) -> None:
    recipe = Recipe(Move.PERCENT, Decimal(percent), rounding)
    assert recipe.price_for(Money(Decimal(before), RUPIAH)) == Money(Decimal(after), RUPIAH)


@pytest.mark.parametrize(
    ("rounding", "after"),
    [(Rounding.EXACT, "11.66"), (Rounding.TENTH, "11.70"), (Rounding.WHOLE, "12"), (Rounding.CHARM, "11.90")],
)
def test_where_prices_have_a_fraction_the_unit_is_one(rounding: Rounding, after: str) -> None:
    recipe = Recipe(Move.PERCENT, Decimal(-10), rounding)
    assert recipe.price_for(Money(Decimal("12.95"), "SGD")) == Money(Decimal(after), "SGD")


def test_an_amount_moves_or_sets_a_price() -> None:
    before = Money(Decimal(50_000), RUPIAH)
    assert Recipe(Move.BY, Decimal(-2_500), currency=RUPIAH).price_for(before).amount == 47_500
    assert (
        Recipe(Move.TO, Decimal(49_900), Rounding.WHOLE, currency=RUPIAH).price_for(before).amount == 49_900
    )


def test_another_plan_has_another_name() -> None:
    one = replace(r.listed(), id="1" * 16)
    plan = [
        Planned(one, r.idr(29_000), r.idr(26_500)),
        Planned(replace(one, id="2" * 16), r.idr(1), r.idr(2)),
    ]
    others = [
        plan[:1],
        [replace(plan[0], after=r.idr(26_501)), plan[1]],
        [replace(plan[0], before=r.idr(29_001)), plan[1]],
        [replace(plan[0], skip=Skip.BELOW_FLOOR), plan[1]],
    ]
    assert digest_of(plan) == digest_of(plan[::-1])
    assert len({digest_of(each) for each in (plan, *others)}) == 5
