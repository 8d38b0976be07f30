"""Events on their way into a chat, and what is marked when Telegram or we fail."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.chat_queues import Pace
from bot.delivery import Delivery
from bot.notifier import Notifier
from bot.render import Renderer
from bot.screen import Screen
from bot.sender import Sender
from domain import failpoint
from domain.alerts import Loudness
from domain.chats import Chat, ChatState, View
from domain.errors import NotFound
from domain.events import EventKind
from domain.people import Role
from services import Services
from services.outbox import OutboxItem
from simulator.telegram.server import TelegramSimulator
from tests.integration.bot.phone import Group, Phone
from tests.unit.bot.plumbing.waiting import eventually

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


@dataclass
class Outbox:
    """Hands out what is put in and writes down how each was marked."""

    waiting: list[OutboxItem] = field(default_factory=list)
    marked: list[tuple[Any, ...]] = field(default_factory=list)
    given: list[OutboxItem] = field(default_factory=list)
    claims_sent: list[int] = field(default_factory=list)

    async def claim(self, limit: int) -> list[OutboxItem]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        self.given += taken
        return taken

    async def sent(self, item: OutboxItem, message_id: int | None) -> None:
        self.marked.append(("sent", item.id, message_id))
        self.claims_sent.append(item.lease_gen)

    async def later(self, item: OutboxItem, delay_s: float, reason: str) -> None:
        self.marked.append(("later", item.id, delay_s, reason))

    async def dead(self, item: OutboxItem, reason: str) -> None:
        self.marked.append(("dead", item.id, reason))


@dataclass
class Notes:
    """People and cards, as far as the notifier tells them something."""

    gone: list[tuple[str, int, ChatState]] = field(default_factory=list)
    cards: list[tuple[str, int, str, str, int]] = field(default_factory=list)
    moved: list[tuple[str, int, int]] = field(default_factory=list)

    async def migrate(self, bot_id: str, old_id: int, new_id: int) -> None:
        self.moved.append((bot_id, old_id, new_id))

    async def chat_gone(self, bot_id: str, telegram_id: int, state: ChatState) -> None:
        self.gone.append((bot_id, telegram_id, state))

    async def remember(
        self, seller_id: str, view_id: str, message_id: int, *, subject: str, subject_id: str, version: int
    ) -> None:
        self.cards.append((view_id, message_id, subject, subject_id, version))


class Told:
    """The events of a test: what each becomes, and how it was marked."""

    def __init__(self, sender: Sender) -> None:
        self.outbox = Outbox()
        self.notes = Notes()
        self.bell = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()
        self._becomes: dict[int, list[Delivery] | Exception] = {}
        self._sender = sender

    def add(
        self,
        phone: Phone,
        *becomes: Delivery | Exception,
        attempts: int = 1,
        state: ChatState = ChatState.ACTIVE,
        chat_id: int | None = None,
        thread_id: int | None = None,
        loudness: Loudness = Loudness.SOUND,
    ) -> int:
        """Put an event for this person's chat into the outbox; return its number."""
        number = len(self._becomes) + 1
        failures = [each for each in becomes if isinstance(each, Exception)]
        told = [each for each in becomes if isinstance(each, Delivery)]
        self._becomes[number] = failures[0] if failures else told
        chat = Chat(f"chat{phone.id}", "77", chat_id or phone.id, "private", "", state)
        view = View(f"view{phone.id}", chat.id, thread_id, "seller", Role.OWNER, "en", "UTC")
        self.outbox.waiting.append(
            OutboxItem(number, view, chat, EventKind.ORDER_PLACED, {}, NOON, attempts, 1, loudness)
        )
        self.bell.set()
        return number

    async def render(self, item: OutboxItem, _services: Services, _text: Renderer) -> list[Delivery]:
        await self.free.wait()
        becomes = self._becomes[item.id]
        if isinstance(becomes, Exception):
            raise becomes
        return becomes

    async def marks(self, count: int = 1) -> list[tuple[Any, ...]]:
        await eventually(lambda: len(self.outbox.marked) >= count)
        return self.outbox.marked

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        services = SimpleNamespace(
            outbox=self.outbox,
            people=self.notes,
            cards=self.notes,
            groups=self.notes,
            wakeups=SimpleNamespace(outbox=self.bell),
        )
        notifier = Notifier(
            cast("Services", services),
            self._sender,
            render=self.render,
            pace=Pace(tick_s=30),
            jitter=lambda: 0.25,
        )
        task = asyncio.create_task(notifier.run())
        try:
            yield
        finally:
            await notifier.stop(1)
            await task


