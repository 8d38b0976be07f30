"""Telegram's client over our transport, and the room around it."""

import json

import httpx
from telegram import Bot
from telegram.ext import ExtBot

from adapters.kit.transport import AiohttpTransport, TransportLimits
from app.settings import Settings, TelegramMode
from bot.application import BotRoom, Webhook
from bot.commands import COMMANDS
from bot.flows import FLOWS
from bot.handlers.buttons import press_ticket
from bot.handlers.imports import take_file
from bot.handlers.photos import hear_photo
from bot.handlers.words import hear_words
from bot.quotas import Quotas
from bot.request import ClientRequest, HttpFailures
from bot.routes import ROUTES
from bot.routing import Routing
from bot.sender import Budgets
from bot.updates import read_update
from domain.clock import Clock
from services import Services

LIMITS = TransportLimits(connections=64, body_bytes=25 * 1024 * 1024, deadline_s=90.0)

FAILURES = HttpFailures(
    never_sent=(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol),
    timed_out=(httpx.TimeoutException,),
    broken=(httpx.HTTPError,),
)


def open_client() -> httpx.AsyncClient:
    """Return the client for Telegram alone; whoever opens it closes it."""
    return httpx.AsyncClient(transport=AiohttpTransport(LIMITS), trust_env=False)


def build_bot(settings: Settings, client: httpx.AsyncClient) -> Bot:
    request = ClientRequest(client, FAILURES)
    return ExtBot(
        token=settings.telegram_bot_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=request,
        get_updates_request=request,
    )


def build_room(settings: Settings, bot: Bot, services: Services, clock: Clock) -> BotRoom:
    webhook = None
    if settings.telegram_mode is TelegramMode.WEBHOOK:
        secret = settings.telegram_webhook_secret.get_secret_value()
        webhook = Webhook(f"{settings.public_url}/telegram", secret)
    budgets = Budgets(
        chat_per_s=settings.telegram_chat_rps,
        overall_per_s=settings.telegram_rps,
        group_per_minute=settings.telegram_group_rpm,
    )
    routing = Routing(
        COMMANDS,
        ROUTES,
        press_ticket=press_ticket,
        flows=FLOWS,
        search=hear_words,
        keep_photo=hear_photo,
        take_file=take_file,
    )
    return BotRoom(
        bot=bot,
        services=services,
        clock=clock,
        routing=routing,
        webhook=webhook,
        budgets=budgets,
        quotas=Quotas(settings.quota_factor),
        host_chat=settings.host_chat or 0,
    )


async def take_update(services: Services, bot_id: str, body: bytes) -> bool:
    """Store one update that Telegram posted; False for what cannot be an update."""
    try:
        update = read_update(json.loads(body))
    except ValueError:
        return False
    if update is None:
        return False
    await services.inbound.store_updates(bot_id, [update])
    return True
