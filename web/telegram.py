"""Telegram's webhook: the secret is compared in constant time, the update stored, then 200."""

import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from web.bodies import read_body

HEADER = "X-Telegram-Bot-Api-Secret-Token"


class TelegramEndpoint:
    """POST /telegram. Without the secret: 401 before anything is read."""

    def __init__(self, secret: str, take_update: Callable[[bytes], Awaitable[bool]]) -> None:
        self._secret = secret.encode()
        self._take_update = take_update

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = Response(status_code=await self._take(Request(scope, receive)))
        await response(scope, receive, send)

    async def _take(self, request: Request) -> int:
        told = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(told, self._secret):
            return 401
        # An update that cannot be read will not do better next time: it is counted, and taken.
        await self._take_update(await read_body(request))
        return 200
