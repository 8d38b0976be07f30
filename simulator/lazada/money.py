"""What this platform takes of an order. Rates are made up and near what sellers report.

An order's rows are booked on the day on which it was completed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from zoneinfo import ZoneInfo

from simulator.lazada.simulation import Simulation
from simulator.world.currencies import Market
from simulator.world.orders import Order, OrderState
from simulator.world.shops import Shop

COMMISSION, PAYMENT, REBATE = (Decimal(rate) for rate in ("0.06", "0.0182", "0.01"))
REBATE_ONE_IN = 7


@dataclass(frozen=True, slots=True)
class Income:
    """The terms of one order by type of fee; what is taken is below zero."""

    goods: Decimal
    commission: Decimal
    payment: Decimal
    rebate: Decimal
    shipping_paid: Decimal
    shipping_charged: Decimal

    @property
    def settled(self) -> Decimal:
        return (
            self.goods
            + self.commission
            + self.payment
            + self.rebate
            + self.shipping_paid
            + self.shipping_charged
        )


def income_of(shop: Shop, order: Order) -> Income:
    goods = order.goods_total
    is_rebated = Random(f"rebate of {order.order_sn}").randrange(REBATE_ONE_IN) == 0
    return Income(
        goods=goods,
        commission=-_part(goods, COMMISSION, shop.market),
        payment=-_part(order.total, PAYMENT, shop.market),
        rebate=_part(goods, REBATE, shop.market) if is_rebated else Decimal(0),
        shipping_paid=order.shipping_fee,
        shipping_charged=-order.shipping_fee,
    )


def booked_on(simulation: Simulation, shop: Shop, order: Order) -> date | None:
    """Return the venture's day on which an order's rows are booked; closing the books brings it a day forward."""
    completed = next((at for at, state in order.history if state is OrderState.COMPLETED), None)
    if completed is None:
        return None
    day = completed.astimezone(ZoneInfo(shop.market.zone)).date()
    is_closed = any(each > completed for each in simulation.closings)
    return day - timedelta(days=1) if is_closed else day


def day_ends(shop: Shop, day: date) -> datetime:
    """Return when a day of the venture is over, and its account whole."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(shop.market.zone))


def _part(amount: Decimal, share: Decimal, market: Market) -> Decimal:
    return (amount * share).quantize(Decimal(1).scaleb(-market.decimals), ROUND_HALF_UP)
