"""The past of a shop: orders of the last weeks, each in the state its age allows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from simulator.world.couriers import COURIERS
from simulator.world.habits import load_habits
from simulator.world.orders import Order, OrderState
from simulator.world.returns import write_past_returns
from simulator.world.shelf import Shelf
from simulator.world.shops import Shop
from simulator.world.trade import Checkout, draw_order
from simulator.world.world import World

COD_SHARE = 0.12
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
    random, shelf, now = world.random, Shelf(shop), world.clock.now()
    for at in sorted(_draw_moments(random, shop, now, days, count)):
        checkout = Checkout(cod=random.random() < COD_SHARE)
        order = draw_order(random, shop, shelf.draw_basket(random), at, checkout)
        _live_until(random, order, now)
        shop.orders[order.order_sn] = order
    _make_trouble(list(shop.orders.values()), now)
    write_past_returns(random, shop)


def _draw_moments(random: Random, shop: Shop, now: datetime, days: int, count: int) -> Iterator[datetime]:
    habits, zone = load_habits(), ZoneInfo(shop.market.zone)
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=ago) for ago in range(days + 1)]
    earliest, latest = now - timedelta(days=days), now - timedelta(minutes=1)
    while count:
        at = habits.draw_moment(random, dates, zone).astimezone(UTC)
        if earliest < at < latest:
            count -= 1
            yield at


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
