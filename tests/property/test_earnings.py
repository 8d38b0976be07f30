"""The sums on a card add up, whatever was sold, taken and paid; and so do those of many cards."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.views.earnings import earning_lines
from domain.earnings import Earning, Fee, FeeKind, Taught, estimate_fees
from domain.money import Money, minor_digits
from services.earnings import kept_together

CURRENCIES = st.sampled_from(["IDR", "MYR"])
CATEGORIES = st.sampled_from(["", "lamps", "cables"])


def amounts(currency: str, low: int = 0) -> st.SearchStrategy[Money]:
    coin = Decimal(1).scaleb(-minor_digits(currency))
    return st.integers(low, 10**8).map(lambda coins: Money(coins * coin, currency))


@st.composite
def lessons(draw: st.DrawFn, currency: str) -> Taught:
    kinds = draw(st.lists(st.sampled_from(FeeKind), unique=True, min_size=1))
    fees = tuple(Fee(kind, draw(amounts(currency, -(10**6)))) for kind in kinds)
    return Taught(draw(st.integers(5, 500)), draw(amounts(currency, 1)), fees)


@st.composite
def earnings(draw: st.DrawFn, currency: str | None = None) -> Earning:
    currency = currency or draw(CURRENCIES)
    goods = draw(st.dictionaries(CATEGORIES, amounts(currency), min_size=1))
    taught = draw(st.dictionaries(CATEGORIES, lessons(currency))) | {"": draw(lessons(currency))}
    whole = sum(goods.values(), Money(Decimal(0), currency))
    fees = estimate_fees(goods, taught) or ()
    return Earning(whole, fees, draw(amounts(currency)), learnt_from=taught[""].orders)


@given(earnings())
def test_what_a_card_shows_adds_up_to_what_is_kept(earned: Earning) -> None:
    shown = earning_lines(earned)
    assert shown
    assert shown.cost
    assert shown.kept == shown.goods + shown.taken + shown.cost
    assert shown.paid_out == shown.goods + shown.taken
    named = sum((amount.amount for _, amount in shown.kinds), Decimal(0))
    assert named == shown.taken.amount
    assert len({kind for kind, _ in shown.kinds}) == len(shown.kinds) <= 5


@given(earnings())
def test_every_shown_amount_is_whole_coins(earned: Earning) -> None:
    for fee in earned.fees:
        assert fee.amount == fee.amount.rounded()
        assert fee.kind is not FeeKind.REFUND


@given(st.lists(earnings()))
def test_sum_over_orders_is_the_sum_of_their_cards(many: list[Earning]) -> None:
    for summed in kept_together(many):
        coins = [
            int(each.kept.amount.scaleb(2))
            for each in many
            if each.kept and each.kept.currency == summed.currency
        ]
        assert int(summed.amount.scaleb(2)) == sum(coins)
    assert {each.currency for each in kept_together(many)} == {each.goods.currency for each in many}
