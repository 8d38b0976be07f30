"""How a shop stands: read when it is due and when its platform hints at it, told once when it got worse."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import HostMisconfigured, NotFound, PlatformUnavailable, RateLimited
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.platform import Can, CancelReason, Measure, PunishmentKind, Rating, StandingSnapshot
from domain.shops import Shop
from services import health
from services.views import OrderFilter
from storage.repositories import marks
from storage.repositories.marks import Mark
from tests.factories import DAY, HOUR, order_snapshot
from tests.fakes.platform import SLUG, FakeShop
from tests.integration.services.house import House

MINUTE = timedelta(minutes=1)


async def mark_of(house: House, shop: Shop) -> Mark:
    return await house.database.read(lambda conn: marks.get(conn, shop.id, health.HEALTH))


async def read(house: House, shop: Shop) -> bool:
    """Read it as the sweep would, six hours later."""
    house.clock.advance(health.EVERY)
    return await house.services.health.poll_due(shop.id)


def sell(house: House, truth: FakeShop, shipped: int, failed: int) -> None:
    """Let a shop have so many orders that were sent and so many that its seller cancelled."""
    now = house.clock()
    for at in range(shipped):
        truth.place(order_snapshot(f"26S{at}", OrderStatus.SHIPPED, placed_at=now, updated_at=now))
    for at in range(failed):
        truth.place(
            order_snapshot(
                f"26F{at}", OrderStatus.CANCELLED, cancelled_by="seller", placed_at=now, updated_at=now
            )
        )


async def test_it_is_read_when_due_and_not_before(house: House) -> None:
    shop, _ = await house.stocked()
    assert (await house.services.health.look(house.owner, shop.id)).health is None
    assert await house.services.health.poll_due(shop.id)
    assert not await house.services.health.poll_due(shop.id)
    card = await house.services.health.look(house.owner, shop.id)
    assert card.health
    assert (card.health.read_at, card.health.standing.rating) == (house.clock(), Rating.GOOD)
    assert await read(house, shop)
    assert house.bazaar.calls["fetch_standing"] == 2


async def test_everything_that_was_told_is_kept(house: House) -> None:
    shop, truth = await house.stocked()
    sell(house, truth, 7, 1)
    house.bazaar.standing.penalise(3)
    told = await told_now(house, shop)
    await house.services.health.poll_due(shop.id)
    kept = (await house.services.health.look(house.owner, shop.id)).health
    assert kept
    assert kept.standing == told
    assert kept.standing.punishments[0].kind is PunishmentKind.NOT_IN_SEARCH
    assert [each.measure for each in kept.failing] == [Measure.NON_FULFILMENT, Measure.CANCELLATION]


async def told_now(house: House, shop: Shop) -> StandingSnapshot:
    """Return what the platform tells, asked beside the service."""
    return await house.services.tokens.call(
        shop.id, lambda platform, access: platform.standing.fetch_standing(access)
    )


async def test_new_points_a_rate_beyond_its_limit_and_a_punishment_are_told_once(house: House) -> None:
    shop, truth = await house.stocked()
    sell(house, truth, 19, 0)
    await house.services.health.poll_due(shop.id)
    sell(house, truth, 18, 3)
    await read(house, shop)
    await read(house, shop)
    told = [{"shop_id": shop.id, "worse": "non_fulfilment cancellation"}]
    assert await house.told(EventKind.HEALTH_WORSE) == told
    house.bazaar.standing.penalise(1)
    await read(house, shop)
    await read(house, shop)
    told.append({"shop_id": shop.id, "worse": "points"})
    assert await house.told(EventKind.HEALTH_WORSE) == told
    house.bazaar.standing.penalise(2)
    await read(house, shop)
    await read(house, shop)
    told.append({"shop_id": shop.id, "worse": "points punished"})
    assert await house.told(EventKind.HEALTH_WORSE) == told


async def test_what_gets_better_is_no_news_and_worse_again_is(house: House) -> None:
    shop, truth = await house.stocked()
    for failed in (2, 0, 2):
        truth.orders.clear()
        sell(house, truth, 10, failed)
        await read(house, shop)
    assert len(await house.told(EventKind.HEALTH_WORSE)) == 1


async def test_the_first_reading_is_no_news(house: House) -> None:
    shop, _ = await house.stocked()
    house.bazaar.standing.penalise(5)
    await house.services.health.poll_due(shop.id)
    assert await house.told(EventKind.HEALTH_WORSE) == []


async def test_a_hint_of_the_platform_has_it_read_at_once(house: House) -> None:
    shop, _ = await house.stocked()
    await house.services.health.poll_due(shop.id)
    house.bazaar.standing.penalise(2)
    headers, body = house.bazaar.push(house.app, "standing", shop.external_id)
    await house.services.inbound.receive_hook(SLUG, house.app.id, headers, body)
    await house.services.hints.work_off()
    assert await house.told(EventKind.HEALTH_WORSE) == [{"shop_id": shop.id, "worse": "points"}]


async def test_two_who_read_at_once_tell_it_once(house: House) -> None:
    shop, _ = await house.stocked()
    await house.services.health.poll_due(shop.id)
    house.bazaar.standing.penalise(2)
    house.clock.advance(health.EVERY)
    other = house.another()
    gate = house.bazaar.hold("fetch_standing")
    slow = asyncio.create_task(house.services.health.refresh(shop))
    await gate.reached.wait()
    assert await other.health.refresh(shop)
    gate.open.set()
    await slow
    assert len(await house.told(EventKind.HEALTH_WORSE)) == 1


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (PlatformUnavailable(platform=SLUG, operation="fetch_standing"), MINUTE),
        (HostMisconfigured(platform=SLUG, operation="fetch_standing"), MINUTE),
        (RateLimited(platform=SLUG, operation="fetch_standing", retry_after_s=5400), 1.5 * HOUR),
    ],
)
async def test_what_fails_is_read_later_and_what_was_known_stays(
    house: House, error: Exception, after: timedelta
) -> None:
    shop, _ = await house.stocked()
    await house.services.health.poll_due(shop.id)
    house.bazaar.fail("fetch_standing", error)  # type: ignore[arg-type]
    assert not await read(house, shop)
    mark = await mark_of(house, shop)
    assert (mark.next_due, mark.failures) == (house.clock() + after, 1)
    assert (await house.services.health.look(house.owner, shop.id)).health
    house.clock.advance(after)
    assert await house.services.health.poll_due(shop.id)
    assert (await mark_of(house, shop)).failures == 0


async def test_a_platform_that_does_not_tell_is_not_asked(house: House) -> None:
    shop, _ = await house.stocked()
    info = house.bazaar.platform.info
    dumb = replace(house.bazaar.platform, info=replace(info, can=info.can - {Can.READ_STANDING}))
    house.bazaar.platform = dumb
    services = house.another()
    await services.health.poll_due(shop.id)
    assert house.bazaar.calls["fetch_standing"] == 0
    assert not (await services.shops.details(house.owner, shop.id)).is_rated
    with pytest.raises(NotFound, match="shop_unknown"):
        await services.health.look(house.owner, shop.id)


async def test_a_shop_of_others_is_not_shown(house: House) -> None:
    shop, _ = await house.stocked()
    await house.services.health.poll_due(shop.id)
    with pytest.raises(NotFound, match="shop_unknown"):
        await house.services.health.look(await house.found("Mallory", 6666), shop.id)


async def test_a_cancellation_shows_what_the_platform_counts_and_whether_it_passes_the_limit(
    house: House,
) -> None:
    shop, truth = await house.stocked()
    sell(house, truth, 9, 0)
    now = house.clock()
    truth.place(order_snapshot("26A", OrderStatus.TO_SHIP, placed_at=now - DAY, updated_at=now))
    await house.services.orders.record(shop, list(truth.orders.values()))
    await house.services.health.poll_due(shop.id)
    page = await house.services.orders.page(house.owner, OrderFilter.TO_PACK)
    plan = await house.services.order_actions.plan(
        house.owner, page.rows[0].order_id, CancelReason.OUT_OF_STOCK
    )
    assert plan.measured
    assert (plan.measured.value, plan.measured.target) == (Decimal(0), Decimal(10))
    assert plan.passes_limit  # one of ten: 10 % is not below 10 %
