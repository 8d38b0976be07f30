"""PostgreSQL as StoreSync uses it: asyncpg, reads in one snapshot, writes repeated when the server asks for it."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.stdlib import get_logger

from domain.failpoint import failpoint

log = get_logger(__name__)

T = TypeVar("T")

REPEAT = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected: the server took everything back, the same again may pass."""
PAUSES_S = (0.01, 0.05, 0.2, 0.5)
AGAIN_S = 1.0
"""How soon a bell that broke with its connection is hung up anew."""
SESSION = {"application_name": "storesync", "statement_timeout": "30000", "lock_timeout": "10000"}


class PostgresServer:
    """One database on a server, shared with any number of other processes."""

    def __init__(self, url: URL) -> None:
        self._writing = create_async_engine(
            url,
            hide_parameters=True,  # an error's text goes into the log, a buyer's name must not
            pool_size=10,
            max_overflow=0,
            pool_timeout=30,
            pool_pre_ping=True,
            connect_args={"server_settings": SESSION},
        )
        self._listening = create_async_engine(
            url, poolclass=NullPool, connect_args={"server_settings": SESSION}
        )
        self._reading = self._writing.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    async def read(self, work: Callable[[Connection], T]) -> T:
        async with self._reading.begin() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], T], name: str) -> T:
        for pause_s in PAUSES_S:
            try:
                return await self._write(work, name)
            except DBAPIError as err:
                if getattr(err.orig, "sqlstate", None) not in REPEAT:
                    raise
            await asyncio.sleep(pause_s)
        return await self._write(work, name)

    async def _write(self, work: Callable[[Connection], T], name: str) -> T:
        async with self._writing.begin() as connection:
            result = await connection.run_sync(work)
            failpoint(f"{name}:before_commit")
        failpoint(f"{name}:committed")
        return result

    async def listen(self, bell: str, ring: Callable[[], None]) -> None:
        """Call `ring` at every NOTIFY on a bell, on a connection of its own, until cancelled.

        What was told while there was no connection is lost, so each new one rings by itself.
        """
        while True:
            try:
                await self._listen(bell, ring)
            except Exception as failed:  # noqa: BLE001 - however it broke, it is hung up anew
                log.warning("listening_failed", bell=bell, reason=type(failed).__name__)
            await asyncio.sleep(AGAIN_S)

    async def _listen(self, bell: str, ring: Callable[[], None]) -> None:
        lost = asyncio.Event()
        async with self._listening.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            raw.add_termination_listener(lambda *_: lost.set())
            await raw.add_listener(bell, lambda *_: ring())
            ring()
            try:
                await lost.wait()
            finally:
                raw.terminate()  # nothing is under way on it, and a lost one cannot say good-bye

    async def scrub(self) -> None:
        """Nothing to do: see `Database.scrub`."""

    async def close(self) -> None:
        await self._writing.dispose()
        await self._listening.dispose()
