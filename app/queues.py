"""Which queue a process asks and works: its own memory beside an SQLite file, PostgreSQL beside PostgreSQL."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Union

from domain.errors import ConfigurationError
from domain.queue import Task
from jobs.queue import InProcessQueue, Job
from storage.address import file_of, read_address

if TYPE_CHECKING:
    from jobs.procrastinate_queue import ProcrastinateQueue

AnyQueue = Union[InProcessQueue, "ProcrastinateQueue"]

STOP_WITHIN_S = 2.5


def check_layout(url: str, *, has_jobs: bool, is_alone: bool) -> None:
    """Refuse to share what one process has for itself."""
    if _is_file(url) and not (has_jobs and is_alone):
        raise ConfigurationError(
            "an SQLite file serves one process, which does its jobs itself: workers and --without-jobs need "
            "PostgreSQL in DATABASE_URL (`storesync move-database` takes everything there)"
        )


@contextlib.asynccontextmanager
async def open_queue(url: str) -> AsyncIterator[AnyQueue]:
    """Open the queue that belongs to a database; end what runs in it when the block ends."""
    queue: AnyQueue
    if _is_file(url):
        queue = InProcessQueue()
    else:
        # Half a second of imports that a host with a file has no use for.
        from jobs.procrastinate_queue import ProcrastinateQueue  # noqa: PLC0415

        queue = ProcrastinateQueue(url)
        await queue.open()
    try:
        yield queue
    finally:
        await queue.stop(STOP_WITHIN_S)


def serve(queue: AnyQueue, jobs: Mapping[Task, Job], *, has_jobs: bool) -> None:
    """Let jobs be asked for, and do them here if this process does any."""
    queue.serve(jobs)
    if has_jobs and not isinstance(queue, InProcessQueue):
        queue.work()


def _is_file(url: str) -> bool:
    return file_of(read_address(url)) is not None
