"""Shopee in the `Standing` role: performance, penalty points, punishments."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from operator import eq, ge, gt, le, lt

import msgspec

from adapters.shopee.client import SLUG, ShopeeClient
from adapters.shopee.wire import Wrapped
from domain.errors import UnexpectedResponse
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

PAGE_SIZE = 100
ONGOING = 1
MOST_PAGES = 20


_RATINGS = {1: Rating.POOR, 2: Rating.NEEDS_IMPROVEMENT, 3: Rating.GOOD, 4: Rating.EXCELLENT}
_UNITS = {1: Unit.NUMBER, 2: Unit.PERCENT, 3: Unit.SECONDS, 4: Unit.DAYS, 5: Unit.HOURS}
_MEASURES = {
    1: Measure.LATE_SHIPMENT,
    3: Measure.NON_FULFILMENT,
    4: Measure.PREPARATION_TIME,
    11: Measure.CHAT_RESPONSE,
    12: Measure.PRE_ORDERS,
    21: Measure.RESPONSE_TIME,
    22: Measure.SHOP_RATING,
    25: Measure.FAST_HANDOVER,
    42: Measure.CANCELLATION,
    43: Measure.RETURN_REFUND,
    52: Measure.VIOLATIONS,
    53: Measure.VIOLATIONS,
    54: Measure.VIOLATIONS,
    55: Measure.VIOLATIONS,
    56: Measure.VIOLATIONS,
    95: Measure.SATISFACTION,
    2011: Measure.POOR_QUALITY,
}
_PUNISHMENTS = {
    103: PunishmentKind.NOT_IN_CATEGORIES,
    104: PunishmentKind.NOT_IN_SEARCH,
    105: PunishmentKind.NO_NEW_LISTINGS,
    106: PunishmentKind.NO_EDITS,
    107: PunishmentKind.NO_CAMPAIGNS,
    108: PunishmentKind.NO_SHIPPING_SUBSIDY,
    109: PunishmentKind.SUSPENDED,
    600: PunishmentKind.NOT_IN_SEARCH,
    601: PunishmentKind.NOT_RECOMMENDED,
    602: PunishmentKind.NOT_IN_CATEGORIES,
    2008: PunishmentKind.FEWER_ORDERS,
} | dict.fromkeys(range(1109, 1113), PunishmentKind.FEWER_LISTINGS)
_COMPARATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": eq,
}


class Target(msgspec.Struct):
    value: Decimal | None = None
    comparator: str | None = ""


class WiredMetric(msgspec.Struct):
    metric_id: int
    metric_name: str | None = ""
    current_period: Decimal | None = None
    last_period: Decimal | None = None
    unit: int | None = 0
    target: Target | None = None


class Overall(msgspec.Struct):
    rating: int | None = 0


class Performance(msgspec.Struct):
    overall_performance: Overall | None = None
    metric_list: list[WiredMetric] | None = None


class Points(msgspec.Struct):
    issue_time: int
    latest_point_num: int
    original_point_num: int | None = None
    violation_type: int | None = 0


class PointPage(msgspec.Struct):
    penalty_point_list: list[Points] | None = None
    total_count: int | None = 0


class WiredPunishment(msgspec.Struct):
    start_time: int
    end_time: int | None = 0
    punishment_type: int | None = 0


class PunishmentPage(msgspec.Struct):
    punishment_list: list[WiredPunishment] | None = None
    total_count: int | None = 0


class ShopeeStanding:
    """The `Standing` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    async def fetch_standing(self, shop: ShopAccess) -> StandingSnapshot:
        path = "/account_health/get_shop_performance"
        told = await self._client.get(shop, path, (), Wrapped[Performance])
        overall = told.overall_performance or Overall()
        try:
            penalties = [_points(each) for each in await self._points(shop)]
            punishments = [_punishment(each) for each in await self._punishments(shop)]
        except (ValueError, OverflowError, OSError):  # a moment that is none
            raise UnexpectedResponse(platform=SLUG, operation="fetch_standing", reason="unreadable") from None
        return StandingSnapshot(
            rating=_RATINGS.get(overall.rating or 0, Rating.UNKNOWN),
            metrics=tuple(_metric(each) for each in told.metric_list or ()),
            points=sum(each.points for each in penalties),
            penalties=tuple(penalties),
            punishments=tuple(punishments),
        )

    async def _points(self, shop: ShopAccess) -> list[Points]:
        path, found = "/account_health/get_penalty_point_history", list[Points]()
        for number in range(1, MOST_PAGES + 1):
            query = [("page_no", number), ("page_size", PAGE_SIZE)]
            page = await self._client.get(shop, path, query, Wrapped[PointPage])
            found += page.penalty_point_list or ()
            if not page.penalty_point_list or len(found) >= (page.total_count or 0):
                break
        return found

    async def _punishments(self, shop: ShopAccess) -> list[WiredPunishment]:
        path, found = "/account_health/get_punishment_history", list[WiredPunishment]()
        for number in range(1, MOST_PAGES + 1):
            query = [("page_no", number), ("page_size", PAGE_SIZE), ("punishment_status", ONGOING)]
            page = await self._client.get(shop, path, query, Wrapped[PunishmentPage])
            found += page.punishment_list or ()
            if not page.punishment_list or len(found) >= (page.total_count or 0):
                break
        return found


def _metric(told: WiredMetric) -> Metric:
    target = told.target or Target()
    compare = _COMPARATORS.get(target.comparator or "")
    value, wanted = told.current_period, target.value
    return Metric(
        measure=_MEASURES.get(told.metric_id, Measure.OTHER),
        raw_name=told.metric_name or str(told.metric_id),
        value=value,
        before=told.last_period,
        unit=_UNITS.get(told.unit or 0, Unit.UNKNOWN),
        target=wanted,
        comparator=target.comparator or "",
        is_met=None if compare is None or value is None or wanted is None else compare(value, wanted),
    )


def _points(told: Points) -> PenaltyPoints:
    given = told.latest_point_num if told.original_point_num is None else told.original_point_num
    return PenaltyPoints(
        told.latest_point_num, given, _moment(told.issue_time), str(told.violation_type or 0)
    )


def _punishment(told: WiredPunishment) -> Punishment:
    ends = _moment(told.end_time) if told.end_time else None
    number = told.punishment_type or 0
    kind = _PUNISHMENTS.get(number, PunishmentKind.OTHER)
    return Punishment(str(number), _moment(told.start_time), ends, kind)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
