"""PostgreSQL as StoreSync uses it: asyncpg, reads in one snapshot, writes repeated when the server asks for it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from domain.failpoint import failpoint

T = TypeVar("T")

REPEAT = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected: the server took everything back, the same again may pass."""
PAUSES_S = (0.01, 0.05, 0.2, 0.5)
SESSION = {"application_name": "storesync", "statement_timeout": "30000", "lock_timeout": "10000"}


class PostgresServer:
    """One database on a server, shared with any number of other processes."""

    def __init__(self, url: URL, *, echo: bool) -> None:
        self._writing = create_async_engine(
            url,
            echo=echo,
            hide_parameters=True,  # an error's text goes into the log, a buyer's name must not
            pool_size=10,
            max_overflow=0,
            pool_timeout=30,
            pool_pre_ping=True,
            connect_args={"server_settings": SESSION},
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

    async def close(self) -> None:
        await self._writing.dispose()
