"""getMe, getUpdates and the webhook: how the bot hears of things."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import WEBHOOK_IS_ACTIVE, bad_request, conflict, too_many_requests, violation
from simulator.telegram.links import link_fault
from simulator.telegram.objects import user_object
from simulator.telegram.records import Json
from simulator.telegram.webhook import WebhookSetting

PORTS: Final = {80, 88, 443, 8443}
SECRET: Final = re.compile(r"[A-Za-z0-9_\-]*")
MAX_SECRET: Final = 256


def get_me(engine: Engine, call: Call) -> Json:  # noqa: ARG001 - every method has this shape
    return user_object(engine.world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not engine.has_privacy_mode,
        "supports_inline_queries": False,
        "supports_guest_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


async def get_updates(engine: Engine, call: Call) -> list[Json]:
    if engine.webhook.setting:
        raise conflict(WEBHOOK_IS_ACTIVE)
    engine.updates.allow(call.get("allowed_updates"))
    return await engine.poller.poll(
        call.get("offset", 0), call.get("limit", 100), call.get("timeout", 0), engine.closing
    )


async def set_webhook(engine: Engine, call: Call) -> bool:
    url = call.args["url"]
    if not url:
        return await delete_webhook(engine, call)
    _check_hook(url)
    secret = call.get("secret_token", "")
    if len(secret) > MAX_SECRET:
        raise violation("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise violation("secret token contains unallowed characters")
    if engine.rates.is_on and engine.clock() < engine.next_webhook_at:
        raise too_many_requests(1)
    engine.next_webhook_at = engine.clock() + 1
    await engine.webhook.stop()
    engine.poller.terminate("Conflict: terminated by setWebhook request")
    _drop_pending(engine, call)
    engine.updates.allow(call.get("allowed_updates"))
    engine.webhook.start(
        WebhookSetting(
            url,
            secret,
            call.get("max_connections", 40),
            call.get("ip_address", ""),
            has_certificate="certificate" in call.args,
        )
    )
    return True


def _check_hook(url: str) -> None:
    """Refuse what Telegram refuses; plain HTTP passes on loopback only, as with a server of one's own."""
    if link_fault(url) not in {None, "Wrong HTTP URL"}:
        raise violation("invalid webhook URL specified")
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if _is_loopback(parts.hostname or ""):
        return
    if parts.scheme != "https":
        raise violation("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise violation("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    raise bad_request("bad webhook: Failed to resolve host: Name or service not known")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def delete_webhook(engine: Engine, call: Call) -> bool:
    await engine.webhook.stop()
    _drop_pending(engine, call)
    return True


def _drop_pending(engine: Engine, call: Call) -> None:
    if call.get("drop_pending_updates", False):
        engine.updates.drop_pending()


def get_webhook_info(engine: Engine, call: Call) -> Json:  # noqa: ARG001 - every method has this shape
    return engine.webhook.info()
