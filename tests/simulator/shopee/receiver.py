"""A callback address for pushes: keeps what arrives and answers as told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.serve import serving, sleep_unless_closing
from tests.simulator.shopee.wire import PUSH_KEY, Json, sign


@dataclass
class Arrived:
    body: bytes
    content: Json
    authorization: str


@dataclass
class Receiver:
    url: str = ""
    arrived: list[Arrived] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    """Given out one by one; 204 when none is left."""
    hold_s: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        self.arrived.append(Arrived(body, await request.json(), request.headers["authorization"]))
        self.news.set()
        if self.hold_s:
            await sleep_unless_closing(request.app, self.hold_s)
        return self.answers.pop(0) if self.answers else Response(status_code=204)

    async def wait_for(self, count: int) -> list[Json]:
        """Wait until so many pushes have come."""
        async with asyncio.timeout(20):
            while len(self.arrived) < count:
                self.news.clear()
                await self.news.wait()
        return [push.content for push in self.arrived]

    def is_signed(self, push: Arrived) -> bool:
        return push.authorization == sign(PUSH_KEY, f"{self.url}|{push.body.decode()}")


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = Starlette(routes=[Route("/webhooks/shopee", receiver.take, methods=["POST"])])
    async with serving(app) as base_url:
        receiver.url = f"{base_url}/webhooks/shopee"
        yield receiver
