"""The two who talk to the simulator in these tests: a bot and a person, both over plain HTTP."""

import asyncio
import base64
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = dict[str, Any]
TOKEN = "7123456789:AAH-token-of-the-simulated-bot-00"


@dataclass
class MovedClock:
    """A clock that stands until it is moved."""

    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class BotSide:
    http: httpx.AsyncClient

    async def call(self, method: str, **args: Any) -> httpx.Response:
        """Send a JSON call; leave out what is None."""
        body = {name: value for name, value in args.items() if value is not None}
        return await self.http.post(f"/bot{TOKEN}/{method}", json=body)

    async def ok(self, method: str, **args: Any) -> Any:
        response = await self.call(method, **args)
        body = response.json()
        assert response.status_code == 200, body
        assert body["ok"] is True
        return body["result"]

    async def refused(self, method: str, **args: Any) -> tuple[int, str]:
        """Return status and text of a refusal, whose envelope agrees with the status."""
        response = await self.call(method, **args)
        body = response.json()
        assert body["ok"] is False
        assert body["error_code"] == response.status_code
        return response.status_code, body["description"]

    async def upload(
        self, method: str, files: Mapping[str, tuple[str, bytes, str]], **args: Any
    ) -> httpx.Response:
        return await self.http.post(f"/bot{TOKEN}/{method}", data=args, files=files)

    async def updates(self, **args: Any) -> list[Json]:
        found: list[Json] = await self.ok("getUpdates", **args)
        return found


@dataclass
class Phone:
    http: httpx.AsyncClient
    user_id: int = 0
    user: Json = field(default_factory=dict)

    async def post(self, path: str, **body: Any) -> Any:
        response = await self.http.post(f"/client/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    async def patch(self, path: str, **body: Any) -> Any:
        response = await self.http.patch(f"/client/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    async def get(self, path: str, **query: Any) -> Any:
        response = await self.http.get(f"/client/{path}", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    async def person(self, first_name: str, **fields: Any) -> int:
        user = await self.post("users", first_name=first_name, **fields)
        user_id: int = user["id"]
        return user_id

    async def says(self, text: str, chat_id: int | None = None, **fields: Any) -> Json:
        body = {"chat_id": chat_id or self.user_id, "user_id": self.user_id, "text": text} | fields
        said: Json = await self.post("messages", **body)
        return said

    async def sends_file(self, name: str, mime: str, content: bytes, **fields: Any) -> Json:
        file = {"name": name, "mime": mime, "base64": base64.b64encode(content).decode()}
        body = {"chat_id": self.user_id, "user_id": self.user_id, "file": file} | fields
        sent: Json = await self.post("messages", **body)
        return sent

    async def sees(self, chat_id: int | None = None, after: int = 0) -> list[Json]:
        shown = await self.get(f"chats/{chat_id or self.user_id}/messages", after=after)
        messages: list[Json] = shown["messages"]
        return messages

    async def presses(self, message_id: int, button: str, **fields: Any) -> Json:
        chat = {"chat_id": self.user_id, "user_id": self.user_id} | fields
        answer: Json = await self.post("presses", message_id=message_id, button=button, **chat)
        return answer

    async def violations(self) -> list[Json]:
        found: list[Json] = (await self.get("violations"))["violations"]
        return found

    async def group(self, kind: str = "group", **fields: Any) -> int:
        body = {"type": kind, "title": "Packers", "user_ids": [self.user_id]} | fields
        chat_id: int = (await self.post("chats", **body))["id"]
        return chat_id


def png(width: int = 40, height: int = 30) -> bytes:
    """Return a real grey picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + checksum

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def until(condition: Callable[[], Any]) -> Any:
    """Wait until the (async) condition returns something true; the test's time limit is the net."""
    while not (found := await condition()):  # noqa: ASYNC110 - what is waited for lies behind HTTP
        await asyncio.sleep(0.005)
    return found
