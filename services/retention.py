"""Letting go of what is old enough, once a day: nothing is kept longer than it is of use (R20)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from structlog.stdlib import get_logger

from domain.bulk import DRAFT_LASTS
from domain.clock import Clock
from domain.meters import Meter
from services.activity import day_of
from storage import inbox
from storage.database import Connection, Database
from storage.repositories import bulks, figures, low_alerts, retention

INBOX = timedelta(days=7)
BUYERS = timedelta(days=90)
DRAFTS = timedelta(days=1)
MESSAGES = timedelta(days=30)
TICKETS = timedelta(days=30)
QUARANTINE = timedelta(days=1)
LINKINGS = timedelta(days=30)
NOTES = timedelta(days=30)
REFERENCES = timedelta(days=90)
REVIEWS = timedelta(days=400)
AUDIT = timedelta(days=400)
ACTIVE_DAYS = 60

BATCH = 500
"""Rows in one transaction: others wait for it, so it is short."""

log = get_logger(__name__)

Step = Callable[[Connection], int]


class RetentionService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._done = ""

    async def daily(self) -> Counter[str]:
        """Do it if nobody has done it today, in any process; return how many rows went by what they were."""
        day = day_of(self._clock())
        if day == self._done:
            return Counter()
        is_ours = await self._db.write(
            lambda conn: figures.claim_day(conn, day, "retention"), "retention.claim"
        )
        gone = await self.once() if is_ours else Counter()
        self._done = day
        return gone

    async def once(self) -> Counter[str]:
        """Let go of everything that is old enough now."""
        gone: Counter[str] = Counter()
        for name, step in self._steps().items():
            while went := await self._db.write(step, f"retention.{name}"):
                gone[name] += went
        if gone:
            log.info("retention.done", **gone)
        return gone

    def _steps(self) -> dict[str, Step]:
        now, day = self._clock(), day_of(self._clock(), ACTIVE_DAYS)
        return {
            "inbox": lambda conn: inbox.purge(conn, now - INBOX, BATCH),
            "buyers": lambda conn: retention.forget_buyers(conn, now - BUYERS, BATCH),
            "returns": lambda conn: retention.forget_returning_buyers(conn, now - BUYERS, BATCH),
            "drafts": lambda conn: retention.forget_drafts(conn, now - DRAFTS, BATCH),
            "messages": lambda conn: retention.forget_messages(conn, now - MESSAGES, BATCH),
            "low_alerts": lambda conn: low_alerts.forget(conn, now - MESSAGES, BATCH),
            "tickets": lambda conn: retention.forget_tickets(conn, now - TICKETS, BATCH),
            "bulks": lambda conn: bulks.forget_drafts(conn, now - DRAFT_LASTS, BATCH),
            "dialogues": lambda conn: retention.forget_dialogues(conn, now, BATCH),
            "quarantine": lambda conn: retention.drop_quarantine(conn, now - QUARANTINE, BATCH),
            "linkings": self._forget_linkings,
            "notes": lambda conn: retention.forget_notes(conn, now - NOTES, BATCH),
            "references": lambda conn: retention.forget_references(conn, now - REFERENCES, BATCH),
            "feedback": lambda conn: retention.forget_feedback(conn, now - AUDIT, BATCH),
            "reviews": lambda conn: retention.forget_reviews(conn, now - REVIEWS, BATCH),
            "active_days": lambda conn: retention.forget_active_days(conn, day, BATCH),
            "audit": lambda conn: retention.cut_audits(conn, now - AUDIT, BATCH),
        }

    def _forget_linkings(self, conn: Connection) -> int:
        """Count the linkings that go, so that the funnel still knows of them."""
        now = self._clock()
        states = retention.forget_linkings(conn, now - LINKINGS, BATCH)
        figures.save(conn, day_of(now), {(Meter.LINKING, (state,)): count for state, count in states.items()})
        return sum(states.values())
