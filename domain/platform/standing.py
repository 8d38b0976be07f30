"""Standing: how a platform rates a shop, what it holds against it, and what it has taken from it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from domain.shops import ShopAccess


class Rating(StrEnum):
    POOR = "poor"
    NEEDS_IMPROVEMENT = "needs_improvement"
    GOOD = "good"
    EXCELLENT = "excellent"
    UNKNOWN = "unknown"


class Measure(StrEnum):
    """What is measured; OTHER keeps the platform's own word beside it."""

    LATE_SHIPMENT = "late_shipment"
    NON_FULFILMENT = "non_fulfilment"
    CANCELLATION = "cancellation"
    RETURN_REFUND = "return_refund"
    PREPARATION_TIME = "preparation_time"
    FAST_HANDOVER = "fast_handover"
    CHAT_RESPONSE = "chat_response"
    RESPONSE_TIME = "response_time"
    PRE_ORDERS = "pre_orders"
    SHOP_RATING = "shop_rating"
    SATISFACTION = "satisfaction"
    VIOLATIONS = "violations"
    POOR_QUALITY = "poor_quality"
    OTHER = "other"


class Unit(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"
    SECONDS = "seconds"
    DAYS = "days"
    HOURS = "hours"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured value, None while there is too little to measure.

    `target` is what the platform asks for, `comparator` how the value must stand to it ("<", ">="), and
    `is_met` whether it does, None where one of them is missing.
    """

    measure: Measure
    raw_name: str
    value: Decimal | None
    before: Decimal | None
    unit: Unit
    target: Decimal | None
    comparator: str
    is_met: bool | None


@dataclass(frozen=True, slots=True)
class PenaltyPoints:
    """Points given in the current quarter, as they stand now; `raw_kind` is the platform's number of the offence."""

    points: int
    given: int
    at: datetime
    raw_kind: str


class PunishmentKind(StrEnum):
    """What is taken away; OTHER keeps the platform's own word beside it."""

    NOT_IN_CATEGORIES = "not_in_categories"  # listings are not shown where buyers browse
    NOT_IN_SEARCH = "not_in_search"
    NOT_RECOMMENDED = "not_recommended"
    NO_NEW_LISTINGS = "no_new_listings"
    NO_EDITS = "no_edits"
    NO_CAMPAIGNS = "no_campaigns"
    NO_SHIPPING_SUBSIDY = "no_shipping_subsidy"
    SUSPENDED = "suspended"
    FEWER_LISTINGS = "fewer_listings"
    FEWER_ORDERS = "fewer_orders"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Punishment:
    """Something the platform keeps from the shop for a while."""

    raw_kind: str
    starts_at: datetime
    ends_at: datetime | None
    kind: PunishmentKind = PunishmentKind.OTHER


@dataclass(frozen=True, slots=True)
class StandingSnapshot:
    """How a shop stands. `points` add up what counts this quarter; punishments are those that run."""

    rating: Rating
    metrics: tuple[Metric, ...]
    points: int
    penalties: tuple[PenaltyPoints, ...]
    punishments: tuple[Punishment, ...]

    def metric(self, measure: Measure) -> Metric | None:
        return next((each for each in self.metrics if each.measure is measure), None)


class Standing(Protocol):
    async def fetch_standing(self, shop: ShopAccess) -> StandingSnapshot:
        """Read how the platform rates a shop, with its penalty points and the punishments that run."""
