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

    def say_in_a_group(self, text: str) -> None:
        group = groups.make_chat(
            self._telegram.engine, {"type": "group", "title": "Team", "user_ids": [self.id]}
        )
        people.speak(self._telegram.engine, {"chat_id": group.id, "user_id": self.id, "text": text})

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
