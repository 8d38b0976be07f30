"""What comes in: stored first, answered then, worked later. A duplicate changes nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.clock import Clock
from domain.errors import NotAllowed, NotFound
from domain.meters import Meter, Meters
from domain.notices import NoteKind, Notice
from domain.platform import Hint, HintKind, Platform
from domain.queue import Queue, Task
from domain.shops import PlatformApp
from services.apps import AppService
from services.gathering import Gathering
from services.wakeups import Wakeups
from storage import inbox
from storage.database import Connection, Database
from storage.inbox import Arrival

TELEGRAM = "telegram"
LEASE_S = 120
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class IncomingUpdate:
    """An update as it arrived. `chat_key` names its queue: the chat, or the update itself without one."""

    update_id: int
    raw: str
    chat_key: str


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update claimed for handling."""

    inbox_id: int
    raw: str
    chat_key: str
    attempts: int
    lease_gen: int


class InboundService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        apps: AppService,
        platforms: Mapping[str, Platform],
        queue: Queue,
        wakeups: Wakeups,
        meters: Meters,
    ) -> None:
        self._db = db
        self._clock = clock
        self._apps = apps
        self._platforms = platforms
        self._queue = queue
        self._wakeups = wakeups
        self._meters = meters
        self._hooks = Gathering(self._store_hooks)
        self._done = Gathering(self._mark_done)

    async def store_updates(self, bot_id: str, updates: Sequence[IncomingUpdate]) -> int:
        """Store updates in one transaction; return how many were new."""
        now = self._clock()

        arrivals = [
            Arrival(TELEGRAM, f"{bot_id}:{each.update_id}", each.chat_key, each.raw) for each in updates
        ]
        new = await self._db.write(lambda conn: inbox.add_all(conn, arrivals, now), "inbound.store_updates")
        stored = len(new)
        if stored:
            self._wakeups.updates.set()
        return stored

    async def next_updates(self, limit: int) -> list[StoredUpdate]:
        """Claim the oldest waiting update of each chat that has none in hand."""
        now = self._clock()
        found = await self._db.write(
            lambda conn: inbox.claim(conn, sources=[TELEGRAM], now=now, lease_s=LEASE_S, limit=limit),
            "inbound.claim_updates",
        )
        return [StoredUpdate(row.id, row.body, row.lane, row.attempts, row.lease_gen) for row in found]

    async def update_done(self, update: StoredUpdate) -> None:
        await self._done.add((update.inbox_id, update.lease_gen))

    async def update_failed(self, update: StoredUpdate, reason: str) -> None:
        """Put an update back for another try, or park it after three: the next ones must go on."""
        again = self._clock() + timedelta(seconds=2**update.attempts)

        def work(conn: Connection) -> None:
            if update.attempts >= ATTEMPTS:
                inbox.park(conn, update.inbox_id, update.lease_gen, reason)
            else:
                inbox.later(conn, update.inbox_id, update.lease_gen, again, reason)

        await self._db.write(work, "inbound.update_failed")
        if update.attempts >= ATTEMPTS:
            self._notice_parked(reason)

    async def park(self, update: StoredUpdate, reason: str) -> None:
        """Keep an update that cannot be read, out of the way of the others."""
        await self._db.write(
            lambda conn: inbox.park(conn, update.inbox_id, update.lease_gen, reason), "inbound.park"
        )
        self._notice_parked(reason)

    def _notice_parked(self, reason: str) -> None:
        key = f"parked:{TELEGRAM}:{self._clock():%Y-%m-%dT%H}"  # one an hour says it all
        facts = {"source": TELEGRAM, "reason": reason[:80]}
        self._meters.notice(Notice(NoteKind.PARKED, key, facts))

    async def receive_hook(self, platform: str, app_id: str, headers: Mapping[str, str], body: bytes) -> int:
        """Verify a platform's push, store its hints, return how many were new.

        Raises NotFound for an app we do not have, NotAllowed("bad_signature") before anything is read.
        """
        app = await self._apps.get(app_id)
        if app is None or app.platform != platform or platform not in self._platforms:
            raise NotFound("app_unknown")
        try:
            hints = self._platforms[platform].hooks.verify_and_parse(app, headers, body)
        except NotAllowed:
            self._meters.count(Meter.PUSH_REFUSED, platform)
            raise
        return await self.store_hints(app, hints)

    async def store_hints(self, app: PlatformApp, hints: Sequence[Hint]) -> int:
        """Store what an app's pushes hint at; return how many were new."""
        for hint in hints:
            if hint.kind is HintKind.UNKNOWN:
                self._meters.odd(app.platform, "push kind", hint.raw_kind)
        arrivals = [
            Arrival(
                app.platform, f"{app.id}:{hint.event_key}", hint.event_key[-64:], _hint_body(hint), app.id
            )
            for hint in hints
        ]
        return await self._hooks.add(arrivals) if arrivals else 0

    async def _store_hooks(self, pushes: Sequence[Sequence[Arrival]]) -> list[int]:
        now = self._clock()
        arrivals = [arrival for push in pushes for arrival in push]
        new = await self._db.write(lambda conn: inbox.add_all(conn, arrivals, now), "inbound.receive_hook")
        if new:
            await self._queue.enqueue(Task.INGEST)  # once for all that came together
        return [_taken_from(new, push) for push in pushes]

    async def _mark_done(self, rows: Sequence[tuple[int, int]]) -> list[None]:
        await self._db.write(lambda conn: inbox.all_done(conn, rows), "inbound.update_done")
        return [None] * len(rows)


def _taken_from(new: set[tuple[str, str]], push: Sequence[Arrival]) -> int:
    """Count what of a push was new; the same in two pushes stored together is the first one's."""
    keys = {(each.source, each.dedupe_key) for each in push} & new
    new -= keys
    return len(keys)


def _hint_body(hint: Hint) -> str:
    return json.dumps(
        {
            "kind": hint.kind,
            "shop": hint.shop_external_id,
            "ids": list(hint.ids),
            "raw_kind": hint.raw_kind,
            "numbers": list(hint.numbers),
        }
    )
