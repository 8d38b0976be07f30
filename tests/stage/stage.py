"""Starting and ending the stage: simulators in this process, StoreSync in one that has never seen them."""

import contextlib
import hashlib
import os
import signal
import socket
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psycopg

from simulator.serve import serving
from simulator.shopee.simulator import ShopeeSimulator
from simulator.telegram.server import TelegramSimulator
from tests.stage.canaries import Canaries, make_canaries
from tests.stage.process import Nursery, Running, Spawned
from tests.stage.seller import Seller
from tests.stage.waiting import until

HOST = "127.0.0.1"
READY_WITHIN_S = 120.0


class Stage:
    """Both simulators and the settings of a StoreSync between them; `start_bot` brings that to life."""

    def __init__(
        self,
        folder: Path,
        telegram: TelegramSimulator,
        shopee: ShopeeSimulator,
        shopee_url: str,
        canaries: Canaries,
        database_url: str,
    ) -> None:
        self.canaries = canaries
        self.folder = folder
        self.telegram = telegram
        self.shopee = shopee
        self.shopee_url = shopee_url
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.log = folder / "storesync.log"
        self.environment = self._environment(database_url)
        self.phones = httpx.AsyncClient(base_url=telegram.url, trust_env=False, timeout=30)
        self.seller = Seller(self.phones, shopee_url)
        self.words = ["run"]
        self.workers: list[Running] = []
        self._bot: Running | None = None
        self.target = folder / "failpoint"

    async def start_bot(self, nursery: Nursery | None = None, *, broken: str = "") -> None:
        """Start StoreSync as a host does, or have a nursery fork it, and wait until it answers."""
        await self.begin_bot(nursery, broken=broken)
        await until(self._is_ready, "StoreSync to answer", within_s=READY_WITHIN_S)

    async def begin_bot(self, nursery: Nursery | None = None, *, broken: str = "") -> None:
        """Start StoreSync without waiting: it may be about to crash on its way up."""
        self._bot = await self._begin(nursery, *self.words, broken=broken)

    async def start_worker(self, nursery: Nursery | None = None, *, broken: str = "") -> Running:
        """Start a worker beside the bot; it begins when it is ready."""
        self.workers.append(await self._begin(nursery, "worker", broken=broken))
        return self.workers[-1]

    async def _begin(self, nursery: Nursery | None, *words: str, broken: str) -> Running:
        if nursery is None:
            return await Spawned.start(self.environment, self.log, *words)
        return await nursery.fork(self.environment, self.log, *words, target=self.target, broken=broken)

    async def _is_ready(self) -> bool:
        if self._bot and not self._bot.is_running():
            raise AssertionError(f"StoreSync ended: {self.log_tail()}")
        try:
            answer = await self.phones.get(f"{self.url}/healthz", timeout=2)
        except httpx.HTTPError:
            return False
        return answer.is_success and answer.json()["telegram"] == "ready"

    async def command(self, *words: str) -> None:
        """Run a command of StoreSync's to its end, with the settings of this stage; it must go well."""
        command = await Spawned.start(self.environment, self.log, *words)
        await command.ended(300)
        assert command.exit_code == 0, self.log_tail()

    async def kill_bot(self) -> None:
        """End StoreSync with SIGKILL, as the power does."""
        await self._end(signal.SIGKILL)

    async def stop_bot(self) -> int | None:
        """End StoreSync as a host does; return its exit code where it is known."""
        bot = self._bot
        await self._end(signal.SIGTERM)
        return bot.exit_code if isinstance(bot, Spawned) else None

    @property
    def bot(self) -> Running:
        assert self._bot is not None
        return self._bot

    @property
    def database(self) -> Path:
        return self.folder / "storesync.db"

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the database as it is, beside the process that uses it; `?` stands for a value."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as look:
                return look.execute(query, values).fetchall()
        with psycopg.connect(url) as look:
            return look.execute(query.replace("?", "%s").encode(), values or None).fetchall()

    async def _end(self, how: signal.Signals) -> None:
        if self._bot:
            await self._bot.end(how)
        self._bot = None

    def log_tail(self, lines: int = 30) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    async def close(self) -> None:
        await self._end(signal.SIGKILL)
        for worker in self.workers:
            await worker.end(signal.SIGKILL)
        await self.phones.aclose()

    def _environment(self, database_url: str) -> dict[str, str]:
        app = self.shopee.simulation.app
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
        return kept | {
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "QUOTA_FACTOR": "1000",
            "TELEGRAM_API_URL": self.telegram.url,
            "PUBLIC_URL": self.url,
            "HTTP_HOST": HOST,
            "HTTP_PORT": str(self.port),
            "DATABASE_URL": database_url or f"sqlite+aiosqlite:///{self.database}",
            "SECRET_KEYS": f"stage:{self.canaries.master_key}",
            "SIGNUP": "open",
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": "json",
            "SHOPEE_PARTNER_ID": str(app.partner_id),
            "SHOPEE_PARTNER_KEY": app.partner_key,
            "SHOPEE_PUSH_KEYS": app.push_key,
            "SHOPEE_API_URL": self.shopee_url,
            "SHOPEE_AUTH_URL": f"{self.shopee_url}/auth",
            "SHOPEE_SHOP_RPS": "200",
            "SHOPEE_APP_RPS": "200",
        }


@contextlib.asynccontextmanager
async def open_stage(
    *,
    orders: int = 2000,
    products: int | None = None,
    seed: int = 1,
    push_retry_scale: float = 0.001,
    database_url: str = "",
) -> AsyncIterator[Stage]:
    """Open a stage on free ports, in a folder that goes away with it; its database is a file there, unless named."""
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="storesync-stage-"))
        canaries = make_canaries()
        simulator = TelegramSimulator(token=canaries.bot_token, seed=seed)
        telegram = await stack.enter_async_context(simulator.serve())
        shopee = ShopeeSimulator(
            seed=seed,
            orders=orders,
            products=products,
            partner_key=canaries.partner_key,
            push_key=canaries.push_key,
        )
        shopee.simulation.pushes.retry_scale = push_retry_scale
        shopee_url = await stack.enter_async_context(serving(shopee.app, HOST, 0))
        stage = Stage(Path(folder), telegram, shopee, shopee_url, canaries, database_url)
        shopee.simulation.pushes.callback_url = f"{stage.url}/hooks/shopee/{hook_id(shopee)}"
        stack.push_async_callback(stage.close)
        yield stage


def hook_id(shopee: ShopeeSimulator) -> str:
    """Return the last part of the push address, as `storesync doctor` and the runbook tell hosts."""
    return hashlib.sha256(f"shopee|production|{shopee.simulation.app.partner_id}".encode()).hexdigest()[:16]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
