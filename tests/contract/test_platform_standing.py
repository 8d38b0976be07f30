"""The contract of a shop's standing: rates as the platform counts them, points that add up, what runs against it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.clock import utc_now
from domain.platform import Can, Cancellation, CancelReason, Measure, Rating, Unit
from tests.contract.case import PlatformCase
from tests.contract.test_platform import free_variant

pytestmark = pytest.mark.needs(Can.READ_STANDING)


async def test_good_shop_has_no_points_and_rates_with_their_targets(case: PlatformCase) -> None:
    standing = await case.platform.standing.fetch_standing(case.shop)
    assert standing.rating in {Rating.GOOD, Rating.EXCELLENT}
    assert (standing.points, standing.penalties, standing.punishments) == (0, (), ())
    failed = standing.metric(Measure.NON_FULFILMENT)
    assert failed
    assert failed.value is not None
    assert failed.target is not None
    assert (failed.unit, failed.is_met) == (Unit.PERCENT, failed.value < failed.target)
    assert all(each.raw_name for each in standing.metrics)


async def test_rate_follows_what_the_seller_cancels(case: PlatformCase) -> None:
    before = (await case.platform.standing.fetch_standing(case.shop)).metric(Measure.CANCELLATION)
    variant = await free_variant(case)
    for _ in range(3):
        asked = Cancellation(await case.buy(variant), CancelReason.BUYER_ASKED)
        await case.platform.order_actions.cancel(case.shop, asked)
    after = (await case.platform.standing.fetch_standing(case.shop)).metric(Measure.CANCELLATION)
    assert before
    assert after
    assert (after.value or Decimal(0)) > (before.value or Decimal(0))


async def test_points_add_up_and_punishments_run(case: PlatformCase) -> None:
    for points in (1, 2):
        await case.penalise(points)
    standing = await case.platform.standing.fetch_standing(case.shop)
    assert (standing.rating, standing.points) == (Rating.POOR, 3)
    assert [each.points for each in standing.penalties] == [1, 2]
    assert all(utc_now() - each.at < timedelta(minutes=5) for each in standing.penalties)
    (punishment,) = standing.punishments
    assert punishment.raw_kind
    assert punishment.ends_at
    assert punishment.ends_at > utc_now()
