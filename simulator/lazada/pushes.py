"""Pushes on their way: signed, posted, tried again twelve times, thirty minutes apart, then dropped."""

import asyncio
import heapq
import json
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from time import perf_counter
from typing import Any

import aiohttp

from simulator.lazada.accounts import OpenApp
from simulator.lazada.signature import push_signature
from simulator.stand_in.faults import PUSH_FAULTS, Faults
from simulator.world.clock import Clock

RETRY_AFTER_S = (1_800.0,) * 12
TIMEOUT_S = 0.5
KEPT_ATTEMPTS = 20_000


@dataclass(slots=True)
class Message:
    id: int
    kind: int
    shop_id: int | None
    url: str
    body: bytes
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, and how it went."""

    id: int
    message_id: int
    code: int
    shop_id: str
    attempt: int
    at: float
    url: str
    outcome: str
    http_status: int
    took_ms: float
    body: str


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    number: int
    message: Message = field(compare=False)


class PushSender:
    def __init__(self, clock: Clock, faults: Faults, random: Random, app: OpenApp) -> None:
        self.callback_url: str | None = None
        self.retry_scale = 1.0
        self.timeout_s = TIMEOUT_S
        self._clock, self._faults, self._random, self._app = clock, faults, random, app
        self._waiting: list[_Due] = []
        self._numbers = count(1)
        self._attempts: deque[Attempt] = deque(maxlen=KEPT_ATTEMPTS)
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._client: aiohttp.ClientSession | None = None
        clock.on_change(self._wake.set)

    def send(self, kind: int, shop_id: int | None, body: dict[str, Any]) -> None:
        """Queue one push for the address set in the console; without one nobody is told."""
        to = self.callback_url
        if to is None:
            return
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        message = Message(next(self._numbers), kind, shop_id, to, content)
        faults = {fault.kind: fault for fault in self._faults.draw(str(kind), PUSH_FAULTS)}
        if "push_lost" in faults:
            self._note(message, "lost on the way")
            return
        delay = faults["push_late"].seconds if "push_late" in faults else 0.0
        if mixed := faults.get("push_reordered"):
            delay += self._random.uniform(0, mixed.seconds or 1.0)
        self._schedule(message, delay)
        if "push_doubled" in faults:
            self._schedule(Message(message.id, kind, shop_id, to, content), delay)

    def _schedule(self, message: Message, delay_s: float) -> None:
        at = self._clock.now() + timedelta(seconds=delay_s)
        heapq.heappush(self._waiting, _Due(at, next(self._numbers), message))
        self._wake.set()

    async def run(self) -> None:
        """Send what is due, until cancelled."""
        try:
            while True:
                self._wake.clear()
                while self._waiting and self._waiting[0].at <= self._clock.now():
                    task = asyncio.create_task(self._deliver(heapq.heappop(self._waiting).message))
                    self._under_way.add(task)
                    task.add_done_callback(self._under_way.discard)
                await self._sleep()
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
            if self._client is not None:
                await self._client.close()

    async def _sleep(self) -> None:
        """Sleep until something is due; a clock that stands still wakes us when it is moved."""
        wait_s = None
        if self._waiting and not self._clock.is_frozen:
            wait_s = max(0.0, (self._waiting[0].at - self._clock.now()).total_seconds())
        try:
            async with asyncio.timeout(wait_s):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _deliver(self, message: Message) -> None:
        if await self._post(message) == "delivered" or message.attempt > len(RETRY_AFTER_S):
            return
        delay_s = RETRY_AFTER_S[message.attempt - 1] * self.retry_scale
        message.attempt += 1
        self._schedule(message, delay_s)

    async def _post(self, message: Message) -> str:
        """Post once and say how it went: anything but 200 in time is a failure."""
        headers = {
            "Authorization": push_signature(self._app.key, self._app.secret, message.body),
            "Content-Type": "application/json",
        }
        status, started = 0, perf_counter()
        try:
            async with asyncio.timeout(self.timeout_s):
                status = await self._exchange(message, headers)
            outcome = "delivered" if status == 200 else f"refused with {status}"
        except TimeoutError:
            outcome = f"no answer in {self.timeout_s:g} s"
        except (aiohttp.ClientError, ValueError) as error:
            outcome = f"not reached: {type(error).__name__}"
        self._note(message, outcome, status, (perf_counter() - started) * 1000)
        return outcome

    async def _exchange(self, message: Message, headers: dict[str, str]) -> int:
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        async with self._client.post(
            message.url, data=message.body, headers=headers, allow_redirects=False
        ) as answer:
            return answer.status

    def _note(self, message: Message, outcome: str, status: int = 0, took_ms: float = 0.0) -> None:
        self._attempts.append(
            Attempt(
                id=next(self._numbers),
                message_id=message.id,
                code=message.kind,
                shop_id=str(message.shop_id or ""),
                attempt=message.attempt,
                at=self._clock.now().timestamp(),
                url=message.url,
                outcome=outcome,
                http_status=status,
                took_ms=round(took_ms, 1),
                body=message.body.decode(),
            )
        )

    def attempts_since(self, after: int) -> list[dict[str, Any]]:
        return [asdict(attempt) for attempt in self._attempts if attempt.id > after]

    @property
    def open_count(self) -> int:
        """Messages that wait for a first or another try."""
        return len(self._waiting) + len(self._under_way)
