"""How the installation is doing, in numbers: this process's counters, and what stands in the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.clock import Clock
from domain.meters import Meter, Meters, Outcome
from domain.shops import LinkState
from services.activity import day_of
from storage.database import Connection, Database
from storage.repositories import figures

SHARE_DAYS = 7
FIRST_ORDER = "first_order"
STAGES = (LinkState.STARTED, LinkState.CONSENTED, LinkState.RETURNED, LinkState.CONFIRMED)
"""The funnel of linking in its order; whoever reached one has reached those before it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One look at the rows. Waits are in seconds; shares are of the last seven days, None without any."""

    inbox: Mapping[tuple[str, str], int]
    outbox: Mapping[tuple[str, str], int]
    came_waits_s: float
    due_waits_s: float
    oddities: Mapping[tuple[str, str], tuple[int, int]]
    linkings: Mapping[str, int]
    shops: Mapping[str, int]
    active_7: int
    active_28: int
    failed_actions: float | None
    failed_calls: float | None


class MetricsService:
    def __init__(self, db: Database, clock: Clock, meters: Meters) -> None:
        self._db = db
        self._clock = clock
        self.meters = meters

    async def figures(self) -> Figures:
        """Read what every process of the installation has written."""
        now = self._clock()

        def work(conn: Connection) -> Figures:
            came, due = figures.oldest_waiting(conn)
            week = figures.saved(conn, day_of(now, SHARE_DAYS - 1))
            return Figures(
                inbox=figures.inbox_states(conn),
                outbox=figures.outbox_states(conn),
                came_waits_s=_since(came, now),
                due_waits_s=_since(due, now),
                oddities=figures.oddities(conn),
                linkings=_funnel(conn),
                shops=figures.shop_states(conn),
                active_7=figures.active_since(conn, day_of(now, 6)),
                active_28=figures.active_since(conn, day_of(now, 27)),
                failed_actions=_failed_share(week, Meter.ACTION),
                failed_calls=_failed_share(week, Meter.CALL),
            )

        return await self._db.read(work)


def _funnel(conn: Connection) -> dict[str, int]:
    """Count how many reached each stage, those whose rows are gone already included."""
    reached = figures.linking_states(conn)
    for (meter, labels), count in figures.saved(conn).items():
        if meter == Meter.LINKING:
            reached[labels[0]] = reached.get(labels[0], 0) + count
    funnel = {
        stage.value: sum(reached.get(later, 0) for later in STAGES[at:]) for at, stage in enumerate(STAGES)
    }
    ended = reached.get(LinkState.CANCELLED, 0) + reached.get(LinkState.FAILED, 0)
    funnel[LinkState.STARTED.value] += ended
    return funnel | {FIRST_ORDER: figures.shops_with_orders(conn)}


def _failed_share(week: Mapping[tuple[str, tuple[str, ...]], int], of: Meter) -> float | None:
    """Return the share that failed through no choice of the person; a refusal is an answer, not a failure."""
    counts = {labels: count for (meter, labels), count in week.items() if meter == of}
    whole = sum(counts.values())
    well = sum(count for labels, count in counts.items() if labels[-1] in {Outcome.OK, Outcome.REFUSED})
    return (whole - well) / whole if whole else None


def _since(then: datetime | None, now: datetime) -> float:
    return max(0.0, (now - then).total_seconds()) if then else 0.0
