"""How the platform rates a shop: rates out of its last orders, points, and what it takes away for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.errors import wrong_parameter
from simulator.shopee.parameters import integer
from simulator.world.orders import Order, OrderState
from simulator.world.shops import Shop

PERIOD = timedelta(days=30)
PUNISHED_FROM = 3
"""Points from which listings are shown less."""

PUNISHED_FOR = timedelta(days=28)
GOOD, EXCELLENT, POOR = 3, 4, 1


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of orders in percent, and what it must stay below."""

    id: int
    name: str
    value: float | None
    target: float


async def get_shop_performance(call: ShopCall) -> dict[str, Any]:
    rates = rates_of(call.shop, call.sim.clock.now())
    failed = sum(rate.value is not None and rate.value >= rate.target for rate in rates)
    points = sum(points for points, _, _ in call.sim.standings[call.shop.id].penalties)
    rating = POOR if points >= PUNISHED_FROM else GOOD if failed or points else EXCELLENT
    return {
        "response": {
            "overall_performance": {
                "rating": rating,
                "fulfillment_failed": failed,
                "listing_failed": 0,
                "custom_service_failed": 0,
            },
            "metric_list": [
                *(_shown(1, rate.id, rate.name, rate.value, 2, rate.target, "<") for rate in rates),
                _shown(3, 22, "shop_rating", 4.9, 1, 4, ">="),
            ],
        }
    }


def _shown(
    kind: int, number: int, name: str, value: float | None, unit: int, target: float, comparator: str
) -> dict[str, Any]:
    return {
        "metric_type": kind,
        "metric_id": number,
        "parent_metric_id": 0,
        "metric_name": name,
        "current_period": value,
        "last_period": value,
        "unit": unit,
        "target": {"value": target, "comparator": comparator},
    }


def rates_of(shop: Shop, now: datetime) -> list[Rate]:
    """Work the rates out of the orders of the last thirty days."""
    recent = [order for order in shop.orders.values() if now - order.created_at <= PERIOD]
    return [
        Rate(1, "late_shipment_rate", _share(recent, _is_late), 10),
        Rate(3, "non_fulfillment_rate", _share(recent, _is_failed), 10),
        Rate(42, "cancellation_rate", _share(recent, _is_cancelled_by_seller), 5),
    ]


def _share(orders: list[Order], counts: Any) -> float | None:
    return round(100 * sum(map(counts, orders)) / len(orders), 2) if orders else None


def _is_late(order: Order) -> bool:
    due = order.created_at + timedelta(days=order.days_to_ship)
    return any(state is OrderState.IN_TRANSIT and at > due for at, state in order.history)


def _is_cancelled_by_seller(order: Order) -> bool:
    return order.state is OrderState.CANCELLED and order.cancelled_by == "seller"


def _is_failed(order: Order) -> bool:
    """Cancelled by the seller, or given back: either way the buyer did not keep what he ordered."""
    return _is_cancelled_by_seller(order) or order.state is OrderState.RETURN_ASKED


async def get_penalty_point_history(call: ShopCall) -> dict[str, Any]:
    rows = [
        {
            "issue_time": int(at.timestamp()),
            "latest_point_num": points,
            "original_point_num": points,
            "reference_id": number,
            "violation_type": kind,
        }
        for number, (points, kind, at) in enumerate(call.sim.standings[call.shop.id].penalties, start=1)
    ]
    return {"response": {"penalty_point_list": _page(call, rows), "total_count": len(rows)}}


async def get_punishment_history(call: ShopCall) -> dict[str, Any]:
    status = integer(call.query, "punishment_status")
    if status not in {1, 2}:
        raise wrong_parameter("punishment_status should be 1 or 2.")
    penalties = call.sim.standings[call.shop.id].penalties
    rows = []
    if status == 1 and sum(points for points, _, _ in penalties) >= PUNISHED_FROM:
        at = penalties[-1][2]
        rows = [
            {
                "issue_time": int(at.timestamp()),
                "start_time": int(at.timestamp()),
                "end_time": int((at + PUNISHED_FOR).timestamp()),
                "punishment_type": 104,
                "reason": 1,
                "reference_id": 1,
                "listing_limit": 0,
                "order_limit": "",
            }
        ]
    return {"response": {"punishment_list": _page(call, rows), "total_count": len(rows)}}


def _page(call: ShopCall, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    page_no, page_size = integer(call.query, "page_no") or 1, integer(call.query, "page_size") or 10
    if page_no < 1 or not 1 <= page_size <= 100:
        raise wrong_parameter("page_no begins at 1, page_size should be between 1 and 100.")
    return rows[(page_no - 1) * page_size : page_no * page_size]
