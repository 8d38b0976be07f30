"""Every way a request can fail is told apart: never sent, or fate unknown; and no error names an address."""

import asyncio
import gzip
import io
import logging
import socket
import traceback
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from adapters.kit.transport import AiohttpTransport, OversizedBody, TransportLimits
from tests.unit.adapters.raw_server import Handler, RawServer, forever, own_certificate, reset, serving_raw

TOKEN = "tok-5ecret-0001"
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
BROKEN = (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError)
FATE_UNKNOWN = (
    httpx.WriteError, httpx.WriteTimeout, httpx.ReadError, httpx.ReadTimeout, httpx.RemoteProtocolError,
)  # fmt: skip
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PATIENT = httpx.Timeout(20)
"""For what is expected to work, or to fail by itself, on however busy a machine."""


def client(
    *,
    times: httpx.Timeout = PATIENT,
    connections: int = 10,
    body_bytes: int = 100_000,
    deadline_s: float | None = 20,
) -> httpx.AsyncClient:
    limits = TransportLimits(connections=connections, body_bytes=body_bytes, deadline_s=deadline_s)
    return httpx.AsyncClient(transport=AiohttpTransport(limits), timeout=times)


async def failing(
    url: str, *, body: bytes | None = None, times: httpx.Timeout = PATIENT, deadline_s: float | None = 20
) -> httpx.TransportError:
    """Make a request with a token in its address; return how it failed."""
    method = "GET" if body is None else "POST"
    async with client(times=times, deadline_s=deadline_s) as http:
        with pytest.raises(httpx.TransportError) as caught:
            await http.request(method, f"{url}/v2?access_token={TOKEN}", content=body)
    return caught.value


