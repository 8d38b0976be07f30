"""The database as services see it: a unit of work is a plain function over a connection.

Plain means that nothing can be awaited inside, so no platform is ever called in a transaction. A
unit may run more than once (PostgreSQL asks for that after a deadlock): it changes rows and returns
values, and has no other effect.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from storage.address import file_of, read_address
from storage.postgresql import PostgresServer
from storage.sqlite import SqliteFile

__all__ = ["Connection", "Database"]

T = TypeVar("T")


class Database:
    """SQLite or PostgreSQL, by the address; connections are opened when they are first needed."""

    def __init__(self, url: str) -> None:
        address = read_address(url)
        self.file = file_of(address)
        self._store: SqliteFile | PostgresServer = (
            SqliteFile(self.file) if self.file else PostgresServer(address)
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file (`file`), which one process has for itself."""
        return self.file is not None

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on one snapshot of the data; writing in it is an error."""
        return await self._store.read(work)

    async def write(self, work: Callable[[Connection], T], name: str) -> T:
        """Run `work` as one transaction, committed when this returns and rolled back when it raises.

        `name` names the failpoints `<name>:before_commit` and `<name>:committed`.
        """
        return await self._store.write(work, name)

    async def listen(self, bell: str, ring: Callable[[], None]) -> None:
        """Call `ring` whenever another process rings a bell, until cancelled; a file has no others."""
        if isinstance(self._store, PostgresServer):
            await self._store.listen(bell, ring)

    async def scrub(self) -> None:
        """Leave no trace of what was deleted in files we keep: SQLite's log is written back and emptied.

        PostgreSQL clears its pages by itself (autovacuum); its own log belongs to whoever runs the server.
        """
        await self._store.scrub()

    async def close(self) -> None:
        """Wait for the units under way, then close every connection."""
        await self._store.close()
