"""The past of a shop: orders of the last weeks, each in the state its age allows."""

from datetime import datetime, timedelta
from random import Random

from simulator.world.couriers import COURIERS
from simulator.world.orders import Order, OrderState
from simulator.world.shops import ListingState, Shop
from simulator.world.trade import Checkout, Wanted, draw_order
from simulator.world.world import World

HOUR_WEIGHTS = (3, 1, 1, 1, 1, 2, 3, 5, 6, 7, 8, 9, 10, 9, 8, 7, 7, 8, 9, 11, 13, 13, 10, 6)
"""Sales by hour of the shop's day: a hump at lunch, a higher one after dinner."""
BASKET_SIZES = (1, 1, 1, 1, 1, 1, 2, 2, 3)
QUANTITIES = (1, 1, 1, 1, 1, 1, 2, 2, 3, 5)
LOCAL_HOURS_AHEAD = 7

PATH_TO_COMPLETION = (
    (OrderState.TO_SHIP, timedelta(minutes=4)),
    (OrderState.ARRANGED, timedelta(hours=9)),
    (OrderState.IN_TRANSIT, timedelta(hours=17)),
    (OrderState.DELIVERED, timedelta(days=3)),
    (OrderState.COMPLETED, timedelta(days=5)),
)
"""State and its usual age, counted from the checkout."""


def seed_orders(world: World, shop: Shop, *, count: int = 2000, days: int = 30) -> None:
    """Write `count` orders spread over the last `days`. The shelf is as it is now: nothing is taken, nobody is told."""
    random = world.random
    shelf = [
        (listing, variant)
        for listing in shop.listings.values()
        if listing.state is ListingState.ACTIVE
        for variant in listing.variants
    ]
    weights = [listing.product.popularity**2 for listing, _ in shelf]
    now = world.clock.now()
    for at in sorted(_draw_moment(random, now, days) for _ in range(count)):
        picked = {v.id: (p, v) for p, v in random.choices(shelf, weights, k=random.choice(BASKET_SIZES))}
        basket = [Wanted(listing, variant, random.choice(QUANTITIES)) for listing, variant in picked.values()]
        order = draw_order(random, shop, basket, at, Checkout(cod=random.random() < 0.12))
        _live_until(random, order, now)
        shop.orders[order.order_sn] = order
    _make_trouble(list(shop.orders.values()), now)


def _draw_moment(random: Random, now: datetime, days: int) -> datetime:
    while True:
        day = now - timedelta(days=random.randrange(days))
        hour = random.choices(range(24), HOUR_WEIGHTS)[0] - LOCAL_HOURS_AHEAD
        start = day.replace(hour=0, minute=0, second=0, microsecond=0)
        at = start + timedelta(hours=hour, seconds=random.randrange(3600))
        if now - timedelta(days=days) < at < now - timedelta(minutes=1):
            return at


def _live_until(random: Random, order: Order, now: datetime) -> None:
    """Let an order age to `now`, along one of the ways orders go."""
    way = random.random()
    if way < 0.05 and not order.cod:
        _never_paid(order, now)
        return
    stretch = random.uniform(0.5, 1.6)
    for state, age in PATH_TO_COMPLETION:
        at = order.created_at + age * stretch
        if at > now:
            break
        order.history.append((at, state))
        if state is OrderState.TO_SHIP and not order.cod:
            order.paid_at = at
    _let_go_otherwise(random, order, way, now)
    for parcel in order.parcels:
        picked_up = [at for at, state in order.history if state is OrderState.IN_TRANSIT]
        parcel.picked_up_at = picked_up[0] if picked_up else None
        arranged = [at for at, state in order.history if state is OrderState.ARRANGED]
        if arranged:
            parcel.arranged_at = arranged[0]
            prefix = COURIERS[parcel.courier].number_prefix
            parcel.tracking_number = f"{prefix}{random.randrange(10**9, 10**10)}"


def _never_paid(order: Order, now: datetime) -> None:
    expires_at = order.created_at + timedelta(days=1)
    if expires_at <= now:
        order.history.append((expires_at, OrderState.CANCELLED))
        order.cancelled_by, order.cancel_reason = "system", "Buyer did not pay in time"


def _let_go_otherwise(random: Random, order: Order, way: float, now: datetime) -> None:
    """A few orders are cancelled before shipping, come back, or are lost on the way."""
    soon_after = min(order.updated_at + timedelta(minutes=random.randrange(5, 90)), now)
    if order.state is OrderState.TO_SHIP and way < 0.12:
        order.history.append((soon_after, OrderState.CANCELLED))
        order.cancelled_by, order.cancel_reason = "buyer", "Need to change delivery address"
    elif order.state is OrderState.DELIVERED and way < 0.12:
        order.history.append((soon_after, OrderState.RETURN_ASKED))
    elif order.state is OrderState.COMPLETED and 0.05 < way < 0.09:
        del order.history[-2:]
        order.history.append((order.updated_at + timedelta(hours=30), OrderState.CANCELLED))
        order.cancelled_by, order.cancel_reason = "system", "Parcel lost by the courier"


def _make_trouble(orders: list[Order], now: datetime) -> None:
    """Of those not handed over yet, some are being looked at, some wait for a word on cancelling, some missed pickup."""
    waiting = [order for order in orders if order.state is OrderState.TO_SHIP]
    for order in waiting[1::9]:
        order.resume_to = order.state
        order.history.append((min(order.updated_at + timedelta(minutes=20), now), OrderState.CANCEL_ASKED))
        order.cancelled_by, order.cancel_reason = "buyer", "Found a cheaper one elsewhere"
    for order in waiting[3::9]:
        order.history[-1] = (order.updated_at, OrderState.HELD)
    arranged = [order for order in orders if order.state is OrderState.ARRANGED]
    for order in arranged[1::8]:
        order.history.append((min(order.updated_at + timedelta(hours=2), now), OrderState.PICKUP_FAILED))
        for parcel in order.parcels:
            parcel.arranged_at = None
