"""getUpdates: the long poll, of which there is one at a time."""

import asyncio
from typing import Any, Final

from simulator.telegram.errors import OTHER_POLLER, conflict
from simulator.telegram.rates import RateLimits
from simulator.telegram.records import Json
from simulator.telegram.updates import UpdateQueue

SLOWED_S: Final = 3.0


class Poller:
    def __init__(self, updates: UpdateQueue, rates: RateLimits) -> None:
        self._updates = updates
        self._rates = rates
        self._current: asyncio.Future[str] | None = None
        self._next_conflict_at = 0.0
        self._last_offset: int | None = None
        self._last_started = 0.0

    async def poll(self, offset: int, limit: int, timeout_s: int, closing: asyncio.Event) -> list[Json]:
        """Wait up to `timeout_s` for updates; raise 409 when another poller comes."""
        self.terminate(OTHER_POLLER)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._slowed(offset, timeout_s, loop.time())
        self._updates.confirm(offset)
        mine: asyncio.Future[str] = loop.create_future()
        self._current = mine
        closed: asyncio.Future[Any] = asyncio.ensure_future(closing.wait())
        try:
            while not closing.is_set():
                self._updates.arrived.clear()
                ready = self._updates.pending()
                left = deadline - loop.time()
                if ready or left <= 0:
                    return [update.body for update in ready[:limit]]
                arrival: asyncio.Future[Any] = asyncio.ensure_future(self._updates.arrived.wait())
                waits: set[asyncio.Future[Any]] = {arrival, mine, closed}
                await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                arrival.cancel()
                if mine.done():
                    await self._spaced(loop)
                    raise conflict(mine.result())
            return []
        finally:
            closed.cancel()
            if self._current is mine:
                self._current = None

    def terminate(self, reason: str) -> None:
        """End the poll under way, if any, with a conflict."""
        if self._current is not None and not self._current.done():
            self._current.set_result(reason)
        self._current = None

    def _slowed(self, offset: int, timeout_s: float, now: float) -> float:
        """With real limits on, the same offset asked again within three seconds waits as long."""
        again = offset == self._last_offset and now < self._last_started + SLOWED_S
        self._last_offset, self._last_started = offset, now
        return SLOWED_S if self._rates.is_on and again and timeout_s < SLOWED_S else timeout_s

    async def _spaced(self, loop: asyncio.AbstractEventLoop) -> None:
        """Conflicts are told at most once in three seconds, so that two pollers do not spin."""
        wait = self._next_conflict_at - loop.time()
        self._next_conflict_at = max(loop.time(), self._next_conflict_at) + SLOWED_S
        if wait > 0:
            await asyncio.sleep(wait)
