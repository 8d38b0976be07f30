"""Money of the platform in memory: a tenth of the goods is commission, 1,000 an order the handling of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.earnings import Fee, FeeKind, Settlement, sum_of
from domain.money import Money
from domain.orders import OrderSnapshot
from domain.platform import Release, ReleasePage, Window
from domain.shops import ShopAccess

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform

HANDLING = Decimal(1000)


@dataclass
class FakeSettlements:
    """The `Settlements` role of a `FakePlatform`; what was released is in `releases`, by order."""

    bazaar: "FakePlatform"
    releases: dict[str, datetime] = field(default_factory=dict)
    settled: dict[str, Settlement] = field(default_factory=dict)
    """Statements that differ from what the order's goods make."""

    def release(self, number: str, at: datetime, statement: Settlement | None = None) -> None:
        """Pay an order out, with the usual statement or another one."""
        self.releases[number] = at
        if statement:
            self.settled[number] = statement

    async def released(self, shop: ShopAccess, window: Window, cursor: str) -> ReleasePage:
        def act() -> ReleasePage:
            known = self.bazaar.opened(shop)
            found = sorted(
                (at, number)
                for number, at in self.releases.items()
                if number in known.orders and window.start <= at <= window.end
            )
            page = self.bazaar.page([number for _, number in found], cursor)
            rows = tuple(Release(number, self.releases[number]) for number in page.ids)
            return ReleasePage(rows, page.next_cursor)

        return await self.bazaar.called("released", act)

    async def fetch_settlements(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[Settlement]:
        def act() -> list[Settlement]:
            known = self.bazaar.opened(shop)
            return [self.statement(known.orders[each]) for each in ids if each in known.orders]

        return await self.bazaar.called("fetch_settlements", act)

    def statement(self, order: OrderSnapshot) -> Settlement:
        if order.external_id in self.settled:
            return self.settled[order.external_id]
        goods = sum_of((line.total for line in order.lines), order.currency)
        fees = (
            Fee(FeeKind.COMMISSION, Money(goods.amount / 10, order.currency)),
            Fee(FeeKind.PROCESSING, Money(HANDLING, order.currency)),
        )
        payout = goods - fees[0].amount - fees[1].amount
        return Settlement(order.external_id, goods, fees, payout)
