"""Orders with their lines and parcels stored as the first import of a shop does, fifty to a commit.

The baselines write the same columns of the same tables with the bare drivers, from rows made ready
beforehand, committing as often.
"""

import itertools
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from sqlalchemy import func, select

from bench.baselines.raw_rows import RawSqlite, Rows, rows_of, store_with_asyncpg
from bench.books import Books
from bench.figures import Figure
from bench.postgres import postgres
from bench.rounds import in_turns, ratios, seconds
from bench.scale import Scale
from bench.snapshots import orders
from domain.clock import utc_now
from domain.orders import OrderSnapshot
from domain.shops import Shop
from services.orders import OrderService
from services.wakeups import Wakeups
from storage.tables.orders import sale_order

AIMS = {"order-storage-sqlite": "<= 2.5", "order-storage-postgresql": "<= 1.5"}
BATCH = 50
QUICK, FULL = 2_000, 10_000

Batches = list[Sequence[OrderSnapshot]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One database to fill: its books and the shop whose orders come in."""

    books: Books
    shop: Shop

    @classmethod
    async def open(cls, url: str) -> "Shelf":
        books = await Books.open(url)
        (shop,) = await books.link("600011")
        return cls(books, shop)

    async def held(self) -> int:
        return await self.books.database.read(
            lambda conn: conn.scalar(select(func.count()).select_from(sale_order)) or 0
        )

    def rows(self, batches: Batches, *, times_as_text: bool) -> list[Rows]:
        return [
            rows_of(batch, self.books.seller_id, self.shop.id, times_as_text=times_as_text)
            for batch in batches
        ]


async def measure(scale: Scale) -> AsyncIterator[Figure]:
    count = FULL if scale.is_full else QUICK
    facts = {"orders_a_round": count, "orders_a_commit": BATCH}
    for (bench, aim), measured in zip(AIMS.items(), (_sqlite, _postgresql), strict=True):
        yield Figure(bench, aim, await measured(count), facts)


async def _sqlite(count: int) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="storesync-bench-") as folder:
        ours, theirs = [
            await Shelf.open(f"sqlite:///{Path(folder) / name}.db") for name in ("ours", "theirs")
        ]
        raw = RawSqlite(Path(folder) / "theirs.db")

        async def store(batches: Batches) -> float:
            rows = theirs.rows(batches, times_as_text=True)

            async def work() -> None:
                raw.store(rows)

            return await seconds(work)

        found = await _compared(ours, theirs, store, count)
        raw.close()
    return found


async def _postgresql(count: int) -> list[float]:
    async with postgres("ours", "theirs") as urls:
        ours, theirs = [await Shelf.open(url) for url in urls]
        connection = await asyncpg.connect(urls[1])

        async def store(batches: Batches) -> float:
            rows = theirs.rows(batches, times_as_text=False)
            return await seconds(lambda: store_with_asyncpg(connection, rows))

        found = await _compared(ours, theirs, store, count)
        await connection.close()
    return found


async def _compared(
    ours: Shelf, theirs: Shelf, store_theirs: Callable[[Batches], Awaitable[float]], count: int
) -> list[float]:
    service = OrderService(ours.books.database, utc_now, Wakeups())
    mine, other = _rounds_of(count), _rounds_of(count)

    async def store() -> float:
        batches = next(mine)

        async def work() -> None:
            for batch in batches:
                await service.record(ours.shop, batch)

        return await seconds(work)

    await store()
    await store_theirs(next(other))  # warmed up, both
    pairs = await in_turns(store, lambda: store_theirs(next(other)))
    if await ours.held() != await theirs.held():
        raise RuntimeError("the two sides did not store the same number of orders")
    await ours.books.close()
    await theirs.books.close()
    return ratios(pairs)


def _rounds_of(count: int) -> Iterator[Batches]:
    """Yield the orders of one round after the other, history to everybody."""
    newest = datetime.now(UTC) - timedelta(days=2)
    for number in itertools.count():
        all_of_it = list(orders(count, newest=newest, name=f"R{number}"))
        yield [all_of_it[start : start + BATCH] for start in range(0, count, BATCH)]
