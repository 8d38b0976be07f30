"""What this platform takes of an order, and the statement that pays the rest out: one a day, closed at 00:00 UTC.

Rates are made up and near what sellers report.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from simulator.tiktok_shop.calls.order_wire import units
from simulator.tiktok_shop.simulation import Simulation
from simulator.world.currencies import Market
from simulator.world.orders import Order, OrderState
from simulator.world.shops import Shop

COMMISSION, DYNAMIC, TRANSACTION, AFFILIATE = (Decimal(rate) for rate in ("0.05", "0.04", "0.02", "0.06"))
AFFILIATE_ONE_IN = 7
DAY = timedelta(days=1)
_STATEMENT = 7_238_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Income:
    """The terms of one order; costs are below zero."""

    listed: Decimal
    seller_discount: Decimal
    commission: Decimal
    dynamic: Decimal
    transaction: Decimal
    affiliate: Decimal
    shipping: Decimal
    shipping_help: Decimal

    @property
    def revenue(self) -> Decimal:
        return self.listed + self.seller_discount

    @property
    def fees(self) -> Decimal:
        return self.commission + self.dynamic + self.transaction + self.affiliate

    @property
    def shipping_cost(self) -> Decimal:
        return self.shipping + self.shipping_help

    @property
    def settled(self) -> Decimal:
        return self.revenue + self.fees + self.shipping_cost


def income_of(shop: Shop, order: Order) -> Income:
    listed = sum((line.list_price * units(order, line) for line in order.lines), Decimal(0))
    goods = order.goods_total
    is_affiliate = Random(f"affiliate of {order.order_sn}").randrange(AFFILIATE_ONE_IN) == 0
    return Income(
        listed=listed,
        seller_discount=goods - listed,
        commission=-_part(goods, COMMISSION, shop.market),
        dynamic=-_part(goods, DYNAMIC, shop.market),
        transaction=-_part(goods + order.shipping_fee, TRANSACTION, shop.market),
        affiliate=-_part(goods, AFFILIATE, shop.market) if is_affiliate else Decimal(0),
        shipping=-order.shipping_fee,
        shipping_help=order.shipping_fee,
    )


@dataclass(frozen=True, slots=True)
class Statement:
    at: datetime
    orders: tuple[Order, ...]

    @property
    def id(self) -> str:
        return str(_STATEMENT + int(self.at.timestamp() * 1000))


def statements(simulation: Simulation, shop: Shop) -> Iterator[Statement]:
    """Yield the statements made by now, the oldest first; a day without an order has none."""
    now = simulation.clock.now()
    held: dict[datetime, list[Order]] = {}
    for order in shop.orders.values():
        if (at := statement_time(simulation, order)) and at <= now:
            held.setdefault(at, []).append(order)
    for at in sorted(held):
        yield Statement(at, tuple(held[at]))


def statement_time(simulation: Simulation, order: Order) -> datetime | None:
    """Return when the books are closed that an order's completion is in."""
    completed = next((at for at, state in order.history if state is OrderState.COMPLETED), None)
    if completed is None:
        return None
    midnight = completed.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    return min([midnight, *(each for each in simulation.closings if each > completed)])


def _part(amount: Decimal, share: Decimal, market: Market) -> Decimal:
    return (amount * share).quantize(Decimal(1).scaleb(-market.decimals), ROUND_HALF_UP)
