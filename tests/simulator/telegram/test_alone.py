"""The simulator as a program, and the same seed as the same world."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator

import httpx

from simulator.telegram.server import TelegramSimulator
from tests.simulator.telegram.conftest import NO_TLS
from tests.simulator.telegram.partners import TOKEN, BotSide, Json, Phone, png


@contextlib.asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, Json]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator.telegram", *arguments), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield process, json.loads(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def test_program_says_where_it_is_and_stops_when_told() -> None:
    async with program("--token", TOKEN, "--bot-username", "AloneBot", "--real-limits") as (process, line):
        assert (line["kind"], line["token"], line["bot_username"]) == ("telegram", TOKEN, "AloneBot")
        async with httpx.AsyncClient(base_url=line["url"], verify=NO_TLS, timeout=20) as http:
            assert (await BotSide(http).ok("getMe"))["username"] == "AloneBot"
            page = await http.get("/")
            assert page.status_code == 200
            polls = {asyncio.create_task(BotSide(http).call("getUpdates", timeout=30)) for _ in range(2)}
            (ended,), (waiting,) = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
            assert ended.result().status_code == 409  # so the other one is there and waits
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 10) == 0
            assert (await waiting).json() == {"ok": True, "result": []}


async def life(seed: int) -> list[str]:
    """Return every made-up number of a short conversation."""
    async with contextlib.AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(TelegramSimulator(TOKEN, seed=seed).serve())
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=simulator.url, verify=NO_TLS, timeout=20)
        )
        bot, phone = BotSide(http), Phone(http)
        phone.user_id = await phone.person("Sari")
        said = await phone.says("/start")
        keyboard = '{"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}'
        sent = await bot.upload(
            "sendPhoto",
            {"photo": ("a.png", png(), "image/png")},
            chat_id=str(phone.user_id),
            reply_markup=keyboard,
        )
        press = await phone.presses(sent.json()["result"]["message_id"], "Go", wait_s=0)
        file_id = sent.json()["result"]["photo"][0]["file_id"]
        (_, update) = await bot.updates()
        instance = update["callback_query"]["chat_instance"]
        return [str(said["update_id"]), file_id, press["query_id"], instance]


async def test_same_seed_gives_the_same_world() -> None:
    first, again, other = [await life(seed) for seed in (1, 1, 2)]
    assert first == again
    assert not set(first) & set(other)
