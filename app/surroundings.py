"""What is around the program, for the doctor: its files, the host's chat, the way in from outside."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.settings import Settings
from storage.address import file_of, read_address

OTHERS = stat.S_IRWXG | stat.S_IRWXO
_TRACKED_ENV = b"\x00\x04.env\x00"
"""How git's index holds a file of that name: the length of the path, the path, a fill byte."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` is empty when it is well."""

    what: str
    mend: str = ""
    exit_code: int = 0

    @property
    def mark(self) -> str:
        return "ok   " if not self.mend else "MEND "


def about_files(settings: Settings, folder: Path = Path()) -> Iterator[Finding]:
    """Look at who may read what holds data and secrets."""
    file = file_of(read_address(settings.database_url))
    if file is None:
        yield Finding("database is PostgreSQL: several processes may share it")
    else:
        yield Finding(f"database is an SQLite file ({file}): one process has it")
        if file.exists():
            yield from _rights("the folder of the database", file.parent, "700")
            yield from _rights("the database", file, "600")
    env = folder / ".env"
    if env.exists():
        yield from _rights("the settings", env, "600")
    index = folder / ".git" / "index"
    if index.exists() and _TRACKED_ENV in index.read_bytes():
        yield Finding(
            "git keeps .env with its secrets",
            "Run: git rm --cached .env; then replace every secret in it, as copies keep the old ones.",
            1,
        )


async def about_host_chat(client: httpx.AsyncClient, settings: Settings) -> Finding:
    """Ask Telegram whether the bot may write to the host's chat, without writing."""
    if settings.host_chat is None:
        return Finding("no chat hears of troubles and feedback (HOST_CHAT is not set)")
    token = settings.telegram_bot_token.get_secret_value()
    asked = {"chat_id": settings.host_chat}
    try:
        answer = await client.post(f"{settings.telegram_api_url}/bot{token}/getChat", json=asked)
    except httpx.HTTPError:
        return Finding("the host's chat was not asked for: Telegram does not answer")
    if not answer.is_success:
        mend = "Send the bot a message from that chat, or add it to that group; then check the number."
        return Finding(f"the bot cannot see the chat HOST_CHAT={settings.host_chat}", mend, 1)
    return Finding("the host's chat can be reached")


async def about_way_in(client: httpx.AsyncClient, settings: Settings) -> Finding:
    """Ask our own server by its public address; that says nothing while it does not run."""
    if not settings.public_url:
        return Finding("no public address: shops are linked by pasting, orders come by polling")
    own = f"http://{settings.http_host}:{settings.http_port}"
    if not await _is_well(client, own):
        return Finding("the public address was not asked for: the server does not run here")
    if not await _is_well(client, settings.public_url):
        mend = f"Let the proxy pass {settings.public_url} on to {own}, with a certificate that is valid."
        return Finding("PUBLIC_URL does not lead to this server", mend, 1)
    return Finding("PUBLIC_URL leads to a server that is well")


async def _is_well(client: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await client.get(f"{address}/healthz")).is_success
    except httpx.HTTPError:
        return False


def _rights(name: str, path: Path, wanted: str) -> Iterator[Finding]:
    if path.stat().st_mode & OTHERS:
        yield Finding(f"{name} can be read by others", f"Run: chmod {wanted} {path}", 1)
