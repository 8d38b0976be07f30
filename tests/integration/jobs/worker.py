"""A worker of its own process: its task notes when it began, waits for a file, and notes that it ended."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from domain.queue import Task
from jobs.procrastinate_queue import ProcrastinateQueue
from jobs.queue import Job
from tests.stage.waiting import until


async def main(url: str, diary: Path, gate: Path) -> None:
    def note(what: str, ids: tuple[str, ...]) -> None:
        with diary.open("a") as book:
            book.write(f"{what} {os.getpid()} {' '.join(ids)}\n")

    async def opened() -> bool:
        return gate.exists()

    async def backfill(*ids: str) -> None:
        note("began", ids)
        await until(opened, "the gate", within_s=60)
        note("ended", ids)

    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    queue = ProcrastinateQueue(url, stalled_after_s=0.5)
    await queue.open()
    queue.serve({Task.BACKFILL: Job(backfill, lambda shop, *_: f"read:{shop}")})
    queue.work()
    await stopped.wait()
    await queue.stop(10)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
