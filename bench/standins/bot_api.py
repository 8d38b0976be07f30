"""A stand-in for Telegram's Bot API that lets chats talk as fast as a bot answers, and keeps the times.

Each chat says the next thing as soon as it has an answer to the last. `POST /run` begins a run and
answers with its figures when the last reply is there.
"""

import asyncio
import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bench.standins.serving import Receive, Scope, Send, answer, body_of, serve

_CHAT = re.compile(rb'chat_id(?:=|":\s*)(\d+)')
_LIMIT = 100
SILENCE_S = 40.0
"""A chat that has no answer by then will not get one."""
_ODD_ANSWERS = {"getMyCommands": "[]"}
"""Methods that answer with something else than true."""


@dataclass(slots=True)
class Run:
    """One run of one bot: who still waits for an answer since when, and how long the others waited."""

    text: str
    until: float
    delay_s: float
    began: float = field(default_factory=time.perf_counter)
    asked_at: dict[int, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Bot:
    """One bot's updates that are not confirmed yet, and its run."""

    def __init__(self, token: str) -> None:
        self.user = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Bench",
            "username": "bench_bot",
        }
        self._waiting: list[tuple[int, str]] = []
        self._arrived = asyncio.Event()
        self._next_id = 1
        self.messages = 0
        self.run: Run | None = None

    def start(self, run: Run, chats: int) -> None:
        self.run = run
        for chat in range(1001, 1001 + chats):
            self._say(run, chat)

    async def updates(self, asked: dict[str, str]) -> str:
        offset = int(asked.get("offset", 0))
        self._waiting = [each for each in self._waiting if each[0] >= offset]
        if not self._waiting:
            self._arrived.clear()
            try:
                async with asyncio.timeout(float(asked.get("timeout", 0))):
                    await self._arrived.wait()
            except TimeoutError:
                return "[]"
        return f"[{','.join(body for _, body in self._waiting[:_LIMIT])}]"

    def hear(self, chat: int) -> None:
        """Take a reply: the chat goes on at once, or the run ends."""
        self.messages += 1
        run, now = self.run, time.perf_counter()
        if run is None or chat not in run.asked_at:
            return
        run.waits.append(now - run.asked_at.pop(chat))
        if now < run.until:
            self._say(run, chat)
        elif not run.asked_at:
            run.ended.set()

    def _say(self, run: Run, chat: int) -> None:
        person = {"id": chat, "is_bot": False, "first_name": f"Person {chat}", "language_code": "en"}
        message: dict[str, Any] = {
            "message_id": self._next_id,
            "from": person,
            "chat": {"id": chat, "type": "private", "first_name": f"Person {chat}"},
            "date": int(time.time()),
            "text": run.text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(run.text)}],
        }
        self._waiting.append((self._next_id, json.dumps({"update_id": self._next_id, "message": message})))
        self._next_id += 1
        run.asked_at[chat] = time.perf_counter()
        self._arrived.set()


class BotApi:
    """The server: methods of every bot, and the handle that begins a run."""

    def __init__(self) -> None:
        self._bots: dict[str, Bot] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await body_of(receive)
        if scope["path"] == "/run":
            await answer(send, await self._run(json.loads(body)))
            return
        token, _, method = scope["path"].removeprefix("/bot").partition("/")
        bot = self._bot(token)
        result = await self._result(bot, method, body or scope["query_string"])
        if bot.run and bot.run.delay_s:
            await asyncio.sleep(bot.run.delay_s)
        if method == "sendMessage":
            bot.hear(_chat_of(body))
        await answer(send, b'{"ok":true,"result":' + result.encode() + b"}")

    async def _run(self, asked: dict[str, Any]) -> bytes:
        run = Run(asked["text"], time.perf_counter() + asked["seconds"], asked["delay_s"])
        bot = self._bot(asked["token"])
        bot.start(run, asked["chats"])
        with suppress(TimeoutError):
            async with asyncio.timeout(asked["seconds"] + SILENCE_S):
                await run.ended.wait()
        bot.run = None
        told = {
            "seconds": time.perf_counter() - run.began,
            "waits": run.waits,
            "unanswered": len(run.asked_at),
        }
        return json.dumps(told).encode()

    def _bot(self, token: str) -> Bot:
        if token not in self._bots:
            self._bots[token] = Bot(token)
        return self._bots[token]

    async def _result(self, bot: Bot, method: str, body: bytes) -> str:
        if method == "getUpdates":
            return await bot.updates(dict(parse_qsl(body.decode())))
        if method == "getMe":
            return json.dumps(bot.user)
        if method != "sendMessage":
            return _ODD_ANSWERS.get(method, "true")
        said = dict(parse_qsl(body.decode()))
        chat = {"id": _chat_of(body), "type": "private", "first_name": "Person"}
        sent = {"message_id": bot.messages + 1, "from": bot.user, "chat": chat, "date": int(time.time())}
        sent |= {"text": said["text"]} | (
            {"reply_markup": json.loads(said["reply_markup"])} if "reply_markup" in said else {}
        )
        return json.dumps(sent)


def _chat_of(body: bytes) -> int:
    found = _CHAT.search(body)
    if found is None:
        raise ValueError("a message for no chat")
    return int(found[1])


if __name__ == "__main__":
    serve(BotApi())