@pytest.fixture
async def told(sender: Sender) -> AsyncIterator[Told]:
    told = Told(sender)
    async with told.running():
        yield told


@pytest.fixture
def reached() -> Iterator[list[str]]:
    names: list[str] = []
    failpoint.arm(names.append)
    yield names
    failpoint.arm(None)


def alert(text: str, **more: Any) -> Delivery:
    return Delivery(Screen(text), **more)


async def test_event_is_sent_and_marked_with_its_message(told: Told, sari: Phone) -> None:
    told.add(sari, alert("New order", silent=True))
    ((mark, number, message_id),) = await told.marks()
    (message,) = sari.messages
    assert (mark, number, message_id) == ("sent", 1, message["message_id"])
    assert message["text"] == "New order"
    assert message["silent"]


async def test_event_is_as_loud_as_its_view_wants_it(told: Told, sari: Phone) -> None:
    told.add(sari, alert("ring"))
    told.add(sari, alert("hush"), loudness=Loudness.SILENT)
    told.add(sari, alert("never"), loudness=Loudness.DROP)
    marks = await told.marks(3)
    assert [(message["text"], bool(message["silent"])) for message in sari.messages] == [
        ("ring", False),
        ("hush", True),
    ]
    assert marks[-1] == ("sent", 3, None)


async def test_events_of_a_chat_keep_their_order(told: Told, sari: Phone) -> None:
    for n in range(10):
        told.add(sari, alert(f"order {n}"))
    await told.marks(10)
    assert sari.texts == [f"order {n}" for n in range(10)]


async def test_what_waits_longer_than_its_lease_is_told_once_and_marked_by_its_newest_claim(
    told: Told, sari: Phone
) -> None:
    told.free.clear()
    told.add(sari, alert("late"))
    await eventually(lambda: len(told.outbox.given) == 1)
    told.outbox.waiting.append(replace(told.outbox.given[0], lease_gen=2))
    told.bell.set()
    await eventually(lambda: len(told.outbox.given) == 2)
    told.free.set()
    await told.marks()
    assert told.outbox.claims_sent == [2]
    assert sari.texts == ["late"]


async def test_event_that_became_nothing_is_done(told: Told, sari: Phone) -> None:
    told.add(sari)
    assert await told.marks() == [("sent", 1, None)]
    assert sari.messages == []


async def test_event_may_edit_a_card_and_send_another_message(
    told: Told, sender: Sender, sari: Phone
) -> None:
    told.add(sari, alert("0 %"))
    ((_, _, message_id),) = await told.marks()
    told.add(sari, alert("100 %", mode="edit", message_id=message_id), alert("this is how an order looks"))
    await told.marks(2)
    assert sari.texts == ["100 %", "this is how an order looks"]


async def test_card_is_remembered_where_it_is_shown_now(
    telegram: TelegramSimulator, told: Told, sari: Phone
) -> None:
    telegram.add_fault(
        kind="400", method="editMessageText", description="Bad Request: message to edit not found"
    )
    screen = Screen("card", subject="proposal", subject_id="p1", version=4)
    told.add(sari, Delivery(screen, "edit", 12345))
    await told.marks()
    (message,) = sari.messages
    assert told.notes.cards == [(f"view{sari.id}", message["message_id"], "proposal", "p1", 4)]


async def test_slow_down_sends_its_chat_back_and_lets_the_others_through(
    telegram: TelegramSimulator, told: Told, sari: Phone, budi: Phone
) -> None:
    telegram.add_fault(kind="429", chat_id=sari.id, retry_after=30)
    told.add(sari, alert("for Sari"))
    told.add(sari, alert("for Sari too"))
    told.add(budi, alert("for Budi"))
    marks = {mark[1]: mark for mark in await told.marks(3)}
    assert marks[1] == ("later", 1, 30.25, "slow down")
    assert marks[2][0] == "later"
    assert 29 < marks[2][2] <= 30.25
    assert marks[3][0] == "sent"
    assert len(telegram.engine.calls.calls(method="sendMessage")) == 2


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ({"kind": "403"}, ChatState.BLOCKED),
        ({"kind": "403", "description": "Forbidden: user is deactivated"}, ChatState.REMOVED),
        ({"kind": "400"}, ChatState.INVALID),
    ],
)
async def test_chat_that_is_closed_is_noted_and_its_event_given_up(
    telegram: TelegramSimulator, told: Told, sari: Phone, fault: dict[str, Any], state: ChatState
) -> None:
    telegram.add_fault(**fault, method="sendMessage")
    told.add(sari, alert("hello?"))
    ((mark, *_),) = await told.marks()
    assert mark == "dead"
    assert told.notes.gone == [("77", sari.id, state)]


