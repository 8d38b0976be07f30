"""A bot with a few handlers of its own over the real services and a real database."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
from sqlalchemy import text
from telegram import Bot, Update

from bot.application import BotRoom, Webhook
from bot.commands import Command
from bot.context import Ctx
from bot.quotas import Quotas
from bot.reply import delete_words, reply, toast, typing
from bot.request import HttpFailures, Timeouts
from bot.routes import Route
from bot.routing import Routing
from bot.screen import Button, Screen
from bot.sender import Budgets
from domain.errors import NotFound
from domain.meters import Meters
from domain.people import Role
from services import Services
from services.activity import ActivityService
from services.cards import CardService
from services.dialogues import DialogueService
from services.groups import GroupService
from services.host import HostService
from services.inbound import InboundService
from services.outbox import OutboxService
from services.people import PeopleService
from services.team import TeamService
from services.wakeups import Wakeups
from simulator.telegram.server import TelegramSimulator
from storage.database import Database
from tests.integration.bot.phone import Phone
from tests.unit.bot.plumbing.waiting import eventually

HELP = "Help"
FAILURES = HttpFailures(
    never_sent=(httpx.PoolTimeout, httpx.ConnectTimeout, httpx.ConnectError, httpx.UnsupportedProtocol),
    timed_out=(httpx.TimeoutException,),
    broken=(httpx.HTTPError,),
)
UNHURRIED = Budgets(chat_per_s=1000, chat_burst=1000, overall_per_s=1000, overall_burst=1000)
QUICK = Timeouts(connect_s=2, read_s=1, write_s=2, media_write_s=2, pool_s=2)


@dataclass
class Clock:
    """A clock that moves when it is told to, and never stands still for two looks."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 11, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


def services_over(database: Database, clock: Clock) -> Services:
    """Return the services that carry updates and people; the others are not called here."""
    wakeups, meters = Wakeups(), Meters()
    nothing = cast("Any", None)
    return cast(
        "Services",
        SimpleNamespace(
            people=PeopleService(database, clock, signup="open"),
            groups=GroupService(database, clock),
            team=TeamService(database, clock, signup="open"),
            inbound=InboundService(
                database, clock, apps=nothing, platforms={}, queue=nothing, wakeups=wakeups, meters=meters
            ),
            outbox=OutboxService(database, clock, wakeups, meters),
            activity=ActivityService(database, clock, meters),
            host=HostService(database, clock, meters),
            cards=CardService(database, clock),
            dialogues=DialogueService(database, clock),
            wakeups=wakeups,
        ),
    )


class Handlers:
    """Handlers that do one thing each; `gate` holds up the slow one, `seen` is what was handled."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.keys: list[str] = []

    async def start(self, update: Update, ctx: Ctx) -> None:
        if ctx.is_stranger:
            people = ctx.services.people
            ctx.greet(await people.admit(ctx.bot_id, ctx.chat, ctx.user, "", ctx.text.language))
        buttons = ("go", "toast", "break", "refuse", "slow", "owner", "alone", "nowhere")
        rows = tuple((Button(name, f"n1:{name}"),) for name in buttons)
        await reply(update, ctx, Screen(f"home of {ctx.user.name}", (*rows, (Button("c", "c1:ticket"),))))

    async def go(self, update: Update, ctx: Ctx) -> None:
        self._note("go", ctx)
        await reply(update, ctx, Screen(f"went {len(ctx.words)}", ((Button("go", "n1:go"),),)))

    async def say(self, update: Update, ctx: Ctx) -> None:
        self._note("say", ctx)
        await reply(update, ctx, Screen(" ".join(ctx.words)))

    async def slow(self, update: Update, ctx: Ctx) -> None:
        self._note("slow", ctx)
        await typing(update, ctx)
        await self.gate.wait()
        await reply(update, ctx, Screen(f"slow {' '.join(ctx.words)}."))

    async def toasted(self, update: Update, ctx: Ctx) -> None:
        await toast(update, ctx, "Saved")
        await reply(update, ctx, Screen("saved"))

    async def broken(self, _update: Update, _ctx: Ctx) -> None:
        raise ZeroDivisionError("secret of the house")

    async def refused(self, _update: Update, _ctx: Ctx) -> None:
        raise NotFound("order_unknown")

    async def secret(self, update: Update, ctx: Ctx) -> None:
        await delete_words(update, ctx)
        await reply(update, ctx, Screen("forgotten"))

    async def card(self, update: Update, ctx: Ctx) -> None:
        rows = ((Button("go", "n1:go"),),)
        await reply(update, ctx, Screen("card", rows, subject="order", subject_id="o1", version=3))

    def _note(self, name: str, ctx: Ctx) -> None:
        self.seen.append((name, ctx.words))
        self.keys.append(ctx.source_key)


def routing_of(handlers: Handlers) -> Routing:
    commands = (
        Command("start", handlers.start, None, HELP),
        Command("say", handlers.say, Role.VIEWER, HELP),
        Command("stop", handlers.say, Role.VIEWER, HELP, is_urgent=True),
        Command("slow", handlers.slow, Role.VIEWER, HELP),
        Command("break", handlers.broken, Role.VIEWER, HELP),
        Command("refuse", handlers.refused, Role.VIEWER, HELP),
        Command("secret", handlers.secret, Role.VIEWER, HELP),
        Command("card", handlers.card, Role.VIEWER, HELP),
    )
    routes = {
        "go": handlers.go,
        "toast": handlers.toasted,
        "break": handlers.broken,
        "refuse": handlers.refused,
        "slow": handlers.slow,
    }
    return Routing(
        commands,
        {name: Route(handler, Role.VIEWER) for name, handler in routes.items()}
        | {"owner": Route(handlers.go, Role.OWNER)},
        press_ticket=handlers.go,
        flows={"asked": handlers.go},
        search=handlers.say,
        keep_photo=handlers.say,
        take_file=handlers.say,
    )


def room_over(
    bot: Bot,
    services: Services,
    handlers: Handlers,
    clock: Clock,
    webhook: Webhook | None = None,
    *,
    host_chat: int = 0,
    quota_factor: float = 1000.0,
) -> BotRoom:
    return BotRoom(
        bot=bot,
        services=services,
        clock=clock,
        routing=routing_of(handlers),
        webhook=webhook,
        budgets=UNHURRIED,
        again_s=0.01,
        host_chat=host_chat,
        quotas=Quotas(quota_factor),
    )


async def admitted(phone: Phone) -> int:
    """Let a person in; return the message with the buttons."""
    phone.say("/start")
    return int((await eventually(lambda: phone.messages))[-1]["message_id"])


def answers(telegram: TelegramSimulator) -> list[dict[str, Any]]:
    return [call.params for call in telegram.engine.calls.calls(method="answerCallbackQuery")]


async def states(database: Database) -> list[str]:
    return await database.read(
        lambda conn: list(conn.execute(text("SELECT state FROM inbox ORDER BY id")).scalars())
    )


async def until_states(database: Database, wanted: list[str]) -> None:
    async with asyncio.timeout(10):
        while await states(database) != wanted:  # noqa: ASYNC110 - a row that changes rings no bell
            await asyncio.sleep(0.005)
