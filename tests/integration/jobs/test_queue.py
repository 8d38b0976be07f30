"""Both queues: what waits twice runs once, one at a time behind each lock, nothing ends it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest

from domain.queue import Task
from jobs.procrastinate_queue import ProcrastinateQueue
from jobs.queue import PLACES, InProcessQueue, Job
from tests.stage.waiting import until


class Bench:
    """Jobs that do what a test tells them; `ran` is what ran, `most` how many at once."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.now = self.most = 0

    async def work(self, *ids: str) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.gate.wait()
            self.ran.append(ids)
            if "broken" in ids:
                raise KeyError(ids[0])
        finally:
            self.now -= 1

    async def until(self, count: int) -> None:
        async def is_done() -> bool:
            return len(self.ran) >= count

        await until(is_done, f"{count} tasks to end", within_s=60)

    async def until_running(self, count: int) -> None:
        async def is_busy() -> bool:
            return self.now >= count

        await until(is_busy, f"{count} tasks to run", within_s=60)


@pytest.fixture
def bench() -> Bench:
    return Bench()


AnyQueue = InProcessQueue | ProcrastinateQueue
MakeQueue = Callable[[Mapping[Task, Job]], Awaitable[AnyQueue]]


@pytest.fixture(params=["sqlite", "postgresql"])
def queue_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a database whose queue is to be used, nothing for the queue of one process."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("bare_postgres_url"))


@pytest.fixture
async def make_queue(queue_url: str) -> AsyncIterator[MakeQueue]:
    """Return a function that opens a queue and serves jobs; all are stopped after the test."""
    made: list[AnyQueue] = []

    async def make(jobs: Mapping[Task, Job]) -> AnyQueue:
        made.append(await opened(queue_url) if queue_url else InProcessQueue())
        made[-1].serve(jobs)
        if isinstance(made[-1], ProcrastinateQueue):
            made[-1].work()
        return made[-1]

    yield make
    for each in made:
        await each.stop(1)


async def opened(url: str) -> ProcrastinateQueue:
    queue = ProcrastinateQueue(url)
    await queue.open()
    return queue


def jobs_of(bench: Bench) -> dict[Task, Job]:
    """Return changes, each with a lock of its own, and readings, one at a time for each shop."""
    return {
        Task.APPLY_CHANGE: Job(bench.work, lambda _seller, change: f"change:{change}"),
        Task.BACKFILL: Job(bench.work, lambda shop, *_: f"read:{shop}"),
        Task.POLL_ORDERS: Job(bench.work, lambda shop: f"read:{shop}"),
    }


@pytest.fixture
async def queue(bench: Bench, make_queue: MakeQueue) -> AnyQueue:
    return await make_queue(jobs_of(bench))


async def test_what_is_asked_for_runs_with_its_ids(queue: AnyQueue, bench: Bench) -> None:
    await queue.enqueue(Task.APPLY_CHANGE, "seller", "change")
    await bench.until(1)
    assert bench.ran == [("seller", "change")]


async def test_what_waits_already_is_not_asked_for_twice(queue: AnyQueue, bench: Bench) -> None:
    bench.gate.clear()
    await queue.enqueue(Task.BACKFILL, "shop", "first")
    await bench.until_running(1)
    for _ in range(5):
        await queue.enqueue(Task.POLL_ORDERS, "shop")  # waits for the shop's lock
    await queue.enqueue(Task.POLL_ORDERS, "another")
    bench.gate.set()
    await bench.until(3)
    await queue.stop(1)
    assert sorted(bench.ran) == [("another",), ("shop",), ("shop", "first")]


async def test_what_runs_already_may_be_asked_for_once_more(queue: AnyQueue, bench: Bench) -> None:
    bench.gate.clear()
    await queue.enqueue(Task.POLL_ORDERS, "shop")
    await bench.until_running(1)
    for _ in range(5):
        await queue.enqueue(Task.POLL_ORDERS, "shop")
    bench.gate.set()
    await bench.until(2)
    await queue.stop(1)
    assert bench.ran == [("shop",)] * 2


async def test_behind_one_lock_one_runs_at_a_time(queue: AnyQueue, bench: Bench) -> None:
    bench.gate.clear()
    await queue.enqueue(Task.BACKFILL, "shop")
    await queue.enqueue(Task.POLL_ORDERS, "shop")
    await queue.enqueue(Task.POLL_ORDERS, "another")
    await bench.until_running(2)
    bench.gate.set()
    await bench.until(3)
    assert bench.most == 2
    assert bench.ran.index(("another",)) < 2


async def test_only_so_many_run_at_once(queue: AnyQueue, bench: Bench) -> None:
    bench.gate.clear()
    for number in range(PLACES + 5):
        await queue.enqueue(Task.APPLY_CHANGE, "seller", str(number))
    await bench.until_running(PLACES)
    bench.gate.set()
    await bench.until(PLACES + 5)
    assert bench.most == PLACES


async def test_who_waits_for_a_lock_takes_nobodys_place(queue: AnyQueue, bench: Bench) -> None:
    bench.gate.clear()
    for number in range(PLACES + 2):
        await queue.enqueue(Task.BACKFILL, "shop", str(number))
    await queue.enqueue(Task.POLL_ORDERS, "another")
    await bench.until_running(2)
    bench.gate.set()
    await bench.until(PLACES + 3)


async def test_a_task_that_breaks_ends_nothing_but_itself(queue: AnyQueue, bench: Bench) -> None:
    await queue.enqueue(Task.APPLY_CHANGE, "seller", "broken")
    await queue.enqueue(Task.APPLY_CHANGE, "seller", "next")
    await bench.until(2)
    await queue.enqueue(Task.APPLY_CHANGE, "seller", "broken")
    await bench.until(3)
    await queue.stop(1)
    assert queue.failed == 2


async def test_nothing_runs_before_it_is_served_and_after_it_was_stopped(
    bench: Bench, make_queue: MakeQueue
) -> None:
    queue = await make_queue({Task.INGEST: Job(bench.work, lambda: "ingest")})
    await queue.enqueue(Task.BACKFILL, "shop")
    await queue.enqueue(Task.INGEST)
    await bench.until(1)
    await queue.stop(1)
    await queue.enqueue(Task.INGEST)
    assert bench.ran == [()]


async def test_stopping_lets_what_runs_finish(queue: AnyQueue, bench: Bench) -> None:
    bench.gate.clear()
    await queue.enqueue(Task.POLL_ORDERS, "shop")
    await bench.until_running(1)
    stopping = asyncio.create_task(queue.stop(5))
    await asyncio.sleep(0)
    bench.gate.set()
    await stopping
    assert bench.ran == [("shop",)]


async def test_stopping_cuts_what_takes_too_long(queue: AnyQueue, bench: Bench) -> None:
    bench.gate.clear()
    await queue.enqueue(Task.POLL_ORDERS, "shop")
    await bench.until_running(1)
    await queue.stop(0)
    assert (bench.ran, bench.now) == ([], 0)


async def test_stopping_before_a_task_began_breaks_nothing(queue: AnyQueue, bench: Bench) -> None:
    loop_errors: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: loop_errors.append(context))
    await queue.enqueue(Task.POLL_ORDERS, "shop")
    await queue.stop(1)
    assert queue.failed == 0
    assert loop_errors == []


async def test_locks_do_not_pile_up(bench: Bench) -> None:
    queue = InProcessQueue()
    queue.serve(jobs_of(bench))
    for number in range(100):
        await queue.enqueue(Task.APPLY_CHANGE, "seller", str(number))
    await bench.until(100)
    await queue.stop(1)
    assert len(queue._locks) == 0
