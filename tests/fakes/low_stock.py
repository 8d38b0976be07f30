"""Low stock in memory, as the bot sees it."""

from dataclasses import dataclass, field

from domain.chats import Visitor
from domain.errors import NotFound
from domain.low_stock import Scarcity
from services.low_stock import PAGE, LowAlertCard, LowPage, LowRow
from services.outbox import OutboxItem
from tests.fakes.order_alerts import ALERT
from tests.unit.bot import records as r

__all__ = ["ALERT", "LowStock", "low_card", "low_page", "low_row", "refilled"]


def low_row(units: int = 3, scarcity: Scarcity | None = Scarcity.LOW, **changes: object) -> LowRow:
    values: dict[str, object] = {
        "variant_id": "beefbeefbeefbeef",
        "title": "Lampu LED E27 12W",
        "name": "Putih",
        "sku": "LED-12W-W",
        "units": units,
        "scarcity": scarcity,
        "days": 2,
    }
    return LowRow(**values | changes)  # type: ignore[arg-type]


def refilled(units: int = 40) -> LowRow:
    return low_row(units, None, days=None, is_refilled=True)


def low_card(*rows: LowRow, is_demo: bool = False) -> LowAlertCard:
    return LowAlertCard(ALERT, rows or (low_row(),), is_demo)


def low_page(*rows: LowRow, total: int | None = None, page: int = 1, is_demo: bool = False) -> LowPage:
    shown = len(rows) if total is None else total
    out = sum(row.scarcity is Scarcity.OUT for row in rows)
    return LowPage(rows, shown, out, page, max(1, -(-shown // PAGE)), r.NOW, is_demo)


@dataclass
class LowStock:
    """Says of each event what `gathers` says; `card` is what its message rings for."""

    gathers: str | None = ALERT
    card: LowAlertCard = field(default_factory=low_card)
    listed: LowPage = field(default_factory=lambda: low_page(low_row()))
    taken: list[str] = field(default_factory=list)

    async def gather(self, item: OutboxItem) -> str | None:
        return self.gathers

    async def alert(self, seller_id: str, alert_id: str) -> LowAlertCard:
        if alert_id != ALERT:
            raise NotFound("alert_unknown")
        return self.card

    async def take_edit(self, seller_id: str, alert_id: str) -> LowAlertCard:
        self.taken.append(alert_id)
        return await self.alert(seller_id, alert_id)

    async def page(self, visitor: Visitor, page: int = 1) -> LowPage:
        return self.listed
