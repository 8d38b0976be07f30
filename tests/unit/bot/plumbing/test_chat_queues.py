"""Order within a chat, side by side across chats, and nothing lost when it stops."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.chat_queues import ChatQueues, Claim, Pace, Source
from tests.unit.bot.plumbing.waiting import eventually


@dataclass(frozen=True)
class Row:
    id: int
    chat: str
    gen: int = 1


class Store:
    """Rows that can be claimed once, like the inbox; `renew` lets a lease run out."""

    def __init__(self, *rows: Row) -> None:
        self.rows = list(rows)
        self.claims = 0
        self.broken = 0
        self.wake = asyncio.Event()

    async def claim(self, limit: int) -> list[Row]:
        self.claims += 1
        if self.broken:
            self.broken -= 1
            raise OSError("the disk is full")
        taken, self.rows = self.rows[:limit], self.rows[limit:]
        return taken

    def add(self, *rows: Row) -> None:
        self.rows += rows
        self.wake.set()


class Handler:
    """Notes what it began and ended; stays in what it is told to hold until it is let go."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.ended: list[tuple[int, int]] = []
        self.held: dict[int, asyncio.Event] = {}
        self.failing: set[int] = set()
        self._changed = asyncio.Condition()

    def hold(self, row_id: int) -> None:
        self.held[row_id] = asyncio.Event()

    async def work(self, claim: Claim[Row]) -> None:
        row_id = claim.row.id
        await self._note(lambda: self.began.append(row_id))
        if row_id in self.held:
            await self.held[row_id].wait()
        if row_id in self.failing:
            raise RuntimeError(f"row {row_id} is odd")
        await self._note(lambda: self.ended.append((row_id, claim.row.gen)))

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(condition)

    async def _note(self, note: Callable[[], None]) -> None:
        async with self._changed:
            note()
            self._changed.notify_all()

    @property
    def done(self) -> list[int]:
        return [row_id for row_id, _ in self.ended]


@asynccontextmanager
async def running(store: Store, handler: Handler, pace: Pace | None = None) -> AsyncIterator[ChatQueues[Row]]:
    source = Source(
        claim=store.claim,
        chat_of=lambda row: row.chat,
        id_of=lambda row: row.id,
        work=handler.work,
    )
    queues = ChatQueues("test", source, store.wake, pace or Pace(tick_s=30))
    task = asyncio.create_task(queues.run())
    try:
        yield queues
    finally:
        for event in handler.held.values():
            event.set()
        await queues.stop(5)
        await task


async def test_rows_of_a_chat_are_worked_off_in_order() -> None:
    rows = [Row(n, f"chat {n % 3}") for n in range(30)]
    handler = Handler()
    async with running(Store(*rows), handler):
        await handler.until(lambda: len(handler.ended) == 30)
    by_chat = defaultdict(list)
    for row_id in handler.done:
        by_chat[row_id % 3].append(row_id)
    assert all(ids == sorted(ids) for ids in by_chat.values())


async def test_stuck_handler_holds_up_its_own_chat_only() -> None:
    handler = Handler()
    handler.hold(1)
    async with running(Store(Row(1, "stuck"), Row(2, "stuck"), Row(3, "other"), Row(4, "other")), handler):
        await handler.until(lambda: handler.done == [3, 4])
        assert handler.began.count(2) == 0
        handler.held[1].set()
        await handler.until(lambda: handler.done == [3, 4, 1, 2])


async def test_waiting_rows_of_a_busy_chat_take_no_slot() -> None:
    handler = Handler()
    handler.hold(1)
    rows = [Row(n, "busy") for n in range(1, 50)] + [Row(99, "quiet")]
    async with running(Store(*rows), handler, Pace(slots=2, tick_s=30)):
        await handler.until(lambda: handler.done == [99])


async def test_no_more_run_at_once_than_there_are_slots() -> None:
    handler = Handler()
    for n in range(4):
        handler.hold(n)
    async with running(Store(*(Row(n, f"chat {n}") for n in range(4))), handler, Pace(slots=3, tick_s=30)):
        await handler.until(lambda: len(handler.began) == 3)
        handler.held[handler.began[0]].set()
        await handler.until(lambda: len(handler.began) == 4)
        assert len(handler.done) == 1


