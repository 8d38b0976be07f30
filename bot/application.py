"""The bot as a whole: opened in the background, fed from the inbox, closed without losing anything."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from telegram import Bot, Chat, Update, User
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot.context import Ctx, Errand, begin, strangers_text
from bot.dispatcher import Dispatcher
from bot.errors import explain
from bot.guard import Guard
from bot.host_notes import HostNotes
from bot.menu import publish_menu
from bot.notifier import Notifier
from bot.poller import Poller
from bot.press import Press
from bot.quotas import Quotas
from bot.routing import Routing
from bot.sender import Budgets, Sender
from bot.updates import ALLOWED_UPDATES, hides_behind_chat, parse_update, topic_of
from domain.clock import Clock
from services import Services
from services.inbound import StoredUpdate
from services.people import ChatRef, UserRef

log = structlog.get_logger("storesync.bot")

_GUARDS = -1
_AGAIN_S = 5.0
"""How soon to try again when Telegram does not answer at the start."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram shall send updates, and the secret that proves they are from it."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class BotFacts:
    """How the bot is doing, for the health page."""

    username: str
    is_ready: bool
    trouble: str
    last_poll_at: datetime | None
    last_handled_at: datetime | None
    updates_held: int
    events_held: int
    updates_failed: int
    odd_updates: int
    plain_texts: int


class BotRoom:
    """Everything of the bot that runs. With a `webhook` nothing is polled: the web room stores updates."""

    def __init__(  # noqa: PLR0913 - what a room is made of
        self,
        *,
        bot: Bot,
        services: Services,
        clock: Clock,
        routing: Routing,
        webhook: Webhook | None = None,
        budgets: Budgets | None = None,
        quotas: Quotas | None = None,
        again_s: float = _AGAIN_S,
        host_chat: int = 0,
    ) -> None:
        self._bot = bot
        self._bot_id = bot.token.partition(":")[0]
        self._services = services
        self._routing = routing
        self._webhook = webhook
        self._again_s = again_s
        self._sender = Sender(bot, budgets)
        self._poller = Poller(bot, self._bot_id, services.inbound, clock=clock)
        self._dispatcher = Dispatcher(services.inbound, self._handle, services.wakeups.updates, clock=clock)
        self._notifier = Notifier(services, self._sender)
        self._host_notes = HostNotes(services.host, self._sender, host_chat) if host_chat else None
        self._application = _application(bot, routing, quotas or Quotas())
        self._is_open = asyncio.Event()
        self._trouble = "starting"
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def facts(self) -> BotFacts:
        is_ready = self._is_open.is_set()
        return BotFacts(
            username=self._bot.username if is_ready else "",
            is_ready=is_ready,
            trouble=self._trouble or self._poller.trouble,
            last_poll_at=self._poller.last_answer_at,
            last_handled_at=self._dispatcher.last_handled_at,
            updates_held=self._dispatcher.held,
            events_held=self._notifier.held,
            updates_failed=self._dispatcher.failed,
            odd_updates=self._poller.odd,
            plain_texts=self._sender.plain_texts,
        )

    async def start(self) -> None:
        """Begin; a Telegram that does not answer must not keep the rest of the house from opening."""
        self._tasks.append(asyncio.create_task(self._open(), name="bot"))

    async def opened(self) -> None:
        """Wait until Telegram knows us and updates are worked off."""
        await self._is_open.wait()

    async def stop(self, within_s: float = 10.0) -> None:
        """Take in nothing more, finish what runs, send what waits; what is not done stays stored."""
        await _cancel(
            [task for task in self._tasks if task.get_name() in {"bot", "poller", "menu", "host notes"}]
        )
        await asyncio.gather(self._dispatcher.stop(within_s * 0.6), self._notifier.stop(within_s * 0.6))
        await self._sender.stop(within_s * 0.3)
        await _cancel(self._tasks)
        await self._application.shutdown()

    async def _open(self) -> None:
        await self._insist(self._application.initialize)
        self._notifier.username = self._bot.username
        self._spawn("dispatcher", self._dispatcher.run)
        self._spawn("notifier", self._notifier.run)
        if self._webhook is None:
            self._spawn("poller", self._poller.run)
        else:
            await self._insist(self._set_webhook)
        self._spawn("menu", self._publish_menu)
        if self._host_notes:
            self._spawn("host notes", self._host_notes.run)
        log.info("bot.opened", username=self._bot.username, polls=self._webhook is None)
        self._trouble = ""
        self._is_open.set()

    async def _insist(self, call: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await call()
            except InvalidToken:  # its text would quote the token
                self._note("token_refused", "Telegram does not know this token")
            except TelegramError as failure:
                self._note("unreachable", str(failure)[:200])
            else:
                return
            await asyncio.sleep(self._again_s)

    async def _set_webhook(self) -> None:
        if self._webhook:
            await self._bot.set_webhook(
                self._webhook.url, secret_token=self._webhook.secret, allowed_updates=ALLOWED_UPDATES
            )

    async def _publish_menu(self) -> None:
        await publish_menu(self._bot, self._routing.commands)

    def _note(self, trouble: str, reason: str) -> None:
        if trouble != self._trouble:
            log.error("bot.not_open", trouble=trouble, reason=reason)
        self._trouble = trouble

    def _spawn(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(_supervised(name, run), name=name))

    async def _handle(self, stored: StoredUpdate) -> None:
        update = parse_update(stored.raw, self._bot)
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None:
            return
        query = update.callback_query
        press = Press(self._sender, query.id) if query else None
        errand = self._errand(stored, update, chat, user, press)
        begin(errand)
        try:
            await self._application.process_update(update)
        finally:
            self._services.activity.acted(errand.visitor.seller_id if errand.visitor else "", errand.outcome)
            if press:
                press.answer()

    def _errand(
        self, stored: StoredUpdate, update: Update, chat: Chat, user: User, press: Press | None
    ) -> Errand:
        language = user.language_code or ""
        return Errand(
            services=self._services,
            sender=self._sender,
            bot_id=self._bot_id,
            source_key=f"inbox:{stored.inbox_id}",
            chat=ChatRef(chat.id, chat.type, chat.effective_name or "", topic_of(update)),
            user=UserRef(str(user.id), user.full_name, language, hides_behind_chat(update)),
            text=strangers_text(language),
            press=press,
            username=self._bot.username,
        )


def _application(bot: Bot, routing: Routing, quotas: Quotas) -> "Application[Any, Ctx, Any, Any, Any, Any]":
    application = (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Ctx))
        .build()
    )
    application.add_handler(TypeHandler(Update, Guard(routing, quotas).admit), _GUARDS)
    application.add_handler(TypeHandler(Update, _answer))
    application.add_error_handler(explain)
    return application


async def _answer(update: Update, ctx: Ctx) -> None:
    if ctx.errand.handler:
        await ctx.errand.handler(update, ctx)


async def _supervised(name: str, run: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            return await run()
        except Exception:
            log.exception("loop.broke", loop=name)
            await asyncio.sleep(1)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
