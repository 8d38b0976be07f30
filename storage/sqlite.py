"""SQLite as StoreSync uses it: one writer, a few readers, and one thread hop for a whole unit of work.

SQLAlchemy's own asyncio support crosses to the driver's thread several times per statement. A unit
here crosses once: aiosqlite gives each connection its thread, and the unit runs there on an ordinary
SQLAlchemy connection (ADR 0004 has the measurements).
"""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import Connection, Engine, StaticPool, create_engine

from domain.errors import ConfigurationError
from domain.failpoint import failpoint

T = TypeVar("T")

READERS = 3
WAIT_S = 30.0
STATEMENTS = 1000
"""How many compiled statements are kept; StoreSync has fewer."""
PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a lost commit would lose a rotated refresh token, and with it the shop
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "secure_delete": 1,
}


class SqliteFile:
    """One database file. Units wait for their turn; none ever sees "database is locked" from a neighbour."""

    def __init__(self, path: Path) -> None:
        self._writer = _Lines(lambda: SqliteLine(path, writes=True), 1)
        self._readers = _Lines(lambda: SqliteLine(path, writes=False), READERS)

    async def read(self, work: Callable[[Connection], T]) -> T:
        async with self._readers.one() as line:
            return await line.run(work)

    async def write(self, work: Callable[[Connection], T], name: str) -> T:
        async with self._writer.one() as line:
            return await line.run(work, name)

    async def scrub(self) -> None:
        async with self._writer.one() as line:
            await line.scrub()

    async def close(self) -> None:
        await self._readers.close()
        await self._writer.close()  # the last one out moves the log into the file


class _Stopped(Exception):
    """Nobody waits for this unit any more."""


class SqliteLine(aiosqlite.Connection):
    """One connection, its thread, and SQLAlchemy over both."""

    def __init__(self, path: Path, *, writes: bool) -> None:
        super().__init__(self._open, iter_chunk_size=64)
        self._path, self._writes = path, writes
        self._begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
        self._pool: StaticPool
        self._raw: sqlite3.Connection
        # A start that fails half-way must not keep the process alive; a killed thread is a rollback.
        self._thread.daemon = True

    @property
    def is_usable(self) -> bool:
        """Whether it is open or can still be opened; a thread starts only once."""
        return self._running

    async def run(self, work: Callable[[Connection], T], name: str = "") -> T:
        """Run one unit. If the caller is cancelled, the unit is stopped and rolled back before this returns."""
        stop = threading.Event()
        unit = asyncio.ensure_future(self._in_thread(lambda: self._unit(work, name, stop)))
        try:
            await asyncio.wait({unit})
        except asyncio.CancelledError:
            stop.set()
            while not unit.done():
                if self._connection is not None:
                    self._connection.interrupt()  # stops the statement of this moment, so it is said again
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({unit}, timeout=0.05)
            unit.exception()  # the caller hears of its cancellation and of nothing else
            raise
        return unit.result()

    async def scrub(self) -> None:
        """Write the log back and empty it, then the file anew without its free pages.

        `secure_delete` clears what is deleted, but old versions of pages stay in the log until then.
        """
        await self._in_thread(self._scrub)

    async def close(self) -> None:
        if self._connection is not None:
            await self._in_thread(self._pool.dispose)
        await super().close()

    async def _in_thread(self, call: Callable[[], T]) -> T:
        if self._connection is None:
            await self._start()
        # aiosqlite queues any call for its thread this way, but has no public name for it.
        result: T = await self._execute(call)  # type: ignore[no-untyped-call]
        return result

    async def _start(self) -> None:
        try:
            await self
        except BaseException:
            self._thread.join()  # told to end, it does at once; it must not outlive the event loop
            raise

    def _scrub(self) -> None:
        for step in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            self._raw.execute(step).fetchall()

    def _unit(self, work: Callable[[Connection], T], name: str, stop: threading.Event) -> T:
        try:
            with Connection(_engine(), self._pool.connect()) as connection, connection.begin():
                connection.exec_driver_sql(self._begin)
                result = work(connection)
                if name:
                    failpoint(f"{name}:before_commit")
                if stop.is_set():
                    raise _Stopped
        except StopIteration as err:
            raise RuntimeError("a unit of work raised StopIteration") from err  # no future can carry it
        if name:
            failpoint(f"{name}:committed")
        return result

    def _open(self) -> sqlite3.Connection:
        try:
            raw = _opened(self._path, writes=self._writes)
        except sqlite3.Error as err:
            raise ConfigurationError(f"the database {self._path} cannot be opened: {err}") from err
        self._raw = raw
        creator: Any = lambda: raw  # noqa: E731 - SQLAlchemy's type of a connection is narrower than what it takes
        self._pool = StaticPool(creator)
        return raw


@cache
def _engine() -> Engine:
    """Return what all lines share: statements are compiled once for an engine, not again for each line.

    It has no database of its own; being connected once, it has learnt what this SQLite is able to do.
    """
    engine = create_engine(
        "sqlite://",
        query_cache_size=STATEMENTS,
        hide_parameters=True,  # an error's text goes into the log, a buyer's name must not
    )
    with engine.connect():
        pass
    engine.dispose()
    return engine


def _opened(path: Path, *, writes: bool) -> sqlite3.Connection:
    raw = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        for name, value in (PRAGMAS | {"query_only": int(not writes)}).items():
            raw.execute(f"PRAGMA {name}={value}")
            (got,) = raw.execute(f"PRAGMA {name}").fetchone()
            if got != value:
                raise sqlite3.OperationalError(f"{name} is {got} and cannot be {value} here")
    except sqlite3.Error:
        raw.close()
        raise
    return raw


class _Lines:
    """A fixed number of connections, opened when first needed; the one used last is taken first.

    Who came first is served first. With a plain queue of connections, whoever gives one back and asks
    again would overtake all who wait, and of fifty chats some would wait for seconds.
    """

    def __init__(self, make: Callable[[], SqliteLine], count: int) -> None:
        self._make = make
        self._count = count
        self._turns = asyncio.Semaphore(count)
        self._idle = [make() for _ in range(count)]
        self._is_closed = False

    @asynccontextmanager
    async def one(self) -> AsyncIterator[SqliteLine]:
        """Lend one connection; the wait for it is bounded."""
        if self._is_closed:
            raise RuntimeError("the database was closed")
        async with asyncio.timeout(WAIT_S):
            await self._turns.acquire()
        line = self._idle.pop()
        try:
            yield line
        finally:
            self._idle.append(line if line.is_usable else self._make())
            self._turns.release()

    async def close(self) -> None:
        """Close every connection as soon as it is idle."""
        if self._is_closed:
            return
        self._is_closed = True
        for _ in range(self._count):
            await self._turns.acquire()
        for line in self._idle:
            await line.close()
