"""How the platform in memory rates a shop: a rate of what the seller cancelled, points, what runs against it."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.orders import OrderStatus
from domain.platform import (
    Measure,
    Metric,
    PenaltyPoints,
    Punishment,
    PunishmentKind,
    Rating,
    StandingSnapshot,
    Unit,
)
from domain.shops import ShopAccess

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform

PUNISHED_FROM = 3


class FakeStanding:
    """The `Standing` role of a `FakePlatform`; `penalties` are those of all its shops."""

    def __init__(self, bazaar: "FakePlatform") -> None:
        self._bazaar = bazaar
        self.penalties: list[PenaltyPoints] = []

    def penalise(self, points: int) -> None:
        self.penalties.append(PenaltyPoints(points, points, self._bazaar.now(), "late"))

    async def fetch_standing(self, shop: ShopAccess) -> StandingSnapshot:
        def act() -> StandingSnapshot:
            orders = self._bazaar.opened(shop).orders.values()
            failed = sum(
                each.status is OrderStatus.CANCELLED and each.cancelled_by == "seller" for each in orders
            )
            rate = (Decimal(100 * failed) / max(1, len(orders))).quantize(Decimal("0.01"))
            points = sum(each.points for each in self.penalties)
            return StandingSnapshot(
                Rating.POOR if points >= PUNISHED_FROM else Rating.GOOD,
                (_rate(Measure.NON_FULFILMENT, rate, 10), _rate(Measure.CANCELLATION, rate, 5)),
                points,
                tuple(self.penalties),
                self._punishments() if points >= PUNISHED_FROM else (),
            )

        return await self._bazaar.called("fetch_standing", act)

    def _punishments(self) -> tuple[Punishment, ...]:
        at = self.penalties[-1].at
        return (Punishment("shown_less", at, at + timedelta(days=28), PunishmentKind.NOT_IN_SEARCH),)


def _rate(measure: Measure, value: Decimal, target: int) -> Metric:
    wanted = Decimal(target)
    return Metric(measure, measure.value, value, value, Unit.PERCENT, wanted, "<", value < wanted)
