"""The HTTP server's routes. Bodies are capped here; everything else is the services' to decide."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Route

from services import Services
from web.health import Health
from web.hooks import HookEndpoint
from web.linking import LinkPages, RenderPage
from web.metrics import MetricsEndpoint
from web.telegram import TelegramEndpoint


@dataclass(frozen=True, slots=True)
class Doors:
    """What the web room is given besides the services.

    `telegram_secret` is empty when Telegram is polled: then there is no such door. `take_update`
    stores one raw update and tells whether it could be read. `held` is what the bot has in hand;
    without a `metrics_token` the metrics are for this machine alone.
    """

    render: RenderPage
    bot_url: Callable[[], str]
    telegram_secret: str
    is_secure: bool
    take_update: Callable[[bytes], Awaitable[bool]]
    facts: Callable[[], Awaitable[dict[str, object]]]
    readiness: Callable[[], Awaitable[dict[str, object]]]
    held: Callable[[], dict[str, int]] = dict
    metrics_token: str = ""


def build_web(services: Services, doors: Doors) -> Starlette:
    pages = LinkPages(services.linking, doors.render, doors.bot_url, is_secure=doors.is_secure)
    metrics = MetricsEndpoint(services.metrics, doors.held, doors.metrics_token)
    routes = [
        Route("/healthz", Health(doors.facts), methods=["GET"]),
        Route("/readyz", Health(doors.readiness), methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
        Route("/connect/{nonce}", pages.connect, methods=["GET"]),
        Route("/connect/{nonce}", pages.go_on, methods=["POST"]),
        Route("/oauth/{platform}", pages.returned, methods=["GET"]),
        Route("/hooks/{platform}/{app_id}", HookEndpoint(services.inbound), methods=["POST"]),
    ]
    if doors.telegram_secret:
        telegram = TelegramEndpoint(doors.telegram_secret, doors.take_update)
        routes.append(Route("/telegram", telegram, methods=["POST"]))
    return Starlette(routes=routes)
