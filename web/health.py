"""Is the process well, and is it ready: asked by whatever watches it."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send


class Health:
    """GET /healthz, GET /readyz: 200 with facts, 503 when `ok` is not among them or false."""

    def __init__(self, facts: Callable[[], Awaitable[dict[str, object]]]) -> None:
        self._facts = facts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        del request
        facts = await self._facts()
        return JSONResponse(facts, status_code=200 if facts.get("ok") else 503)
