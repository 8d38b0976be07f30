"""Tells the chats what happened: events from the outbox, rendered when they are sent.

At least once: an event is marked after Telegram has taken its message, so a crash between the two,
or an answer that got lost, may show it twice and never loses it.
"""

import random
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.chat_queues import ChatQueues, Claim, Pace, Source
from bot.delivery import Delivery
from bot.events import deliveries
from bot.lane import Post
from bot.refusals import state_after
from bot.render import Renderer
from bot.request import SlowDown
from bot.sender import Sender
from domain.alerts import Loudness
from domain.chats import ChatState
from domain.errors import NotFound, PlatformError, RateLimited
from domain.failpoint import failpoint
from services import Services
from services.outbox import OutboxItem

log = structlog.get_logger("storesync.bot.notifier")

_RINGING, _QUIET = 1, 2
"""The ranks of events in their chat's queue, behind the answers to its people."""
_PATIENCE_S = 5.0
"""An event whose chat must rest for longer goes back to the outbox, where it holds nothing up."""
_LONGEST_BACK_OFF_S = 300.0
_ATTEMPTS = 5
"""An event that cannot be rendered is a mistake of ours; this often it may be a passing one."""

Render = Callable[[OutboxItem, Services, Renderer], Awaitable[list[Delivery]]]


def _some() -> float:
    return random.SystemRandom().random()


class Notifier:
    """Works off the outbox."""

    def __init__(
        self,
        services: Services,
        sender: Sender,
        *,
        render: Render = deliveries,
        pace: Pace | None = None,
        jitter: Callable[[], float] = _some,
    ) -> None:
        self._services = services
        self._sender = sender
        self._render = render
        self._jitter = jitter
        self.username = ""
        """Known when Telegram has told it."""
        source: Source[OutboxItem] = Source(
            claim=services.outbox.claim,
            chat_of=lambda item: item.chat.id,
            id_of=lambda item: item.id,
            work=self._work,
        )
        self._queues = ChatQueues("outbox", source, services.wakeups.outbox, pace)

    @property
    def held(self) -> int:
        return self._queues.held

    async def run(self) -> None:
        await self._queues.run()

    async def stop(self, within_s: float) -> None:
        await self._queues.stop(within_s)

    async def _work(self, claim: Claim[OutboxItem]) -> None:
        outbox = self._services.outbox
        if claim.row.chat.state is not ChatState.ACTIVE:
            await outbox.dead(claim.row, f"the chat is {claim.row.chat.state}")
            return
        try:
            message_id = await self._tell(claim.row)
        # What waits for its turn longer than its lease is claimed again: the claim it has by now is marked.
        except SlowDown as pause:
            await outbox.later(claim.row, pause.seconds + self._jitter(), "slow down")
        except TelegramError as failure:
            await self._undelivered(claim.row, failure)
        except NotFound as gone:
            await outbox.dead(claim.row, gone.code)
        except PlatformError as failed:
            await self._put_off(claim.row, failed)
        except Exception as failure:
            log.exception("event.broke", outbox=claim.row.id, kind=claim.row.kind)
            await self._broken(claim.row, type(failure).__name__)
        else:
            await outbox.sent(claim.row, message_id)

    async def _tell(self, item: OutboxItem) -> int | None:
        if item.loudness is Loudness.DROP:
            return None
        renderer = Renderer(item.view.language, item.view.zone, username=self.username)
        message_id = None
        for delivery in await self._render(item, self._services, renderer):
            failpoint("telegram.send:before")
            message_id = await self._sender.show(_post(item, delivery), patience_s=_PATIENCE_S, tries=1)
            failpoint("telegram.send:after")
            screen = delivery.screen
            if screen.subject:
                await self._services.cards.remember(
                    item.view.seller_id,
                    item.view.id,
                    message_id,
                    subject=screen.subject,
                    subject_id=screen.subject_id,
                    version=screen.version,
                )
        return message_id

    async def _put_off(self, item: OutboxItem, failed: PlatformError) -> None:
        """What must be fetched from a platform first, as labels are, waits until that answers."""
        log.warning("event.waits", outbox=item.id, kind=item.kind, reason=str(failed))
        pause_s = min(2.0**item.attempts, _LONGEST_BACK_OFF_S)
        if isinstance(failed, RateLimited):
            pause_s = max(pause_s, failed.retry_after_s)
        await self._services.outbox.later(item, pause_s, failed.code)

    async def _undelivered(self, item: OutboxItem, failure: TelegramError) -> None:
        reason = str(failure)[:200]
        log.warning("event.not_sent", outbox=item.id, kind=item.kind, attempts=item.attempts, reason=reason)
        if isinstance(failure, ChatMigrated):
            chat = item.chat
            await self._services.groups.migrate(chat.bot_id, chat.telegram_id, failure.new_chat_id)
            await self._services.outbox.later(item, 0, reason)
        elif state := state_after(failure):
            await self._services.people.chat_gone(item.chat.bot_id, item.chat.telegram_id, state)
            await self._services.outbox.dead(item, reason)
        elif isinstance(failure, BadRequest):
            await self._broken(item, reason)
        else:
            await self._services.outbox.later(item, self._back_off_s(item), reason)

    async def _broken(self, item: OutboxItem, reason: str) -> None:
        if item.attempts >= _ATTEMPTS:
            log.error("event.given_up", outbox=item.id, kind=item.kind, reason=reason)
            await self._services.outbox.dead(item, reason)
        else:
            await self._services.outbox.later(item, self._back_off_s(item), reason)

    def _back_off_s(self, item: OutboxItem) -> float:
        return float(min(2**item.attempts, _LONGEST_BACK_OFF_S)) + self._jitter()


def _post(item: OutboxItem, delivery: Delivery) -> Post:
    is_silent = delivery.silent or item.loudness is Loudness.SILENT
    return Post(
        item.chat.telegram_id,
        delivery.screen,
        delivery.message_id if delivery.mode == "edit" else None,
        item.view.thread_id,
        is_silent=is_silent,
        rank=_RINGING if delivery.mode == "send" and not is_silent else _QUIET,
    )
