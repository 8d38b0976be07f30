"""The host's ear: troubles of the installation, and what is behind the references that persons are shown."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.clock import Clock
from domain.meters import OF_FIELDS, Meters
from domain.notices import Breakage, Feedback, HostNote, NoteKind, Notice
from services.activity import day_of
from storage.database import Connection, Database
from storage.repositories import figures, host_notes

LONGEST_REST = timedelta(hours=1)
NEWS_FOR = timedelta(days=2)
"""What is older is not told any more: a host who sets a chat today does not want last year."""
LOOPING = 3
"""So many starts within one hour are no restarts any more."""
STARTS = "start"


class HostService:
    """What waits to be told is a row; whoever tells it waits for `wake`."""

    def __init__(self, db: Database, clock: Clock, meters: Meters, version: str = "") -> None:
        self._db = db
        self._clock = clock
        self._meters = meters
        self.version = version
        self.wake = asyncio.Event()

    async def note(self, *notices: Notice) -> None:
        """Keep what the host should hear; what was kept under the same key before is not told again."""
        now = self._clock()

        def work(conn: Connection) -> None:
            for notice in notices:
                host_notes.add(conn, notice, now)

        await self._db.write(work, "host.note")
        self.wake.set()

    async def flush(self) -> None:
        """Save what was noticed in memory: notices, and unknown words with one notice for each new one."""
        notices, odd = self._meters.take_notices(), self._meters.take_odd()
        if not notices and not odd:
            return
        now = self._clock()

        def work(conn: Connection) -> None:
            for (platform, place, word), times in sorted(odd.items()):
                if host_notes.count_odd(conn, platform, place, word, times, now):
                    about = _about_field if place in OF_FIELDS else _about_word
                    host_notes.add(conn, about(platform, place, word, now), now)
            for notice in notices:
                host_notes.add(conn, notice, now)

        await self._db.write(work, "host.flush")
        self.wake.set()

    async def started(self) -> None:
        """Tell that the program has started, at most once an hour; often within one hour is a crash loop."""
        now = self._clock()
        hour = f"{now:%Y-%m-%dT%H}"

        def work(conn: Connection) -> None:
            figures.save(conn, day_of(now), {(STARTS, (hour,)): 1})
            times = figures.saved(conn, day_of(now))[STARTS, (hour,)]
            host_notes.add(conn, Notice(NoteKind.STARTED, f"started:{hour}", {"version": self.version}), now)
            if times >= LOOPING:
                facts = {"times": str(times), "version": self.version}
                host_notes.add(conn, Notice(NoteKind.CRASH_LOOP, f"crash_loop:{hour}", facts), now)

        await self._db.write(work, "host.started")
        self.wake.set()

    async def waiting(self, limit: int = 10) -> list[HostNote]:
        """Return what is due to be told, the oldest first. One process tells it, and nothing that is no news."""
        now = self._clock()
        return await self._db.read(lambda conn: host_notes.waiting(conn, now - NEWS_FOR, now, limit))

    async def told(self, note: HostNote) -> None:
        now = self._clock()
        await self._db.write(lambda conn: host_notes.told(conn, note.id, now), "host.told")

    async def later(self, note: HostNote) -> None:
        """Try again, later each time: a chat that is not there may be put right by whoever set it."""
        again = self._clock() + min(timedelta(seconds=5 * 2 ** min(note.attempts, 10)), LONGEST_REST)
        await self._db.write(lambda conn: host_notes.later(conn, note.id, again), "host.later")

    async def broke(self, reference: str, code: str, source: str, seller_id: str) -> None:
        """Keep what stands behind a reference that a person is shown."""
        row = Breakage(reference, self._clock(), code, source, seller_id)
        await self._db.write(lambda conn: host_notes.add_breakage(conn, row), "host.broke")

    async def breakage(self, reference: str) -> Breakage | None:
        return await self._db.read(lambda conn: host_notes.find_breakage(conn, reference.upper()))

    async def feedback(self, feedback_id: str) -> Feedback | None:
        """Return what somebody wrote; None when its seller is gone."""
        return await self._db.read(lambda conn: host_notes.find_feedback(conn, feedback_id))

    async def latest_feedback(self, limit: int = 50) -> Sequence[Feedback]:
        return await self._db.read(lambda conn: host_notes.latest_feedback(conn, limit))


def _about_field(platform: str, _place: str, word: str, now: datetime) -> Notice:
    """Tell of the first new field of a day: a platform that changes its interface changes many at once."""
    operation, _, path = word.partition(" ")
    facts = {"platform": platform, "operation": operation, "path": path[:96]}
    return Notice(NoteKind.UNKNOWN_FIELD, f"field:{platform}:{day_of(now)}", facts)


def _about_word(platform: str, place: str, word: str, _now: datetime) -> Notice:
    facts = {"platform": platform, "place": place, "word": word[:96]}
    return Notice(NoteKind.UNKNOWN_WORD, f"word:{platform}:{place}:{word[:96]}", facts)
