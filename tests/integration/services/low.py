"""Selling lamps until they run low, and hearing of it as a chat does."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.chats import Visitor
from domain.events import EventKind
from domain.low_stock import Scarcity
from domain.orders import OrderStatus
from domain.shops import Shop
from services.low_stock import LowAlertCard, LowRow
from services.outbox import OutboxItem
from tests.factories import listing_snapshot, order_line, order_snapshot, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import House
from tests.integration.services.stocking import count


@dataclass
class LampShop:
    """A shop that sells lamps in so many variants, each with its number."""

    house: House
    shop: Shop
    truth: FakeShop
    sold: int = 0
    heard: list[tuple[EventKind, LowAlertCard]] = field(default_factory=list)
    claimed: list[OutboxItem] = field(default_factory=list)

    @classmethod
    async def open(cls, house: House, *units: int) -> "LampShop":
        variants = [
            variant_snapshot(str(at), sku=f"LAMP-{at}", name=f"W{at}", available=each)
            for at, each in enumerate(units)
        ]
        shop, truth = await house.stocked(listing_snapshot("900001", *variants))
        return cls(house, shop, truth)

    async def variant(self, at: int = 0) -> str:
        [row] = await self.house.services.stock.by_sku(self.house.owner, f"LAMP-{at}")
        return row.variant_id

    async def counts(self, units: int, at: int = 0, *, alert_at: int | None = None) -> None:
        """Say how many lie on the shelf, and from where on that is low."""
        variant_id = await self.variant(at)
        if alert_at is not None:
            await self.house.services.counts.set_alert(self.house.owner, variant_id, alert_at)
        await count(self.house, units, variant_id=variant_id)

    async def sells(self, *quantities: int, status: OrderStatus = OrderStatus.TO_SHIP) -> str:
        """Sell so many of each variant in one order; return its number."""
        self.sold += 1
        number = f"26LOW{self.sold:05d}"
        await self._order(number, quantities, status)
        return number

    async def hears_of(self, number: str, *quantities: int) -> None:
        """Tell of an open order once more."""
        await self._order(number, quantities, OrderStatus.TO_SHIP)

    async def cancels(self, number: str, *quantities: int) -> None:
        await self._order(number, quantities, OrderStatus.CANCELLED)

    async def _order(self, number: str, quantities: Sequence[int], status: OrderStatus) -> None:
        now = self.house.clock()
        lines = tuple(
            order_line(each, variant_external_id=str(at), sku=f"LAMP-{at}")
            for at, each in enumerate(quantities)
            if each
        )
        times = {"placed_at": now, "paid_at": now, "updated_at": now}
        seen = order_snapshot(number, status, lines=lines, **times)
        await self.house.services.orders.record(self.shop, [seen])

    async def hears(self, visitor: Visitor | None = None) -> list[LowAlertCard]:
        """Work off what is due in a chat as the notifier does; return the messages about low stock that rang."""
        who = visitor or self.house.owner
        rung = []
        while item := await self._next(who):
            card = await self._becomes(item)
            if card:
                self.heard.append((item.kind, card))
                rung += [card] if item.kind is EventKind.STOCK_LOW else []
            await self.house.services.outbox.sent(item, 7)
        return rung

    async def _next(self, visitor: Visitor) -> OutboxItem | None:
        """Return the next event of a chat; those of other chats stay for them."""
        self.claimed += await self.house.services.outbox.claim()
        found = next((item for item in self.claimed if item.view.id == visitor.view.id), None)
        if found:
            self.claimed.remove(found)
        return found

    async def _becomes(self, item: OutboxItem) -> LowAlertCard | None:
        low = self.house.services.low_stock
        if item.kind is EventKind.STOCK_LOW_MOVED:
            return await low.take_edit(item.view.seller_id, item.payload["alert_id"])
        if item.kind is not EventKind.STOCK_LOW:
            return None
        alert_id = await low.gather(item)
        card = await low.alert(item.view.seller_id, alert_id) if alert_id else None
        return card if card and card.low else None

    def edits(self) -> list[LowAlertCard]:
        """Return, and forget, the messages that were edited."""
        edited = [card for kind, card in self.heard if kind is EventKind.STOCK_LOW_MOVED]
        self.heard.clear()
        return edited


async def next_event(house: House, visitor: Visitor) -> OutboxItem | None:
    items = [item for item in await house.services.outbox.claim() if item.view.id == visitor.view.id]
    return items[0] if items else None


def told(card: LowAlertCard) -> list[tuple[str, int, Scarcity | None]]:
    """Return what a message says of each variant: its SKU, how many are left, how low that is."""
    return [_said(row) for row in card.rows]


def _said(row: LowRow) -> tuple[str, int, Scarcity | None]:
    return row.sku, row.units, None if row.is_refilled else row.scarcity
