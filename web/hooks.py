"""Platforms' pushes: raw bytes in, stored, then an empty 200 (`promises.md` R16): some take nothing else for a yes."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from domain.errors import InputError, NotAllowed, NotFound
from services.inbound import InboundService
from web.bodies import read_body


class HookEndpoint:
    """POST /hooks/<platform>/<app>. Answers are uniform: they tell a stranger nothing."""

    def __init__(self, inbound: InboundService) -> None:
        self._inbound = inbound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        status = await self._take(request, await read_body(request))
        await Response(status_code=status)(scope, receive, send)

    async def _take(self, request: Request, body: bytes) -> int:
        platform, app_id = request.path_params["platform"], request.path_params["app_id"]
        try:
            await self._inbound.receive_hook(platform, app_id, request.headers, body)
        except NotFound:
            return 404
        except NotAllowed:
            return 401
        except InputError:
            return 400
        return 200
