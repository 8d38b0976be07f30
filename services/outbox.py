"""What must be said: claimed with a lease, in order for each view, marked when Telegram has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.alerts import Loudness
from domain.chats import Chat, View
from domain.clock import Clock
from domain.events import EventKind
from domain.meters import Meters
from services.loudness import loudness_in
from services.wakeups import Wakeups
from storage import outbox
from storage.database import Connection, Database
from storage.repositories import directory
from storage.repositories.cards import Cards

LEASE_S = 60


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """An event to be told in one view; `payload` holds ids, its words are made when it is sent."""

    id: int
    view: View
    chat: Chat
    kind: EventKind
    payload: dict[str, str]
    created_at: datetime
    attempts: int
    lease_gen: int
    loudness: Loudness = Loudness.SOUND


class OutboxService:
    def __init__(self, db: Database, clock: Clock, wakeups: Wakeups, meters: Meters) -> None:
        self._db = db
        self._clock = clock
        self._wakeups = wakeups
        self._meters = meters

    async def claim(self, limit: int = 20) -> list[OutboxItem]:
        """Take the oldest waiting event of each view that has none in hand."""
        now = self._clock()

        def work(conn: Connection) -> list[OutboxItem]:
            items = []
            for row in outbox.claim(conn, now=now, lease_s=LEASE_S, limit=limit):
                view, chat = directory.view_and_chat(conn, row.view_id)
                kind = EventKind(row.kind)
                items.append(
                    OutboxItem(
                        row.id,
                        view,
                        chat,
                        kind,
                        row.payload,
                        row.created_at,
                        row.attempts,
                        row.lease_gen,
                        loudness_in(conn, view, kind, row.payload, now),
                    )
                )
            return items

        return await self._db.write(work, "outbox.claim")

    async def sent(self, item: OutboxItem, message_id: int | None) -> bool:
        """Mark an event as told; False when the lease was lost meanwhile."""
        now = self._clock()
        if item.kind is EventKind.ORDER_PLACED:
            self._meters.alert_waits.add((now - item.created_at).total_seconds())
        return await self._db.write(
            lambda conn: outbox.sent(conn, item.id, item.lease_gen, now, message_id), "outbox.sent"
        )

    async def later(self, item: OutboxItem, delay_s: float, reason: str) -> bool:
        again = self._clock() + timedelta(seconds=delay_s)
        return await self._db.write(
            lambda conn: outbox.later(conn, item.id, item.lease_gen, again, reason), "outbox.later"
        )

    async def dead(self, item: OutboxItem, reason: str) -> bool:
        """Give an event up: this chat will not hear it."""
        return await self._db.write(
            lambda conn: outbox.dead(conn, item.id, item.lease_gen, reason), "outbox.dead"
        )


def tell(  # noqa: PLR0913 - what a row of the outbox is made of
    conn: Connection,
    seller_id: str,
    kind: EventKind,
    key: str,
    payload: dict[str, str],
    *,
    now: datetime,
    views: Sequence[str] | None = None,
    instead_of: str = "",
    not_before: datetime | None = None,
    gathers: str = "",
) -> None:
    """Write an event for every view of a seller (or these), in the transaction that made the fact.

    What still waits under keys that begin with `instead_of` is dropped: this event says it all. Where one
    under a key that begins with `gathers` still waits, it will say this, too.
    """
    for view_id in Cards(conn, seller_id).views(payload.get("shop_id", "")) if views is None else views:
        if gathers and outbox.is_waiting(conn, view_id, gathers):
            continue
        is_new = outbox.add(
            conn,
            view_id=view_id,
            dedupe_key=key,
            kind=kind,
            payload=payload,
            now=now,
            not_before=not_before,
        )
        if instead_of and is_new:  # told before, it says nothing more: what waits is not to be lost for it
            outbox.merge_waiting(conn, view_id, instead_of, but_for=key)
