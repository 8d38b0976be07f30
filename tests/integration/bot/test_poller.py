"""Updates are stored before they are confirmed, whatever Telegram, the network or the disk does."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Bot

from bot.poller import Poller, Rhythm
from services.inbound import InboundService, IncomingUpdate
from simulator.telegram.server import TelegramSimulator
from tests.integration.bot.phone import Phone
from tests.unit.bot.plumbing.waiting import eventually

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
RHYTHM = Rhythm(wait_s=1, grace_s=0.5, back_off_s=0.01, longest_back_off_s=0.05, token_refused_s=0.05)


class Inbox:
    """Keeps what is stored; `opened` holds storing up, `broken` makes it fail."""

    def __init__(self) -> None:
        self.stored: dict[int, IncomingUpdate] = {}
        self.bot_ids: set[str] = set()
        self.broken = 0
        self.waiting = 0
        self.opened = asyncio.Event()
        self.opened.set()

    async def store_updates(self, bot_id: str, updates: Sequence[IncomingUpdate]) -> int:
        self.waiting += 1
        await self.opened.wait()
        self.waiting -= 1
        if self.broken:
            self.broken -= 1
            raise OSError("the disk is full")
        self.bot_ids.add(bot_id)
        self.stored.update({update.update_id: update for update in updates})
        return len(updates)

    @property
    def texts(self) -> list[str]:
        updates = [json.loads(update.raw) for update in self.stored.values()]
        return [update["message"].get("text", "") for update in updates]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@asynccontextmanager
async def polling(bot: Bot, inbox: Inbox) -> AsyncIterator[Poller]:
    poller = Poller(bot, "77", cast("InboundService", inbox), clock=lambda: NOON, rhythm=RHYTHM)
    task = asyncio.create_task(poller.run())
    try:
        yield poller
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def unconfirmed(telegram: TelegramSimulator) -> int:
    return len(telegram.engine.updates.pending())


async def test_update_is_stored_and_then_confirmed(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    sari.say("/start")
    async with polling(bot, inbox) as poller:
        await eventually(lambda: inbox.texts == ["/start"] and not unconfirmed(telegram))
        assert inbox.bot_ids == {"77"}
        assert poller.last_answer_at == NOON
        assert poller.trouble == ""
    (asked, *_) = telegram.engine.calls.calls(method="getUpdates")
    kinds = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]
    assert json.loads(asked.params["allowed_updates"]) == kinds
    assert telegram.violations == []


async def test_update_that_is_not_stored_is_not_confirmed(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    inbox.broken = 3
    sari.say("/start")
    async with polling(bot, inbox) as poller:
        await eventually(lambda: poller.trouble == "not_stored")
        assert unconfirmed(telegram) == 1
        await eventually(lambda: inbox.texts == ["/start"])
        await eventually(lambda: poller.trouble == "")


async def test_odd_update_does_not_hold_up_the_others(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    sari.say("before")
    odd = {"message": {"text": "who am I?"}}
    telegram.engine.updates._waiting.append(
        cast("Any", SimpleNamespace(update_id=1, expires_at=1e12, body=odd))
    )
    sari.say("after")
    async with polling(bot, inbox) as poller:
        await eventually(lambda: inbox.texts == ["before", "after"])
        assert poller.odd == 1


async def test_batch_of_nothing_but_odd_updates_is_told_and_asked_for_again(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    odd = SimpleNamespace(update_id=1, expires_at=1e12, body={"message": {"text": "who am I?"}})
    telegram.engine.updates._waiting.append(cast("Any", odd))
    async with polling(bot, inbox) as poller:
        await eventually(lambda: poller.trouble == "unreachable")
        sari.say("hello")
        await eventually(lambda: inbox.texts == ["hello"])


async def test_update_that_nobody_can_read_is_kept(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    telegram.engine.updates.add("message", {"text": "no chat, no date"}, "odd")
    sari.say("hello")
    async with polling(bot, inbox):
        await eventually(lambda: len(inbox.stored) == 2)
        await eventually(lambda: not unconfirmed(telegram))


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ({"kind": "409"}, "conflict"),
        ({"kind": "401"}, "token_refused"),
        ({"kind": "500"}, "unreachable"),
        ({"kind": "502_html"}, "unreachable"),
        ({"kind": "drop_before"}, "unreachable"),
        ({"kind": "drop_after"}, "unreachable"),
        ({"kind": "timeout_before"}, "unreachable"),
    ],
)
async def test_poller_survives_and_loses_nothing(
    telegram: TelegramSimulator,
    bot: Bot,
    inbox: Inbox,
    sari: Phone,
    fault: dict[str, Any],
    trouble: str,
) -> None:
    telegram.add_fault(**fault, method="getUpdates", next=2)
    sari.say("/start")
    async with polling(bot, inbox) as poller:
        await eventually(lambda: poller.trouble == trouble)
        await eventually(lambda: inbox.texts == ["/start"])
        await eventually(lambda: poller.trouble == "")


async def test_pause_that_telegram_asks_for_is_kept(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    telegram.add_fault(kind="429", method="getUpdates", retry_after=1)
    sari.say("/start")
    async with polling(bot, inbox):
        await eventually(lambda: inbox.texts == ["/start"])
    refused, again, *_ = [call.at for call in telegram.engine.calls.calls(method="getUpdates")]
    assert again - refused >= 1


async def test_webhook_of_an_earlier_day_is_taken_away(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")
    sari.say("/start")
    async with polling(bot, inbox):
        await eventually(lambda: inbox.texts == ["/start"])


async def test_webhook_that_somebody_sets_meanwhile_is_taken_away(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    async with polling(bot, inbox):
        await eventually(lambda: telegram.engine.poller._current)
        await bot.set_webhook("http://127.0.0.1:9/hook")
        sari.say("/start")
        await eventually(lambda: inbox.texts == ["/start"])


async def test_nothing_is_asked_twice_once_it_is_stored(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    def has(texts: list[str]) -> bool:
        return inbox.texts == texts

    async with polling(bot, inbox):
        for n in range(3):
            sari.say(f"{n}")
            await eventually(partial(has, [f"{m}" for m in range(n + 1)]))
        await eventually(lambda: not unconfirmed(telegram))
    assert inbox.texts == ["0", "1", "2"]


async def test_counting_from_a_lower_number_after_a_silent_week_is_followed(
    telegram: TelegramSimulator, bot: Bot, inbox: Inbox, sari: Phone
) -> None:
    async with polling(bot, inbox):
        sari.say("before")
        await eventually(lambda: not unconfirmed(telegram))
        telegram.engine.updates._next_id = 5
        sari.say("after")
        await eventually(lambda: inbox.texts == ["before", "after"])
        sari.say("and on")
        await eventually(lambda: inbox.texts == ["before", "after", "and on"] and not unconfirmed(telegram))


async def test_stopping_finishes_what_is_being_stored(bot: Bot, inbox: Inbox, sari: Phone) -> None:
    inbox.opened.clear()
    sari.say("/start")
    poller = Poller(bot, "77", cast("InboundService", inbox), clock=lambda: NOON, rhythm=RHYTHM)
    task = asyncio.create_task(poller.run())
    await eventually(lambda: inbox.waiting)
    task.cancel()
    _, waiting = await asyncio.wait({task}, timeout=0.05)
    assert waiting
    inbox.opened.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert inbox.texts == ["/start"]
