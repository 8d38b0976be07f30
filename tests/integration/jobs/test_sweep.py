"""The net under the queue: what is due in the rows is asked for at every tick, whatever went wrong before."""

from datetime import timedelta

import pytest

from domain.errors import RateLimited
from domain.queue import Task
from jobs.sweep import Sweep
from jobs.tasks import tasks_of
from storage.database import Database
from tests.factories import DAY, HOUR
from tests.integration.services.house import House
from tests.stage.waiting import until


@pytest.fixture
async def house(database: Database) -> House:
    return await House(database).open()


async def test_a_sweep_asks_for_everything_that_is_due(house: House) -> None:
    shop, _ = await house.stocked()
    change = await house.approved()
    house.queue.asked.clear()
    house.services.wakeups.outbox.clear()
    house.clock.advance(HOUR)
    await Sweep(house.services, house.queue).once()
    assert set(house.queue.asked) == {
        (Task.INGEST, ()),
        (Task.APPLY_CHANGE, (change.seller_id, change.id)),
        (Task.POLL_ORDERS, (shop.id,)),
        (Task.POLL_LISTINGS, (shop.id,)),
        (Task.POLL_MONEY, (shop.id,)),
        (Task.POLL_HEALTH, (shop.id,)),
        (Task.POLL_RETURNS, (shop.id,)),
        (Task.POLL_SHOWCASE, (shop.id,)),
        (Task.RECALL_PUSHES, (house.app.id,)),
        (Task.READ_AUTHORISATIONS, (house.app.id,)),
    }
    assert house.services.wakeups.outbox.is_set()
    assert house.services.wakeups.updates.is_set()


async def test_a_sweep_with_nothing_due_asks_for_the_inbox_only(house: House) -> None:
    shop, _ = await house.stocked()
    await house.services.health.poll_due(shop.id)
    await house.services.lost_pushes.due()
    await house.services.authorisations.due()
    house.queue.asked.clear()
    await Sweep(house.services, house.queue).once()
    assert house.queue.asked == [(Task.INGEST, ())]


async def test_a_sweep_refreshes_tokens_of_shops_nobody_uses(house: House) -> None:
    await house.stocked()
    house.clock.advance(4 * HOUR - timedelta(minutes=20))
    await Sweep(house.services, house.queue).once()
    assert house.bazaar.calls["refresh"] == 1


async def test_a_platform_that_refuses_a_refresh_stops_no_sweep(house: House) -> None:
    await house.stocked()
    house.clock.advance(4 * HOUR)
    house.bazaar.fail("refresh", RateLimited(platform="bazaar", operation="refresh", retry_after_s=60))
    house.services.wakeups.outbox.clear()
    await Sweep(house.services, house.queue).once()
    assert house.services.wakeups.outbox.is_set()


async def test_the_sweep_goes_on_after_a_failure(house: House) -> None:
    sweep = Sweep(house.services, house.queue, tick_s=0.05)
    due, calls = house.services.applying.due, 0

    async def broken(limit: int = 50) -> list[tuple[str, str]]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise OSError("the disk is full")
        return await due(limit)

    house.services.applying.due = broken  # type: ignore[method-assign]

    async def has_gone_on() -> bool:
        return calls >= 3

    await sweep.start()
    try:
        await until(has_gone_on, "the sweep to go on", within_s=60)
    finally:
        await sweep.stop()


async def test_a_sweep_that_was_never_started_can_be_stopped(house: House) -> None:
    await Sweep(house.services, house.queue).stop()


# The table of tasks


async def test_every_task_has_its_function_and_readings_of_a_shop_share_a_lock(house: House) -> None:
    tasks = tasks_of(house.services)
    assert set(tasks) == set(Task)
    locks = {tasks[task].lock("shop") for task in (Task.POLL_ORDERS, Task.POLL_LISTINGS, Task.BACKFILL)}
    assert len(locks) == 1
    assert tasks[Task.POLL_ORDERS].lock("another") not in locks
    assert tasks[Task.APPLY_CHANGE].lock("seller", "a") != tasks[Task.APPLY_CHANGE].lock("seller", "b")


async def test_the_tasks_do_the_work(house: House) -> None:
    shop, truth = await house.stocked()
    change = await house.approved(119000)
    tasks = tasks_of(house.services)
    house.clock.advance(DAY / 24)
    for task, ids in (
        (Task.INGEST, ()),
        (Task.APPLY_CHANGE, (change.seller_id, change.id)),
        (Task.POLL_ORDERS, (shop.id,)),
        (Task.POLL_LISTINGS, (shop.id,)),
        (Task.BACKFILL, (shop.id,)),
    ):
        await tasks[task].run(*ids)
    assert truth.price("900001").amount == 119000
    assert (await house.shop(shop.id)).synced_at == house.clock()
