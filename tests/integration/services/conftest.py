"""Installations for the tests of services: on both databases, or on the faster one where that is enough."""

import pytest

from services import applying
from storage.database import Database
from tests.integration.services.house import House


@pytest.fixture
async def house(database: Database) -> House:
    """Return an installation with one seller; the test runs on SQLite and on PostgreSQL."""
    return await House(database).open()


@pytest.fixture
async def sqlite_house(sqlite_database: Database) -> House:
    return await House(sqlite_database).open()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read back as often as ever, without the pauses between."""
    monkeypatch.setattr(applying, "LOOKS_S", (0.0, 0.0, 0.0))
