"""What becomes of an order's parcels: cut, arranged one by one, numbered by the courier, taken along."""

from simulator.world.couriers import COURIERS
from simulator.world.events import ParcelChanged, ParcelTracked
from simulator.world.orders import Order, OrderLine, OrderState, Parcel
from simulator.world.shops import Shop
from simulator.world.trade import TradeError, move
from simulator.world.world import World

SHIPPABLE = frozenset({OrderState.TO_SHIP, OrderState.PICKUP_FAILED})


def arrange_parcel(world: World, shop: Shop, order: Order, parcel: Parcel, own_number: str = "") -> None:
    """The seller arranges one parcel; with the last one the order is arranged."""
    if order.state not in SHIPPABLE:
        raise TradeError(f"An order that is {order.state} cannot be shipped.")
    now = world.clock.now()
    parcel.arranged_at = now
    parcel.tracking_number = own_number or parcel.tracking_number or _draw_number(world, parcel)
    parcel.tracked_from = now if own_number else now + world.tracking_lag
    if all(each.arranged_at for each in order.parcels):
        move(world, shop, order, OrderState.ARRANGED)
    world.tell(ParcelChanged(shop.id, order.order_sn, parcel.number, now))
    world.numbers_due.append((shop.id, order.order_sn, parcel.number))
    tell_numbers(world)


def _draw_number(world: World, parcel: Parcel) -> str:
    return f"{COURIERS[parcel.courier].number_prefix}{world.random.randrange(10**9, 10**10)}"


def tell_numbers(world: World) -> None:
    """Announce each number that can be seen by now, once."""
    now = world.clock.now()
    waiting = []
    for shop_id, order_sn, number in world.numbers_due:
        parcel = world.shops[shop_id].orders[order_sn].parcel(number)
        if parcel is None:
            continue
        if seen := parcel.number_at(now):
            world.tell(ParcelTracked(shop_id, order_sn, number, seen, now))
        else:
            waiting.append((shop_id, order_sn, number))
    world.numbers_due[:] = waiting


def give_numbers(world: World) -> None:
    """Let every number that is due be seen at once."""
    for shop_id, order_sn, number in world.numbers_due:
        parcel = world.shops[shop_id].orders[order_sn].parcel(number)
        if parcel is not None:
            parcel.tracked_from = world.clock.now()
    tell_numbers(world)


def arrange(world: World, shop: Shop, order: Order) -> None:
    """Arrange every parcel that is not yet."""
    for parcel in order.parcels:
        if parcel.arranged_at is None or order.state is OrderState.PICKUP_FAILED:
            arrange_parcel(world, shop, order, parcel)


def fail_pickup(world: World, shop: Shop, order: Order) -> None:
    """The courier came and went away empty: the parcels must be arranged again, under the same numbers."""
    move(world, shop, order, OrderState.PICKUP_FAILED)
    for parcel in order.parcels:
        parcel.arranged_at = None
        world.tell(ParcelChanged(shop.id, order.order_sn, parcel.number, world.clock.now()))


def hand_over(world: World, shop: Shop, order: Order) -> None:
    """The courier takes the parcels."""
    if order.state is OrderState.TO_SHIP:
        arrange(world, shop, order)
    move(world, shop, order, OrderState.IN_TRANSIT)
    for parcel in order.parcels:
        parcel.picked_up_at = world.clock.now()
        world.tell(ParcelChanged(shop.id, order.order_sn, parcel.number, parcel.picked_up_at))


def cut(world: World, shop: Shop, order: Order, groups: list[list[OrderLine]]) -> None:
    """Cut an order into parcels, one a group of lines; a single group puts it together again."""
    if order.state is not OrderState.TO_SHIP or any(parcel.arranged_at for parcel in order.parcels):
        raise TradeError("Only an order of which nothing was arranged can be cut.")
    courier = order.parcels[0].courier
    order.parcels = [
        Parcel(f"{world.random.randrange(10**14, 10**15)}", courier, list(group)) for group in groups
    ]
    order.touch(world.clock.now())
    for parcel in order.parcels:
        world.tell(ParcelChanged(shop.id, order.order_sn, parcel.number, world.clock.now()))
