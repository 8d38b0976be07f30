"""The command line as a host uses it: in a process of its own, with its exit code and its words.

Most commands run in a fork of a process that has loaded StoreSync, which spares the loading; some really start.
"""

import asyncio
import base64
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.__main__ import stop_event
from app.settings import Settings
from app.wiring import open_store
from domain.clock import utc_now
from domain.errors import ConfigurationError, NotAllowed
from domain.people import Role
from services.people import ChatRef, PeopleService, UserRef
from tests.stage.process import ROOT, shared_nursery
from tests.stage.stage import free_port
from tests.stage.waiting import until

TOKEN = "123456:canary-bot-token-0001"
KEYS = f"k1:{base64.b64encode(bytes(range(32))).decode()}"


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(folder),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}",
        "SECRET_KEYS": KEYS,
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'storesync.db'}",
        "HTTP_PORT": str(free_port()),
        **more,
    }


@asynccontextmanager
async def started(command: str, variables: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", *command.split()),
        cwd=ROOT,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def run(command: str, variables: dict[str, str]) -> tuple[int, str, str]:
    """Run a command to its end in a fork; return its exit code and what it wrote."""
    return await shared_nursery().run(variables, *command.split())


async def start(command: str, variables: dict[str, str]) -> tuple[int, str, str]:
    """Start a Python for a command as a host does and wait for its end; return its exit code and what it wrote."""
    async with asyncio.timeout(60), started(command, variables) as process:
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def settings(variables: dict[str, str]) -> Settings:
    return Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(TOKEN),
        secret_keys=SecretStr(variables["SECRET_KEYS"]),
        database_url=variables["DATABASE_URL"],
    )


async def test_an_invite_is_made_while_the_server_runs_and_lets_one_person_in(tmp_path: Path) -> None:
    variables = environment(tmp_path)
    async with open_store(settings(variables)) as (database, _, _):
        code, told, complained = await start("invite", variables)
        assert (code, complained) == (0, "")
        token = re.findall(r"/start (\S+)", told)[0]
        people = PeopleService(database, utc_now, signup="closed")
        chat = ChatRef(4711, "private", "Sari")
        with pytest.raises(NotAllowed):
            await people.admit("123456", chat, UserRef("4711", "Sari"), "", "en")
        visitor = await people.admit("123456", chat, UserRef("4711", "Sari"), token, "en")
        assert visitor.role is Role.OWNER
        code, _, complained = await run("invite", variables)
        assert (code, "SIGNUP=invite lets you invite others" in complained) == (2, True)
        assert (await run("invite", variables | {"SIGNUP": "invite"}))[0] == 0


async def test_a_second_server_on_the_same_file_is_refused(tmp_path: Path) -> None:
    variables = environment(tmp_path)
    async with open_store(settings(variables)):
        code, told, complained = await run("run", variables)
    assert (code, told) == (2, "")
    assert f"process {os.getpid()}" in complained
    assert "Traceback" not in complained


async def test_migrate_makes_the_database_for_the_hosts_eyes_only(tmp_path: Path) -> None:
    code, told, complained = await run("migrate", environment(tmp_path))
    assert (code, complained) == (0, "")
    assert told.startswith("The database is at ")
    assert (tmp_path / "storesync.db").stat().st_mode & 0o777 == 0o600


async def test_wrong_settings_are_told_and_not_a_trace(tmp_path: Path) -> None:
    variables = environment(tmp_path, HTTP_PORT="canary", SIGNUP="canary")
    variables["TELEGRAM_BOT_TOKEN"] = "canary"
    code, told, complained = await start("run", variables)
    assert (code, told) == (2, "")
    for name in ("TELEGRAM_BOT_TOKEN", "HTTP_PORT", "SIGNUP"):
        assert name in complained
    assert "Traceback" not in complained
    assert "canary" not in complained


async def test_the_doctors_exit_code_is_that_of_the_worst_finding(tmp_path: Path) -> None:
    code, told, _ = await run("doctor", environment(tmp_path))
    assert code == 2
    assert "MEND  database or keys do not fit" in told
    assert "ok    settings are complete" in told
    assert "canary" not in told


async def test_the_demo_starts_tells_programs_where_it_is_and_ends_when_told(tmp_path: Path) -> None:
    variables = {
        name: value
        for name, value in environment(tmp_path).items()
        if name in {"PATH", "HOME", "LANG", "TMPDIR"}
    }
    async with asyncio.timeout(60), started("demo", variables) as process:
        assert process.stdout
        facts = json.loads(await process.stdout.readline())
        assert facts["kind"] == "demo"
        assert facts["telegram"]["token"]
        assert all(facts[each]["shop_ids"] for each in ("shopee", "tiktok_shop", "lazada"))
        async with httpx.AsyncClient(trust_env=False) as client:
            shelves = [facts[each]["buyer_url"] for each in ("shopee", "tiktok_shop", "lazada")]
            for address in (facts["chat_url"], *shelves):
                assert (await client.get(address, follow_redirects=True)).status_code == 200

            async def is_ready() -> bool:
                health = await client.get(f"{facts['storesync']['url']}/healthz")
                return bool(health.json()["telegram"] == "ready")

            await until(is_ready, "the bot to be in touch with Telegram")
            users = (await client.get(f"{facts['chat_url']}/client/calls")).json()
            assert users
        assert facts["storesync"]["hook_url"].startswith(facts["storesync"]["url"])
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert list(tmp_path.iterdir()) == [], "its database goes away with it"


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_asks_for_the_end(name: signal.Signals) -> None:
    loop = asyncio.get_running_loop()
    stopped = stop_event()
    try:
        assert not stopped.is_set()
        signal.raise_signal(name)
        async with asyncio.timeout(5):
            await stopped.wait()
    finally:
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(each)
        loop.set_exception_handler(None)


async def test_two_servers_never_share_a_file_and_one_after_the_other_may_have_it(tmp_path: Path) -> None:
    variables = environment(tmp_path)
    for _ in range(2):
        async with open_store(settings(variables)):
            with pytest.raises(ConfigurationError, match="already runs"):
                async with open_store(settings(variables)):
                    pass


async def test_a_command_beside_a_database_of_another_release_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "storesync.db").touch()
    with pytest.raises(ConfigurationError, match="storesync migrate"):
        async with open_store(settings(environment(tmp_path)), is_server=False):
            pass
