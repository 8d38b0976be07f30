"""Installations in this process, over real databases of both kinds, each worker with connections of its own."""

import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.chats import Visitor
from domain.people import Role
from services import Services, applying
from storage import sqlite
from storage.database import Database
from storage.migrate import migrate
from tests.databases import SPARING, execute, open_postgres
from tests.integration.services.house import House

KINDS = ("sqlite", "postgresql")


@contextlib.asynccontextmanager
async def open_address(kind: str) -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory(prefix="storesync-proof-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{Path(folder) / 'storesync.db'}"
        else:
            with open_postgres(Path(folder) / "server") as url:
                await execute(url, *SPARING)
                yield url


@contextlib.asynccontextmanager
async def open_houses(kind: str, workers: int = 1) -> AsyncIterator[tuple[House, list[Services]]]:
    """Open an installation and the services of so many workers over its data."""
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(open_address(kind))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(applying, "LOOKS_S", (0.0, 0.0, 0.0))
        # A file has one process and one writer; several, as here, wait for each other without any order.
        patch.setitem(sqlite.PRAGMAS, "busy_timeout", 60_000)
        await migrate(url)
        databases = [Database(url) for _ in range(workers)]
        for database in databases:
            stack.push_async_callback(database.close)
        house = await House(databases[0]).open()
        yield house, [house.services, *(house.another(each) for each in databases[1:])]


async def staffed(house: House) -> list[Visitor]:
    """Return two managers beside the owner, each in a private chat."""
    return [
        await house.join("Budi", 4712, Role.MANAGER),
        await house.join("Citra", 4713, Role.MANAGER),
    ]
