"""Shops polled on PostgreSQL by two workers, against one: real processes, and an API that takes its time.

What is shared is the waiting: with one core for each worker and an API that answers after 200 ms, a worker's
places are what there is too little of, as it is with ten thousand shops.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from bench.books import MASTER_KEY, Books
from bench.figures import Figure
from bench.postgres import postgres
from bench.processes import running
from bench.rounds import Pair, in_turns, ratios
from bench.scale import Scale
from domain.shops import Shop
from services.sync import ORDERS
from storage.database import Connection
from storage.repositories import marks
from storage.tables.shops import sync_mark

NAME = "polls-two-workers"
AIMS = {NAME: ">= 1.8"}
QUICK, FULL = 300, 10_000
LOOK_EVERY_S = 0.05


async def measure(scale: Scale) -> AsyncIterator[Figure]:
    count = FULL if scale.is_full else QUICK
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(running("bench.standins.quiet_shopee"))
        (url,) = await stack.enter_async_context(postgres("ours"))
        books = await Books.open(url, api_url=api["url"])
        stack.push_async_callback(books.close)
        shops = await books.link(*(str(600_000 + number) for number in range(count)))
        await books.database.write(lambda conn: _never_due(conn, shops), "bench.marks")
        pairs = await in_turns(lambda: _polled(books, 2), lambda: _polled(books, 1))
        begun = await books.database.read(_begun)
        if begun != (count, 2 * len(pairs)):
            raise RuntimeError(f"a shop was polled twice or not at all: {begun}")
    yield Figure(NAME, AIMS[NAME], ratios(pairs), {"shops": count, **_facts(pairs)})


async def _polled(books: Books, workers: int) -> float:
    """Return shops polled per second by so many workers, once all of them are due."""
    environment = {
        "TELEGRAM_BOT_TOKEN": "7000000001:AA-bench-of-storesync",
        "DATABASE_URL": books.url,
        "SECRET_KEYS": MASTER_KEY,
        "LOG_LEVEL": "WARNING",
    }
    async with AsyncExitStack() as stack:
        for _ in range(workers):
            await stack.enter_async_context(running("app", "worker", environment=environment))
        count = await books.database.write(_all_due, "bench.due")
        began = time.perf_counter()
        await _until_none_is_due(books)
        return count / (time.perf_counter() - began)


async def _until_none_is_due(books: Books) -> None:
    while await books.database.read(_waiting):  # noqa: ASYNC110 - other processes do it, no event tells
        await asyncio.sleep(LOOK_EVERY_S)


def _never_due(conn: Connection, shops: list[Shop]) -> None:
    now = datetime.now(UTC)
    for shop in shops:
        marks.add(conn, shop.id, [ORDERS], now + timedelta(days=1))
    conn.execute(update(sync_mark).values(backfill_done_at=now, high_water=now))


def _all_due(conn: Connection) -> int:
    return conn.execute(update(sync_mark).values(next_due=datetime.now(UTC))).rowcount


def _waiting(conn: Connection) -> int:
    due = sync_mark.c.next_due <= datetime.now(UTC)
    return conn.scalar(select(func.count()).select_from(sync_mark).where(due)) or 0


def _begun(conn: Connection) -> tuple[int, int]:
    """Return how many shops there are, and how often each of them was begun to be read."""
    gens = list(conn.scalars(select(sync_mark.c.lease_gen)))
    return (len(gens), gens[0]) if len(set(gens)) == 1 else (len(gens), -1)


def _facts(pairs: list[Pair[float]]) -> dict[str, object]:
    middle = sorted(pairs, key=lambda each: each.ours / each.theirs)[len(pairs) // 2]
    return {"per_s": round(middle.ours, 1), "baseline_per_s": round(middle.theirs, 1)}
