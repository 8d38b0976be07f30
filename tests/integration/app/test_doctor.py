"""The doctor: what is wrong with an installation, and one mend for each finding."""

import asyncio
import base64
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.doctor import Finding, examine
from app.settings import Settings
from app.surroundings import about_files, about_way_in
from app.wiring import open_store
from simulator.serve import serving
from simulator.shopee.simulator import ShopeeSimulator
from simulator.telegram.server import TelegramSimulator
from tests.integration.bot.phone import Phone
from tests.stage.stage import free_port

TOKEN = "123456:canary-bot-token-0001"
KEYS = f"k1:{base64.b64encode(bytes(range(32))).decode()}"
OTHER_KEYS = f"k1:{base64.b64encode(bytes(32)).decode()}"


@asynccontextmanager
async def telegram(status: int = 200, *, date: str | None = "now") -> AsyncIterator[str]:
    """Answer every call like a Bot API server whose clock says `date`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        told = format_datetime(datetime.now(UTC), usegmt=True) if date == "now" else date
        head = f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n"
        writer.write((head + (f"Date: {told}\r\n" if told else "") + "\r\n{}").encode())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def settings(folder: Path, telegram_url: str, **more: object) -> Settings:
    values = {
        "telegram_bot_token": SecretStr(TOKEN),
        "telegram_api_url": telegram_url,
        "secret_keys": SecretStr(KEYS),
        "database_url": f"sqlite+aiosqlite:///{folder / 'storesync.db'}",
        "public_url": "https://shop.example",
    } | more
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


async def migrated(made: Settings) -> Settings:
    async with open_store(made):
        return made


def wrong(findings: list[Finding]) -> dict[str, int]:
    """Return what is to be mended, with its exit code."""
    assert all("canary" not in f"{each.what} {each.mend}" for each in findings)
    assert all(bool(each.mend) == bool(each.exit_code) for each in findings)
    assert {each.mark.strip() for each in findings} <= {"ok", "MEND"}
    return {each.what: each.exit_code for each in findings if each.mend}


async def test_a_whole_installation_has_nothing_to_mend(tmp_path: Path) -> None:
    simulator, shopee = TelegramSimulator(), ShopeeSimulator(orders=1)
    async with simulator.serve() as running, serving(shopee.app, "127.0.0.1", 0) as shopee_url:
        made = await migrated(
            settings(
                tmp_path,
                running.url,
                telegram_bot_token=SecretStr(running.token),
                shopee_partner_id=str(shopee.simulation.app.partner_id),
                shopee_partner_key=SecretStr(shopee.simulation.app.partner_key),
                shopee_push_keys=(SecretStr(shopee.simulation.app.push_key),),
                shopee_api_url=shopee_url,
            )
        )
        findings = await examine(made)
    assert wrong(findings) == {}
    assert {
        "settings are complete",
        "database opens, keys fit",
        "Telegram knows the bot",
        "clock is right",
    } <= {each.what for each in findings}
    assert "shopee answers" in [each.what for each in findings]


async def test_a_database_that_was_never_migrated_is_to_be_migrated(tmp_path: Path) -> None:
    (tmp_path / "storesync.db").touch()
    async with telegram() as url:
        findings = await examine(settings(tmp_path, url))
    assert next(each.mend for each in findings if "no schema yet" in each.what) == "Run: storesync migrate"


async def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with telegram() as url:
        assert wrong(await examine(settings(tmp_path, url)))["database or keys do not fit"] == 2
    assert not (tmp_path / "storesync.db").exists(), "the doctor only looks"


async def test_keys_that_do_not_fit_are_told(tmp_path: Path) -> None:
    async with telegram() as url:
        await migrated(settings(tmp_path, url))
        findings = await examine(settings(tmp_path, url, secret_keys=SecretStr(OTHER_KEYS)))
    assert wrong(findings)["database or keys do not fit"] == 2


async def test_the_doctor_may_come_while_the_server_runs(tmp_path: Path) -> None:
    async with telegram() as url:
        made = settings(tmp_path, url)
        async with open_store(made):
            assert "database opens, keys fit" in [each.what for each in await examine(made)]


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_telegram_does_not_know_is_told(tmp_path: Path, status: int) -> None:
    async with telegram(status) as url:
        found = wrong(await examine(await migrated(settings(tmp_path, url))))
    assert found["Telegram does not know the token"] == 2


async def test_a_telegram_that_is_down_is_told(tmp_path: Path) -> None:
    async with telegram(502) as url:
        findings = await examine(await migrated(settings(tmp_path, url)))
    assert wrong(findings)["Telegram does not answer (status 502)"] == 1
    assert "Telegram knows the bot" not in [each.what for each in findings]


async def test_a_telegram_that_does_not_answer_is_told(tmp_path: Path) -> None:
    found = wrong(await examine(await migrated(settings(tmp_path, f"http://127.0.0.1:{free_port()}"))))
    assert any(what.startswith("Telegram does not answer") for what in found)


@pytest.mark.parametrize("off", [timedelta(minutes=-5), timedelta(minutes=5)])
async def test_a_clock_that_is_off_is_told(tmp_path: Path, off: timedelta) -> None:
    async with telegram(date=format_datetime(datetime.now(UTC) + off, usegmt=True)) as url:
        found = wrong(await examine(await migrated(settings(tmp_path, url))))
    assert any("clock is" in what and "s off" in what for what in found)


@pytest.mark.parametrize("date", [None, "yesterday at noon"])
async def test_a_clock_that_cannot_be_compared_is_no_finding(tmp_path: Path, date: str | None) -> None:
    async with telegram(date=date) as url:
        findings = await examine(await migrated(settings(tmp_path, url)))
    assert any(each.what.startswith("clock not compared") and not each.mend for each in findings)


async def test_an_installation_that_can_link_nothing_is_told(tmp_path: Path) -> None:
    async with telegram() as url:
        assert wrong(await examine(await migrated(settings(tmp_path, url)))) == {
            "no platform can be linked": 1
        }


async def test_a_platform_that_does_not_answer_or_cannot_push_is_told(tmp_path: Path) -> None:
    async with telegram() as url:
        made = settings(
            tmp_path,
            url,
            shopee_partner_id="1",
            shopee_partner_key=SecretStr("canary-partner"),
            shopee_api_url=f"http://127.0.0.1:{free_port()}",
        )
        found = wrong(await examine(await migrated(made)))
    assert [code for what, code in found.items() if "pushes cannot be verified" in what] == [1]
    assert [code for what, code in found.items() if what.startswith("shopee does not answer")] == [1]


async def test_a_chat_of_the_host_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    simulator = TelegramSimulator()
    async with simulator.serve() as running:
        sari = Phone(simulator, "Sari")
        for chat, is_seen in ((sari.id, True), (4040404, False)):
            made = settings(
                tmp_path, running.url, telegram_bot_token=SecretStr(running.token), host_chat=chat
            )
            found = [each.what for each in await examine(await migrated(made)) if each.exit_code]
            assert (f"the bot cannot see the chat HOST_CHAT={chat}" not in found) is is_seen


async def test_files_that_others_can_read_are_told(tmp_path: Path) -> None:
    made = await migrated(settings(tmp_path, "http://127.0.0.1:9"))
    assert [each.exit_code for each in about_files(made, tmp_path)] == [0]
    (tmp_path / "storesync.db").chmod(0o644)
    (tmp_path / ".env").touch(mode=0o640)
    tmp_path.chmod(0o755)
    told = wrong(list(about_files(made, tmp_path)))
    assert told == {
        "the folder of the database can be read by others": 1,
        "the database can be read by others": 1,
        "the settings can be read by others": 1,
    }


def test_settings_that_git_keeps_are_told(tmp_path: Path) -> None:
    made = settings(tmp_path, "http://127.0.0.1:9")
    for name in (".env.example", ".env"):
        (tmp_path / name).touch(mode=0o600)
        for command in (("init", "-q"), ("add", "-f", name)):
            subprocess.run(["git", *command], cwd=tmp_path, check=True)  # noqa: S607 - the git of this machine
        told = wrong(list(about_files(made, tmp_path)))
        assert told == ({} if name == ".env.example" else {"git keeps .env with its secrets": 1})


async def test_a_public_address_is_asked_only_while_the_server_runs(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    async with telegram() as server, httpx.AsyncClient() as client:
        port = int(server.rpartition(":")[2])
        for public, own, code in ((server, port, 0), (nowhere, port, 1), (nowhere, free_port(), 0)):
            made = settings(tmp_path, server, public_url=public, http_port=own)
            assert (await about_way_in(client, made)).exit_code == code
        assert "pasting" in (await about_way_in(client, settings(tmp_path, server, public_url=""))).what
