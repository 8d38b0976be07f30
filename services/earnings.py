"""What is kept of orders, worked out: from the platform's statement, or from what it took of others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from domain.catalogue import ListingVariant
from domain.earnings import Cost, Earning, cost_at, estimate_fees, sum_of
from domain.money import Money
from domain.orders import PAID, OrderStatus
from storage.database import Connection
from storage.repositories.earnings import Earnings, SoldLine

DONE = frozenset({OrderStatus.COMPLETED, OrderStatus.RETURNING})
"""States in which an order may have been settled."""


def earnings_of(conn: Connection, seller_id: str, lines: Sequence[SoldLine]) -> dict[str, Earning]:
    """Work out what is kept of each order these lines are of; orders that nobody paid are left out."""
    earnings = Earnings(conn, seller_id)
    orders: dict[str, list[SoldLine]] = defaultdict(list)
    for line in lines:
        if line.status in PAID:
            orders[line.order_id].append(line)
    costs = earnings.costs({line.variant_id for line in lines if line.variant_id})
    taught = earnings.taught({line.shop_id for line in lines})
    settled = earnings.settled([order_id for order_id, held in orders.items() if held[0].status in DONE])
    known: dict[str, Earning] = {}
    for order_id, held in orders.items():
        cost = _cost(held, costs)
        if order_id in settled:
            statement = settled[order_id]
            known[order_id] = Earning(statement.goods, statement.fees, cost)
            continue
        goods = _by_category(held)
        lessons = taught.get(held[0].shop_id, {})
        fees = estimate_fees(goods, lessons)
        if fees is not None:
            whole = sum_of(goods.values(), held[0].each.currency)
            known[order_id] = Earning(whole, fees, cost, learnt_from=lessons[""].orders)
    return known


def earning_of(conn: Connection, seller_id: str, order_id: str) -> Earning | None:
    """Return what is kept of one order, None while its fees are not known."""
    return earnings_of(conn, seller_id, Earnings(conn, seller_id).lines_of([order_id])).get(order_id)


def kept_of_one(
    conn: Connection, seller_id: str, shown: ListingVariant, prices: Sequence[Money], now: datetime
) -> list[Money] | None:
    """Return what is kept of one unit, sold alone, at each of these prices; None where that is not known."""
    earnings = Earnings(conn, seller_id)
    lessons = earnings.taught([shown.shop_id]).get(shown.shop_id, {})
    category = earnings.category_of(shown.listing_id)
    costs = earnings.costs([shown.variant_id]).get(shown.variant_id, ())
    kept = []
    for price in prices:
        fees, cost = estimate_fees({category: price}, lessons), cost_at(costs, price.currency, now)
        one = None if fees is None else Earning(price, fees, cost, learnt_from=lessons[""].orders).kept
        if one is None:
            return None
        kept.append(one)
    return kept


def kept_together(earnings: Iterable[Earning]) -> list[Money]:
    """Add up what is kept, one sum per currency."""
    sums: dict[str, Money] = {}
    for each in earnings:
        if each.kept is not None:
            currency = each.kept.currency
            sums[currency] = each.kept + sums[currency] if currency in sums else each.kept
    return [sums[currency] for currency in sorted(sums)]


def _by_category(lines: Sequence[SoldLine]) -> dict[str, Money]:
    goods: dict[str, Money] = {}
    for line in lines:
        amount = line.each * line.quantity
        goods[line.category] = goods[line.category] + amount if line.category in goods else amount
    return goods


def _cost(lines: Sequence[SoldLine], costs: Mapping[str, Sequence[Cost]]) -> Money | None:
    """Return what the goods of an order cost, None while the cost of one of them is not known."""
    currency, each_line = lines[0].each.currency, []
    for line in lines:
        each = cost_at(costs.get(line.variant_id, ()), currency, line.placed_at)
        if each is None:
            return None
        each_line.append(each * line.quantity)
    return sum_of(each_line, currency)
