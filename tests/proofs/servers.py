"""PostgreSQL for proofs: killed are those who use it, and never the machine it runs on."""

import contextlib
from collections.abc import AsyncIterator

from bench.postgres import postgres
from tests.databases import SPARING, execute


@contextlib.asynccontextmanager
async def open_server(*names: str) -> AsyncIterator[list[str]]:
    """Start a server with these databases, which waits for no disk; yield their addresses."""
    async with postgres(*names) as urls:
        await execute(urls[0], *SPARING)
        yield urls
