"""Orders: taken in from snapshots, listed, found."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import NotFound
from domain.events import EventKind
from domain.meters import Meters
from domain.orders import (
    OPEN,
    WORK,
    Known,
    OrderSnapshot,
    OrderStatus,
    Taken,
    is_worth_telling,
    shortest_tails,
    take,
    was_called_off,
)
from domain.shops import Shop
from services.counting import card_moved
from services.earnings import earning_of
from services.ledger import TakenOrder, take_orders
from services.outbox import tell
from services.parcel_news import CalledOff, follow_orders
from services.views import OrderCard, OrderFilter, OrderPage, OrderRow
from services.wakeups import Wakeups
from services.watching import watch
from storage.database import Connection, Database
from storage.repositories.cards import Cards
from storage.repositories.orders import OrderHead, Orders
from storage.repositories.returns import Returns
from storage.repositories.shops import Shops, take_turns

PAGE = 5
SHORTEST_TAIL = 5
"""Fewer characters name no order, even where they would."""
CLOCKS_DIFFER = timedelta(seconds=30)
"""Platforms tell whole seconds by a clock of their own: rather ring once too often at linking than never."""

STATUSES: dict[OrderFilter, frozenset[OrderStatus]] = {
    OrderFilter.TO_PACK: frozenset({OrderStatus.TO_SHIP, OrderStatus.ARRANGED, OrderStatus.PENDING}),
    OrderFilter.UNPAID: frozenset({OrderStatus.UNPAID}),
    OrderFilter.ON_THE_WAY: frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED}),
    OrderFilter.DONE: frozenset({OrderStatus.COMPLETED, OrderStatus.RETURNING}),
    OrderFilter.CANCELLED: frozenset({OrderStatus.CANCELLED, OrderStatus.CANCEL_ASKED}),
    OrderFilter.ALL: frozenset(OrderStatus),
}


class OrderService:
    def __init__(self, db: Database, clock: Clock, wakeups: Wakeups, meters: Meters | None = None) -> None:
        self._db = db
        self._clock = clock
        self._wakeups = wakeups
        self._meters = meters or Meters()

    async def record(self, shop: Shop, snapshots: Sequence[OrderSnapshot]) -> int:
        """Take in snapshots of a shop's orders; return how many were new or newer.

        State and the events that follow from it are one transaction. Orders from before the shop was
        linked are history and are told to nobody.
        """
        if not snapshots:
            return 0
        now = self._clock()
        latest = {each.external_id: each for each in sorted(snapshots, key=lambda seen: seen.updated_at)}
        taken = await self._db.write(lambda conn: self._take(conn, shop, latest, now), "orders.record")
        for each in snapshots:
            if each.status is OrderStatus.UNKNOWN and each.raw_status:
                self._meters.odd(shop.platform, "order status", each.raw_status)
        self._wakeups.outbox.set()
        return taken

    async def digests(self, shop: Shop, numbers: Sequence[str]) -> dict[str, str]:
        """Return by number what is stored of these orders, so that the same need not be read again."""
        known = await self._db.read(lambda conn: Orders(conn, shop.seller_id).known(shop.id, numbers))
        return {number: each.digest for number, each in known.items()}

    async def page(
        self, visitor: Visitor, wanted: OrderFilter, page: int = 1, until: datetime | None = None
    ) -> OrderPage:
        """List orders placed up to `until` (now for a first page), so that pages do not shift."""
        moment = until or self._clock()

        def work(conn: Connection) -> OrderPage:
            orders = Orders(conn, visitor.seller_id)
            counts = counts_of(orders, moment)
            pages = max(1, -(-counts[wanted] // PAGE))
            at = min(max(page, 1), pages)
            heads = orders.page(STATUSES[wanted], moment, offset=(at - 1) * PAGE, limit=PAGE)
            shops = Shops(conn, visitor.seller_id).all()
            return OrderPage(
                filter=wanted,
                rows=order_rows(orders, heads),
                counts=counts,
                page=at,
                pages=pages,
                until=moment,
                as_of=oldest_sync(shops),
                is_demo=any(shop.is_simulated for shop in shops),
            )

        return await self._db.read(work)

    async def card(self, visitor: Visitor, order_id: str) -> OrderCard:
        """Return one order. Raises NotFound("order_unknown") for what this seller does not have."""
        return await self.card_for(visitor.seller_id, order_id)

    async def card_for(self, seller_id: str, order_id: str) -> OrderCard:
        def work(conn: Connection) -> OrderCard:
            orders = Orders(conn, seller_id)
            order = orders.get(order_id)
            shop = Shops(conn, seller_id).get(order.shop_id) if order else None
            if order is None or shop is None:
                raise NotFound("order_unknown")
            number = order.snapshot.external_id
            earning = earning_of(conn, seller_id, order_id)
            back = Returns(conn, seller_id).of_order(shop.id, number)
            tail = tails_of(orders, [number])[number]
            return OrderCard(order, shop, tail, shop.synced_at, earning, back[0] if back else "")

        return await self._db.read(work)

    def _take(self, conn: Connection, shop: Shop, latest: dict[str, OrderSnapshot], now: datetime) -> int:
        take_turns(conn, shop.id)
        orders = Orders(conn, shop.seller_id)
        known = orders.known(shop.id, list(latest))
        new = [seen for number, seen in latest.items() if take(known.get(number), seen) is Taken.NEW]
        changed = [
            (known[number], seen)
            for number, seen in latest.items()
            if number in known and take(known[number], seen) is Taken.CHANGED
        ]
        ids = orders.insert(shop.id, new, now)
        orders.replace(shop.id, changed)
        taken = [TakenOrder(ids[seen.external_id], seen, is_new=True) for seen in new]
        taken += [TakenOrder(stored.order_id, seen, is_new=False) for stored, seen in changed]
        were_arranged = {stored.order_id for stored, _ in changed if stored.status is OrderStatus.ARRANGED}
        off = follow_orders(conn, shop, taken, were_arranged, now)
        for seen in new:
            self._announce(conn, shop, ids[seen.external_id], None, seen, now)
        for stored, seen in changed:
            self._announce(conn, shop, stored.order_id, stored, seen, now, off.get(stored.order_id))
        moved = sorted(take_orders(conn, shop, taken, now))
        for variant_id in moved:
            card_moved(conn, shop.seller_id, variant_id, now)
        watch(conn, shop.seller_id, moved, now)
        return len(new) + len(changed)

    def _announce(
        self,
        conn: Connection,
        shop: Shop,
        order_id: str,
        stored: Known | None,
        seen: OrderSnapshot,
        now: datetime,
        off: CalledOff | None = None,
    ) -> None:
        payload = {"order_id": order_id, "shop_id": shop.id}
        is_history = (seen.paid_at or seen.placed_at) < shop.linked_at - CLOCKS_DIFFER
        if is_worth_telling(stored, seen) and not is_history:
            key = f"order:new:{order_id}"
            tell(conn, shop.seller_id, EventKind.ORDER_PLACED, key, payload, now=now)
        if was_called_off(stored, seen):
            key = f"order:called_off:{order_id}:{seen.status}"
            hears = off.view_ids if off else ()
            others = [each for each in Cards(conn, shop.seller_id).views(shop.id) if each not in hears]
            tell(conn, shop.seller_id, EventKind.ORDER_CANCELLED, key, payload, now=now, views=others)
        if off and off.view_ids:
            key = f"order:pull_out:{order_id}:{seen.status}"
            tell(conn, shop.seller_id, EventKind.PULL_OUT, key, payload, now=now, views=off.view_ids)


def counts_of(orders: Orders, until: datetime) -> dict[OrderFilter, int]:
    """Count the orders of each list; those to work on but for what an unlinked shop has left behind."""
    by_status, left = orders.counts(until), orders.left_behind(until)
    return {
        each: sum(
            by_status.get(status, 0) - (left.get(status, 0) if statuses <= WORK else 0) for status in statuses
        )
        for each, statuses in STATUSES.items()
    }


def order_rows(orders: Orders, heads: Sequence[OrderHead]) -> tuple[OrderRow, ...]:
    """Add to each head the tail by which a person can name it."""
    tails = tails_of(orders, [head.number for head in heads])
    return tuple(
        OrderRow(
            order_id=head.order_id,
            number=head.number,
            tail=tails[head.number],
            shop_name=head.shop_name,
            status=head.status,
            raw_status=head.raw_status,
            total=head.total,
            first_line=head.first_line,
            units=head.units,
            more_lines=max(0, head.lines - 1),
            courier=head.courier,
            placed_at=head.placed_at,
            ship_by=head.ship_by,
            is_cod=head.is_cod,
        )
        for head in heads
    )


def tails_of(orders: Orders, numbers: Sequence[str]) -> dict[str, str]:
    """Return the ending that names each number among the open orders; only those that end alike can need more."""
    rivals = orders.rivals(numbers, OPEN, SHORTEST_TAIL)
    return shortest_tails(list(dict.fromkeys([*numbers, *rivals])), SHORTEST_TAIL)


def oldest_sync(shops: Sequence[Shop]) -> datetime | None:
    """Return the moment up to which all shops are known, None while one was never read."""
    moments = [shop.synced_at for shop in shops]
    return None if not moments or None in moments else min(each for each in moments if each)
