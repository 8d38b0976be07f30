"""A platform's push verified, stored and answered, against a receiver that verifies and keeps nothing."""

import asyncio
import hmac
import json
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from itertools import count, islice
from pathlib import Path

from sqlalchemy import func, select

from bench.books import APP_ID, PUSH_KEY, Books
from bench.figures import Figure
from bench.postgres import postgres
from bench.processes import running
from bench.rounds import Pair, in_turns, ratios
from bench.scale import Scale
from storage.tables.transit import inbox

SQLITE, POSTGRESQL = "hooks-sqlite", "hooks-postgresql"
AIMS = {SQLITE: ">= 0.6", POSTGRESQL: ">= 0.75"}
HOOK_URL = f"https://bench.invalid/hooks/shopee/{APP_ID}"
CONNECTIONS = 50
PUSHES = 1_500
"""How many come in one round."""

_ANSWERED = b"HTTP/1.1 200 "


async def measure(_: Scale) -> AsyncIterator[Figure]:
    async with running("bench.baselines.verify_only", HOOK_URL) as bare:
        with tempfile.TemporaryDirectory(prefix="storesync-bench-") as folder:
            pairs = await _compared(f"sqlite:///{Path(folder) / 'storesync.db'}", bare["port"])
            yield Figure(SQLITE, AIMS[SQLITE], ratios(pairs), _facts(pairs))
        async with postgres("ours") as urls:
            pairs = await _compared(urls[0], bare["port"])
            yield Figure(POSTGRESQL, AIMS[POSTGRESQL], ratios(pairs), _facts(pairs))


async def _compared(url: str, bare_port: int) -> list[Pair[float]]:
    books = await Books.open(url, hook_url=HOOK_URL)
    pushes, rounds = _pushes(), count()

    async def per_s(port: int) -> float:
        sent = list(islice(pushes, PUSHES))
        began = time.perf_counter()
        await _send_all(port, sent)
        return PUSHES / (time.perf_counter() - began)

    async def ours(port: int) -> float:
        next(rounds)
        return await per_s(port)

    await books.close()
    async with running("bench.receiver", url) as full:
        await ours(full["port"])
        await per_s(bare_port)  # warmed up, both
        pairs = await in_turns(lambda: ours(full["port"]), lambda: per_s(bare_port))
    if await _stored(url) != next(rounds) * PUSHES:
        raise RuntimeError("the receiver did not store every push exactly once")
    return pairs


async def _stored(url: str) -> int:
    books = Books(url)
    stored = await books.database.read(lambda conn: conn.scalar(select(func.count()).select_from(inbox)) or 0)
    await books.close()
    return stored


def _pushes() -> Iterator[bytes]:
    """Yield requests, each a signed push of another order."""
    for number in count():
        told = {
            "ordersn": f"26{number:012d}",
            "status": "READY_TO_SHIP",
            "update_time": 1_767_225_600 + number,
        }
        push = {"code": 3, "shop_id": 600011, "timestamp": 1_767_225_600 + number, "data": told}
        body = json.dumps(push, separators=(",", ":")).encode()
        sign = hmac.new(PUSH_KEY.encode(), HOOK_URL.encode() + b"|" + body, sha256).hexdigest()
        head = (
            f"POST /hooks/shopee/{APP_ID} HTTP/1.1\r\nHost: bench.invalid\r\nAuthorization: {sign}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


async def _send_all(port: int, pushes: list[bytes]) -> None:
    """Send them over kept connections, on each the next when the last is answered."""
    loop, left = asyncio.get_running_loop(), iter(pushes)
    senders = [_Sender(left) for _ in range(CONNECTIONS)]
    for sender in senders:
        await loop.create_connection(lambda sender=sender: sender, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(sender.done for sender in senders))


class _Sender(asyncio.Protocol):
    """One connection, with as little work of its own as can be: what is measured is the other end."""

    def __init__(self, pushes: Iterator[bytes]) -> None:
        self._pushes = pushes
        self._transport: asyncio.WriteTransport
        self._seen = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._seen += data
        if b"\r\n\r\n" not in self._seen:
            return
        if not self._seen.startswith(_ANSWERED):
            self.connection_lost(RuntimeError(f"a push was not taken: {self._seen[:40]!r}"))
            return
        self._seen = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the receiver hung up"))

    def _next(self) -> None:
        push = next(self._pushes, None)
        if push is not None:
            self._transport.write(push)
            return
        self.done.set_result(None)
        self._transport.close()


def _facts(pairs: list[Pair[float]]) -> dict[str, object]:
    middle = sorted(pairs, key=lambda each: each.ours / each.theirs)[len(pairs) // 2]
    return {"per_s": round(middle.ours), "baseline_per_s": round(middle.theirs)}
