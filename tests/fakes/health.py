"""How shops stand, in memory, and sample readings."""

from dataclasses import dataclass, field
from decimal import Decimal

from domain.chats import Visitor
from domain.errors import NotFound
from domain.health import ShopHealth
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
from services.health import HealthCard
from tests.unit.bot import records as r


def metric(
    measure: Measure, value: str | None, target: str | None, comparator: str = "<", unit: Unit = Unit.PERCENT
) -> Metric:
    """Return a figure; `is_met` is told for the two comparators that are used here."""
    seen = None if value is None else Decimal(value)
    wanted = None if target is None else Decimal(target)
    is_met = None
    if seen is not None and wanted is not None:
        is_met = seen < wanted if comparator == "<" else seen >= wanted
    return Metric(measure, measure.value, seen, seen, unit, wanted, comparator, is_met)


LATE = metric(Measure.LATE_SHIPMENT, "12.4", "10")
NOT_FULFILLED = metric(Measure.NON_FULFILMENT, "4.1", "10")
WELL = (metric(Measure.LATE_SHIPMENT, "2.5", "10"), NOT_FULFILLED)
_OTHERS = (
    metric(Measure.CHAT_RESPONSE, "92", "57", ">="),
    metric(Measure.SHOP_RATING, "4.9", "4", ">=", Unit.NUMBER),
    metric(Measure.PREPARATION_TIME, None, "1.5", "<", Unit.DAYS),
)


def standing(
    *metrics: Metric,
    rating: Rating = Rating.GOOD,
    points: int = 0,
    punishments: tuple[Punishment, ...] = (),
) -> StandingSnapshot:
    given = (PenaltyPoints(points, points, r.at(-60), "10"),) if points else ()
    return StandingSnapshot(rating, (*(metrics or WELL), *_OTHERS), points, given, punishments)


def punished(kind: PunishmentKind = PunishmentKind.NOT_IN_SEARCH) -> Punishment:
    return Punishment("104", r.at(-48), r.at(24 * 26), kind)


def health(*metrics: Metric, **facts: object) -> ShopHealth:
    return ShopHealth(standing(*metrics, **facts), r.at(-1))  # type: ignore[arg-type]


BAD = health(LATE, NOT_FULFILLED, rating=Rating.POOR, points=3, punishments=(punished(),))


@dataclass
class Healths:
    read: dict[str, ShopHealth] = field(default_factory=lambda: {r.shop().id: BAD})

    async def look(self, visitor: Visitor, shop_id: str) -> HealthCard:
        return await self.card(visitor.seller_id, shop_id)

    async def card(self, seller_id: str, shop_id: str) -> HealthCard:
        if shop_id != r.shop().id:
            raise NotFound("shop_unknown")
        return HealthCard(r.shop(), self.read.get(shop_id))
