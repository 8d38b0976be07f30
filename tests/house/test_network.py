"""No test reaches beyond this machine, by whatever call it tries."""

import asyncio
import socket
import urllib.request

import aiohttp
import pytest

ELSEWHERE = "192.0.2.1"
"""An address that RFC 5737 keeps for examples."""


def test_connection_beyond_loopback_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match=ELSEWHERE):
        socket.create_connection((ELSEWHERE, 9), timeout=1)


def test_datagram_beyond_loopback_fails_the_test() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        pytest.raises(pytest.fail.Exception, match=ELSEWHERE),
    ):
        sender.sendto(b"hello", (ELSEWHERE, 9))


def test_name_is_not_looked_up() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"shop\.example"):
        urllib.request.urlopen("http://shop.example/", timeout=1)


async def test_event_loop_is_held_back_too() -> None:
    with pytest.raises(pytest.fail.Exception, match=ELSEWHERE):
        await asyncio.open_connection(ELSEWHERE, 9)


async def test_http_client_cannot_swallow_the_failure() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(pytest.fail.Exception, match=ELSEWHERE):
            await session.get(f"http://{ELSEWHERE}/")


async def test_name_that_cannot_exist_is_simply_unknown() -> None:
    with pytest.raises(socket.gaierror):
        await asyncio.open_connection("nothing.invalid", 9)


async def test_this_machine_is_reached() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "localhost", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
