"""What a handler gets beside the update: who asks, from where, in which language, and what may be called."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Update
from telegram.ext import Application, CallbackContext

from bot.press import Press
from bot.render import Renderer
from bot.sender import Sender
from domain.chats import Visitor
from domain.meters import Outcome
from services import Services
from services.people import ChatRef, UserRef

_UNKNOWN_ZONE = "UTC"
"""A stranger's clock is not known; nothing shown to one has a time of day."""


@dataclass(slots=True)
class Errand:
    """One stored update on its way through the bot; every context of that update looks at the same one."""

    services: Services
    sender: Sender
    bot_id: str
    source_key: str
    chat: ChatRef
    user: UserRef
    text: Renderer
    press: Press | None = None
    visitor: Visitor | None = None
    words: tuple[str, ...] = ()
    handler: "Callable[[Update, Ctx], Awaitable[None]] | None" = None
    username: str = ""
    """The bot's own, for links to it."""
    outcome: Outcome = Outcome.OK
    begun: float = field(default_factory=lambda: asyncio.get_running_loop().time())


_current: ContextVar[Errand] = ContextVar("errand")


class Ctx(CallbackContext[Bot, dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """A handler's view of its errand."""

    def __init__(
        self,
        application: "Application[Any, Any, Any, Any, Any, Any]",
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id, user_id)
        self.errand = _current.get()

    @property
    def visitor(self) -> Visitor:
        """The member and the place; a stranger has none (`is_stranger`), and reaches no handler with a role."""
        if self.errand.visitor is None:
            raise LookupError("a stranger came where only members may")
        return self.errand.visitor

    @property
    def is_stranger(self) -> bool:
        return self.errand.visitor is None

    @property
    def services(self) -> Services:
        return self.errand.services

    @property
    def sender(self) -> Sender:
        return self.errand.sender

    @property
    def text(self) -> Renderer:
        """The templates in the visitor's language and zone; a stranger's in the language of his client."""
        return self.errand.text

    @property
    def words(self) -> tuple[str, ...]:
        """What stands after the command, or the parts of the button's data."""
        return self.errand.words

    @property
    def source_key(self) -> str:
        """The idempotency key of this update's effect: the same when the update is handled again."""
        return self.errand.source_key

    @property
    def bot_id(self) -> str:
        return self.errand.bot_id

    @property
    def chat(self) -> ChatRef:
        return self.errand.chat

    @property
    def is_group(self) -> bool:
        return self.errand.chat.kind != "private"

    @property
    def username(self) -> str:
        return self.errand.username

    @property
    def user(self) -> UserRef:
        return self.errand.user

    def greet(self, visitor: Visitor) -> None:
        """Go on as this visitor: after the guard, an admission, or a change of language or zone."""
        self.errand.visitor = visitor
        self.errand.text = Renderer(visitor.view.language, visitor.view.zone)


def strangers_text(language: str) -> Renderer:
    """Return the templates for somebody of whom only the client's language is known."""
    return Renderer(language, _UNKNOWN_ZONE)


def begin(errand: Errand) -> None:
    """Make this the errand of every context built from now on in this task."""
    _current.set(errand)
