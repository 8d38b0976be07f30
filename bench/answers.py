"""`/orders` answered: from the update to the page in the chat, against a bot that only echoes.

Ours is the whole StoreSync as a host runs it: each update is stored, the visitor found, the page read
and rendered, sent, and the update marked. The echo keeps nothing.
"""

import math
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from bench.books import MASTER_KEY, Books
from bench.figures import Figure
from bench.processes import running
from bench.rounds import Pair, in_turns
from bench.scale import Scale
from bench.snapshots import orders
from domain.orders import OrderStatus
from storage.repositories.orders import Orders

OUR_TOKEN, ECHO_TOKEN = "7000000001:AA-bench-of-storesync", "7000000002:AA-bench-of-the-echo"
CHATS = 50
HISTORY, TO_PACK = 2000, 100
UNHURRIED_RPS = "1000000"


AIMS = {
    "answers-1-chat": ">= 0.5",
    "answers-50-chats": ">= 1",
    "answers-50-chats-p99": "<= 1.5",
    "answers-50-chats-50-ms": ">= 8",
}


@dataclass(frozen=True, slots=True)
class Load:
    """How many chats talk at once, how slow the API is, how long one round lasts."""

    bench: str
    chats: int
    delay_s: float
    seconds: float


SLOWEST = "answers-50-chats-p99"
ALONE = Load("answers-1-chat", 1, 0.0, 0.8)
TEAM = Load("answers-50-chats", CHATS, 0.0, 1.5)
SLOW_API = Load("answers-50-chats-50-ms", CHATS, 0.05, 1.0)


@dataclass(frozen=True, slots=True)
class Talk:
    """What one run of one bot gave."""

    per_s: float
    p99_s: float


async def measure(_: Scale) -> AsyncIterator[Figure]:
    async with _both_bots() as stand_in:
        for token in (OUR_TOKEN, ECHO_TOKEN):
            await stand_in.talk(token, TEAM)  # warmed up
        for load in (ALONE, TEAM, SLOW_API):
            ours, echo = (partial(stand_in.talk, token, load) for token in (OUR_TOKEN, ECHO_TOKEN))
            pairs = await in_turns(ours, echo)
            per_s = [each.ours.per_s / each.theirs.per_s for each in pairs]
            yield Figure(load.bench, AIMS[load.bench], per_s, _per_s(pairs))
            if load is TEAM:
                p99 = [each.ours.p99_s / each.theirs.p99_s for each in pairs]
                yield Figure(SLOWEST, AIMS[SLOWEST], p99, _p99(pairs))


class StandIn:
    """The handle of the Bot API's stand-in."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def talk(self, token: str, load: Load) -> Talk:
        """Let the chats talk to one bot; return how it answered."""
        told = await self.run(token, load.chats, load.seconds, load.delay_s)
        waits = sorted(told["waits"])
        return Talk(len(waits) / told["seconds"], waits[math.ceil(len(waits) * 0.99) - 1])

    async def run(self, token: str, chats: int, seconds: float, delay_s: float = 0.0) -> dict[str, Any]:
        asked = {"token": token, "chats": chats, "seconds": seconds, "delay_s": delay_s, "text": "/orders"}
        answer = await self._client.post("/run", json=asked)
        told = dict(answer.raise_for_status().json())
        if told["unanswered"]:
            raise RuntimeError(f"{told['unanswered']} of {chats} chats were left without an answer")
        return told


@asynccontextmanager
async def _both_bots() -> AsyncIterator[StandIn]:
    with tempfile.TemporaryDirectory(prefix="storesync-bench-") as folder:
        file = Path(folder) / "storesync.db"
        await fill(file)
        async with running("bench.standins.bot_api") as api:
            ours = settings(api["url"], file)
            async with (
                running("app", "run", environment=ours),
                running("bench.baselines.echo_bot", api["url"], ECHO_TOKEN),
                httpx.AsyncClient(base_url=api["url"], trust_env=False, timeout=120) as client,
            ):
                yield StandIn(client)


async def fill(file: Path) -> None:
    """Write the books of one seller with a team of fifty and a shop of two thousand orders."""
    books = await Books.open(f"sqlite:///{file}")
    await books.seat(OUR_TOKEN.partition(":")[0], range(1001, 1001 + CHATS))
    (shop,) = await books.link("600011")
    now = datetime.now(UTC)
    history = [
        *orders(HISTORY, newest=now),
        *orders(TO_PACK, newest=now, status=OrderStatus.TO_SHIP, name="P"),
    ]
    await books.database.write(
        lambda conn: Orders(conn, books.seller_id).insert(shop.id, history, now), "bench.fill"
    )
    await books.close()


def settings(api_url: str, file: Path) -> dict[str, str]:
    """Return the environment of a host whose Telegram is the stand-in."""
    return {
        "TELEGRAM_BOT_TOKEN": OUR_TOKEN,
        "TELEGRAM_API_URL": api_url,
        "TELEGRAM_CHAT_RPS": UNHURRIED_RPS,
        "TELEGRAM_RPS": UNHURRIED_RPS,
        "QUOTA_FACTOR": UNHURRIED_RPS,
        "HTTP_PORT": "0",
        "DATABASE_URL": f"sqlite+aiosqlite:///{file}",
        "SECRET_KEYS": MASTER_KEY,
        "LOG_LEVEL": "WARNING",
    }


def _per_s(pairs: list[Pair[Talk]]) -> dict[str, object]:
    middle = sorted(pairs, key=lambda each: each.ours.per_s / each.theirs.per_s)[len(pairs) // 2]
    return {"per_s": round(middle.ours.per_s), "baseline_per_s": round(middle.theirs.per_s)}


def _p99(pairs: list[Pair[Talk]]) -> dict[str, object]:
    middle = sorted(pairs, key=lambda each: each.ours.p99_s / each.theirs.p99_s)[len(pairs) // 2]
    return {"ms": round(middle.ours.p99_s * 1000, 1), "baseline_ms": round(middle.theirs.p99_s * 1000, 1)}
