"""From an update to the handler that answers it, with the words it is given and the role it needs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from telegram import Update

from bot.callbacks import TICKET, unpack
from bot.commands import Command, Handler
from bot.context import Ctx
from bot.routes import Route
from domain.errors import ConfigurationError, InputError, NotFound
from domain.people import Role

OPEN_TO_STRANGERS = frozenset({"start", "help"})
CONNECTS = "start"
_NAME = re.compile(r"[a-z0-9_]{1,32}")


@dataclass(frozen=True, slots=True)
class Found:
    """The handler of an update. `role` is the least it takes; None: strangers too."""

    handler: Handler
    role: Role | None
    words: tuple[str, ...]
    is_private: bool = False
    connects: bool = False
    """Whether it is the word by which a group is connected: the only one an outsider may say there."""


class Routing:
    """Knows every command, every place a button leads to, and who listens to plain words."""

    def __init__(
        self,
        commands: Iterable[Command],
        routes: Mapping[str, Route],
        *,
        press_ticket: Handler,
        flows: Mapping[str, Handler],
        search: Handler,
        keep_photo: Handler,
        take_file: Handler,
    ) -> None:
        self._commands: dict[str, Command] = {}
        for command in commands:
            _check(command, self._commands)
            self._commands[command.name] = command
        self._routes = routes
        self._press_ticket = press_ticket
        self._flows = flows
        self._search = search
        self._keep_photo = keep_photo
        self._take_file = take_file

    @property
    def commands(self) -> tuple[Command, ...]:
        return tuple(self._commands.values())

    def is_addressed(self, update: Update) -> bool:
        """Tell whether somebody said or pressed something; edits and notices of Telegram's own are not answered."""
        said = update.message and (update.message.text or update.message.effective_attachment is not None)
        return bool(said or update.callback_query)

    def is_meant(self, update: Update, bot_id: str, username: str) -> bool:
        """Tell whether something said in a group is said to us: a press, our command, an answer to our question."""
        message = update.message
        if message is None:
            return update.callback_query is not None
        first = (message.text or "").partition(" ")[0]
        if first.startswith("/"):
            name, _, to = first[1:].partition("@")
            return to.lower() == username.lower() if to else name.lower() in self._commands
        replied = message.reply_to_message
        return bool(replied and replied.from_user and str(replied.from_user.id) == bot_id and message.text)

    def is_urgent(self, update: Update) -> bool:
        """Tell whether a command is said that must not wait, however much was said before."""
        said = (update.message.text or "") if update.message else ""
        command = self._commands.get(_name_of(said)) if said.startswith("/") else None
        return command is not None and command.is_urgent

    def find(self, update: Update) -> Found:
        """Return who answers; raises StoreSyncError for what we do not know."""
        if update.callback_query:
            return self._press(update.callback_query.data or "")
        if update.message and update.message.text:
            return self._words(update.message.text)
        if update.message and update.message.photo:
            return Found(self._keep_photo, Role.PACKER, (), is_private=True)
        if update.message and update.message.document:
            return Found(self._take_file, Role.MANAGER, (), is_private=True)
        raise InputError("not_text")

    def _press(self, data: str) -> Found:
        if data.startswith(TICKET):
            return Found(self._press_ticket, Role.VIEWER, (data,))
        place, parts = unpack(data)
        route = self._routes.get(place)
        if route is None:
            raise NotFound("button_unknown")
        return Found(route.handler, route.role, parts)

    def _words(self, text: str) -> Found:
        first, *rest = text.split() or [""]
        if not first.startswith("/"):
            return Found(self._listen, Role.VIEWER, (first, *rest))
        name = _name_of(first)
        command = self._commands.get(name)
        if command is None:
            nearest = get_close_matches(name, self._commands, n=1)
            raise InputError("command_unknown", command=name, nearest=nearest[0] if nearest else "")
        connects = command.name == CONNECTS
        return Found(command.handler, command.role, tuple(rest), command.is_private, connects)

    async def _listen(self, update: Update, ctx: Ctx) -> None:
        dialogue = await ctx.services.dialogues.current(ctx.visitor)
        handler = self._flows.get(dialogue.flow, self._search) if dialogue else self._search
        await handler(update, ctx)


def _name_of(said: str) -> str:
    """Return the name of the command that a text begins with."""
    return said.split(maxsplit=1)[0][1:].partition("@")[0].lower()


def _check(command: Command, known: Mapping[str, Command]) -> None:
    if not _NAME.fullmatch(command.name) or command.name in known:
        raise ConfigurationError(f"/{command.name} is no name for a command, or is there twice")
    if not isinstance(command.role, Role) and command.name not in OPEN_TO_STRANGERS:
        raise ConfigurationError(f"/{command.name} declares no role")
