"""Order alerts in memory, as the bot sees them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from domain.chats import Visitor
from domain.errors import NotFound
from services.order_alerts import PAGE, AlertPage
from services.outbox import OutboxItem
from storage.repositories.order_alerts import OrderAlert
from tests.unit.bot import records as r

ALERT = "a1e47a1e47a1e47a"


def alert_page(count: int = 3, page: int = 1, **changes: object) -> AlertPage:
    """Return a page of an alert that rings for so many orders."""
    shown = max(0, min(PAGE, count - (page - 1) * PAGE))
    rows = tuple(r.order_row(f"26111{at}00AB{at}X", order_id=f"{at:016}") for at in range(shown))
    opened = r.NOW - timedelta(minutes=4)
    made = AlertPage(
        OrderAlert(ALERT, "f1f1f1f1f1f1f1f1", opened, r.NOW, count, opened),
        rows,
        (r.idr(89000 * count),),
        0,
        page,
        max(1, -(-count // PAGE)),
        is_demo=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass
class OrderAlerts:
    """Says of each new order what `gathers` says; `count` orders are on the alert."""

    gathers: tuple[str, bool] | None = (ALERT, True)
    count: int = 1
    taken: list[str] = field(default_factory=list)

    async def gather(self, item: OutboxItem) -> tuple[str, bool] | None:
        return self.gathers

    async def first(self, seller_id: str, alert_id: str) -> AlertPage:
        return alert_page(self.count)

    async def take_edit(self, seller_id: str, alert_id: str) -> AlertPage:
        self.taken.append(alert_id)
        return alert_page(self.count)

    async def page(self, visitor: Visitor, alert_id: str, page: int) -> AlertPage:
        if alert_id != ALERT:
            raise NotFound("alert_unknown")
        return alert_page(self.count, page)
