"""What a list costs when the books grow: `/orders` and the scarcest stock, at a hundred times the history."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bench.books import Books
from bench.figures import Figure
from bench.history import Size, write_history
from bench.rounds import Pair, in_turns, ratios, seconds
from bench.scale import Scale
from domain.chats import Visitor
from domain.clock import utc_now
from services.orders import OrderService
from services.stock import StockService
from services.views import OrderFilter
from services.wakeups import Wakeups

SMALL, QUICK, FULL = Size(20_000, 1_000), Size(200_000, 20_000), Size(2_000_000, 100_000)
SHOPS = ("600011", "600012", "600013")
PAGES = 40
"""How many pages are read in one round."""

AIMS = {"lists-orders": "<= 1.3", "lists-stock": "<= 1.3"}


@dataclass(frozen=True, slots=True)
class Desk:
    """One database and somebody who asks it for lists."""

    books: Books
    visitor: Visitor
    orders: OrderService
    stock: StockService

    @classmethod
    async def open(cls, url: str, size: Size) -> "Desk":
        books = await Books.open(url)
        (visitor,) = await books.seat("7000000001", [1001])
        await write_history(books, await books.link(*SHOPS), size)
        return cls(
            books, visitor, OrderService(books.database, utc_now, Wakeups()), StockService(books.database)
        )

    async def read_orders(self) -> None:
        page = await self.orders.page(self.visitor, OrderFilter.TO_PACK)
        assert page.rows

    async def read_stock(self) -> None:
        page = await self.stock.page(self.visitor, "")
        assert page.rows[0].available == 0


async def measure(scale: Scale) -> AsyncIterator[Figure]:
    large = FULL if scale.is_full else QUICK
    with tempfile.TemporaryDirectory(prefix="storesync-bench-") as folder:
        small_desk = await Desk.open(f"sqlite:///{Path(folder) / 'small'}.db", SMALL)
        large_desk = await Desk.open(f"sqlite:///{Path(folder) / 'large'}.db", large)
        sizes = {"size": str(large), "baseline_size": str(SMALL)}
        for (bench, aim), read in zip(AIMS.items(), (Desk.read_orders, Desk.read_stock), strict=True):
            pairs = await in_turns(_pages(read, large_desk), _pages(read, small_desk))
            yield Figure(bench, aim, ratios(pairs), sizes | _facts(pairs))
        await small_desk.books.close()
        await large_desk.books.close()


def _pages(read: Callable[[Desk], Awaitable[None]], desk: Desk) -> Callable[[], Awaitable[float]]:
    """Return what measures how long some pages take at a desk."""

    async def work() -> None:
        for _ in range(PAGES):
            await read(desk)

    async def timed() -> float:
        await read(desk)  # warmed up
        return await seconds(work)

    return timed


def _facts(pairs: list[Pair[float]]) -> dict[str, object]:
    middle = sorted(pairs, key=lambda each: each.ours / each.theirs)[len(pairs) // 2]
    return {"ms": round(middle.ours * 1000 / PAGES, 1), "baseline_ms": round(middle.theirs * 1000 / PAGES, 1)}
