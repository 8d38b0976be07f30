"""The world itself: believable goods, whole pasts, and a clock that can be moved."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from simulator.world import trade
from simulator.world.catalogue import load_catalogue
from simulator.world.clock import Clock
from simulator.world.currencies import MARKETS, local_price
from simulator.world.drawing import draw, has_motif, to_svg
from simulator.world.events import WorldEvent
from simulator.world.history import seed_orders
from simulator.world.orders import NEXT, OrderState
from simulator.world.shops import Shop
from simulator.world.world import ShopPlan, World

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World(seed=11, clock=Clock(frozen_at=NOON))


@pytest.fixture
def shop(world: World) -> Shop:
    plan = ShopPlan(1, "Toko", "", "seller", "ID")
    return world.open_shop(plan, list(load_catalogue().products))


def test_catalogue_is_as_large_and_mixed_as_a_real_shop() -> None:
    catalogue = load_catalogue()
    assert 140 <= len(catalogue.products) <= 170
    assert 480 <= catalogue.variant_count <= 560
    languages = Counter(product.language for product in catalogue.products)
    assert set(languages) == {"id", "th", "vi", "zh"}
    assert languages["id"] > 0.8 * len(catalogue.products)


def test_each_product_can_be_sold_and_drawn() -> None:
    catalogue = load_catalogue()
    assert len({product.key for product in catalogue.products}) == len(catalogue.products)
    for product in catalogue.products:
        assert has_motif(product.motif), product.key
        assert product.supplier in catalogue.suppliers
        prices = [variant.price_idr for variant in product.variants]
        assert max(prices) <= 7 * min(prices), product.key
        assert all(variant.cost_idr < variant.price_idr for variant in product.variants), product.key


def test_seller_codes_are_sometimes_missing_and_sometimes_shared() -> None:
    codes = [variant.sku for product in load_catalogue().products for variant in product.variants]
    given = Counter(code for code in codes if code)
    assert 10 <= codes.count("") <= 40
    assert sum(1 for count in given.values() if count > 1) >= 5


@pytest.mark.parametrize(
    ("region", "expected"),
    [("ID", "49000"), ("MY", "12.90"), ("TH", "99"), ("VN", "78000"), ("TW", "99")],
)
def test_rupiah_becomes_a_price_sellers_would_ask(region: str, expected: str) -> None:
    assert str(local_price(49_000, MARKETS[region])) == expected


def test_past_has_every_state_and_ends_now(world: World, shop: Shop) -> None:
    seed_orders(world, shop, count=2000)
    orders = list(shop.orders.values())
    assert len(orders) == 2000
    seen = {order.state for order in orders}
    assert seen == set(OrderState) - {OrderState.INVOICE_DUE}  # no market here asks for one
    assert min(order.created_at for order in orders) > NOON - timedelta(days=30)
    assert max(order.updated_at for order in orders) <= NOON


def test_past_follows_the_state_machine(world: World, shop: Shop) -> None:
    seed_orders(world, shop, count=2000)
    for order in shop.orders.values():
        times = [at for at, _ in order.history]
        assert times == sorted(times)
        states = [state for _, state in order.history]
        assert all(after in NEXT[before] for before, after in pairwise(states)), states


def test_past_takes_nothing_off_the_shelf_and_tells_nobody(world: World, shop: Shop) -> None:
    heard: list[WorldEvent] = []
    world.subscribe(heard.append)
    before = [variant.total_stock for listing in shop.listings.values() for variant in listing.variants]
    seed_orders(world, shop, count=200)
    after = [variant.total_stock for listing in shop.listings.values() for variant in listing.variants]
    assert before == after
    assert heard == []


def test_sums_of_an_order_agree(world: World, shop: Shop) -> None:
    seed_orders(world, shop, count=100)
    for order in shop.orders.values():
        lines = sum((line.price * line.quantity for line in order.lines), Decimal(0))
        assert order.total == lines + order.shipping_fee
        assert [line for parcel in order.parcels for line in parcel.lines] == order.lines


def test_no_order_takes_more_than_there_is(world: World, shop: Shop) -> None:
    listing = next(iter(shop.listings.values()))
    variant = listing.variants[0]
    world.change_stock(shop, listing, variant, "", 5)
    wanted = [trade.Wanted(listing, variant, 3)]
    trade.place_order(world, shop, wanted, trade.Checkout())
    with pytest.raises(trade.TradeError):
        trade.place_order(world, shop, wanted, trade.Checkout())
    assert variant.stock == {"": 2}


def test_clock_that_stands_moves_only_when_told() -> None:
    clock = Clock(frozen_at=NOON)
    moved: list[datetime] = []
    clock.on_change(lambda: moved.append(clock.now()))
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(hours=2))
    assert moved == [NOON + timedelta(hours=2)]


def test_resumed_clock_runs_on_from_where_it_stood() -> None:
    clock = Clock(frozen_at=NOON)
    clock.resume()
    assert timedelta(0) <= clock.now() - NOON < timedelta(seconds=5)


def test_photo_of_each_product_differs_from_its_neighbours() -> None:
    photos = {to_svg(draw(product.motif, product.colour)) for product in load_catalogue().products}
    assert len(photos) > 0.85 * len(load_catalogue().products)
