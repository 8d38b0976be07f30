"""A person's phone: says things, presses buttons by their text, reads what it shows."""

import base64
import re
from dataclasses import dataclass
from typing import Any

import httpx

from tests.stage.waiting import until


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a phone shows it."""

    id: int
    text: str
    buttons: tuple[str, ...]
    urls: dict[str, str]
    is_bot: bool
    is_silent: bool
    edited_at: int | None
    file: str = ""
    """Where the file of it can be had."""

    def says(self, *words: str) -> bool:
        return all(word in self.text for word in words)

    def button(self, pattern: str) -> str:
        """Return the label of the one button that matches."""
        found = [label for label in self.buttons if re.search(pattern, label)]
        assert len(found) == 1, f"{pattern!r} names {found} of {self.buttons}"
        return found[0]


class Phone:
    def __init__(self, client: httpx.AsyncClient, user_id: int, chat_id: int) -> None:
        self._client = client
        self.user_id = user_id
        self.chat_id = chat_id

    @classmethod
    async def of(cls, client: httpx.AsyncClient, name: str, language: str = "en") -> "Phone":
        """Give a new person a phone, in the private chat with the bot."""
        answer = await client.post("/client/users", json={"first_name": name, "language_code": language})
        user = answer.raise_for_status().json()
        return cls(client, user["id"], user["id"])

    async def say(self, text: str) -> int:
        """Send a text; return its message id."""
        body = {"chat_id": self.chat_id, "user_id": self.user_id, "text": text}
        answer = await self._client.post("/client/messages", json=body)
        return int(answer.raise_for_status().json()["message_id"])

    async def send_photo(self, content: bytes) -> int:
        """Send a photo; return its message id."""
        return await self._send("photo.png", "image/png", content)

    async def send_file(self, name: str, content: bytes) -> int:
        """Send a file; return its message id."""
        return await self._send(name, "application/octet-stream", content)

    async def fetch_file(self, message: Message) -> bytes:
        """Return the file of a message."""
        return (await self._client.get(message.file)).raise_for_status().content

    async def _send(self, name: str, mime: str, content: bytes) -> int:
        file = {"name": name, "mime": mime, "base64": base64.b64encode(content).decode()}
        body = {"chat_id": self.chat_id, "user_id": self.user_id, "file": file}
        answer = await self._client.post("/client/messages", json=body)
        return int(answer.raise_for_status().json()["message_id"])

    async def press(self, message: Message, pattern: str, *, wait_s: float = 15) -> dict[str, Any]:
        """Press the one button whose text matches; return the answer of the press (or its address)."""
        body = {
            "chat_id": self.chat_id,
            "user_id": self.user_id,
            "message_id": message.id,
            "button": message.button(pattern),
            "wait_s": wait_s,
        }
        answer = await self._client.post("/client/presses", json=body, timeout=wait_s + 5)
        return dict(answer.raise_for_status().json())

    async def messages(self, after: int = 0) -> list[Message]:
        path = f"/client/chats/{self.chat_id}/messages"
        answer = await self._client.get(path, params={"after": after})
        if answer.status_code == httpx.codes.BAD_REQUEST:
            return []  # nothing was ever said here
        return [_message(one) for one in answer.raise_for_status().json()["messages"]]

    async def sees(self, *words: str, after: int = 0, within_s: float = 60.0) -> Message:
        """Wait until a message of the bot shows all these words; return the newest that does."""

        async def look() -> Message | None:
            shown = [one for one in await self.messages(after) if one.is_bot]
            return next((one for one in reversed(shown) if one.says(*words)), None)

        try:
            return await until(look, f"a message with {words}", within_s=within_s)
        except AssertionError as vain:
            shown = [one.text for one in (await self.messages())[-3:]]
            raise AssertionError(f"{vain}; the last ones are {shown}") from None

    async def sees_in(self, message: Message, *words: str, within_s: float = 60.0) -> Message:
        """Wait until this very message shows all these words."""

        async def look() -> Message | None:
            shown = await self._as_shown(message)
            return next((one for one in shown if one.says(*words)), None)

        try:
            return await until(look, f"message {message.id} with {words}", within_s=within_s)
        except AssertionError as vain:
            shown = [one.text for one in await self._as_shown(message)]
            raise AssertionError(f"{vain}; it shows {shown}") from None

    async def offers(self, message: Message, pattern: str, *, within_s: float = 60.0) -> Message:
        """Wait until this very message has a button that matches."""

        async def look() -> Message | None:
            shown = await self._as_shown(message)
            return next(
                (one for one in shown if any(re.search(pattern, label) for label in one.buttons)), None
            )

        return await until(look, f"a button {pattern!r} in message {message.id}", within_s=within_s)

    async def _as_shown(self, message: Message) -> list[Message]:
        """Return this very message as the chat shows it now; none where it was deleted."""
        return [one for one in await self.messages(message.id - 1) if one.id == message.id]


def _message(shown: dict[str, Any]) -> Message:
    buttons = [button for row in shown["buttons"] for button in row]
    return Message(
        id=shown["message_id"],
        text=shown["text"] or shown["caption"] or "",
        buttons=tuple(button["text"] for button in buttons),
        urls={button["text"]: button["url"] for button in buttons if button.get("url")},
        is_bot=shown["is_bot"],
        is_silent=shown["silent"],
        edited_at=shown["edit_date"],
        file=(shown["media"] or {}).get("url", ""),
    )
