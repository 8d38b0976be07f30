"""Cancellations as this platform counts them: each wish or deed that ends an order, read off the order's own life."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.tiktok_shop import numbers
from simulator.world.orders import Order, OrderState
from simulator.world.shops import Shop

ANSWER_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Cancellation:
    id: str
    order: Order
    status: str
    role: str
    created_at: datetime
    updated_at: datetime

    @property
    def kind(self) -> str:
        return "BUYER_CANCEL" if self.role == "BUYER" else "CANCEL"

    @property
    def answer_by(self) -> datetime:
        return self.created_at + ANSWER_WITHIN


def of_order(order: Order) -> Iterator[Cancellation]:
    asked_at: datetime | None = None
    turn = 0
    steps = [
        each
        for number, each in enumerate(order.history)
        if number == 0 or each[1] != order.history[number - 1][1]
    ]
    for at, state in steps:
        if state is OrderState.CANCEL_ASKED:
            asked_at, turn = at, turn + 1
        elif state is OrderState.CANCELLED:
            role = (
                "BUYER"
                if asked_at or order.cancelled_by == "buyer"
                else order.cancelled_by.upper() or "SYSTEM"
            )
            turn += asked_at is None
            yield _made(order, turn, "COMPLETE" if order.paid_at else "SUCCESS", role, asked_at or at, at)
            asked_at = None
        elif asked_at:
            yield _made(order, turn, "CANCEL", "BUYER", asked_at, at)
            asked_at = None
    if asked_at:
        yield _made(order, turn, "PENDING", "BUYER", asked_at, asked_at)


def _made(
    order: Order, turn: int, word: str, role: str, created_at: datetime, updated_at: datetime
) -> Cancellation:
    status = f"CANCELLATION_REQUEST_{word}"
    return Cancellation(numbers.cancel_id(order.order_sn, turn), order, status, role, created_at, updated_at)


def of_shop(shop: Shop) -> Iterator[Cancellation]:
    for order in shop.orders.values():
        yield from of_order(order)


def find(shop: Shop, number: str) -> Cancellation | None:
    return next((each for each in of_shop(shop) if each.id == number), None)
