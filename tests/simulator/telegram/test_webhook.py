"""Webhook delivery, to a receiver on this machine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.serve import serving
from simulator.telegram.server import TelegramSimulator
from tests.simulator.telegram.partners import BotSide, Json, Phone, until


@dataclass
class Receiver:
    """A webhook that answers as told, then 200."""

    answers: list[Response] = field(default_factory=list)
    bodies: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    url: str = ""

    async def hook(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
        return self.answers.pop(0) if self.answers else Response()

    async def has(self, count: int) -> bool:
        return len(self.bodies) >= count

    @property
    def texts(self) -> list[str]:
        return [body["message"]["text"] for body in self.bodies]


@pytest.fixture
async def receiver(simulator: TelegramSimulator) -> AsyncIterator[Receiver]:
    simulator.engine.webhook.retry_unit_s = 0.001
    made = Receiver()
    app = Starlette(routes=[Route("/hook", made.hook, methods=["POST"])])
    async with serving(app) as base:
        made.url = f"{base}/hook"
        yield made


async def has_pending(bot: BotSide, count: int) -> bool:
    info = await bot.ok("getWebhookInfo")
    return bool(info["pending_update_count"] == count)


async def test_updates_come_with_the_secret_and_in_order(
    bot: BotSide, phone: Phone, receiver: Receiver
) -> None:
    await phone.says("before")
    await bot.ok("setWebhook", url=receiver.url, secret_token="s3cret")
    for text in ("one", "two", "three"):
        await phone.says(text)
    await until(lambda: receiver.has(4))
    assert receiver.texts == ["before", "one", "two", "three"]
    assert set(receiver.secrets) == {"s3cret"}
    await until(lambda: has_pending(bot, 0))


async def test_failed_delivery_is_repeated_and_holds_its_chat(
    bot: BotSide, phone: Phone, receiver: Receiver
) -> None:
    other = Phone(phone.http)
    other.user_id = await phone.person("Budi")
    receiver.answers = [Response(status_code=500), Response(status_code=503), Response(status_code=301)]
    await bot.ok("setWebhook", url=receiver.url)
    await phone.says("hard")
    await until(lambda: receiver.has(1))
    await phone.says("waits")
    await until(lambda: receiver.has(5))
    assert receiver.texts == ["hard", "hard", "hard", "hard", "waits"]
    info = await bot.ok("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 301")
    await other.says("hello")
    await until(lambda: receiver.has(6))


async def test_receiver_may_ask_for_time(bot: BotSide, phone: Phone, receiver: Receiver) -> None:
    receiver.answers = [Response(status_code=429, headers={"Retry-After": "30"})]
    await bot.ok("setWebhook", url=receiver.url)
    await phone.says("x")
    await until(lambda: receiver.has(2))
    assert receiver.texts == ["x", "x"]


async def test_unreachable_receiver_keeps_updates_pending(
    bot: BotSide, phone: Phone, receiver: Receiver
) -> None:
    await bot.ok("setWebhook", url="http://127.0.0.1:9/", max_connections=2)
    await phone.says("x")

    async def has_failed() -> bool:
        return "last_error_message" in await bot.ok("getWebhookInfo")

    await until(has_failed)
    info = await bot.ok("getWebhookInfo")
    assert (info["url"], info["max_connections"], info["pending_update_count"]) == (
        "http://127.0.0.1:9/",
        2,
        1,
    )
    await bot.ok("deleteWebhook")
    assert (await bot.ok("getWebhookInfo"))["url"] == ""
    assert [update["message"]["text"] for update in await bot.updates()] == ["x"]


async def test_doubled_update_is_delivered_twice(bot: BotSide, phone: Phone, receiver: Receiver) -> None:
    await bot.ok("setWebhook", url=receiver.url)
    await phone.post("faults", kind="double_update")
    await phone.says("x")
    await until(lambda: receiver.has(2))
    assert receiver.bodies[0] == receiver.bodies[1]


async def test_pending_updates_can_be_dropped_when_it_is_set(
    bot: BotSide, phone: Phone, receiver: Receiver
) -> None:
    await phone.says("old")
    await bot.ok("setWebhook", url=receiver.url, drop_pending_updates=True, allowed_updates=["message"])
    await phone.says("new")
    await until(lambda: receiver.has(1))
    assert receiver.texts == ["new"]
    assert (await bot.ok("getWebhookInfo"))["allowed_updates"] == ["message"]
