"""The queue on PostgreSQL: procrastinate, in a schema of its own beside our tables, any number of workers.

Losing it loses nothing, as the rows behind the ids are the work. So jobs that ended are deleted, a
failed one is not tried again here, and a release with another procrastinate begins with an empty queue.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import LiteralString
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status
from procrastinate.schema import SchemaManager
from procrastinate.worker import Worker
from psycopg import sql
from structlog.stdlib import get_logger

from domain.errors import ConfigurationError
from domain.queue import Task
from jobs.queue import PLACES, Job

NAME = "storesync"
LOOK_EVERY_S = 0.2
"""How soon a job behind a lock is found when the lock is let go; new jobs are told at once."""
STALLED_AFTER_S = 30.0
"""A worker that was silent for so long is gone; what it had in hand is asked for again."""
CONNECTIONS = 4
PARTING_S = 2.0
"""How long the last words to the database may take."""

log = get_logger(__name__)


class ProcrastinateQueue:
    """Shared by all processes of one database. Asking needs `open` and `serve`, working `work` as well."""

    def __init__(self, url: str, *, stalled_after_s: float = STALLED_AFTER_S) -> None:
        self._conninfo = _conninfo(url)
        self._schema = (
            f"storesync_queue_{hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest()[:8]}"
        )
        self._stalled_after_s = stalled_after_s
        self._jobs: Mapping[Task, Job] = {}
        self._app = App(
            connector=PsycopgConnector(
                conninfo=self._conninfo,
                kwargs={"options": f"-c search_path={self._schema}"},
                min_size=1,
                max_size=CONNECTIONS,
            )
        )
        self._worker: Worker | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.failed = 0

    async def open(self) -> None:
        """Connect, and make the queue's tables where there are none."""
        try:
            await _make_tables(self._conninfo, self._schema)
            await self._app.open_async()
        except (psycopg.Error, ConnectorException) as failed:
            raise ConfigurationError(f"the queue in PostgreSQL cannot be opened: {failed}") from failed

    def serve(self, jobs: Mapping[Task, Job]) -> None:
        """Say what each task does and which lock it takes; from now on tasks may be asked for."""
        self._jobs = jobs
        for task, job in jobs.items():
            self._app.task(name=task, queue=NAME)(self._running(task, job))

    def work(self) -> None:
        """Begin to run what is asked for, here or in any other process."""
        self._tasks = [
            asyncio.create_task(self._work(), name="queue"),
            asyncio.create_task(self._revive(), name="stalled jobs"),
        ]

    async def enqueue(self, task: Task, *ids: str) -> None:
        """Ask for a task; the same task and ids waiting already are enough."""
        job = self._jobs.get(task)
        if job is None:
            return
        deferrer = self._app.configure_task(
            task, lock=job.lock(*ids), queueing_lock=":".join((task, *ids)), queue=NAME
        )
        with contextlib.suppress(AlreadyEnqueued):
            await deferrer.defer_async(ids=list(ids))

    async def stop(self, within_s: float) -> None:
        """Take nothing more; let what runs finish, then cut it: its rows are found again."""
        self._jobs = {}
        if self._worker is not None:
            self._worker.shutdown_graceful_timeout = within_s
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s + PARTING_S)
            for task in self._tasks:
                task.cancel()  # a server that is gone must not keep the process
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._app.close_async()

    def _running(self, task: Task, job: Job) -> Callable[[list[str]], Awaitable[None]]:
        async def run(ids: list[str]) -> None:
            try:
                await job.run(*ids)
            except Exception:
                self.failed += 1
                log.exception("task_failed", task=task, ids=ids)

        return run

    async def _work(self) -> None:
        """Run a worker, and another one when the connection took it along."""
        while True:
            self._worker = Worker(
                self._app,
                queues=[NAME],
                concurrency=PLACES,
                fetch_job_polling_interval=LOOK_EVERY_S,
                update_heartbeat_interval=self._stalled_after_s / 3,
                stalled_worker_timeout=self._stalled_after_s,
                install_signal_handlers=False,
                delete_jobs=DeleteJobCondition.ALWAYS,
            )
            try:
                await self._worker.run()  # type: ignore[no-untyped-call]
            except Exception:
                log.exception("worker_broke")
            await asyncio.sleep(1)

    async def _revive(self) -> None:
        """Procrastinate lets go of nothing by itself: free the locks of workers that are gone, ask again."""
        while True:
            try:
                await self.revive()
            except Exception:
                log.exception("revival_failed")
            await asyncio.sleep(self._stalled_after_s / 3)

    async def revive(self) -> int:
        """Ask again for what workers that are gone had in hand; return how many jobs that were."""
        manager = self._app.job_manager
        stalled = list(
            await manager.get_stalled_jobs(queue=NAME, seconds_since_heartbeat=self._stalled_after_s)
        )
        for job in stalled:
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
            given = job.task_kwargs["ids"]
            ids = [str(each) for each in given] if isinstance(given, list) else []
            log.warning("task_stalled", task=job.task_name, ids=ids)
            await self.enqueue(Task(job.task_name), *ids)
        await manager.prune_stalled_workers(self._stalled_after_s)
        return len(stalled)


async def _make_tables(conninfo: str, schema: str) -> None:
    """Make procrastinate's tables in one transaction; of those who try at the same time, one does it."""
    path = sql.Identifier(schema)
    statements: LiteralString = SchemaManager.get_schema()
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('storesync queue'))")
        found = await connection.execute("SELECT to_regclass(%s)", (f"{schema}.procrastinate_jobs",))
        row = await found.fetchone()
        if row is None or row[0] is None:
            await connection.execute(sql.SQL("CREATE SCHEMA {}").format(path))
            await connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(path))
            await connection.execute(statements)


def _conninfo(url: str) -> str:
    """Return DATABASE_URL as libpq reads it; SQLAlchemy's and asyncpg's words are a little different."""
    parts = urlsplit(url)
    words = [("sslmode" if name == "ssl" else name, value) for name, value in parse_qsl(parts.query)]
    return urlunsplit(parts._replace(scheme="postgresql", query=urlencode(words)))
