"""Installations for the tests of services: on both databases, or on the faster one where that is enough."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from services import applying
from storage.database import Database
from tests.databases import DISCONNECT, EMPTY, make_database
from tests.integration.services.house import House

EMPTYING: dict[str, asyncpg.Connection] = {}
HERE = Path(__file__).parent
OPEN: dict[str, list[Database]] = {}
"""Databases on a server that the next test goes on with: their connections know the statements they prepared."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests of services in one loop, so that a connection outlives the test that opened it."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def kept_tables(postgres_server: str, worker_id: str) -> str:
    """Return the address of a migrated database that only tests of services use: nobody else may cut them off."""
    url = make_database(postgres_server, f"services_{worker_id}")
    OPEN[url] = []
    return url


@pytest.fixture
def postgres_url(kept_tables: str) -> str:
    return kept_tables


@pytest_asyncio.fixture(loop_scope="session")
async def connect() -> AsyncIterator[Callable[[str], Database]]:
    """Return a function that opens the database at an address; after the test the server's is emptied, others close."""
    opened: list[tuple[str, Database]] = []

    def open_one(url: str) -> Database:
        database = OPEN[url].pop() if OPEN.get(url) else Database(url)
        opened.append((url, database))
        return database

    yield open_one
    for url, database in opened:
        if url in OPEN:
            OPEN[url].append(database)
        else:
            await database.close()
    for url in {url for url, _ in opened} & OPEN.keys():
        await _empty(url)


async def _empty(url: str) -> None:
    if url not in EMPTYING:
        EMPTYING[url] = await asyncpg.connect(url, server_settings={"lock_timeout": "10s"})
    try:
        await EMPTYING[url].execute(EMPTY)
    except asyncpg.LockNotAvailableError:  # a test ended in the middle of a transaction
        await EMPTYING[url].execute(DISCONNECT)
        await EMPTYING[url].execute(EMPTY)


@pytest_asyncio.fixture(loop_scope="session")
async def house(database: Database) -> House:
    """Return an installation with one seller; the test runs on SQLite and on PostgreSQL."""
    return await House(database).open()


@pytest_asyncio.fixture(loop_scope="session")
async def sqlite_house(sqlite_database: Database) -> House:
    return await House(sqlite_database).open()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read back as often as ever, without the pauses between."""
    monkeypatch.setattr(applying, "LOOKS_S", (0.0, 0.0, 0.0))
