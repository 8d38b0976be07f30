"""The queue of work: names and ids only, so that losing it loses nothing (rows hold the work)."""

from enum import StrEnum
from typing import Protocol


class Task(StrEnum):
    """Every piece of background work there is; `jobs/tasks.py` has the function for each."""

    INGEST = "ingest"
    APPLY_CHANGE = "apply_change"
    APPLY_BULK = "apply_bulk"
    POLL_ORDERS = "poll_orders"
    POLL_LISTINGS = "poll_listings"
    POLL_MONEY = "poll_money"
    POLL_HEALTH = "poll_health"
    POLL_RETURNS = "poll_returns"
    BACKFILL = "backfill"
    PUSH_STOCK = "push_stock"
    ARRANGE_PARCELS = "arrange_parcels"
    PREPARE_LABELS = "prepare_labels"
    RECALL_PUSHES = "recall_pushes"
    SWITCH_HOLIDAY = "switch_holiday"
    READ_AUTHORISATIONS = "read_authorisations"
    APPLY_LISTING = "apply_listing"
    ACT_ON_ORDER = "act_on_order"
    ACT_ON_RETURN = "act_on_return"
    POLL_SHOWCASE = "poll_showcase"
    ANSWER_REVIEW = "answer_review"


class Queue(Protocol):
    """In-process on SQLite, procrastinate on PostgreSQL; a sweep re-enqueues what is due."""

    async def enqueue(self, task: Task, *ids: str) -> None:
        """Ask for `task` to run soon with these ids; the same task and ids waiting twice run once."""
