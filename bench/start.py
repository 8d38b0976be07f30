"""From nothing to the first answer in a chat, and how much memory that takes, against importing the same dependencies."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.answers import OUR_TOKEN, StandIn, fill, settings
from bench.figures import Figure
from bench.processes import end, first_line, rss_mb, running, spawn
from bench.rounds import in_turns
from bench.scale import Scale

TIME, MEMORY, LIMIT = "start-to-first-answer", "memory-idle", "memory-idle-of-160-mb"
AIMS = {TIME: "<= 1.3", MEMORY: "<= 1.5", LIMIT: "<= 1"}
MOST_MB = 160


@dataclass(frozen=True, slots=True)
class Began:
    """How a process began: until it was of use, and its memory then."""

    seconds: float
    rss_mb: float


async def measure(_: Scale) -> AsyncIterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="storesync-bench-") as folder:
        file = Path(folder) / "storesync.db"
        await fill(file)
        async with (
            running("bench.standins.bot_api") as api,
            httpx.AsyncClient(base_url=api["url"], trust_env=False, timeout=60) as client,
        ):
            environment = settings(api["url"], file)
            pairs = await in_turns(lambda: _ours(StandIn(client), environment), _imports)
    middle = sorted(pairs, key=lambda each: each.ours.seconds / each.theirs.seconds)[len(pairs) // 2]
    told_s = {"s": round(middle.ours.seconds, 2), "baseline_s": round(middle.theirs.seconds, 2)}
    yield Figure(TIME, AIMS[TIME], [each.ours.seconds / each.theirs.seconds for each in pairs], told_s)
    told_mb = {"mb": round(middle.ours.rss_mb, 1), "baseline_mb": round(middle.theirs.rss_mb, 1)}
    yield Figure(MEMORY, AIMS[MEMORY], [each.ours.rss_mb / each.theirs.rss_mb for each in pairs], told_mb)
    limit = {"mb": told_mb["mb"], "limit_mb": MOST_MB}
    yield Figure(LIMIT, AIMS[LIMIT], [each.ours.rss_mb / MOST_MB for each in pairs], limit)


async def _ours(stand_in: StandIn, environment: dict[str, str]) -> Began:
    """Start StoreSync while a person waits for an answer, and look at it when she has it."""
    began = time.perf_counter()
    asking = asyncio.create_task(stand_in.run(OUR_TOKEN, chats=1, seconds=0))
    process = await spawn("app", "run", environment=environment)
    await asking
    seconds = time.perf_counter() - began
    memory = rss_mb(process.pid)
    await end(process)
    return Began(seconds, memory)


async def _imports() -> Began:
    began = time.perf_counter()
    process = await spawn("bench.baselines.imports")
    told = await first_line(process)
    seconds = time.perf_counter() - began
    await end(process)
    return Began(seconds, told["rss_mb"])
