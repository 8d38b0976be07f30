"""Processes of a benchmark: started on free ports, known by the line they print, ended by their own id."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
READY_WITHIN_S = 60.0
END_WITHIN_S = 20.0


@contextlib.asynccontextmanager
async def running(
    module: str, *words: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[dict[str, Any]]:
    """Run `python -m module` until the block ends; yield the JSON line by which it says that it is ready."""
    process = await spawn(module, *words, environment=environment)
    try:
        yield await first_line(process)
    finally:
        await end(process)


async def spawn(
    module: str, *words: str, environment: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *words),
        cwd=ROOT,
        env={**_inherited(), **(environment or {})},
        stdout=asyncio.subprocess.PIPE,
    )


async def first_line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(READY_WITHIN_S):
        line = await process.stdout.readline()
    if not line:
        raise RuntimeError(f"a process ended before it was ready (exit code {await process.wait()})")
    return {"pid": process.pid, **json.loads(line)}


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask it to end, and end it if it does not."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(END_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def rss_mb(pid: int | str) -> float:
    """Return how much memory a process has resident, as Linux tells it; "self" is the caller."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _inherited() -> dict[str, str]:
    """Return what a process needs to run at all: nothing of the caller's settings for StoreSync."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    return kept | {"PYTHONUNBUFFERED": "1"}
