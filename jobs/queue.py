"""The queue inside one process: what waits twice runs once, one at a time for each lock."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

from structlog.stdlib import get_logger

from domain.queue import Task

PLACES = 8
"""How many tasks run at once."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """What a task does, and which lock keeps two of its kind from meeting."""

    run: Callable[..., Awaitable[object]]
    lock: Callable[..., str]


class InProcessQueue:
    """Keeps nothing: the rows behind the ids are the work, and a sweep finds what was forgotten."""

    def __init__(self) -> None:
        self._jobs: Mapping[Task, Job] = {}
        self._waiting: set[tuple[Task, tuple[str, ...]]] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._places = asyncio.Semaphore(PLACES)
        self.failed = 0

    def serve(self, jobs: Mapping[Task, Job]) -> None:
        """Say what each task does; from now on tasks may be asked for, and run."""
        self._jobs = jobs

    async def enqueue(self, task: Task, *ids: str) -> None:
        """Ask for a task; nothing happens before `serve`, the sweep asks again."""
        key, job = (task, ids), self._jobs.get(task)
        if job is None or key in self._waiting:
            return
        self._waiting.add(key)
        running = asyncio.create_task(self._run(job, task, ids), name=f"{task}:{':'.join(ids)}")
        self._running.add(running)
        running.add_done_callback(self._running.discard)

    async def stop(self, within_s: float) -> None:
        """Take nothing more; let what runs finish, then cut it: its rows are found again."""
        self._jobs = {}
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _run(self, job: Job, task: Task, ids: tuple[str, ...]) -> None:
        async with self._lock(job.lock(*ids)), self._places:
            self._waiting.discard((task, ids))
            try:
                await job.run(*ids)
            except Exception:
                self.failed += 1
                log.exception("task_failed", task=task, ids=ids)

    def _lock(self, name: str) -> asyncio.Lock:
        """Return the lock of that name; it goes away with the last who holds or awaits it."""
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        return lock
