"""What a platform's rules forbid is said before anything is sent, and looked at again right before it leaves."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.changes import ChangeState
from domain.errors import InputError
from tests.factories import listing_snapshot, money, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import House
from tests.integration.services.pricing import LAMP


async def _two_sizes(house: House, **changes: object) -> tuple[FakeShop, str]:
    """Let a shop sell a small lamp for 20,000 and a large one for 100,000; return the small one's variant."""
    small, large = (variant_snapshot(*each) for each in (("1", 20000), ("2", 100000)))
    large = replace(large, sku="LAMP-40W")
    _, truth = await house.stocked(listing_snapshot(LAMP, small, large, **changes))
    (found,) = await house.services.stock.by_sku(house.owner, "LAMP-12W")
    return truth, found.variant_id


async def test_a_price_too_far_from_its_neighbour_is_refused_with_the_span(house: House) -> None:
    truth, small = await _two_sizes(house)
    with pytest.raises(InputError, match="price_ratio_cap") as refused:
        await house.services.prices.propose(house.owner, small, Decimal(14285), "key")
    assert (refused.value.params["lowest"], refused.value.params["highest"]) == (money(14286), money(700000))
    assert truth.price(LAMP, "1") == money(20000)
    made = await house.services.prices.propose(house.owner, small, Decimal(14286), "key")
    assert made.prices[0].change.after == money(14286)


async def test_a_neighbour_that_moved_meanwhile_holds_an_approved_price_back(house: House) -> None:
    truth, small = await _two_sizes(house)
    made = await house.services.prices.propose(house.owner, small, Decimal(15000), "key")
    change = made.prices[0].change
    await house.services.prices.type_amount(house.owner, made.id, Decimal(15000))
    truth.set_price(LAMP, money(140000), "2")
    done = await house.apply(change)
    assert (done.state, done.reason) == (ChangeState.FAILED, "price_ratio_cap")
    assert (truth.price(LAMP, "1"), house.bazaar.calls["push_prices"]) == (money(20000), 0)


async def test_no_price_is_asked_for_below_the_wholesale_price(house: House) -> None:
    _, small = await _two_sizes(house, wholesale=money(19000))
    with pytest.raises(InputError, match="price_below_wholesale") as refused:
        await house.services.prices.propose(house.owner, small, Decimal(18999), "key")
    assert refused.value.params["lowest"] == money(19000)
