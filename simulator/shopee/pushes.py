"""Sending pushes as the platform does: signed, three seconds to answer, three retries, then the lost-message store."""

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

from simulator.shopee.push_health import PushHealth
from simulator.shopee.signature import push_signature
from simulator.stand_in.faults import PUSH_FAULTS, Faults
from simulator.world.clock import Clock

RETRY_AFTER_S = (300, 1800, 10800)
LOST_KEPT_FOR = timedelta(days=3)
LOST_PAGE = 100
KEPT_ATTEMPTS = 20_000
LANES = 50
"""Pushes under way at once."""
VERIFICATION = {
    "code": 0,
    "data": {"verify_info": "This is a Verification message.Please respond in the certain format."},
}
DOCUMENTED_CODES = frozenset(range(1, 14)) - {6}
CONSOLE_CODES = frozenset({15, 16, 22, 28, 29, 30, 47})
"""Switched in the console, not by a call."""


def encode(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False, default=float).encode()


@dataclass(slots=True)
class PushAttempt:
    id: int
    message_id: int
    code: int
    shop_id: int | None
    attempt: int
    at: float
    url: str
    outcome: str
    http_status: int = 0
    took_ms: float = 0.0
    body: str = ""


@dataclass(slots=True)
class LostMessage:
    id: int
    at: datetime
    code: int
    shop_id: int | None
    body: bytes


@dataclass(order=True, slots=True)
class Due:
    at: datetime
    order: int
    message: "PushMessage" = field(compare=False)


@dataclass(slots=True)
class PushMessage:
    id: int
    code: int
    shop_id: int | None
    body: bytes
    attempt: int = 1


class PushSender:
    def __init__(self, clock: Clock, faults: Faults, random: Random, push_key: str) -> None:
        self.callback_url: str | None = None
        self.push_key = push_key
        self.retry_scale = 1.0
        self.timeout_s = 3.0
        self.on_codes = set(DOCUMENTED_CODES)
        self.blocked_shops: set[int] = set()
        self.health = PushHealth(clock)
        self._clock = clock
        self._faults = faults
        self._random = random
        self._waiting: list[Due] = []
        self._numbers = count(1)
        self._attempts: deque[PushAttempt] = deque(maxlen=KEPT_ATTEMPTS)
        self._lost: list[LostMessage] = []
        self._next_lost_id = 176_601
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._client: aiohttp.ClientSession | None = None
        self._lanes = asyncio.Semaphore(LANES)
        clock.on_change(self._wake.set)

    def is_on(self, code: int) -> bool:
        return code in self.on_codes or code in CONSOLE_CODES

    def send(self, body: dict[str, Any], shop_id: int | None = None) -> None:
        """Queue one push, unless nobody is to get it: no address, code off, shop blocked, pushes suspended."""
        code = int(body["code"])
        if self.callback_url is None or not self.is_on(code) or shop_id in self.blocked_shops:
            return
        if self.health.is_suspended:
            return
        message = PushMessage(next(self._numbers), code, shop_id, encode(body))
        faults = {fault.kind: fault for fault in self._faults.draw(str(code), PUSH_FAULTS)}
        if "push_lost" in faults:
            self._note(message, "lost on the way")
            return
        delay = 0.0
        if late := faults.get("push_late"):
            delay += late.seconds
        if mixed := faults.get("push_reordered"):
            delay += self._random.uniform(0, mixed.seconds or 1.0)
        self._schedule(message, delay)
        if "push_doubled" in faults:
            self._schedule(PushMessage(message.id, code, shop_id, message.body), delay)

    def _schedule(self, message: PushMessage, delay_s: float) -> None:
        at = self._clock.now() + timedelta(seconds=delay_s)
        heapq.heappush(self._waiting, Due(at, next(self._numbers), message))
        self._wake.set()

    async def run(self) -> None:
        """Send what is due, until cancelled."""
        try:
            while True:
                self._wake.clear()
                self._start_due()
                await self._sleep()
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
            if self._client is not None:
                await self._client.close()

    def _start_due(self) -> None:
        while self._waiting and self._waiting[0].at <= self._clock.now():
            message = heapq.heappop(self._waiting).message
            task = asyncio.create_task(self._deliver(message))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

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

    async def _deliver(self, message: PushMessage) -> None:
        if self.callback_url is None:
            return
        outcome = await self._post(message, self.callback_url)
        is_delivered = outcome == "delivered"
        self.health.count(is_success=is_delivered)
        if is_delivered or self.health.is_suspended:
            return
        if message.attempt <= len(RETRY_AFTER_S):
            delay_s = RETRY_AFTER_S[message.attempt - 1] * self.retry_scale
            message.attempt += 1
            self._schedule(message, delay_s)
        else:
            self._store_lost(message)

    async def _post(self, message: PushMessage, url: str) -> str:
        """Post once and say how it went: anything but a 2xx with an empty body in time is a failure."""
        headers = {
            "Authorization": push_signature(self.push_key, url, message.body),
            "Content-Type": "application/json",
        }
        status = 0
        async with self._lanes:
            started = perf_counter()
            try:
                async with asyncio.timeout(self.timeout_s):
                    status, content = await self._exchange(url, message.body, headers)
                outcome = _judge(status, content)
            except TimeoutError:
                outcome = f"no answer in {self.timeout_s:g} s"
            except (aiohttp.ClientError, ValueError) as error:
                outcome = f"not reached: {type(error).__name__}"
        self._note(message, outcome, url, status, (perf_counter() - started) * 1000)
        return outcome

    def _note(
        self, message: PushMessage, outcome: str, url: str = "", status: int = 0, took_ms: float = 0.0
    ) -> None:
        self._attempts.append(
            PushAttempt(
                id=next(self._numbers),
                message_id=message.id,
                code=message.code,
                shop_id=message.shop_id,
                attempt=message.attempt,
                at=self._clock.now().timestamp(),
                url=url,
                outcome=outcome,
                http_status=status,
                took_ms=round(took_ms, 1),
                body=message.body.decode(),
            )
        )

    async def _exchange(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        if self._client is None:
            # Made when the first push leaves: many simulators never send one.
            self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        async with self._client.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.read()

    async def verify(self, url: str) -> bool:
        """Send the verification message that saving a callback address triggers."""
        message = PushMessage(next(self._numbers), 0, None, encode(VERIFICATION))
        return await self._post(message, url) == "delivered"

    def attempts_since(self, after: int) -> list[dict[str, Any]]:
        return [asdict(attempt) for attempt in self._attempts if attempt.id > after]

    @property
    def open_count(self) -> int:
        """Messages that wait for a first or another try."""
        return len(self._waiting) + len(self._under_way)

    def _store_lost(self, message: PushMessage) -> None:
        self._lost.append(
            LostMessage(self._next_lost_id, self._clock.now(), message.code, message.shop_id, message.body)
        )
        self._next_lost_id += 1

    def lost_page(self) -> tuple[list[LostMessage], bool]:
        """Give the earliest unconfirmed messages of the last three days, and whether there are more."""
        oldest = self._clock.now() - LOST_KEPT_FOR
        self._lost = [message for message in self._lost if message.at >= oldest]
        return self._lost[:LOST_PAGE], len(self._lost) > LOST_PAGE

    def confirm_lost(self, up_to: int) -> None:
        self._lost = [message for message in self._lost if message.id > up_to]


def _judge(status: int, content: bytes) -> str:
    if not 200 <= status < 300:
        return f"refused with {status}"
    return "answered with a body" if content else "delivered"
