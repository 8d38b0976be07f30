"""Updates on their way to the bot: kept until confirmed, or until their lifetime ends."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulator.telegram.records import Json

DAY: Final = 86_400
LIFETIME_S: Final = {"callback_query": 150}
NOT_BY_DEFAULT: Final = {"chat_member", "message_reaction", "message_reaction_count"}
KINDS: Final = {
    *("message", "edited_message", "channel_post", "edited_channel_post"),
    *("callback_query", "inline_query", "chosen_inline_result", "my_chat_member", "chat_member"),
    *("business_connection", "business_message", "edited_business_message", "deleted_business_messages"),
    *("message_reaction", "message_reaction_count", "shipping_query", "pre_checkout_query"),
    *("purchased_paid_media", "poll", "poll_answer", "chat_join_request", "chat_boost", "removed_chat_boost"),
}


@dataclass(slots=True)
class Update:
    """`queue` keeps webhook deliveries in order: messages by chat, presses by person."""

    update_id: int
    kind: str
    payload: Json
    expires_at: float
    queue: str

    @property
    def body(self) -> Json:
        return {"update_id": self.update_id, self.kind: self.payload}


class UpdateQueue:
    def __init__(self, source: random.Random, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next_id = source.randrange(100_000_000, 900_000_000)
        self._waiting: list[Update] = []
        self._held: list[Update] = []
        self._hold = 0
        self.allowed: set[str] | None = None
        self.lose = 0
        self.double = 0
        self.arrived = asyncio.Event()

    def add(self, kind: str, payload: Json, queue: str) -> int | None:
        """Queue an update; None if the bot did not ask for its kind."""
        if not self.wants(kind):
            return None
        lifetime = LIFETIME_S.get(kind, DAY)
        update = Update(self._next_id, kind, payload, self._clock() + lifetime, queue)
        self._next_id += 1
        if self.lose:
            self.lose -= 1
        elif self._hold:
            self._held.append(update)
            if len(self._held) >= self._hold:
                self.release()
        else:
            self._waiting.append(update)
            if self.double:
                self.double -= 1
                self._waiting.append(update)
            self.arrived.set()
        return update.update_id

    def wants(self, kind: str) -> bool:
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def allow(self, kinds: list[str] | None) -> None:
        """Remember which kinds the bot asks for; None keeps what it asked for before."""
        if kinds is None:
            return
        known = {kind.lower() for kind in kinds} & KINDS
        self.allowed = known or None

    def reorder(self, count: int) -> None:
        """Hold the next `count` updates (at least two) and hand them over the other way round."""
        self._hold = max(count, 2)

    def release(self) -> None:
        self._waiting += reversed(self._held)
        self._held.clear()
        self._hold = 0
        self.arrived.set()

    def pending(self) -> list[Update]:
        now = self._clock()
        self._waiting = [update for update in self._waiting if update.expires_at > now]
        return list(self._waiting)

    def confirm(self, offset: int) -> None:
        """Forget all below the offset; a negative one keeps only so many from the end.

        An offset beyond the last update is not one of ours and is ignored, as the official server does.
        """
        if offset > self._next_id:
            return
        if offset < 0:
            self._waiting = self._waiting[offset:]
        elif offset > 0:
            self._waiting = [update for update in self._waiting if update.update_id >= offset]

    def discard(self, update: Update) -> None:
        for at, waiting in enumerate(self._waiting):
            if waiting is update:
                del self._waiting[at]
                return

    def drop_pending(self) -> None:
        self._waiting.clear()
        self._held.clear()
