"""The net under the queue: at each tick, what is due in the rows is asked for again."""

import asyncio
import contextlib

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from structlog.stdlib import get_logger

from domain.queue import Queue, Task
from services import Services
from services.health import HEALTH
from services.return_reading import RETURNS
from services.settlements import MONEY
from services.showcase import SHOWCASE
from services.sync import LISTINGS, ORDERS

TICK_S = 2.0
READERS = {
    ORDERS: Task.POLL_ORDERS,
    LISTINGS: Task.POLL_LISTINGS,
    MONEY: Task.POLL_MONEY,
    HEALTH: Task.POLL_HEALTH,
    RETURNS: Task.POLL_RETURNS,
    SHOWCASE: Task.POLL_SHOWCASE,
}

log = get_logger(__name__)


class Sweep:
    """A ticker that only sets an event, and a loop that looks at the rows (`promises.md` M8)."""

    def __init__(self, services: Services, queue: Queue, *, tick_s: float | None = None) -> None:
        self._services = services
        self._queue = queue
        self._tick = asyncio.Event()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self._tick.set, "interval", seconds=tick_s or TICK_S, misfire_grace_time=None, coalesce=True
        )
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Sweep at once, then at every tick."""
        self._scheduler.start()
        self._tick.set()
        self._loop = asyncio.create_task(self._run(), name="sweep")

    async def stop(self) -> None:
        if self._loop:
            self._scheduler.shutdown(wait=False)
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop

    async def _run(self) -> None:
        while True:
            await self._tick.wait()
            self._tick.clear()
            try:
                await self.once()
            except Exception:
                log.exception("sweep_failed")

    async def once(self) -> None:
        """Ask for everything that is due now."""
        await self._queue.enqueue(Task.INGEST)
        await self._ask_to_write()
        await self._ask_to_read()
        await self._remind()
        await self._services.tokens.refresh_expiring()
        self._services.wakeups.updates.set()
        self._services.wakeups.outbox.set()

    async def _ask_to_write(self) -> None:
        for seller_id, change_id in await self._services.applying.due():
            await self._queue.enqueue(Task.APPLY_CHANGE, seller_id, change_id)
        for seller_id, bulk_id in await self._services.bulk_applying.due():
            await self._queue.enqueue(Task.APPLY_BULK, seller_id, bulk_id)
        for seller_id, change_id in await self._services.listing_applying.due():
            await self._queue.enqueue(Task.APPLY_LISTING, seller_id, change_id)
        for shop_id in await self._services.stock_pushes.due():
            await self._queue.enqueue(Task.PUSH_STOCK, shop_id)
        for shop_id in await self._services.shipping.due():
            await self._queue.enqueue(Task.ARRANGE_PARCELS, shop_id)
        for seller_id, batch_id in await self._services.labels.due():
            await self._queue.enqueue(Task.PREPARE_LABELS, seller_id, batch_id)
        for seller_id, action_id in await self._services.order_sending.due():
            await self._queue.enqueue(Task.ACT_ON_ORDER, seller_id, action_id)
        for seller_id, action_id in await self._services.return_sending.due():
            await self._queue.enqueue(Task.ACT_ON_RETURN, seller_id, action_id)
        for seller_id, answer_id in await self._services.review_sending.due():
            await self._queue.enqueue(Task.ANSWER_REVIEW, seller_id, answer_id)
        for shop_id in await self._services.holidays.due():
            await self._queue.enqueue(Task.SWITCH_HOLIDAY, shop_id)

    async def _ask_to_read(self) -> None:
        for mark in await self._services.sync.claim_due():
            await self._queue.enqueue(READERS[mark.stream], mark.shop_id)
        for app_id in await self._services.lost_pushes.due():
            await self._queue.enqueue(Task.RECALL_PUSHES, app_id)
        for app_id in await self._services.authorisations.due():
            await self._queue.enqueue(Task.READ_AUTHORISATIONS, app_id)

    async def _remind(self) -> None:
        await self._services.authorisations.warn()
        await self._services.schedules.run_due()
        await self._services.low_stock.look_due()
        await self._services.packing.remind()
        await self._services.order_actions.remind()
        await self._services.returns.remind()
