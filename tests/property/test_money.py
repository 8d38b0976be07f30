"""Money adds up, whatever the order; rounding is near; a percent has the sign of the change."""

from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.caps import Limits, find_excess
from domain.changes import Guard, check_price
from domain.money import Money, minor_digits, total
from domain.orders import Order
from tests.factories import NOW, SELLER, change, money, order_line, order_snapshot

CURRENCIES = st.sampled_from(["IDR", "SGD", "VND"])
AMOUNTS = st.decimals(-(10**12), 10**12, places=4)
MONEYS = st.builds(Money, AMOUNTS, CURRENCIES)


@given(st.lists(MONEYS), st.randoms())
def test_sums_do_not_depend_on_the_order(amounts: list[Money], random: Random) -> None:
    shuffled = random.sample(amounts, len(amounts))
    assert total(shuffled) == total(amounts)
    for currency, summed in total(amounts).items():
        parts = [int(each.amount.scaleb(4)) for each in amounts if each.currency == currency]
        assert summed.amount.scaleb(4) == sum(parts)


@given(MONEYS)
def test_rounding_moves_by_half_a_coin_at_most_and_once(amount: Money) -> None:
    coin = Decimal(1).scaleb(-minor_digits(amount.currency))
    assert abs(amount.rounded().amount - amount.amount) <= coin / 2
    assert amount.rounded().amount % coin == 0
    assert amount.rounded().rounded() == amount.rounded()


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_percent_has_the_sign_of_the_change_and_leads_there(before: int, after: int) -> None:
    percent = money(after).percent_from(money(before))
    assert (percent > 0, percent < 0) == (after > before, after < before)
    assert abs(before * (100 + percent) / 100 - after) < Decimal("0.001")


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 10**9)), min_size=1, max_size=20))
def test_the_goods_of_an_order_are_the_sum_of_its_lines(lines: list[tuple[int, int]]) -> None:
    seen = order_snapshot(lines=tuple(order_line(quantity, each) for quantity, each in lines))
    assert Order("o", SELLER, "s", seen, NOW).goods == money(sum(quantity * each for quantity, each in lines))


@given(
    st.integers(1, 10**7),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14),
    st.none() | st.integers(1, 10**7),
)
def test_no_price_that_passes_the_guards_could_hurt(before: int, after: Decimal, floor: int | None) -> None:
    asked = Money(after, "IDR")
    guard = check_price(money(before), asked, None if floor is None else money(floor))
    if guard is None:
        assert 0 < asked.amount < 10**12
        assert asked.amount == int(asked.amount) != before
        assert floor is None or asked.amount >= floor
    else:
        assert guard in Guard


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 100))
def test_one_tap_never_moves_a_price_further_than_the_limit(before: int, after: int, percent: int) -> None:
    limits = Limits(percent_per_change=Decimal(percent), percent_per_day=Decimal(10**9))
    is_beyond = find_excess([change(before, after)], limits, {}) is not None
    assert is_beyond == (abs(after - before) * 100 > percent * before)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=6), st.integers(1, 100))
def test_many_small_taps_move_a_price_no_further_than_the_days_limit(path: list[int], percent: int) -> None:
    began, *_, before, after = [path[0], *path]
    limits = Limits(percent_per_change=Decimal(10**9), percent_per_day=Decimal(percent))
    asked = change(before, after)
    is_beyond = find_excess([asked], limits, {asked.listing_variant_id: money(began)}) is not None
    assert is_beyond == (abs(after - began) * 100 > percent * began)
