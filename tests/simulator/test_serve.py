"""Serving inside a running loop: it starts on a free port and stops at once, whatever is under way."""

import asyncio
import signal
import socket
import ssl
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from simulator.serve import closing, drop_connection, serving, sleep_unless_closing

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def hello(request: Request) -> Response:
    return PlainTextResponse(await request.body() or b"hello")


async def option(request: Request) -> Response:
    transport = request.scope["extensions"]["simulator.transport"]["transport"]
    connection = transport.get_extra_info("socket")
    return PlainTextResponse(str(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0))


async def waits(request: Request) -> Response:
    request.app.state.waiting.set()
    stopped = await sleep_unless_closing(request.app, 60)
    return PlainTextResponse("stopped" if stopped else "slept")


async def stream(request: Request) -> Response:
    async def ticks() -> AsyncIterator[str]:
        yield "first\n"
        await closing(request.app).wait()
        yield "last\n"

    return StreamingResponse(ticks())


async def deaf(request: Request) -> Response:
    """An endpoint that does not care that the server stops."""
    request.app.state.waiting.set()
    await asyncio.sleep(60)
    return Response()


async def cut(request: Request) -> Response:
    await drop_connection(request)
    return Response()


def make_app() -> Starlette:
    app = Starlette(
        routes=[
            Route("/", hello, methods=["GET", "POST"]),
            *(
                Route(f"/{call.__name__}", call, methods=["GET", "POST"])
                for call in (option, waits, stream, deaf, cut)
            ),
        ]
    )
    app.state.waiting = asyncio.Event()
    return app


def client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, verify=NO_TLS, timeout=20)


async def test_server_answers_on_a_free_port() -> None:
    async with serving(make_app()) as first, serving(make_app()) as second:
        assert first != second
        for url in (first, second):
            async with client(url) as http:
                assert (await http.get("/")).text == "hello"


async def test_answers_do_not_wait_for_more_to_send() -> None:
    async with serving(make_app()) as url, client(url) as http:
        assert (await http.get("/option")).text == "True"


async def test_server_leaves_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with serving(make_app()):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_waiting_calls_and_streams_end_with_the_server() -> None:
    app = make_app()
    async with serving(app) as url:
        http = client(url)
        waiting = asyncio.create_task(http.get("/waits"))
        await app.state.waiting.wait()
        async with http.stream("GET", "/stream") as streamed:
            lines = streamed.aiter_lines()
            assert await anext(lines) == "first"
            started = time.monotonic()
            app.state.closing.set()
            assert await anext(lines) == "last"
    assert (await waiting).text == "stopped"
    assert time.monotonic() - started < 5
    await http.aclose()


async def test_deaf_call_is_cut_after_a_grace() -> None:
    app = make_app()
    async with serving(app) as url:
        http = client(url)
        deaf_call = asyncio.create_task(http.get("/deaf"))
        await app.state.waiting.wait()
        started = time.monotonic()
    assert time.monotonic() - started < 10
    await asyncio.wait([deaf_call])
    await http.aclose()


async def test_connection_is_cut_without_an_answer() -> None:
    async with serving(make_app()) as url, client(url) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.post("/cut", content=b"x" * 100_000)
        assert (await http.get("/")).text == "hello"


async def test_taken_port_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        async with serving(make_app(), port=taken.getsockname()[1]):
            pytest.fail("it must not start")
