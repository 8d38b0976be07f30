"""What is wrong with this installation, and one mend for each finding."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from adapters.registry import open_transport
from app.platform_apps import apps_from
from app.settings import Settings
from app.surroundings import Finding, about_files, about_host_chat, about_way_in
from app.wiring import open_store
from domain.clock import utc_now
from domain.errors import ConfigurationError
from storage.migrate import current, head

__all__ = ["Finding", "examine"]

SKEW_S = 30.0
WAIT_S = 10.0


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything that can be looked at without changing anything for anybody."""
    findings = [Finding("settings are complete"), *_about_links(settings), *about_files(settings)]
    findings.append(await _database(settings))
    async with httpx.AsyncClient(transport=open_transport(), trust_env=False, timeout=WAIT_S) as client:
        findings.extend(await _telegram(client, settings))
        findings += [await about_host_chat(client, settings), await about_way_in(client, settings)]
        findings += [await _reachable(client, app.platform, app.api_url) for app in apps_from(settings)]
    return findings


def _about_links(settings: Settings) -> list[Finding]:
    found = []
    if not apps_from(settings):
        found.append(
            Finding(
                "no platform can be linked",
                "Set SHOPEE_PARTNER_ID and SHOPEE_PARTNER_KEY from the platform's console.",
                1,
            )
        )
    found += [
        Finding(f"push address for the console of {app.platform}: {app.hook_url}")
        for app in apps_from(settings)
        if app.hook_url
    ]
    if settings.shopee_partner_id and not settings.shopee_push_keys:
        found.append(
            Finding(
                "Shopee's pushes cannot be verified: new orders come by polling only",
                "Set SHOPEE_PUSH_KEYS to the live push partner key of the console.",
                1,
            )
        )
    return found


async def _database(settings: Settings) -> Finding:
    try:
        version = await current(settings.database_url)
        if version != head():
            return Finding(
                f"database is at {version or 'no schema yet'}, this version needs {head()}",
                "Run: storesync migrate",
                1,
            )
        async with open_store(settings, is_server=False):
            return Finding("database opens, keys fit")
    except ConfigurationError as wrong:
        return Finding("database or keys do not fit", str(wrong), 2)


async def _telegram(client: httpx.AsyncClient, settings: Settings) -> list[Finding]:
    token = settings.telegram_bot_token.get_secret_value()
    try:
        answer = await client.post(f"{settings.telegram_api_url}/bot{token}/getMe")
    except httpx.HTTPError as failed:
        reason = type(failed).__name__
        return [Finding(f"Telegram does not answer ({reason})", "Check the network and TELEGRAM_API_URL.", 1)]
    if answer.status_code in {401, 404}:
        return [Finding("Telegram does not know the token", "Get a new one from @BotFather.", 2)]
    if not answer.is_success:
        reason = f"status {answer.status_code}"
        return [
            Finding(f"Telegram does not answer ({reason})", "Try again later; check TELEGRAM_API_URL.", 1)
        ]
    return [Finding("Telegram knows the bot"), _clock(answer)]


def _clock(answer: httpx.Response) -> Finding:
    try:
        told = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return Finding("clock not compared: no time came with the answer")
    off = abs((told.astimezone(UTC) - _now()).total_seconds())
    if off > SKEW_S:
        return Finding(f"this machine's clock is {off:.0f} s off", "Let it follow a time server (NTP).", 1)
    return Finding("clock is right")


async def _reachable(client: httpx.AsyncClient, platform: str, url: str) -> Finding:
    try:
        await client.get(url)
    except httpx.HTTPError as failed:
        reason = type(failed).__name__
        return Finding(f"{platform} does not answer ({reason})", "Check the network and the *_API_URL.", 1)
    return Finding(f"{platform} answers")


def _now() -> datetime:
    return utc_now()
