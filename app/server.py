"""The web room on a socket, in the loop that is already running and without touching signals."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

from starlette.applications import Starlette
from uvicorn import Config, Server

from domain.errors import ConfigurationError

GRACE_S = 2


class QuietServer(Server):
    """A server that leaves signals to the program that started it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: Starlette, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port (the one chosen, where 0 was asked for)."""
    listener = _listen(host, port)
    config = Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = QuietServer(config)
    running = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await running


def _listen(host: str, port: int) -> socket.socket:
    """Bind here, so that a taken port is told before anything else starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # asyncio sets it on sockets it opens itself; without it each answer may wait 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError as taken:
        listener.close()
        raise ConfigurationError(
            f"HTTP_HOST/HTTP_PORT: cannot listen on {host}:{port} ({taken.strerror})"
        ) from taken
    listener.listen(128)
    listener.setblocking(False)
    return listener
