"""What buyers, sellers and couriers do with an order: place, pay, hold, ship, deliver, cancel, bring back."""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from simulator.world.couriers import COURIERS, DRAWN
from simulator.world.currencies import Market, local_price
from simulator.world.events import OrderChanged, ReturnChanged
from simulator.world.orders import NEXT, Order, OrderLine, OrderState, Parcel
from simulator.world.people import Buyer, draw_buyer, draw_wish
from simulator.world.returns import Return, ReturnState, draw_return
from simulator.world.shops import Listing, ListingState, ListingVariant, Shop
from simulator.world.world import World

PAYMENT_METHODS = ("ShopeePay", "Bank Transfer", "Credit Card/Debit Card", "SPayLater")
SHIPPING_FEE_IDR = (9000, 11000, 14000, 18000)


class TradeError(Exception):
    """The world refuses: nothing left on the shelf, or an order that cannot go that way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    listing: Listing
    variant: ListingVariant
    quantity: int


@dataclass(frozen=True, slots=True)
class Checkout:
    """How a buyer leaves the till."""

    paid: bool = True
    held: bool = False
    """Paid, but the platform looks at it before the seller may ship."""
    cod: bool = False
    buyer: Buyer | None = None
    note: str | None = None
    courier: str | None = None


def new_order_number(random: Random, at: datetime, zone: str) -> str:
    day = at.astimezone(ZoneInfo(zone)).strftime("%y%m%d")
    return day + "".join(random.choices(string.ascii_uppercase + string.digits, k=8))


def place_order(
    world: World, shop: Shop, basket: Iterable[Wanted], checkout: Checkout, random: Random | None = None
) -> Order:
    """Place an order; `random` draws the buyer and the numbers where they must not depend on what else happens."""
    basket = list(basket)
    now = world.clock.now()
    _check_shelf(shop, basket, now)
    order = draw_order(random or world.random, shop, basket, now, checkout)
    for wanted in basket:
        _take(world, shop, wanted, order, now)
    shop.orders[order.order_sn] = order
    world.tell(OrderChanged(shop.id, order.order_sn, order.state, now))
    if checkout.cod:
        move(world, shop, order, OrderState.TO_SHIP)
    elif checkout.paid:
        pay(world, shop, order, held=checkout.held)
    return order


def _check_shelf(shop: Shop, basket: list[Wanted], now: datetime) -> None:
    if not basket:
        raise TradeError("An order needs at least one line.")
    for wanted in basket:
        if wanted.quantity < 1:
            raise TradeError("A line needs at least one unit.")
        if wanted.listing.state is not ListingState.ACTIVE:
            raise TradeError(f"{wanted.listing.product.title} is not on sale.")
        promotion = shop.ongoing_promotion(wanted.variant.id, now)
        kept_for_it = promotion.rows[wanted.variant.id].reserved if promotion else 0
        if shop.available(wanted.variant, now) + kept_for_it < wanted.quantity:
            raise TradeError(f"{wanted.listing.product.title} is sold out.")


def draw_order(random: Random, shop: Shop, basket: list[Wanted], at: datetime, checkout: Checkout) -> Order:
    """Write an unpaid order without taking anything off the shelf."""
    buyer = checkout.buyer or draw_buyer(random, shop.market.region)
    lines = [_line(random, shop, wanted, at) for wanted in basket]
    usual = DRAWN.get(shop.market.region, DRAWN["ID"])
    drawn = random.choices(tuple(usual), tuple(usual.values()))[0]
    courier = COURIERS[checkout.courier or drawn].name
    order_sn = new_order_number(random, at, shop.market.zone)
    while order_sn in shop.orders:
        order_sn = new_order_number(random, at, shop.market.zone)
    return Order(
        order_sn=order_sn,
        buyer=buyer,
        lines=lines,
        parcels=[Parcel(f"{random.randrange(10**14, 10**15)}", courier, list(lines))],
        shipping_fee=_shipping_fee(random, shop.market),
        cod=checkout.cod,
        payment_method="Cash on Delivery" if checkout.cod else random.choice(PAYMENT_METHODS),
        note_from_buyer=draw_wish(random) if checkout.note is None else checkout.note,
        created_at=at,
        days_to_ship=2,
        history=[(at, OrderState.UNPAID)],
    )


def _shipping_fee(random: Random, market: Market) -> Decimal:
    return local_price(random.choice(SHIPPING_FEE_IDR), market)


def _line(random: Random, shop: Shop, wanted: Wanted, at: datetime) -> OrderLine:
    variant, product = wanted.variant, wanted.listing.product
    promotion = shop.ongoing_promotion(variant.id, at)
    location = next((p for p, units in variant.stock.items() if units >= wanted.quantity), shop.locations[0])
    return OrderLine(
        line_id=random.randrange(10**12, 10**13),
        listing_id=wanted.listing.id,
        variant_id=variant.id if wanted.listing.has_options else 0,
        title=product.title,
        options=variant.label,
        listing_sku=product.sku,
        sku=variant.spec.sku if wanted.listing.has_options else "",
        quantity=wanted.quantity,
        list_price=variant.price,
        price=shop.buyer_price(variant, at),
        promotion_id=promotion.id if promotion else 0,
        location=location,
        grams=product.grams,
        image=product.key,
    )


def _take(world: World, shop: Shop, wanted: Wanted, order: Order, now: datetime) -> None:
    left, variant = wanted.quantity, wanted.variant
    promotion = shop.ongoing_promotion(variant.id, now)
    if promotion:
        row = promotion.rows[variant.id]
        row.reserved = max(0, row.reserved - wanted.quantity)
    for location, units in sorted(variant.stock.items(), key=lambda place: -place[1]):
        units_from_here = min(left, units)
        if units_from_here:
            world.change_stock(shop, wanted.listing, variant, location, units - units_from_here)
            place = (variant.id, location)
            order.taken[place] = order.taken.get(place, 0) + units_from_here
            left -= units_from_here


def move(world: World, shop: Shop, order: Order, to: OrderState, *, at: datetime | None = None) -> None:
    """Take one step of the state machine, or raise."""
    if to not in NEXT[order.state]:
        raise TradeError(f"An order that is {order.state} cannot become {to}.")
    again = order.state is OrderState.COMPLETED
    now = at or world.clock.now()
    order.history.append((now, to))
    if to is OrderState.CANCELLED:
        _give_back(world, shop, order)
    world.tell(OrderChanged(shop.id, order.order_sn, to, now, returned_after_completion=again))


def _give_back(world: World, shop: Shop, order: Order) -> None:
    for (variant_id, location), units in order.taken.items():
        for listing in shop.listings.values():
            variant = listing.variant(variant_id)
            if variant and location in variant.stock:
                world.change_stock(shop, listing, variant, location, variant.stock[location] + units)
    order.taken.clear()


def cancel_units(world: World, shop: Shop, order: Order, units: dict[int, int]) -> None:
    """Cancel some units of an order that goes on; they go back to the shelf they came from."""
    for line in order.lines:
        left = units.get(line.line_id, 0)
        order.cancelled[line.line_id] = order.cancelled.get(line.line_id, 0) + left
        found = shop.find_variant(line.listing_id, line.variant_id)
        if found is None:
            continue
        listing, variant = found
        for location in variant.stock:
            place = (variant.id, location)
            back = min(left, order.taken.get(place, 0))
            if back:
                order.taken[place] -= back
                world.change_stock(shop, listing, variant, location, variant.stock[location] + back)
                left -= back
    now = world.clock.now()
    order.touch(now)
    world.tell(OrderChanged(shop.id, order.order_sn, order.state, now))


def pay(world: World, shop: Shop, order: Order, *, held: bool = False, needs_invoice: bool = False) -> None:
    if order.state is not OrderState.UNPAID:
        raise TradeError(f"An order that is {order.state} cannot be paid.")
    order.paid_at = world.clock.now()
    waits = OrderState.INVOICE_DUE if needs_invoice else OrderState.HELD
    move(world, shop, order, waits if held or needs_invoice else OrderState.TO_SHIP)


def ask_to_cancel(world: World, shop: Shop, order: Order, reason: str) -> None:
    before = order.state
    move(world, shop, order, OrderState.CANCEL_ASKED)
    order.resume_to = before
    order.cancelled_by, order.cancel_reason = "buyer", reason


def refuse_cancel(world: World, shop: Shop, order: Order) -> None:
    if order.resume_to is None or order.state is not OrderState.CANCEL_ASKED:
        raise TradeError("Nobody asked to cancel this order.")
    order.cancelled_by, order.cancel_reason = "", ""
    move(world, shop, order, order.resume_to)
    order.resume_to = None


def cancel(world: World, shop: Shop, order: Order, *, by: str, reason: str) -> None:
    """Cancel for good; an arranged order first passes through the buyer's request."""
    if order.state in {OrderState.ARRANGED, OrderState.PICKUP_FAILED}:
        ask_to_cancel(world, shop, order, reason)
    order.cancelled_by, order.cancel_reason = by, reason
    move(world, shop, order, OrderState.CANCELLED)


def bring_back(world: World, shop: Shop, order: Order) -> Return:
    """The buyer sends goods back: a request while it is under way, a repeated completion afterwards."""
    after_completion = order.state is OrderState.COMPLETED
    made = draw_return(world.random, shop, order, world.clock.now())
    move(world, shop, order, OrderState.COMPLETED if after_completion else OrderState.RETURN_ASKED)
    shop.returns[made.number] = made
    world.tell(ReturnChanged(shop.id, order.order_sn, made.number, "", made.state, made.created_at))
    return made


def settle(world: World, shop: Shop, back: Return, to: ReturnState) -> None:
    """Take a return a step further; when it is over the order goes on to its end."""
    now, old, order = world.clock.now(), back.state, back.order
    back.move(to, now)
    world.tell(ReturnChanged(shop.id, order.order_sn, back.number, old, to, now))
    if to in {ReturnState.SETTLED, ReturnState.CALLED_OFF} and order.state is OrderState.RETURN_ASKED:
        move(world, shop, order, OrderState.COMPLETED)
