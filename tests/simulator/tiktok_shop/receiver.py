"""An address for webhooks: keeps what arrives and answers as told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.serve import serving
from tests.simulator.tiktok_shop.wire import APP_KEY, SECRET, Json, digest


@dataclass
class Receiver:
    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    """Given out one by one; 200 with nothing when none is left."""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.signatures.append(request.headers["authorization"])
        self.news.set()
        return self.answers.pop(0) if self.answers else Response(status_code=200)

    async def wait_for(self, kind: int, count: int = 1) -> list[Json]:
        """Wait until so many of a type have come; all are to be signed."""
        async with asyncio.timeout(20):
            while (
                len(found := [each for each in map(json.loads, self.bodies) if each["type"] == kind]) < count
            ):
                self.news.clear()
                await self.news.wait()
        for body, signature in zip(self.bodies, self.signatures, strict=False):
            assert signature == digest(SECRET, APP_KEY + body.decode())
        return found


@asynccontextmanager
async def receiving(path: str = "/webhooks") -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = Starlette(routes=[Route(path, receiver.take, methods=["POST"])])
    async with serving(app) as base_url:
        receiver.url = f"{base_url}{path}"
        yield receiver
