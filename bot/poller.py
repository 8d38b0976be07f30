"""Fetches updates from Telegram: stored first, then the offset moves.

Not `bot.get_updates`, which raises for a whole batch when one update is odd, and not the Updater,
which moves on before anything is stored. Here each update is taken by itself, as it came.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.request import SlowDown
from bot.updates import ALLOWED_UPDATES, read_update
from domain.clock import Clock
from domain.failpoint import failpoint
from services.inbound import InboundService

log = structlog.get_logger("storesync.bot.poller")

_BATCH = 100
_REASON_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How long one poll waits for updates, how much later its answer may come, and how long to rest.

    A revoked token is put right by a human, if at all: asking every second would only hide that.
    """

    wait_s: int = 30
    grace_s: float = 10.0
    back_off_s: float = 1.0
    longest_back_off_s: float = 30.0
    token_refused_s: float = 60.0


class Poller:
    """Asks for updates for as long as it runs; no failure ends it."""

    def __init__(
        self,
        bot: Bot,
        bot_id: str,
        inbound: InboundService,
        *,
        clock: Clock,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._bot = bot
        self._bot_id = bot_id
        self._inbound = inbound
        self._clock = clock
        self._rhythm = rhythm or Rhythm()
        self._offset: int | None = None
        self._has_the_queue = False
        self._failures = 0
        self.last_answer_at: datetime | None = None
        self.trouble = ""
        """What keeps us from getting updates: conflict, token_refused, unreachable, not_stored, or nothing."""
        self.odd = 0
        """How many things came that could not be updates."""

    async def run(self) -> None:
        while True:
            rest_s = await self._poll()
            await asyncio.sleep(rest_s)

    async def _poll(self) -> float:
        """Ask once; return how long to rest."""
        try:
            await self._fetch()
        except SlowDown as pause:
            return pause.seconds
        except InvalidToken:
            self._note("token_refused", "Telegram does not know this token")
            return self._rhythm.token_refused_s
        except Conflict as conflict:
            # Another poller, or a webhook that somebody has set: that one is taken away again.
            self._has_the_queue = "webhook" not in str(conflict).lower()
            return self._fail("conflict", str(conflict))
        except TelegramError as failure:
            return self._fail("unreachable", str(failure))
        except Exception:
            log.exception("poll.not_stored")
            return self._fail("not_stored", "see the line before")
        self._failures = 0
        self._note("", "")
        return 0

    async def _fetch(self) -> None:
        if not self._has_the_queue:
            await self._bot.delete_webhook(drop_pending_updates=False)
            self._has_the_queue = True
        read_s = self._rhythm.wait_s + self._rhythm.grace_s
        updates = await self._bot.request.post(self._address(), read_timeout=read_s)
        self.last_answer_at = self._clock()
        if not isinstance(updates, list):
            raise TelegramError("the answer is no list of updates")
        if updates:
            await self._store(updates)

    async def _store(self, updates: Sequence[object]) -> None:
        readable = [update for update in map(read_update, updates) if update]
        if odd := len(updates) - len(readable):
            self.odd += odd
            log.error("poll.odd_updates", count=odd)
        if not readable:
            raise TelegramError("no update of the batch has a number")
        failpoint("poll.stored:before")
        storing = asyncio.ensure_future(self._inbound.store_updates(self._bot_id, readable))
        try:
            await asyncio.shield(storing)
        except asyncio.CancelledError:
            await storing
            raise
        failpoint("poll.stored:after")
        # Not the greatest ever: after a silent week Telegram goes on counting from anywhere.
        self._offset = max(update.update_id for update in readable) + 1

    def _address(self) -> str:
        asked: dict[str, object] = {
            "timeout": self._rhythm.wait_s,
            "limit": _BATCH,
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
        }
        if self._offset is not None:
            asked["offset"] = self._offset
        return f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"

    def _fail(self, trouble: str, reason: str) -> float:
        self._note(trouble, reason[:_REASON_CHARACTERS])
        rest_s = self._rhythm.back_off_s * 2.0**self._failures
        self._failures += 1
        return min(rest_s, self._rhythm.longest_back_off_s)

    def _note(self, trouble: str, reason: str) -> None:
        """Log when something begins or ends to be wrong, not each time it is still so."""
        if trouble == self.trouble:
            return
        if trouble:
            log.error("poll.trouble", trouble=trouble, reason=reason)
        else:
            log.info("poll.resumed", after=self.trouble)
        self.trouble = trouble
