"""A person with a phone: what the tests act and look through."""

from typing import Any

from simulator.telegram import groups, people
from simulator.telegram.screen import message_view
from simulator.telegram.server import TelegramSimulator


class Phone:
    """A person in a private chat with the bot."""

    def __init__(self, telegram: TelegramSimulator, name: str, language: str = "en") -> None:
        self._telegram = telegram
        user = telegram.engine.world.new_user(None, first_name=name, language_code=language)
        self.id = user.id
        self._chat = telegram.engine.world.private_chat(user.id, is_started=True)

    def say(self, text: str) -> int:
        """Write; return the number of the message."""
        said = people.speak(self._telegram.engine, {"chat_id": self.id, "user_id": self.id, "text": text})
        return int(said["message_id"])

    def edit(self, message_id: int, text: str) -> None:
        """Change one's own words."""
        body = {"chat_id": self.id, "user_id": self.id, "message_id": message_id, "text": text}
        people.edit_own(self._telegram.engine, body)

    async def press(self, button: str, message_id: int, **more: Any) -> dict[str, Any]:
        """Press a button and return how the bot answered it."""
        pressed = {"chat_id": self.id, "user_id": self.id, "message_id": message_id, "button": button}
        return await people.press(self._telegram.engine, pressed | more)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What the bot's messages look like now."""
        return [message_view(message) for message in self._chat.messages.values() if message.sender.is_bot]

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    def block(self) -> None:
        people.change_bot_status(
            self._telegram.engine, self._chat, self._telegram.engine.world.users[self.id], "kicked"
        )

    def unblock(self) -> None:
        people.change_bot_status(
            self._telegram.engine, self._chat, self._telegram.engine.world.users[self.id], "member"
        )


class Group:
    """A group with the bot in it, and the people who speak there."""

    def __init__(
        self, telegram: TelegramSimulator, *members: Phone, kind: str = "group", **more: Any
    ) -> None:
        self._engine = telegram.engine
        body = {"type": kind, "title": "Team", "user_ids": [member.id for member in members], **more}
        self._chat = groups.make_chat(self._engine, body)

    @property
    def id(self) -> int:
        return self._chat.id

    def say(self, who: Phone, text: str, **more: Any) -> int:
        said = people.speak(self._engine, {"chat_id": self.id, "user_id": who.id, "text": text, **more})
        return int(said["message_id"])

    async def press(self, who: Phone, button: str, message_id: int) -> dict[str, Any]:
        body = {"chat_id": self.id, "user_id": who.id, "message_id": message_id, "button": button}
        return await people.press(self._engine, body)

    def change(self, action: str, **fields: Any) -> None:
        """Kick, add, migrate ... as the simulator's client side can; a migrated group is looked at from then on."""
        self._chat = groups.change_chat(self._engine, self.id, {"action": action, **fields})

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message_view(message) for message in self._chat.messages.values() if message.sender.is_bot]

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages if message["text"]]
