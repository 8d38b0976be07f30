"""A shop's standing out of the reference's samples: rates with their targets, points, what runs against the shop."""

from decimal import Decimal

import pytest

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
from tests.unit.adapters.shopee_samples import SHOP, StandIn, answer, at, by_path, wrapped

SAMPLES = {
    "get_shop_performance": answer("account_health_get_shop_performance", "success"),
    "get_penalty_point_history": answer("account_health_get_penalty_point_history", "success"),
    "get_punishment_history": answer("account_health_get_punishment_history", "success"),
}


async def test_standing_is_read_in_full() -> None:
    told = await StandIn(by_path(**SAMPLES)).platform.standing.fetch_standing(SHOP)
    late, failed, rated = told.metrics
    assert (told.rating, told.points) == (Rating.GOOD, 1)
    assert late == Metric(
        Measure.LATE_SHIPMENT,
        "late_shipment_rate",
        Decimal("1.2"),
        Decimal("0.8"),
        Unit.PERCENT,
        Decimal(10),
        "<",
        is_met=True,
    )
    assert (failed.measure, failed.value, failed.is_met) == (Measure.NON_FULFILMENT, None, None)
    assert (rated.measure, rated.unit, rated.comparator, rated.is_met) == (
        Measure.SHOP_RATING,
        Unit.NUMBER,
        ">=",
        True,
    )
    assert told.metric(Measure.NON_FULFILMENT) is failed
    assert told.metric(Measure.CHAT_RESPONSE) is None
    assert told.penalties == (PenaltyPoints(1, 1, at(1762552398), "5"),)
    assert told.punishments == (
        Punishment("104", at(1762560000), at(1764979200), PunishmentKind.NOT_IN_SEARCH),
    )


async def test_what_is_not_told_or_not_known_stays_so() -> None:
    odd = {"metric_id": 7777, "metric_name": "new_rate", "current_period": 3, "unit": 9, "target": None}
    shopee = StandIn(
        by_path(
            get_shop_performance=wrapped({"overall_performance": {"rating": 9}, "metric_list": [odd]}),
            get_penalty_point_history=wrapped({"penalty_point_list": None, "total_count": 0}),
            get_punishment_history=wrapped({}),
        )
    )
    told = await shopee.platform.standing.fetch_standing(SHOP)
    assert told == StandingSnapshot(
        Rating.UNKNOWN,
        (Metric(Measure.OTHER, "new_rate", Decimal(3), None, Unit.UNKNOWN, None, "", None),),
        0,
        (),
        (),
    )


async def test_every_page_of_points_is_read_once() -> None:
    row = {"issue_time": 1762552398, "latest_point_num": 1, "violation_type": 5}
    pages = [wrapped({"penalty_point_list": [row] * count, "total_count": 130}) for count in (100, 30)]
    shopee = StandIn(by_path(**SAMPLES | {"get_penalty_point_history": pages}))
    assert (await shopee.platform.standing.fetch_standing(SHOP)).points == 130
    asked = [r.url.params["page_no"] for r in shopee.requests if r.url.path.endswith("point_history")]
    assert asked == ["1", "2"]


async def test_moment_that_is_none_is_told_as_unreadable() -> None:
    row = {"issue_time": 99999999999999, "latest_point_num": 1}
    pages = wrapped({"penalty_point_list": [row], "total_count": 1})
    shopee = StandIn(by_path(**SAMPLES | {"get_penalty_point_history": pages}))
    with pytest.raises(UnexpectedResponse):
        await shopee.platform.standing.fetch_standing(SHOP)
