"""The ledger of stock: what orders do to it, in the transaction that takes them in, and how much there is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import new_id
from domain.orders import OrderSnapshot
from domain.shops import Shop
from domain.stock import GONE, Held, Level, Movement, Policy, held_after, reason_of
from storage.database import Connection
from storage.repositories.ledger import Balance, Ledger, Sold
from storage.repositories.shown_stock import ShownStock


@dataclass(frozen=True, slots=True)
class TakenOrder:
    """A snapshot that was just stored: a new order, or a known one that changed."""

    order_id: str
    seen: OrderSnapshot
    is_new: bool


def levels(conn: Connection, seller_id: str, variant_ids: Collection[str]) -> dict[str, Level]:
    """Return how much there is of each variant; of an uncounted one what the shops show, together."""
    ledger = Ledger(conn, seller_id)
    balances = ledger.balances(variant_ids)
    shown = ledger.shown([each for each in variant_ids if each not in balances])
    policies = ledger.policies(variant_ids)
    return {
        each: _level(balances.get(each), shown.get(each, 0), policies[each])
        for each in variant_ids
        if each in policies
    }


def take_orders(conn: Connection, shop: Shop, taken: Sequence[TakenOrder], now: datetime) -> set[str]:
    """Allocate, take and give back what these orders hold of counted variants; return which variants moved.

    Each step is the difference to what the order holds already, so that no snapshot counts twice.
    """
    ledger = Ledger(conn, shop.seller_id)
    if not taken or not ledger.is_kept():
        return set()
    by_id = {each.order_id: each for each in taken}
    sold = {(each.order_id, each.listing_variant_id): each for each in ledger.sold_in(by_id)}
    held = ledger.held(by_id)
    gone = {key: Sold(*key, variant_id, 0) for key, (variant_id, _) in held.items() if key not in sold}
    every = sold | gone
    balances = ledger.balances({each.variant_id for each in every.values()}, for_update=True)
    shown, moved = ShownStock(conn, shop.seller_id), set()
    for key, each in sorted(every.items()):
        before = held[key][1] if key in held else None
        order = by_id[each.order_id]
        balance = balances.get(each.variant_id)
        if balance is None or (before is None and not _counts(order, balance)):
            continue
        after = held_after(order.seen.status, each.quantity, before)
        start = before or Held()
        if after == start or not ledger.add(_movement(order, each, start, after, now)):
            continue
        _follow(shown, order, each, start, after)
        moved.add(each.variant_id)
    if moved:
        shown.wake(moved, now)
    return moved


def allocate_open(conn: Connection, seller_id: str, variant_id: str, now: datetime) -> int:
    """Promise what open orders hold of a variant that has just been counted; return how many units."""
    ledger = Ledger(conn, seller_id)
    units = 0
    for each in ledger.promised(variant_id):
        source = f"order:{each.order_id}:{each.listing_variant_id}:opening"
        step = Movement(
            new_id(),
            variant_id,
            reason_of(Held(), Held(0, each.quantity)),
            0,
            each.quantity,
            source,
            now,
            order_id=each.order_id,
            listing_variant_id=each.listing_variant_id,
        )
        units += each.quantity if ledger.add(step) else 0
    return units


def _counts(order: TakenOrder, balance: Balance) -> bool:
    """Tell whether an order that holds nothing yet comes after the count.

    Older ones were promised at the count, or had left the shelf before it.
    """
    if order.seen.placed_at >= balance.counted_at:
        return True
    return order.is_new and order.seen.status not in GONE


def _follow(shown: ShownStock, order: TakenOrder, sold: Sold, before: Held, after: Held) -> None:
    """The platform lowers what it shows by itself when it sells, and raises it when an order is cancelled."""
    units = (after.allocated - after.on_hand) - (before.allocated - before.on_hand)
    if units:
        at = order.seen.placed_at if units > 0 else order.seen.updated_at
        shown.sell(sold.listing_variant_id, units, at)


def _movement(order: TakenOrder, sold: Sold, before: Held, after: Held, now: datetime) -> Movement:
    moment = f"{order.seen.updated_at.timestamp():.0f}:{order.seen.digest[:24]}"
    return Movement(
        id=new_id(),
        variant_id=sold.variant_id,
        reason=reason_of(before, after),
        on_hand=after.on_hand - before.on_hand,
        allocated=after.allocated - before.allocated,
        source=f"order:{order.order_id}:{sold.listing_variant_id}:{moment}",
        at=now,
        order_id=order.order_id,
        listing_variant_id=sold.listing_variant_id,
    )


def _level(balance: Balance | None, shown: int, policy: Policy) -> Level:
    if balance is None:
        return Level(0, 0, shown, is_counted=False, policy=policy)
    available = balance.on_hand - balance.allocated
    return Level(balance.on_hand, balance.allocated, available, is_counted=True, policy=policy)
