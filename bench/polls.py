"""A poll of changed orders: sign, fetch 145 KB, decode, compare, store the 5 % that changed.

Ours is the reading of orders as the jobs do it, on SQLite, with so many shops polled at once. The plain
way uses httpx, json and sqlite3; the bare one uses aiohttp and msgspec and stores nothing.
"""

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import httpx

from adapters.registry import build_platforms, open_transport
from app.use_cases import Ground
from bench.baselines.aiohttp_poll import AiohttpPoll
from bench.baselines.httpx_poll import HttpxPoll
from bench.books import PARTNER, PARTNER_KEY, Books
from bench.figures import Figure
from bench.processes import running
from bench.rounds import Pair, in_turns, ratios
from bench.scale import Scale
from bench.standins.shopee import ORDERS, number_of
from bench.wired import services_over
from domain.clock import utc_now
from jobs.queue import InProcessQueue

AIMS = {
    "polls-10-vs-httpx": ">= 2",
    "polls-50-vs-httpx": ">= 7",
    "polls-10-vs-aiohttp-without-storage": ">= 0.4",
}
SHOPS = 50
WINDOW_S = 0.9

Poll = Callable[[str], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to poll, and the shops it polls: each way has its own, so that it sees all that changes there."""

    poll: Poll
    shops: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ways:
    ours: Way
    plain: Way
    bare: Way


async def measure(_: Scale) -> AsyncIterator[Figure]:
    async with _three_ways() as ways:
        for way in (ways.ours, ways.plain, ways.bare):
            await asyncio.gather(
                *(way.poll(shop) for shop in way.shops)
            )  # what is new to all comes before the first round
        compared = ((ways.plain, 10), (ways.plain, 50), (ways.bare, 10))
        for (bench, aim), (theirs, in_flight) in zip(AIMS.items(), compared, strict=True):
            pairs = await in_turns(_at_once(ways.ours, in_flight), _at_once(theirs, in_flight))
            yield Figure(bench, aim, ratios(pairs), _facts(pairs))


def _at_once(way: Way, in_flight: int) -> Callable[[], Awaitable[float]]:
    """Return what measures polls per second, so many at once, for a while."""

    async def work() -> float:
        began = time.perf_counter()
        ends, polled = began + WINDOW_S, itertools.count()

        async def worker(shop: str) -> None:
            while time.perf_counter() < ends:
                if not 0 < await way.poll(shop) <= ORDERS // 10:
                    raise RuntimeError("a poll found another number of changed orders than there are")
                next(polled)

        await asyncio.gather(*(worker(shop) for shop in way.shops[:in_flight]))
        return next(polled) / (time.perf_counter() - began)

    return work


@asynccontextmanager
async def _three_ways() -> AsyncIterator[Ways]:
    numbers = [number_of(order) for order in range(ORDERS)]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="storesync-bench-")))
        url = (await stack.enter_async_context(running("bench.standins.shopee")))["url"]
        sign_with = {"partner_id": PARTNER, "key": PARTNER_KEY}
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=60))
        plain = HttpxPoll(client, folder / "plain.db", ",".join(numbers), **sign_with)
        stack.callback(plain.close)
        session = await stack.enter_async_context(aiohttp.ClientSession(url))
        bare = AiohttpPoll(session, ",".join(numbers), **sign_with)
        names = [[str(600_000 + 1000 * way + number) for number in range(SHOPS)] for way in range(3)]
        ours = await _ours(stack, folder / "storesync.db", url, names[0], numbers)
        yield Ways(Way(ours, names[0]), Way(plain.poll, names[1]), Way(bare.poll, names[2]))


async def _ours(stack: AsyncExitStack, file: Path, url: str, names: list[str], numbers: list[str]) -> Poll:
    books = await Books.open(f"sqlite:///{file}", api_url=url)
    stack.push_async_callback(books.close)
    transport = open_transport()
    stack.push_async_callback(transport.aclose)
    shops = {shop.external_id: shop for shop in await books.link(*names)}
    services = services_over(books, Ground(
        books.database, books.vault, books.keys, build_platforms(transport, utc_now), utc_now, InProcessQueue()
    ))  # fmt: skip

    async def poll(name: str) -> int:
        return await services.sync.fetch_orders(shops[name], numbers)

    return poll


def _facts(pairs: list[Pair[float]]) -> dict[str, object]:
    middle = sorted(pairs, key=lambda each: each.ours / each.theirs)[len(pairs) // 2]
    return {"per_s": round(middle.ours, 1), "baseline_per_s": round(middle.theirs, 1)}
