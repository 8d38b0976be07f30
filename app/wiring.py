"""Builds every part and joins them: the only place that knows all rooms."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from adapters.registry import build_platforms, open_photos, open_transport
from app.health import health_of, held_by, readiness_of
from app.platform_apps import apps_from
from app.queues import check_layout, open_queue, serve
from app.server import serving
from app.settings import Settings, TelegramMode
from app.telegram import build_bot, build_room, open_client, take_update
from app.use_cases import Ground, build_services
from bot.application import BotRoom
from bot.filters import learn_platform_names
from bot.render import Renderer
from domain.clock import Clock, utc_now
from domain.meters import Meters
from domain.shops import PlatformApp
from jobs.pulse import Pulse, chores_of
from jobs.sweep import Sweep
from jobs.tasks import tasks_of
from services import Services
from services.wakeups import Wakeups
from storage.database import Database
from storage.keys import MasterKeys
from storage.leases import release_all
from storage.lock import InstanceLock
from storage.migrate import assert_current, migrate
from storage.outbox import BELL as OUTBOX_BELL
from storage.vault import Vault
from web.application import Doors, build_web

STOP_WITHIN_S = 4.0
"""For the bot's part. With `GRACE_S` of the web and that of the queue it stays below the 10 s a host waits (P33)."""


@dataclass(frozen=True, slots=True)
class House:
    """A running StoreSync: where it listens, and the parts a demo or a test looks at."""

    url: str
    services: Services
    bot: BotRoom
    sweep: Sweep
    apps: list[PlatformApp]


@contextlib.asynccontextmanager
async def open_store(
    settings: Settings, *, is_server: bool = True
) -> AsyncIterator[tuple[Database, Vault, MasterKeys]]:
    """Open the database, keys checked.

    The server migrates it first, and holds a file for itself alone; a command beside it only makes
    sure that the schema is the one it knows.
    """
    keys = MasterKeys.parse(settings.secret_keys.get_secret_value())
    vault = Vault(keys)
    database = Database(settings.database_url)
    with contextlib.ExitStack() as held:
        if database.file and is_server:
            Path(database.file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            held.enter_context(InstanceLock(Path(database.file)))
        try:
            await (migrate(settings.database_url) if is_server else assert_current(database))
            await database.write(vault.check_canary, "vault.check_canary")
            if database.file and is_server:
                await database.write(lambda conn: release_all(conn, utc_now()), "leases.release_all")
            yield database, vault, keys
        finally:
            await database.close()


@contextlib.asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    is_simulated: bool = False,
    has_jobs: bool = True,
) -> AsyncIterator[House]:
    """Start everything in order; end it in the reverse order, losing nothing that was acknowledged.

    Without jobs somebody else must do them: `open_worker` on the same PostgreSQL.
    """
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(open_client())
        ground, services = await stack.enter_async_context(open_services(settings, clock, has_jobs=has_jobs))
        apps = await services.apps.seed(apps_from(settings, is_simulated=is_simulated))
        room = build_room(settings, build_bot(settings, client), services, clock)
        sweep = Sweep(services, ground.queue)
        web = build_web(services, _doors(settings, services, room, ground.database))
        port = await stack.enter_async_context(serving(web, settings.http_host, settings.http_port))
        await stack.enter_async_context(_beating(ground, services))
        await services.host.started()
        if has_jobs:
            await sweep.start()
            stack.push_async_callback(sweep.stop)
        stack.enter_context(_listening(ground.database, services.wakeups))
        await room.start()
        stack.push_async_callback(room.stop, STOP_WITHIN_S)
        yield House(f"http://{settings.http_host}:{port}", services, room, sweep, apps)


@contextlib.asynccontextmanager
async def open_worker(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[None]:
    """Do jobs and nothing else: any number of these beside one house, on PostgreSQL."""
    async with open_services(settings, clock, is_alone=False) as (ground, services):
        await services.apps.seed(apps_from(settings))
        sweep = Sweep(services, ground.queue)
        async with _beating(ground, services):
            await sweep.start()
            try:
                yield
            finally:
                await sweep.stop()


@contextlib.asynccontextmanager
async def open_services(
    settings: Settings, clock: Clock, *, has_jobs: bool = True, is_alone: bool = True
) -> AsyncIterator[tuple["Ground", Services]]:
    """Open what every process stands on, and begin to do jobs if it does any."""
    check_layout(settings.database_url, has_jobs=has_jobs, is_alone=is_alone)
    async with contextlib.AsyncExitStack() as stack:
        database, vault, keys = await stack.enter_async_context(open_store(settings))
        transport = open_transport()
        stack.push_async_callback(transport.aclose)
        queue = await stack.enter_async_context(open_queue(settings.database_url))
        meters = Meters()
        platforms = build_platforms(transport, clock, meters)
        learn_platform_names({slug: each.info.name for slug, each in platforms.items()})
        photos = open_photos()
        stack.push_async_callback(photos.aclose)
        ground = Ground(database, vault, keys, platforms, clock, queue, meters, photos.fetch)
        services = build_services(settings, ground)
        serve(queue, tasks_of(services), has_jobs=has_jobs)
        yield ground, services


@contextlib.asynccontextmanager
async def _beating(ground: "Ground", services: Services) -> AsyncIterator[None]:
    pulse = Pulse(ground.meters, chores_of(services))
    await pulse.start()
    try:
        yield
    finally:
        await pulse.stop()


def _doors(settings: Settings, services: Services, room: BotRoom, database: Database) -> Doors:
    is_webhook = settings.telegram_mode is TelegramMode.WEBHOOK

    def render(template: str, language: str, **params: object) -> str:
        renderer = Renderer(language, "UTC")
        return renderer.render(template, language=renderer.language, **params)

    return Doors(
        render=render,
        bot_url=lambda: f"https://t.me/{room.facts.username}" if room.facts.username else "",
        telegram_secret=settings.telegram_webhook_secret.get_secret_value() if is_webhook else "",
        is_secure=settings.public_url.startswith("https://"),
        take_update=partial(take_update, services, settings.bot_id),
        facts=health_of(room, database),
        readiness=readiness_of(room, database),
        held=held_by(room),
        metrics_token=settings.metrics_token.get_secret_value(),
    )


@contextlib.contextmanager
def _listening(database: Database, wakeups: Wakeups) -> Iterator[None]:
    """Hear at once what another process wrote for the chats."""
    task = asyncio.create_task(database.listen(OUTBOX_BELL, wakeups.outbox.set), name="bell")
    try:
        yield
    finally:
        task.cancel()
