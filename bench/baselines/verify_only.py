"""A receiver that checks a push's signature, reads it, and keeps nothing. Word: the address the pushes are signed for."""

import json
import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.kit.transport import AiohttpTransport
from adapters.registry import build_platforms
from bench.books import app_of
from domain.clock import utc_now
from domain.errors import NotAllowed


def main() -> None:
    app = app_of(hook_url=sys.argv[1])
    hooks = build_platforms(AiohttpTransport(), utc_now)["shopee"].hooks

    async def receive(request: Request) -> Response:
        try:
            hooks.verify_and_parse(app, request.headers, await request.body())
        except NotAllowed:
            return Response(status_code=401)
        return Response(status_code=200)

    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(json.dumps({"port": listener.getsockname()[1]}) + "\n")
    sys.stdout.flush()
    web = Starlette(routes=[Route("/hooks/{platform}/{app_id}", receive, methods=["POST"])])
    # A line of log for each push would only slow the baseline down.
    uvicorn.Server(uvicorn.Config(web, access_log=False, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    main()
