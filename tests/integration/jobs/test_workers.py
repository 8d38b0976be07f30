"""Several workers on one PostgreSQL: each task runs in one of them, and what a dead one had in hand runs again."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import psycopg
import pytest

from domain.errors import ConfigurationError
from domain.queue import Task
from jobs.procrastinate_queue import ProcrastinateQueue
from jobs.queue import PLACES, Job
from tests.stage.process import ROOT
from tests.stage.waiting import until

Start = Callable[[], Awaitable[asyncio.subprocess.Process]]


async def nothing(*_: str) -> None:
    """Is done elsewhere: this process only asks."""


@pytest.fixture
async def asking(bare_postgres_url: str) -> AsyncIterator[ProcrastinateQueue]:
    """A queue that asks and never works, as a bot without jobs does."""
    queue = ProcrastinateQueue(bare_postgres_url, stalled_after_s=0.5)
    await queue.open()
    queue.serve({Task.BACKFILL: Job(nothing, lambda shop, *_: f"read:{shop}")})
    yield queue
    await queue.stop(1)


@pytest.fixture
async def start(bare_postgres_url: str, tmp_path: Path) -> AsyncIterator[Start]:
    """Start workers that write `began <ids>` and `ended <ids>` into `diary`."""
    workers: list[asyncio.subprocess.Process] = []

    async def begin() -> asyncio.subprocess.Process:
        words = (sys.executable, "-m", "tests.integration.jobs.worker", bare_postgres_url)
        diary, gate = str(tmp_path / "diary"), str(tmp_path / "gate")
        workers.append(await asyncio.create_subprocess_exec(*words, diary, gate, cwd=ROOT))
        return workers[-1]

    yield begin
    for worker in workers:
        if worker.returncode is None:
            worker.kill()
        await worker.wait()


def diary(folder: Path) -> list[str]:
    return (folder / "diary").read_text().splitlines() if (folder / "diary").exists() else []


async def until_written(folder: Path, line: str, times: int = 1) -> None:
    async def is_there() -> bool:
        return diary(folder).count(line) >= times

    await until(is_there, f"{line!r} {times} times", within_s=60)


SHOPS = PLACES + 2


async def test_a_task_runs_in_one_process_and_a_lock_holds_across_them(
    asking: ProcrastinateQueue, start: Start, tmp_path: Path
) -> None:
    await asyncio.gather(start(), start())
    for number in range(4 * SHOPS):
        await asking.enqueue(Task.BACKFILL, f"shop{number % SHOPS}", str(number))

    async def all_began() -> bool:
        return len(diary(tmp_path)) == SHOPS

    async def all_ended() -> bool:
        return sum(line.startswith("ended") for line in diary(tmp_path)) == 4 * SHOPS

    # More shops than one process has places: the other one must take the rest.
    await until(all_began, "a task of each shop", within_s=60)
    (tmp_path / "gate").touch()
    await until(all_ended, "all tasks", within_s=60)
    lines = [line.split() for line in diary(tmp_path)]
    assert set(Counter((what, number) for what, _, _, number in lines).values()) == {1}
    assert len({worker for _, worker, _, _ in lines}) == 2
    for shop in (f"shop{number}" for number in range(SHOPS)):
        of_shop = [(what, number) for what, _, name, number in lines if name == shop]
        assert [number for _, number in of_shop[::2]] == [number for _, number in of_shop[1::2]]


async def test_what_a_killed_worker_had_in_hand_runs_again(
    asking: ProcrastinateQueue, start: Start, tmp_path: Path
) -> None:
    first = await start()
    await asking.enqueue(Task.BACKFILL, "shop", "1")

    async def began(times: int = 1) -> bool:
        return sum(line.startswith("began") for line in diary(tmp_path)) == times

    await until(began, "the task to begin", within_s=60)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    (tmp_path / "gate").touch()

    async def is_found() -> bool:
        return await asking.revive() == 1

    await until(is_found, "the stalled task to be found", within_s=60)
    await start()
    await until(lambda: began(2), "the task to begin again", within_s=60)


async def test_a_worker_told_to_end_lets_its_task_end(
    asking: ProcrastinateQueue, start: Start, tmp_path: Path
) -> None:
    worker = await start()
    await asking.enqueue(Task.BACKFILL, "shop", "1")

    async def began() -> bool:
        return any(line.startswith("began") for line in diary(tmp_path))

    await until(began, "the task to begin", within_s=60)
    worker.terminate()
    (tmp_path / "gate").touch()
    assert await worker.wait() == 0
    assert [line.split()[0] for line in diary(tmp_path)] == ["began", "ended"]


async def test_the_queue_leaves_our_own_tables_alone(
    asking: ProcrastinateQueue, bare_postgres_url: str
) -> None:
    await asking.enqueue(Task.BACKFILL, "shop")
    again = ProcrastinateQueue(bare_postgres_url)
    await again.open()  # a second time changes nothing
    await again.stop(1)
    connection = await asyncpg.connect(bare_postgres_url)
    tables = await connection.fetch("SELECT schemaname FROM pg_tables WHERE tablename LIKE 'procrastinate%'")
    await connection.close()
    assert {row[0].rpartition("_")[0] for row in tables} == {"storesync_queue"}


async def test_a_worker_whose_connections_broke_goes_on(
    bare_postgres_url: str, asking: ProcrastinateQueue
) -> None:
    ran: list[str] = []

    async def note(*ids: str) -> None:
        ran.extend(ids)

    queue = ProcrastinateQueue(bare_postgres_url)
    await queue.open()
    queue.serve({Task.BACKFILL: Job(note, lambda shop: f"read:{shop}")})
    queue.work()
    await queue.enqueue(Task.BACKFILL, "before")

    async def has_run(what: str) -> bool:
        return what in ran

    await until(lambda: has_run("before"), "the first task", within_s=60)
    async with await psycopg.AsyncConnection.connect(bare_postgres_url, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await asking.enqueue(Task.BACKFILL, "after")
    await until(lambda: has_run("after"), "a task after the break", within_s=60)
    await queue.stop(1)


async def test_a_server_that_is_not_there_is_told() -> None:
    queue = ProcrastinateQueue("postgresql+asyncpg://nobody@127.0.0.1:9/nothing")
    with pytest.raises(ConfigurationError, match="queue in PostgreSQL cannot be opened"):
        await queue.open()
