"""One person at one chat: speaks, presses, and sees what the bot shows. Everything up to the sender is real."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from telegram import CallbackQuery, Chat, Document, Message, PhotoSize, Update, User
from telegram.error import BadRequest
from telegram.ext import Application

from bot.commands import COMMANDS
from bot.context import Ctx, Errand, begin, strangers_text
from bot.flows import FLOWS
from bot.handlers.buttons import press_ticket
from bot.handlers.imports import take_file
from bot.handlers.photos import hear_photo
from bot.handlers.words import hear_words
from bot.lane import Post
from bot.press import Press
from bot.render import Renderer
from bot.reply import refuse
from bot.routes import ROUTES
from bot.routing import Routing
from bot.screen import Button, Screen
from bot.sender import Sender
from bot.views.errors import error_screen
from domain.chats import Visitor
from domain.errors import StoreSyncError
from services.people import ChatRef, UserRef
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r

ROUTING = Routing(
    COMMANDS,
    ROUTES,
    press_ticket=press_ticket,
    flows=FLOWS,
    search=hear_words,
    keep_photo=hear_photo,
    take_file=take_file,
)
PERSON = User(4711, "Sari", is_bot=False)
PLACE = Chat(4711, "private")
PICTURE = [PhotoSize("AgACfile", "AQunique", 480, 480)]


class Shown:
    """Stands where the sender stands: keeps what the chat would show."""

    def __init__(self) -> None:
        self.messages: dict[int, Screen] = {}
        self.toasts: list[str] = []
        self.deleted: list[int] = []
        self.edits = 0
        self.typed = 0
        self.kept: dict[str, bytes] = {}
        """Pictures that Telegram gives back, by its name for them."""

    async def show(self, post: Post, *, patience_s: float = 60.0, tries: int = 3) -> int:
        message_id = post.message_id or 100 + len(self.messages)
        self.edits += post.message_id is not None
        self.messages[message_id] = post.screen
        return message_id

    def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        self.toasts.append(text)

    async def fetch(self, file_id: str) -> bytes:
        if file_id not in self.kept:
            raise BadRequest("wrong file_id")
        return self.kept[file_id]

    def typing(self, chat_id: int) -> None:
        self.typed += 1

    def delete(self, chat_id: int, message_id: int) -> None:
        self.deleted.append(message_id)


class Desk:
    """A person with a role, in front of fake services."""

    def __init__(
        self, services: FakeServices, visitor: Visitor | None = None, *, is_stranger: bool = False
    ) -> None:
        self.services = services
        self.visitor = None if is_stranger else visitor or r.visitor()
        self.chat = Shown()
        self._updates = 0
        self._last = 0

    @property
    def screen(self) -> Screen:
        """What was shown last."""
        return self.chat.messages[self._last]

    @property
    def text(self) -> str:
        return self.screen.text

    @property
    def labels(self) -> list[str]:
        return [button.text for row in self.screen.rows for button in row]

    async def says(self, words: str) -> None:
        self._updates += 1
        message = Message(1000 + self._updates, datetime.now(UTC), PLACE, from_user=PERSON, text=words)
        await self._handle(Update(self._updates, message=message))

    async def sends_photo(self) -> None:
        """Send the one picture there is."""
        self._updates += 1
        message = Message(1000 + self._updates, datetime.now(UTC), PLACE, from_user=PERSON, photo=PICTURE)
        await self._handle(Update(self._updates, message=message))

    async def sends_file(self, name: str, size: int = 1000) -> None:
        """Send a file; Telegram gives it back when the chat has kept it under its name."""
        self._updates += 1
        file = Document(name, f"u{name}", file_name=name, file_size=size)
        message = Message(1000 + self._updates, datetime.now(UTC), PLACE, from_user=PERSON, document=file)
        await self._handle(Update(self._updates, message=message))

    async def presses(self, label: str, *, message_id: int | None = None) -> None:
        """Press a button by its label, in the last message or another one."""
        at = message_id or self._last
        buttons = [button for row in self.chat.messages[at].rows for button in row]
        await self.presses_data(self._labelled(buttons, label).data, message_id=at)

    async def presses_data(self, data: str, *, message_id: int | None = None) -> None:
        self._updates += 1
        shown = message_id or self._last
        is_picture = self.chat.messages[shown].photo is not None if shown in self.chat.messages else False
        content: dict[str, Any] = {"photo": PICTURE} if is_picture else {"text": "shown"}
        at = Message(shown, datetime.now(UTC), PLACE, **content)
        query = CallbackQuery(f"q{self._updates}", PERSON, "instance", message=at, data=data)
        await self._handle(Update(self._updates, callback_query=query))

    @staticmethod
    def _labelled(buttons: list[Button], label: str) -> Button:
        found = [button for button in buttons if button.text == label]
        assert found, f"no button {label!r} among {[button.text for button in buttons]}"
        return found[0]

    async def _handle(self, update: Update) -> None:
        sender = cast("Sender", self.chat)
        query = update.callback_query
        errand = Errand(
            self.services.as_services,
            sender,
            "77",
            f"inbox:{self._updates}",
            ChatRef(4711, "private", "Sari"),
            UserRef("4711", "Sari", "en"),
            strangers_text("en"),
            Press(sender, query.id) if query else None,
            self.visitor,
        )
        if self.visitor:
            errand.text = Renderer(self.visitor.view.language, self.visitor.view.zone, lambda: r.NOW)
        begin(errand)
        ctx = Ctx(cast("Application[Any, Any, Any, Any, Any, Any]", None))
        before = dict(self.chat.messages)
        try:
            found = ROUTING.find(update)
            assert found is not None
            errand.words = found.words
            await found.handler(update, ctx)
        except StoreSyncError as refused:
            await refuse(ctx, error_screen(refused, ctx.text, ctx.words))
        if errand.press:
            errand.press.answer()
        self.visitor = errand.visitor
        changed = [at for at, screen in self.chat.messages.items() if before.get(at) is not screen]
        self._last = changed[-1] if changed else self._last


def as_viewer(visitor: Visitor, role: Any) -> Visitor:
    """Return the same person with another role."""
    return replace(visitor, member=replace(visitor.member, role=role))
