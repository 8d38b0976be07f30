"""Hands stored updates to the handlers and marks what became of each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.chat_queues import ChatQueues, Claim, Pace, Source
from bot.updates import UnreadableUpdate
from domain.clock import Clock
from domain.failpoint import failpoint
from services.inbound import InboundService, StoredUpdate

log = structlog.get_logger("storesync.bot.dispatcher")

Handle = Callable[[StoredUpdate], Awaitable[None]]

_LONGEST_S = 100.0
"""A handler that takes longer is ended, before the lease of its update (120 s) runs out."""


class Dispatcher:
    """Works off the inbox: an update is done when its handler has ended, whatever was answered."""

    def __init__(
        self,
        inbound: InboundService,
        handle: Handle,
        wake: asyncio.Event,
        *,
        clock: Clock,
        pace: Pace | None = None,
        longest_s: float = _LONGEST_S,
    ) -> None:
        self._inbound = inbound
        self._handle = handle
        self._clock = clock
        self._longest_s = longest_s
        self._queues = ChatQueues("updates", self._source(), wake, pace)
        self.last_handled_at: datetime | None = None
        self.failed = 0

    @property
    def held(self) -> int:
        return self._queues.held

    async def run(self) -> None:
        await self._queues.run()

    async def stop(self, within_s: float) -> None:
        await self._queues.stop(within_s)

    def _source(self) -> Source[StoredUpdate]:
        return Source(
            claim=self._inbound.next_updates,
            chat_of=lambda update: update.chat_key,
            id_of=lambda update: update.inbox_id,
            work=self._work,
        )

    async def _work(self, claim: Claim[StoredUpdate]) -> None:
        failpoint("update.handled:before")
        try:
            async with asyncio.timeout(self._longest_s):
                await self._handle(claim.row)
        except UnreadableUpdate as odd:
            self.failed += 1
            log.warning("update.unreadable", inbox=claim.row.inbox_id, reason=str(odd))
            await self._inbound.park(claim.row, str(odd))
            return
        except Exception as failure:
            self.failed += 1
            log.exception("update.failed", inbox=claim.row.inbox_id, attempts=claim.row.attempts)
            await self._inbound.update_failed(claim.row, type(failure).__name__)
            return
        failpoint("update.handled:after")
        await self._inbound.update_done(claim.row)
        self.last_handled_at = self._clock()
