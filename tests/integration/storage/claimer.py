"""A worker of its own process: claims and handles inbox rows until none wait, and prints each id it handled."""

import asyncio
import sys

from storage import inbox
from storage.database import Database
from tests.integration.storage.rows import NOON


async def work(url: str) -> list[int]:
    """Return the ids handled, in their order."""
    database = Database(url)
    handled: list[int] = []
    while await database.read(lambda conn: inbox.oldest_waiting(conn, "telegram")):
        rows = await database.write(
            lambda conn: inbox.claim(conn, sources=["telegram"], now=NOON, lease_s=60, limit=3), "claim"
        )
        for row in rows:
            assert await database.write(lambda conn, row=row: inbox.done(conn, row.id, row.lease_gen), "done")  # type: ignore[misc]
            handled.append(row.id)
    await database.close()
    return handled


if __name__ == "__main__":
    print(*asyncio.run(work(sys.argv[1])))  # noqa: T201 - the answer to who started us
