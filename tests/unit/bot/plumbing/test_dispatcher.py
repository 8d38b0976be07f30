"""What becomes of a stored update, whatever its handler does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from bot.dispatcher import Dispatcher, Handle
from bot.updates import UnreadableUpdate
from services.inbound import InboundService, StoredUpdate
from tests.unit.bot.plumbing.waiting import eventually

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


@dataclass
class Inbox:
    """An inbox of one update that writes down how it was marked."""

    update: StoredUpdate
    marked: list[tuple[str, int, str]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    is_handed_out: bool = False

    async def next_updates(self, _limit: int) -> list[StoredUpdate]:
        if self.is_handed_out:
            return []
        self.is_handed_out = True
        return [self.update]

    async def update_done(self, update: StoredUpdate) -> None:
        self._mark("done", update, "")

    async def update_failed(self, update: StoredUpdate, reason: str) -> None:
        self._mark("failed", update, reason)

    async def park(self, update: StoredUpdate, reason: str) -> None:
        self._mark("parked", update, reason)

    def _mark(self, mark: str, update: StoredUpdate, reason: str) -> None:
        self.marked.append((mark, update.attempts, reason))
        self.changed.set()


def an_update() -> StoredUpdate:
    return StoredUpdate(inbox_id=7, raw='{"update_id": 1}', chat_key="chat:1", attempts=1, lease_gen=1)


@asynccontextmanager
async def dispatching(inbox: Inbox, handle: Handle, longest_s: float = 5) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(
        cast("InboundService", inbox), handle, asyncio.Event(), clock=lambda: NOON, longest_s=longest_s
    )
    task = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        await dispatcher.stop(1)
        await task


async def marked(inbox: Inbox) -> list[tuple[str, int, str]]:
    await asyncio.wait_for(inbox.changed.wait(), 5)
    return inbox.marked


async def test_handled_update_is_done() -> None:
    handled: list[int] = []

    async def handle(update: StoredUpdate) -> None:
        handled.append(update.inbox_id)

    inbox = Inbox(an_update())
    async with dispatching(inbox, handle) as dispatcher:
        assert await marked(inbox) == [("done", 1, "")]
        await eventually(lambda: dispatcher.last_handled_at == NOON)
    assert handled == [7]


async def test_update_whose_handling_breaks_is_tried_again() -> None:
    async def handle(_update: StoredUpdate) -> None:
        raise ZeroDivisionError

    inbox = Inbox(an_update())
    async with dispatching(inbox, handle) as dispatcher:
        assert await marked(inbox) == [("failed", 1, "ZeroDivisionError")]
    assert dispatcher.failed == 1
    assert dispatcher.last_handled_at is None


async def test_unreadable_update_is_not_tried_again() -> None:
    async def handle(_update: StoredUpdate) -> None:
        raise UnreadableUpdate("KeyError")

    inbox = Inbox(an_update())
    async with dispatching(inbox, handle):
        assert await marked(inbox) == [("parked", 1, "KeyError")]


async def test_handler_that_never_ends_is_ended() -> None:
    async def handle(_update: StoredUpdate) -> None:
        await asyncio.Event().wait()

    inbox = Inbox(an_update())
    async with dispatching(inbox, handle, longest_s=0.01):
        assert await marked(inbox) == [("failed", 1, "TimeoutError")]


async def test_update_in_hand_at_the_end_stays_unmarked() -> None:
    began = asyncio.Event()

    async def handle(_update: StoredUpdate) -> None:
        began.set()
        await asyncio.Event().wait()

    inbox = Inbox(an_update())
    async with dispatching(inbox, handle) as dispatcher:
        await asyncio.wait_for(began.wait(), 5)
        assert dispatcher.held == 1
        await dispatcher.stop(0.01)
    assert inbox.marked == []
