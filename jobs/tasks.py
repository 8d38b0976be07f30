"""The one table of background work: name, function, lock."""

from collections.abc import Awaitable, Callable, Mapping

from domain.pace import unhurried
from domain.queue import Task
from jobs.queue import Job
from services import Services
from services.sync import LISTINGS, ORDERS

MAY_WAIT = frozenset(
    {
        Task.POLL_ORDERS,
        Task.POLL_LISTINGS,
        Task.POLL_MONEY,
        Task.POLL_HEALTH,
        Task.POLL_RETURNS,
        Task.POLL_SHOWCASE,
        Task.BACKFILL,
        Task.RECALL_PUSHES,
        Task.READ_AUTHORISATIONS,
    }
)
"""Tasks whose calls give way to what persons do, to parcels and to alerts."""


def tasks_of(services: Services) -> Mapping[Task, Job]:
    """Return what each task does; what may wait says so to all it calls."""
    jobs = _jobs(services)
    return {
        task: Job(_unhurried(job.run), job.lock) if task in MAY_WAIT else job for task, job in jobs.items()
    }


def _unhurried(run: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
    async def later(*ids: str) -> object:
        with unhurried():
            return await run(*ids)

    return later


def _jobs(services: Services) -> dict[Task, Job]:
    """Name each task's work. Reading one shop is done by one task at a time."""
    sync = services.sync

    def reading(shop_id: str) -> str:
        return f"read:{shop_id}"

    return {
        Task.INGEST: Job(services.hints.work_off, lambda: "ingest"),
        Task.APPLY_CHANGE: Job(services.applying.apply, lambda _seller, change_id: f"change:{change_id}"),
        Task.APPLY_BULK: Job(services.bulk_applying.apply, lambda _seller, bulk_id: f"bulk:{bulk_id}"),
        Task.POLL_ORDERS: Job(lambda shop_id: sync.poll_due(shop_id, ORDERS), reading),
        Task.POLL_LISTINGS: Job(lambda shop_id: sync.poll_due(shop_id, LISTINGS), reading),
        Task.POLL_MONEY: Job(services.settlements.poll_due, lambda shop_id: f"money:{shop_id}"),
        Task.POLL_HEALTH: Job(services.health.poll_due, lambda shop_id: f"health:{shop_id}"),
        Task.POLL_RETURNS: Job(services.return_reading.poll_due, lambda shop_id: f"returns:{shop_id}"),
        Task.BACKFILL: Job(sync.backfill, reading),
        Task.APPLY_LISTING: Job(
            services.listing_applying.apply, lambda _seller, change_id: f"change:{change_id}"
        ),
        Task.ACT_ON_ORDER: Job(
            services.order_sending.act, lambda _seller, action_id: f"order_action:{action_id}"
        ),
        Task.ACT_ON_RETURN: Job(
            services.return_sending.act, lambda _seller, action_id: f"return_action:{action_id}"
        ),
        Task.POLL_SHOWCASE: Job(services.showcase.poll_due, lambda shop_id: f"showcase:{shop_id}"),
        Task.ANSWER_REVIEW: Job(
            services.review_sending.act, lambda _seller, answer_id: f"review_answer:{answer_id}"
        ),
        Task.PUSH_STOCK: Job(services.stock_pushes.push, reading),
        Task.ARRANGE_PARCELS: Job(services.shipping.arrange, lambda shop_id: f"ship:{shop_id}"),
        Task.PREPARE_LABELS: Job(services.labels.prepare, lambda _seller, batch_id: f"batch:{batch_id}"),
        Task.SWITCH_HOLIDAY: Job(services.holidays.carry, lambda shop_id: f"holiday:{shop_id}"),
        Task.READ_AUTHORISATIONS: Job(
            services.authorisations.read, lambda app_id: f"authorisations:{app_id}"
        ),
        Task.RECALL_PUSHES: Job(services.lost_pushes.recall, lambda app_id: f"recall:{app_id}"),
    }
