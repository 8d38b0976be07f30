"""What may wait gives way: to persons, to other sellers, and to a platform that says "too fast" (over HTTP)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from domain.errors import RateLimited
from domain.pace import on_behalf_of, unhurried
from domain.shops import Budget, ShopAccess
from tests.contract.shopee_case import ShopeeCase, shopee_case

OF_A, OF_B = "get_shop_info", "get_shop_holiday_mode"
"""What two sellers ask for here, so that the platform can tell their calls apart."""


@pytest.fixture
async def case() -> AsyncIterator[ShopeeCase]:
    async with shopee_case() as running:
        yield running


def slow(case: ShopeeCase, per_app: float = 20) -> ShopAccess:
    return replace(case.shop, app=replace(case.app, budget=Budget(per_shop=1000, per_app=per_app)))


async def steer(case: ShopeeCase, handle: str, **fields: Any) -> None:
    async with httpx.AsyncClient(base_url=case.app.api_url) as look:
        (await look.post(f"/control/{handle}", json=fields)).raise_for_status()


async def asked(case: ShopeeCase) -> list[str]:
    """Return which calls reached the platform, in order."""
    async with httpx.AsyncClient(base_url=case.app.api_url) as look:
        calls = (await look.get("/control/calls")).json()["calls"]
    return [each["path"].rpartition("/")[2] for each in calls]


async def calmly(seller: str, *calls: Awaitable[Any]) -> None:
    async def one(call: Awaitable[Any]) -> None:
        with unhurried(), on_behalf_of(seller):
            await call

    await asyncio.gather(*(one(call) for call in calls))


async def test_a_seller_with_much_to_read_does_not_hold_up_another(case: ShopeeCase) -> None:
    shop, platform = slow(case), case.platform
    assert platform.holidays
    await asyncio.gather(
        calmly("a", *(platform.linking.fetch_shop(shop) for _ in range(60))),
        calmly("b", *(platform.holidays.fetch_holiday(shop) for _ in range(5))),
    )
    order = [each for each in await asked(case) if each in {OF_A, OF_B}]
    assert (order.count(OF_A), order.count(OF_B)) == (60, 5)
    last_of_b = max(at for at, name in enumerate(order) if name == OF_B)
    assert last_of_b < 45  # in turns, once the first burst is through: not behind all sixty


async def test_what_a_person_does_overtakes_what_may_wait(case: ShopeeCase) -> None:
    shop, platform = slow(case, per_app=40), case.platform
    assert platform.holidays
    async with asyncio.TaskGroup() as backlog:
        backlog.create_task(calmly("a", *(platform.linking.fetch_shop(shop) for _ in range(90))))
        await asyncio.sleep(0)
        with on_behalf_of("b"):
            await platform.holidays.fetch_holiday(shop)
        before = (await asked(case)).count(OF_A)
    assert before < 60
    assert (await asked(case)).count(OF_A) == 90


async def test_an_ended_daily_quota_stops_what_may_wait_and_nothing_else(case: ShopeeCase) -> None:
    other = replace(case.shop, external_id="600012")
    await steer(case, "app", calls_left_today=0)
    with unhurried(), pytest.raises(RateLimited):
        await case.platform.linking.fetch_shop(case.shop)
    before = len(await asked(case))
    for shop in (case.shop, other):
        with unhurried(), pytest.raises(RateLimited) as caught:
            await case.platform.linking.fetch_shop(shop)
        assert 0 < caught.value.retry_after_s <= 24 * 3600
    assert len(await asked(case)) == before  # nothing was asked
    with pytest.raises(RateLimited):
        await case.platform.linking.fetch_shop(case.shop)
    assert len(await asked(case)) > before
    await steer(case, "app", calls_left_today=None)
    assert (await case.platform.linking.fetch_shop(case.shop)).is_usable


async def test_a_shop_that_is_asked_too_fast_rests_and_its_neighbours_do_not(case: ShopeeCase) -> None:
    await steer(case, "faults", kind="rate_limit", count=1)
    with unhurried(), pytest.raises(RateLimited):
        await case.platform.linking.fetch_shop(case.shop)
    before = len(await asked(case))
    with unhurried(), pytest.raises(RateLimited):
        await case.platform.linking.fetch_shop(case.shop)
    assert len(await asked(case)) == before
    with unhurried():
        await case.platform.linking.fetch_authorisations(case.app)
    assert (await case.platform.linking.fetch_shop(case.shop)).is_usable
