"""Buyers behave as the real transactions show: the figures here are what tools/fit_buyers.py read in those."""

from collections import Counter
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

import pytest

from simulator.world.catalogue import load_catalogue
from simulator.world.clock import Clock
from simulator.world.history import seed_orders
from simulator.world.shelf import Shelf
from simulator.world.shops import Shop
from simulator.world.trade import Wanted
from simulator.world.world import ShopPlan, World

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")
BASKETS = 12_000


@pytest.fixture(scope="module")
def shop() -> Shop:
    world = World(seed=3, clock=Clock(frozen_at=NOON))
    return world.open_shop(ShopPlan(1, "Toko", "", "seller", "ID"), list(load_catalogue().products))


@pytest.fixture(scope="module")
def baskets(shop: Shop) -> list[list[Wanted]]:
    shelf, random = Shelf(shop), Random(5)  # noqa: S311 - chance that repeats is what is wanted
    return [shelf.draw_basket(random) for _ in range(BASKETS)]


def test_baskets_have_as_many_lines_as_real_ones(baskets: list[list[Wanted]]) -> None:
    counts = Counter(len(basket) for basket in baskets)
    shares = [counts[lines] / BASKETS for lines in range(1, 5)]
    real = [0.631, 0.161, 0.080, 0.051]
    gap = max(abs(ours - theirs) for ours, theirs in zip(accumulate(shares), accumulate(real), strict=True))
    assert gap < 0.03
    assert max(counts) == 12
    assert all(len({wanted.variant.id for wanted in basket}) == len(basket) for basket in baskets)


def test_lines_have_as_many_units_as_real_ones(baskets: list[list[Wanted]]) -> None:
    units = Counter(wanted.quantity for basket in baskets for wanted in basket)
    shares = {number: count / units.total() for number, count in units.items()}
    real = {1: 0.608, 2: 0.154, 3: 0.048, 4: 0.044, 6: 0.030, 12: 0.045, 24: 0.014}
    for number, share in real.items():
        assert shares[number] == pytest.approx(share, abs=0.035), number


def test_dear_goods_are_bought_one_by_one_and_cheap_ones_by_the_pack(baskets: list[list[Wanted]]) -> None:
    lines = [wanted for basket in baskets for wanted in basket]
    prices = sorted(wanted.variant.spec.price_idr for wanted in lines)
    cheap, dear = prices[len(prices) // 10], prices[len(prices) * 9 // 10]
    of_cheap = [wanted.quantity for wanted in lines if wanted.variant.spec.price_idr <= cheap]
    of_dear = [wanted.quantity for wanted in lines if wanted.variant.spec.price_idr >= dear]
    assert of_cheap.count(1) / len(of_cheap) == pytest.approx(0.376, abs=0.06)
    assert of_dear.count(1) / len(of_dear) == pytest.approx(0.755, abs=0.06)


def test_few_goods_make_most_sales(shop: Shop, baskets: list[list[Wanted]]) -> None:
    sold = Counter(wanted.variant.id for basket in baskets for wanted in basket)
    ranked = sorted(sold.values(), reverse=True)
    on_sale = sum(len(item.variants) for item in shop.listings.values() if item.state == "active")
    for best, share in ((0.1, 0.356), (0.2, 0.535), (0.5, 0.824)):
        assert sum(ranked[: round(on_sale * best)]) / sum(ranked) == pytest.approx(share, abs=0.03), best


def test_past_keeps_the_hours_and_weekdays_of_real_buyers() -> None:
    world = World(seed=4, clock=Clock(frozen_at=NOON))
    shop = world.open_shop(ShopPlan(1, "Toko", "", "seller", "ID"), list(load_catalogue().products))
    seed_orders(world, shop, count=4000, days=28)
    placed = [order.created_at.astimezone(JAKARTA) for order in shop.orders.values()]
    # Six orders of ten keep the hours of the data, where 22 % came before noon, 76 % before four; four come at night.
    for hour, share in ((12, 0.138), (14, 0.277), (16, 0.466), (18, 0.624), (20, 0.762), (22, 0.932)):
        assert sum(at.hour < hour for at in placed) / len(placed) == pytest.approx(share, abs=0.045), hour
    days = Counter(at.weekday() for at in placed)
    # Shares of the data's week with a Saturday of 0.144 put between Friday and Sunday.
    week = (0.132, 0.159, 0.173, 0.157, 0.198, 0.126, 0.054)
    for day, share in enumerate(week):
        assert days[day] / len(placed) == pytest.approx(share, abs=0.03), day
