"""Works off what is stored, chat by chat: in order within a chat, side by side across chats.

Each chat has a queue of its own, and a slot is taken only while something of it runs: a chat with
much to do, or a handler that is stuck, holds up nobody else. What is claimed stays a row until it
is marked, so that a process may end at any point.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger("storesync.bot.queues")

Row = TypeVar("Row")

_LONGEST_BACK_OFF_S = 30.0


@dataclass(frozen=True, slots=True)
class Source(Generic[Row]):
    """Where rows come from and what is done with each. `claim` leases at most so many, oldest first."""

    claim: Callable[[int], Awaitable[list[Row]]]
    chat_of: Callable[[Row], str]
    id_of: Callable[[Row], int]
    work: Callable[["Claim[Row]"], Awaitable[None]]


@dataclass(slots=True)
class Claim(Generic[Row]):
    """A claimed row. When its lease ran out and it was claimed again, `row` is the newer one."""

    row: Row


@dataclass(frozen=True, slots=True)
class Pace:
    """How many run at once, how many are held in memory, how often to look without being woken."""

    slots: int = 64
    held: int = 256
    tick_s: float = 5.0


class ChatQueues(Generic[Row]):
    """Claims rows and works them off until it is stopped."""

    def __init__(self, name: str, source: Source[Row], wake: asyncio.Event, pace: Pace | None = None) -> None:
        self._name = name
        self._source = source
        self._wake = wake
        self._pace = pace or Pace()
        self._slots = asyncio.Semaphore(self._pace.slots)
        self._held: dict[int, Claim[Row]] = {}
        self._waiting: dict[str, deque[Claim[Row]]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    @property
    def held(self) -> int:
        """How many rows are claimed and not worked off yet."""
        return len(self._held)

    async def run(self) -> None:
        """Claim and work until `stop`."""
        failures = 0
        while not self._is_stopping:
            self._wake.clear()
            try:
                has_more = await self._claim()
            except Exception:
                failures += 1
                log.exception("queue.claim_failed", queue=self._name)
                await self._rest(min(2.0 ** (failures - 1), _LONGEST_BACK_OFF_S))
                continue
            failures = 0
            if not has_more:
                await self._rest(self._pace.tick_s)

    async def stop(self, within_s: float) -> None:
        """Let what runs finish, but not longer than this; what was only claimed is claimed again later."""
        self._is_stopping = True
        self._wake.set()
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=within_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _claim(self) -> bool:
        """Take what there is room for; tell whether there may be more at once."""
        room = self._pace.held - len(self._held)
        rows = await self._source.claim(room) if room > 0 else []
        for row in rows:
            self._take(row)
        return 0 < room == len(rows)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _take(self, row: Row) -> None:
        row_id = self._source.id_of(row)
        if again := self._held.get(row_id):
            again.row = row
            return
        claim = self._held[row_id] = Claim(row)
        chat = self._source.chat_of(row)
        if chat in self._waiting:
            self._waiting[chat].append(claim)
            return
        self._waiting[chat] = deque([claim])
        task = asyncio.create_task(self._serve(chat), name=f"{self._name}:{chat}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _serve(self, chat: str) -> None:
        waiting = self._waiting[chat]
        while waiting and not self._is_stopping:
            async with self._slots:
                claim = waiting.popleft()
                if not self._is_stopping:
                    await self._work(claim)
            del self._held[self._source.id_of(claim.row)]
            self._wake.set()  # there is room again, and this chat may have more
        del self._waiting[chat]

    async def _work(self, claim: Claim[Row]) -> None:
        try:
            await self._source.work(claim)
        except Exception:
            log.exception("queue.work_failed", queue=self._name, row=self._source.id_of(claim.row))