async def test_chat_known_to_be_closed_is_not_tried(
    telegram: TelegramSimulator, told: Told, sari: Phone
) -> None:
    told.add(sari, alert("hello?"), state=ChatState.BLOCKED)
    ((mark, *_),) = await told.marks()
    assert mark == "dead"
    assert telegram.engine.calls.calls(method="sendMessage") == []


@pytest.mark.parametrize("kind", ["500", "502_html", "drop_before", "drop_after", "timeout_after"])
@pytest.mark.parametrize(("attempts", "delay_s"), [(1, 2.25), (4, 16.25), (20, 300.25)])
async def test_failing_network_puts_the_event_off_for_longer_and_longer(
    telegram: TelegramSimulator, told: Told, sari: Phone, kind: str, attempts: int, delay_s: float
) -> None:
    telegram.add_fault(kind=kind, method="sendMessage", delay_s=2)
    told.add(sari, alert("New order"), attempts=attempts)
    ((mark, _, delay, _),) = await told.marks()
    assert (mark, delay) == ("later", delay_s)


async def test_broken_markup_is_told_plainly(told: Told, sender: Sender, sari: Phone) -> None:
    told.add(sari, alert("<b>2 × Lampu"))
    ((mark, *_),) = await told.marks()
    assert mark == "sent"
    assert sari.texts == ["2 × Lampu"]
    assert sender.plain_texts == 1


async def test_event_about_something_that_is_gone_is_given_up(told: Told, sari: Phone) -> None:
    told.add(sari, NotFound("order_unknown"))
    assert await told.marks() == [("dead", 1, "order_unknown")]


@pytest.mark.parametrize(("attempts", "mark"), [(1, "later"), (4, "later"), (5, "dead")])
@pytest.mark.parametrize("becomes", [ZeroDivisionError(), Delivery(Screen("x" * 5000))])
async def test_mistake_of_ours_is_given_up_after_five_attempts(
    told: Told, sari: Phone, becomes: Delivery | Exception, attempts: int, mark: str
) -> None:
    told.add(sari, becomes, attempts=attempts)
    told.add(sari, alert("the next one"))
    marks = await told.marks(2)
    assert [each[:2] for each in marks] == [(mark, 1), ("sent", 2)]


async def test_crash_can_be_placed_before_and_after_each_message(
    reached: list[str], told: Told, sari: Phone
) -> None:
    told.add(sari, alert("one"), alert("two"))
    await told.marks()
    assert [name for name in reached if name.startswith("telegram.send:")] == [
        "telegram.send:before",
        "telegram.send:after",
    ] * 2
    assert [name for name in reached if name.startswith("telegram.sendMessage:")] == [
        "telegram.sendMessage:before",
        "telegram.sendMessage:after",
    ] * 2


async def test_refusal_that_names_a_new_chat_moves_the_chat_and_tries_again(
    told: Told, telegram: TelegramSimulator, sari: Phone
) -> None:
    group = Group(telegram, sari)
    old = group.id
    group.change("migrate")
    told.add(sari, alert("New order"), chat_id=old)
    assert [mark[0] for mark in await told.marks()] == ["later"]
    assert told.notes.moved == [("77", old, group.id)]
    assert told.notes.gone == []


async def test_topic_that_is_gone_gives_way_to_the_general_one(
    told: Told, telegram: TelegramSimulator, sari: Phone
) -> None:
    forum = Group(telegram, sari, kind="supergroup", is_forum=True)
    forum.say(sari, "hello", thread_id=9)
    forum.change("delete_topic", thread_id=9)
    told.add(sari, alert("New order"), chat_id=forum.id, thread_id=9)
    assert [mark[0] for mark in await told.marks()] == ["sent"]
    assert forum.texts[-1] == "New order"
