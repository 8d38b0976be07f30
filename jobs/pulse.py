"""The heartbeat of a process: how late the loop is, and saving what was counted meanwhile."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from structlog.stdlib import get_logger

from domain.meters import Meters
from services import Services

BEAT_S = 0.5
BEATS = 20
"""After so many beats everything of `chores` is done once; what they save is that old at most."""

log = get_logger(__name__)

Chore = Callable[[], Awaitable[object]]


def chores_of(services: Services) -> dict[str, Chore]:
    """Return what every process does now and then; what is due once a day is asked for each time."""
    return {
        "activity": services.activity.flush,
        "host": services.host.flush,
        "retention": services.retention.daily,
    }


class Pulse:
    """Beats for as long as it runs; a chore that fails is told and tried again."""

    def __init__(self, meters: Meters, chores: dict[str, Chore], *, beat_s: float = BEAT_S) -> None:
        self._meters = meters
        self._chores = chores
        self._beat_s = beat_s
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="pulse")

    async def stop(self) -> None:
        """Stop beating, then do the chores a last time."""
        if self._loop:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
        await self.do_chores()

    async def do_chores(self) -> None:
        for name, chore in self._chores.items():
            try:
                await chore()
            except Exception:
                log.exception("chore_failed", chore=name)

    async def _run(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            latest = 0.0
            for _ in range(BEATS):
                due = now() + self._beat_s
                await asyncio.sleep(self._beat_s)
                latest = max(latest, now() - due)
                self._meters.lag_s = max(self._meters.lag_s, latest)
            self._meters.lag_s = latest
            await self.do_chores()
