"""What a proof is asked for, and the stage it plays on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import column, func, table, text, update

from domain.clock import utc_now
from storage.database import Connection, Database
from storage.leases import release_all
from tests.databases import migrated
from tests.proofs.verdict import Verdict
from tests.stage import Message, Nursery, Phone, Seller, Stage, open_stage, shared_nursery
from tests.stage.crew import choose_shop

EDITED_SOON = "0.3"
"""`STAGE_EDITS_S` of a scene that waits for what rings there: on a message it grows every 5 or 30 seconds otherwise."""
QUEUES = "SELECT schemaname FROM pg_tables WHERE tablename = 'procrastinate_workers'"


@dataclass(frozen=True, slots=True)
class Trial:
    """`is_broken` takes the guarded clause away: the proof must then find violations, or one if that will do."""

    name: str
    seed: int
    is_release: bool = False
    is_broken: bool = False
    one_will_do: bool = False

    @property
    def random(self) -> Random:
        return Random(self.seed)  # noqa: S311 - a trial must be repeatable

    @property
    def broken(self) -> str:
        return self.name if self.is_broken else ""

    def verdict(self) -> Verdict:
        return Verdict(self.name, self.seed, one_will_do=self.one_will_do)

    def size(self, ci: int, release: int) -> int:
        return release if self.is_release else ci


def _age(conn: Connection) -> None:
    """End leases and heartbeats: PostgreSQL's queue waits half a minute before it calls a worker gone."""
    release_all(conn, utc_now())
    if conn.dialect.name == "postgresql":
        for schema in conn.scalars(text(QUEUES)).all():
            workers = table("procrastinate_workers", column("last_heartbeat"), schema=schema)
            conn.execute(update(workers).values(last_heartbeat=func.to_timestamp(0)))


@dataclass(slots=True)
class Scene:
    """A running StoreSync with one seller, whose shop is linked and read."""

    stage: Stage
    nursery: Nursery
    phone: Phone
    broken: str

    async def start(self) -> None:
        await self.stage.start_bot(self.nursery, broken=self.broken)

    async def crash_at(self, failpoint: str) -> None:
        """Have StoreSync end itself when it comes by this failpoint the next time."""
        self.stage.target.write_text(failpoint)

    async def run_out_leases(self) -> None:
        """Let the leases of a process that was killed end, as time ends them; SQLite's end at the next start."""
        database = Database(self.stage.environment["DATABASE_URL"])
        try:
            await database.write(_age, "proof.leases")
        finally:
            await database.close()

    def is_still_armed(self) -> bool:
        return self.stage.target.exists()

    def disarm(self) -> None:
        self.stage.target.unlink(missing_ok=True)

    def record(self) -> None:
        """Begin to note the failpoints that are passed."""
        self._passed.write_text("")

    def recorded(self) -> list[str]:
        """Stop noting; return the failpoints passed, each once, in order."""
        seen = self._passed.read_text().split()
        self._passed.unlink()
        return list(dict.fromkeys(seen))

    @property
    def _passed(self) -> Path:
        return self.stage.target.with_suffix(".passed")

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the database as it is, beside the process that uses it."""
        return self.stage.rows(query, *values)


@contextlib.asynccontextmanager
async def open_scene(
    trial: Trial,
    *,
    orders: int = 20,
    products: int | None = None,
    database_url: str = "",
    before: Callable[[Stage], None] | None = None,
    **settings: str,
) -> AsyncIterator[Scene]:
    """Open a stage with these settings, do something `before` anything runs, link the shop, wait until it is read."""
    nursery = shared_nursery()
    opening = open_stage(orders=orders, products=products, seed=trial.seed, database_url=database_url)
    async with opening as stage:
        stage.environment |= {"TELEGRAM_CHAT_RPS": "200", "TELEGRAM_RPS": "500", "LOG_LEVEL": "INFO"}
        stage.environment |= settings
        if not database_url:
            # Its file is migrated once for all proofs; what a first start does with none is tested elsewhere.
            stage.database.write_bytes(await asyncio.to_thread(migrated))
            stage.database.chmod(0o600)
        if before:
            before(stage)
        await stage.start_bot(nursery, broken=trial.broken)
        phone = await Phone.of(stage.phones, "Sari")
        await link_shop(stage, phone)
        yield Scene(stage, nursery, phone, trial.broken)


async def link_shop(stage: Stage, phone: Phone) -> None:
    """Link the home shop through the chat, and wait for its first import."""
    message = await begin_linking(stage, phone)
    await phone.sees_in(message, "All in", within_s=180)


async def begin_linking(
    stage: Stage, phone: Phone, platform: str = "Shopee", seller: Seller | None = None
) -> Message:
    """Link the home shop of a platform through the chat; return the message that tells how far its import is."""
    await phone.say("/start")
    message = await phone.sees("Run your shops")
    await phone.press(message, "^Link a shop$")
    await consent_to(phone, await phone.sees_in(message, "Which shop"), platform, seller or stage.seller)
    return message


async def consent_to(phone: Phone, asked: Message, platform: str, seller: Seller) -> None:
    """Go from the question which shop through a platform's consent to the Yes in the chat."""
    await choose_shop(phone, asked, platform)
    offer = await phone.sees_in(asked, "Valid until")
    await seller.consent(offer.urls[f"Open {platform}"])
    await phone.press(await phone.sees_in(asked, "Is this your shop?"), "^Yes, link it$", wait_s=2)
