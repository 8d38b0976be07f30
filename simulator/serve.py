"""Running a simulator's app on a real socket, inside the loop that is already running.

The demo and the tests start several servers in one process, so uvicorn must neither own the loop nor
touch signals. Long polls and event streams would outlive a graceful stop; they watch `closing(app)`.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator

from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

GRACE_S = 2.0
_TRANSPORT = "simulator.transport"


class DroppableProtocol(HttpToolsProtocol):
    """Shows the application its socket, so that a fault can cut the line."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_TRANSPORT: {"transport": self.transport}}


class EmbeddedServer(Server):
    """A uvicorn server that leaves signals alone and stops as soon as it is told to."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 10  # on_tick does its work once in ten ticks, one tick being 0.1 s
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), timeout=1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers under way finish, then cut what is left; uvicorn's own way always takes 0.1 s."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        state = self.server_state
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(0.002)
        late = list(state.tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self.lifespan.shutdown()

    def stop(self) -> None:
        self.should_exit = True
        self.stopping.set()


def closing(app: Starlette) -> asyncio.Event:
    """Return the event that is set when the app's server is about to stop."""
    event: asyncio.Event | None = getattr(app.state, "closing", None)
    if event is None:
        event = app.state.closing = asyncio.Event()
    return event


async def sleep_unless_closing(app: Starlette, seconds: float) -> bool:
    """Sleep; return True when the server began to stop meanwhile."""
    try:
        await asyncio.wait_for(closing(app).wait(), timeout=seconds)
    except TimeoutError:
        return False
    return True


async def drop_connection(request: Request) -> None:
    """Cut the client's connection without an answer; the endpoint must return right after."""
    request.scope["extensions"][_TRANSPORT]["transport"].abort()
    while (await request.receive())["type"] != "http.disconnect":
        continue


@contextlib.asynccontextmanager
async def serving(app: Starlette, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve `app` until the block ends; yield its base URL."""
    listener = socket.create_server((host, port), backlog=512)
    # Connections inherit it; asyncio does it only for listeners it opened, and each answer would wait 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    app.state.closing = asyncio.Event()
    server = EmbeddedServer(
        Config(
            app,
            http=DroppableProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=75,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if task.done():
                task.result()
                raise RuntimeError("the server stopped while starting")
            await asyncio.sleep(0.005)
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        app.state.closing.set()
        server.stop()
        await task


async def serve_until_stopped(app: Starlette, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve alone: call `ready(base_url)` once, return after SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    async with serving(app, host, port) as base_url:
        ready(base_url)
        await stopped.wait()