async def test_no_more_are_held_than_there_is_room_for() -> None:
    handler = Handler()
    for n in range(10):
        handler.hold(n)
    store = Store(*(Row(n, f"chat {n}") for n in range(10)))
    async with running(store, handler, Pace(slots=10, held=4, tick_s=30)) as queues:
        await handler.until(lambda: len(handler.began) == 4)
        assert queues.held == 4
        assert len(store.rows) == 6
        handler.held[0].set()
        await handler.until(lambda: len(handler.began) == 5)


async def test_new_rows_are_taken_as_soon_as_the_bell_rings() -> None:
    handler = Handler()
    store = Store()
    async with running(store, handler):
        await eventually(lambda: store.claims)
        store.add(Row(1, "chat"))
        await handler.until(lambda: handler.done == [1])


async def test_without_a_bell_the_tick_finds_them() -> None:
    handler = Handler()
    store = Store()
    async with running(store, handler, Pace(tick_s=0.01)):
        await eventually(lambda: store.claims)
        store.rows.append(Row(1, "chat"))
        await handler.until(lambda: handler.done == [1])


async def test_next_row_of_a_chat_is_asked_for_when_one_is_done() -> None:
    """A store that hands out one row per chat at a time must be asked again without a bell."""
    handler = Handler()

    class OneAtATime(Store):
        async def claim(self, limit: int) -> list[Row]:
            return await super().claim(1) if len(handler.ended) == len(handler.began) else []

    async with running(OneAtATime(Row(1, "chat"), Row(2, "chat")), handler):
        await handler.until(lambda: handler.done == [1, 2])


async def test_failing_row_does_not_stop_its_chat() -> None:
    handler = Handler()
    handler.failing = {1}
    async with running(Store(Row(1, "chat"), Row(2, "chat")), handler):
        await handler.until(lambda: handler.done == [2])


async def test_failing_claim_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    handler = Handler()
    store = Store(Row(1, "chat"))
    store.broken = 1
    store.wake.set()
    async with running(store, handler):
        await handler.until(lambda: handler.done == [1])
    assert store.claims >= 2


async def test_row_claimed_again_while_it_waits_is_worked_once_with_its_newest_claim() -> None:
    handler = Handler()
    handler.hold(1)
    store = Store(Row(1, "chat"), Row(2, "chat"))
    async with running(store, handler) as queues:
        await handler.until(lambda: handler.began == [1])
        store.add(Row(2, "chat", gen=2))
        await eventually(lambda: not store.rows)
        assert queues.held == 2
        handler.held[1].set()
        await handler.until(lambda: len(handler.ended) == 2)
    assert handler.ended == [(1, 1), (2, 2)]


async def test_row_claimed_again_while_it_runs_is_marked_by_its_newest_claim() -> None:
    handler = Handler()
    handler.hold(1)
    store = Store(Row(1, "chat"))
    async with running(store, handler):
        await handler.until(lambda: handler.began == [1])
        store.add(Row(1, "chat", gen=2))
        await eventually(lambda: not store.rows)
        handler.held[1].set()
        await handler.until(lambda: len(handler.ended) == 1)
    assert handler.ended == [(1, 2)]


async def test_stopping_lets_the_running_finish_and_begins_nothing() -> None:
    handler = Handler()
    handler.hold(1)
    async with running(Store(Row(1, "chat"), Row(2, "chat")), handler) as queues:
        await handler.until(lambda: handler.began == [1])
        stopping = asyncio.create_task(queues.stop(5))
        await eventually(lambda: queues._is_stopping)
        handler.held[1].set()
        await stopping
    assert handler.done == [1]


async def test_stopping_ends_what_does_not_finish() -> None:
    handler = Handler()
    handler.hold(1)
    async with running(Store(Row(1, "chat")), handler) as queues:
        await handler.until(lambda: handler.began == [1])
        await queues.stop(0.01)
    assert handler.done == []
