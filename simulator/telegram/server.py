"""The simulator as a whole: one Starlette app, and a class to embed it."""

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from simulator.serve import closing, serving
from simulator.telegram.bot_api import bot_endpoint, file_endpoint
from simulator.telegram.client_api import ROUTES, add_fault
from simulator.telegram.engine import Engine
from simulator.telegram.records import Json

DEFAULT_TOKEN: Final = "7000000001:AAsimulated-token-of-no-real-bot-0001"
DEFAULT_USERNAME: Final = "StoreSyncDemoBot"
STATIC: Final = Path(__file__).with_name("static")


class TelegramSimulator:
    """Telegram for one bot. `app` can be served by any ASGI server; `serve()` does it here and now."""

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        bot_username: str = DEFAULT_USERNAME,
        seed: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.engine = Engine(token=token, bot_username=bot_username, seed=seed, clock=clock)
        self.token = token
        self.bot_username = bot_username
        self.url = ""
        self.app = Starlette(
            routes=[
                Route("/bot{rest:path}", bot_endpoint, methods=["GET", "POST"]),
                Route("/file/bot{rest:path}", file_endpoint, methods=["GET"]),
                *ROUTES,
                Route("/", _page, methods=["GET"]),
                Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
            ],
            lifespan=self._lifespan,
        )
        self.app.state.engine = self.engine

    @property
    def api_url(self) -> str:
        """The value of TELEGRAM_API_URL for a bot."""
        return self.url

    def describe(self) -> Json:
        """Return the line a program reads to find this simulator."""
        return {
            "kind": "telegram",
            "url": self.url,
            "token": self.token,
            "bot_username": self.bot_username,
        }

    def add_fault(self, **fault: object) -> None:
        """Order a trouble with the fields of `POST /client/faults`."""
        add_fault(self.engine, dict(fault))

    @property
    def violations(self) -> list[Json]:
        return self.engine.calls.violations()

    @contextlib.asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator["TelegramSimulator"]:
        """Serve until the block ends; `url` is known inside."""
        async with serving(self.app, host, port) as self.url:
            yield self

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self.engine.closing = closing(app)
        yield
        await self.engine.webhook.stop()


async def _page(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
    page = STATIC / "index.html"
    return FileResponse(page) if page.is_file() else PlainTextResponse("Simulator, not Telegram")
