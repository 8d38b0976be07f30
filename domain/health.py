"""How a shop stands with its platform, as we read it last, and what of that got worse."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.platform import Measure, Metric, StandingSnapshot

WATCHED = (Measure.LATE_SHIPMENT, Measure.NON_FULFILMENT, Measure.CANCELLATION)
"""Rates that cost points once they pass the platform's limit: the news that cannot wait for somebody to look."""


class Decline(StrEnum):
    """What got worse: each is told once, when it happens."""

    POINTS = "points"
    PUNISHED = "punished"
    LATE_SHIPMENT = "late_shipment"
    NON_FULFILMENT = "non_fulfilment"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True)
class ShopHealth:
    """What a platform said of a shop, and when it was asked."""

    standing: StandingSnapshot
    read_at: datetime

    @property
    def failing(self) -> tuple[Metric, ...]:
        """Return what does not meet the platform's target."""
        return tuple(each for each in self.standing.metrics if each.is_met is False)

    @property
    def is_bad(self) -> bool:
        return bool(self.standing.points or self.standing.punishments or self.failing)


def declines(before: StandingSnapshot | None, now: StandingSnapshot) -> tuple[Decline, ...]:
    """Return what is worse than at the reading before; a first reading is no news."""
    if before is None:
        return ()
    found = [Decline.POINTS] if now.points > before.points else []
    known = {(each.raw_kind, each.starts_at) for each in before.punishments}
    if any((each.raw_kind, each.starts_at) not in known for each in now.punishments):
        found.append(Decline.PUNISHED)
    return (
        *found,
        *(Decline(each) for each in WATCHED if _is_missed(now, each) and not _is_missed(before, each)),
    )


def _is_missed(standing: StandingSnapshot, measure: Measure) -> bool:
    metric = standing.metric(measure)
    return metric is not None and metric.is_met is False