@pytest.fixture(autouse=True)
def nothing_leaks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold every test to silence: no complaint of the loop or of aiohttp, and no token in any line."""
    with caplog.at_level(logging.DEBUG):
        yield
    lines = [record for record in caplog.records if not record.name.startswith("httpx")]
    assert not [record for record in lines if TOKEN in record.getMessage()]
    assert not [record for record in lines if record.levelno >= logging.WARNING]


def assert_tells_no_address(error: Exception) -> None:
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.args)
    assert TOKEN not in told
    assert error.__cause__ is None
    assert error.__context__ is None or TOKEN not in repr(error.__context__)


async def answer_once(server: RawServer, reader: Reader, writer: Writer) -> None:
    await server.take(reader)
    writer.write(OK)
    await writer.drain()
    await forever()


# Never sent


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def test_refused_is_never_sent() -> None:
    error = await failing(f"http://127.0.0.1:{closed_port()}", body=b"{}")
    assert type(error) is httpx.ConnectError
    assert_tells_no_address(error)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "[::1]"])
async def test_no_such_host_is_never_sent(host: str) -> None:
    error = await failing(f"http://{host}:1", body=b"{}")
    assert type(error) is httpx.ConnectError
    assert_tells_no_address(error)


async def test_host_that_is_no_name_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_to_encode(*_: object, **__: object) -> None:
        raise UnicodeError("encoding with 'idna' codec failed")  # as for an empty or overlong label

    monkeypatch.setattr(socket, "getaddrinfo", refuse_to_encode)
    error = await failing("http://a.invalid", body=b"{}")
    assert type(error) is httpx.ConnectError
    assert_tells_no_address(error)


async def test_full_pool_is_never_sent() -> None:
    async with serving_raw(_take_and_keep_silent) as server, client(connections=1) as http:
        first = asyncio.create_task(http.get(server.url))
        await server.is_taken.wait()
        with pytest.raises(httpx.PoolTimeout) as caught:
            await http.post(
                f"{server.url}?access_token={TOKEN}", content=b"{}", timeout=httpx.Timeout(20, pool=0.1)
            )
        assert len(server.requests) == 1
        assert_tells_no_address(caught.value)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_a_place_that_frees_up_in_time_is_taken() -> None:
    may_answer = asyncio.Event()

    async def answer_when_told(server: RawServer, reader: Reader, writer: Writer) -> None:
        while True:
            await server.take(reader)
            await may_answer.wait()
            writer.write(OK)

    async with serving_raw(answer_when_told) as server, client(connections=1) as http:
        first = asyncio.create_task(http.get(server.url))
        await server.is_taken.wait()
        second = asyncio.create_task(http.get(server.url))
        may_answer.set()
        assert [answer.text for answer in await asyncio.gather(first, second)] == ["ok", "ok"]
        assert server.connections == 1


async def test_handshake_that_never_ends_is_never_sent() -> None:
    async with serving_raw(_keep_silent) as server:
        url, times = f"https://127.0.0.1:{server.port}", httpx.Timeout(20, connect=0.2)
        error = await failing(url, body=b"{}", times=times)
    assert type(error) is httpx.ConnectTimeout
    assert_tells_no_address(error)


async def test_reset_during_the_handshake_is_never_sent() -> None:
    async def cut(_server: RawServer, reader: Reader, writer: Writer) -> None:
        await reader.read(1)
        reset(writer)

    async with serving_raw(cut) as server:
        error = await failing(f"https://127.0.0.1:{server.port}", body=b"{}")
    assert type(error) is httpx.ConnectError
    assert_tells_no_address(error)


async def test_closed_transport_is_never_sent() -> None:
    transport = AiohttpTransport()
    async with serving_raw(answer_once) as server:
        async with httpx.AsyncClient(transport=transport) as http:
            await http.get(server.url)
        with pytest.raises(httpx.ConnectError):
            await transport.handle_async_request(httpx.Request("GET", server.url))
        assert len(server.requests) == 1


# Fate unknown


async def _keep_silent(_server: RawServer, _reader: Reader, _writer: Writer) -> None:
    await forever()


async def _take_and_keep_silent(server: RawServer, reader: Reader, _writer: Writer) -> None:
    await server.take(reader)
    await forever()


async def _reset_at_once(_server: RawServer, _reader: Reader, writer: Writer) -> None:
    reset(writer)


async def _reset_after(server: RawServer, reader: Reader, writer: Writer) -> None:
    await server.take(reader)
    reset(writer)


async def _hang_up_after(server: RawServer, reader: Reader, writer: Writer) -> None:
    await server.take(reader)
    writer.close()


async def _half_a_head(server: RawServer, reader: Reader, writer: Writer) -> None:
    await server.take(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-")
    await forever()


async def _garbage(server: RawServer, reader: Reader, writer: Writer) -> None:
    await server.take(reader)
    writer.write(b"\x16\x03\x01 not http at all\r\n\r\n")
    await forever()


async def _half_a_body(server: RawServer, reader: Reader, writer: Writer) -> None:
    await server.take(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
    await forever()


async def _cut_body(server: RawServer, reader: Reader, writer: Writer) -> None:
    await server.take(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
    await writer.drain()
    writer.close()


async def _broken_gzip(server: RawServer, reader: Reader, writer: Writer) -> None:
    await server.take(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope")
    await forever()


@pytest.mark.parametrize(
    ("handle", "kinds"),
    [
        (_reset_at_once, BROKEN),
        (_reset_after, (httpx.ReadError, httpx.RemoteProtocolError)),
        (_hang_up_after, (httpx.RemoteProtocolError,)),
        (_take_and_keep_silent, (httpx.ReadTimeout,)),
        (_half_a_head, (httpx.ReadTimeout,)),
        (_half_a_body, (httpx.ReadTimeout,)),
        (_cut_body, (httpx.RemoteProtocolError,)),
        (_garbage, (httpx.RemoteProtocolError,)),
        (_broken_gzip, (httpx.RemoteProtocolError,)),
    ],
)
async def test_what_may_have_arrived_is_fate_unknown(
    handle: Handler, kinds: tuple[type[Exception], ...]
) -> None:
    times = httpx.Timeout(20, read=0.3) if httpx.ReadTimeout in kinds else PATIENT
    async with serving_raw(handle) as server:
        error = await failing(server.url, body=b'{"price": 1}', times=times)
    assert isinstance(error, kinds)
    assert not isinstance(error, NEVER_SENT)
    assert_tells_no_address(error)


async def test_stalled_upload_is_fate_unknown() -> None:
    async with serving_raw(_keep_silent) as server:
        error = await failing(server.url, body=bytes(16_000_000), times=httpx.Timeout(20, write=0.2))
    assert type(error) is httpx.WriteTimeout
    assert_tells_no_address(error)


async def test_drip_of_headers_or_body_ends_at_the_deadline() -> None:
    async def drip(server: RawServer, reader: Reader, writer: Writer) -> None:
        await server.take(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b".")
            await asyncio.sleep(0.02)

    async with serving_raw(drip) as server:
        started = asyncio.get_running_loop().time()
        error = await failing(server.url, deadline_s=0.5)
        took = asyncio.get_running_loop().time() - started
    assert type(error) is httpx.ReadTimeout
    assert 0.45 < took < 3


async def test_closing_under_a_running_request_is_fate_unknown() -> None:
    http = client()
    async with serving_raw(_take_and_keep_silent) as server:
        running = asyncio.create_task(http.post(server.url, content=b"{}"))
        await server.is_taken.wait()
        await http.aclose()
        with pytest.raises(FATE_UNKNOWN):
            await running


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_write_on_a_connection_that_breaks_is_not_repeated(method: str) -> None:
    async def answer_then_cut(server: RawServer, reader: Reader, writer: Writer) -> None:
        await server.take(reader)
        writer.write(OK)
        await server.take(reader)
        reset(writer)

    async with serving_raw(answer_then_cut) as server, client() as http:
        await http.get(server.url)
        with pytest.raises(FATE_UNKNOWN):
            await http.request(method, server.url, content=b"{}")
        assert len(server.requests) == 2


# Bodies


async def test_oversized_body_is_refused_and_its_connection_dropped() -> None:
    async def endless(server: RawServer, reader: Reader, writer: Writer) -> None:
        await server.take(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"4000\r\n" + bytes(0x4000) + b"\r\n")
            await writer.drain()

    async with serving_raw(endless) as server, client(connections=1) as http:
        for _ in range(2):
            with pytest.raises(OversizedBody):
                await http.get(server.url)
        assert server.connections == 2


async def test_small_body_that_unpacks_to_a_large_one_is_refused() -> None:
    bomb = gzip.compress(bytes(50_000_000))

    async def explode(server: RawServer, reader: Reader, writer: Writer) -> None:
        await server.take(reader)
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb
        )
        await forever()

    async with serving_raw(explode) as server, client() as http:
        with pytest.raises(OversizedBody):
            await http.get(server.url)


async def test_packed_answer_is_unpacked_once() -> None:
    packed = gzip.compress(b'{"text": "\xe0\xb8\x81"}')

    async def answer(server: RawServer, reader: Reader, writer: Writer) -> None:
        await server.take(reader)
        head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nDate: Mon, 03 Nov 2025 06:30:00 GMT\r\n"
        writer.write(head + b"Content-Length: %d\r\n\r\n" % len(packed) + packed)
        await forever()

    async with serving_raw(answer) as server, client() as http:
        response = await http.get(server.url)
    assert response.json() == {"text": "ก"}
    assert response.headers["date"] == "Mon, 03 Nov 2025 06:30:00 GMT"


async def test_upload_arrives_whole_and_with_its_type() -> None:
    bodies: list[bytes] = []

    async def keep(server: RawServer, reader: Reader, writer: Writer) -> None:
        bodies.append(await server.take(reader))
        writer.write(OK)
        await forever()

    content = bytes(range(256)) * 10_000
    async with serving_raw(keep) as server, client() as http:
        await http.post(server.url, files={"document": ("labels.pdf", io.BytesIO(content))})
        head = server.requests[0].lower()
    assert content in bodies[0]
    assert b"content-type: multipart/form-data; boundary=" in head


async def test_body_of_unknown_length_is_sent_in_chunks() -> None:
    bodies: list[bytes] = []

    async def keep(server: RawServer, reader: Reader, writer: Writer) -> None:
        bodies.append(await server.take(reader))
        writer.write(OK)
        await forever()

    async def rows() -> AsyncIterator[bytes]:
        yield b"sku;price\n"
        yield b"LED-12W;29000\n"

    async with serving_raw(keep) as server, client() as http:
        await http.post(server.url, content=rows())
    assert bodies == [b"sku;price\nLED-12W;29000\n"]


async def test_answer_before_the_upload_ended_is_read() -> None:
    async def refuse(server: RawServer, reader: Reader, writer: Writer) -> None:
        server.requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
        await forever()

    async with serving_raw(refuse) as server, client() as http:
        response = await http.post(server.url, content=bytes(16_000_000))
    assert (response.status_code, response.text) == (413, "big")


async def test_stream_closed_early_gives_its_place_back() -> None:
    async with serving_raw(_half_a_body) as server, client(connections=1) as http:
        for _ in range(2):
            async with http.stream("GET", server.url) as response:
                assert await anext(response.aiter_raw()) == b"half"


# What the client does not do


async def test_connection_is_used_again_until_the_server_closes_it() -> None:
    async def twice(server: RawServer, reader: Reader, writer: Writer) -> None:
        for _ in range(2):
            await server.take(reader)
            writer.write(OK)

    async with serving_raw(twice) as server, client() as http:
        for _ in range(4):
            assert (await http.get(server.url)).text == "ok"
        assert server.connections == 2


async def test_redirects_cookies_and_proxies_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")

    async def redirect(server: RawServer, reader: Reader, writer: Writer) -> None:
        while True:
            await server.take(reader)
            writer.write(
                b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
            )

    async with serving_raw(redirect) as server:
        transport = AiohttpTransport()
        for _ in range(2):
            response = await transport.handle_async_request(
                httpx.Request("GET", f"{server.url}/one%2Ftwo?q=a%20b")
            )
            await response.aread()
            await response.aclose()
            assert response.status_code == 302
        await transport.aclose()
        assert [head.split(b"\r\n")[0] for head in server.requests] == [
            b"GET /one%2Ftwo?q=a%20b HTTP/1.1"
        ] * 2
        assert not [head for head in server.requests if b"cookie" in head.lower()]


async def test_encrypted_line_is_checked_and_closed_cleanly(tmp_path: Path) -> None:
    serving, trusting = own_certificate(tmp_path)
    async with serving_raw(answer_once, tls=serving) as server:
        url = f"https://127.0.0.1:{server.port}"
        distrusting = await failing(url)
        async with httpx.AsyncClient(transport=AiohttpTransport(tls=trusting)) as http:
            assert (await http.get(url)).text == "ok"
    assert type(distrusting) is httpx.ConnectError
    assert_tells_no_address(distrusting)
