"""Pictures fetched for cards: from where a platform keeps them, and never from inside the host's network."""

import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from adapters.kit.guarded import PublicResolver, is_open_address, is_public
from adapters.kit.photos import LARGEST_BYTES, PhotoReader
from simulator.serve import serving

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_addresses_of_the_world_may_be_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.1.2.3", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254",
        "100.100.100.200", "192.0.0.8", "192.88.99.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1",
        "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
        "2001::1", "2001:db8::1", "5f00::1", "::ffff:0:127.0.0.1", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_of_the_house_may_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("https://cf.shopee.co.id/file/82be", True),
        ("https://cf.shopee.co.id:443/file/82be", True),
        ("http://cf.shopee.co.id/file/82be", False),
        ("https://cf.shopee.co.id:8443/file", False),
        ("https://user:word@cf.shopee.co.id/file", False),
        ("https://127.0.0.1/file", False),
        ("https://[::1]/file", False),
        ("https://localhost/file", False),
        ("https://[broken", False),
        ("ftp://cf.shopee.co.id/file", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_plain_addresses_are_asked(url: str, is_open: bool) -> None:  # noqa: FBT001 - a row of the table
    assert is_open_address(url) is is_open


class Names(AbstractResolver):
    """Every name is at these addresses."""

    def __init__(self, *hosts: str) -> None:
        self._hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            {"hostname": host, "host": each, "port": port, "family": family, "proto": 0, "flags": 0}
            for each in self._hosts
        ]

    async def close(self) -> None:
        """Nothing to close."""


async def test_one_bad_address_spoils_a_name() -> None:
    assert len(await PublicResolver(Names("8.8.8.8", "1.1.1.1")).resolve("cf.example")) == 2
    for hosts in (("8.8.8.8", "10.0.0.1"), ("127.0.0.1",), ()):
        with pytest.raises(OSError, match="open internet"):
            await PublicResolver(Names(*hosts)).resolve("cf.example")


@pytest.fixture
async def album() -> AsyncIterator[str]:
    """Serve a picture, and what is none, on this machine."""

    async def show(request: Request) -> Response:
        name = request.path_params["name"]
        answers = {
            "png": Response(PNG),
            "webp": Response(b"RIFF\x00\x00\x00\x00WEBPVP8 "),
            "page": Response("<html>not here</html>", media_type="image/png"),
            "gone": Response(PNG, 404),
            "moved": RedirectResponse("/png"),
            "large": Response(PNG + b"0" * LARGEST_BYTES),
        }
        return answers[name]

    async with serving(Starlette(routes=[Route("/{name}", show)]), "127.0.0.1", 0) as url:
        yield url


@pytest.fixture
async def reader() -> AsyncIterator[PhotoReader]:
    made = PhotoReader()
    yield made
    await made.aclose()


async def test_what_the_platform_itself_serves_is_fetched(album: str, reader: PhotoReader) -> None:
    assert await reader.fetch(f"{album}/png", f"{album}/api") == PNG
    assert (await reader.fetch(f"{album}/webp", album)).startswith(b"RIFF")


@pytest.mark.parametrize("name", ["page", "gone", "moved", "large"])
async def test_what_is_no_picture_is_left_out(album: str, reader: PhotoReader, name: str) -> None:
    assert await reader.fetch(f"{album}/{name}", album) == b""


async def test_nothing_else_on_this_machine_is_asked(album: str) -> None:
    reader = PhotoReader(Names("127.0.0.1"))
    for url in (f"{album}/png", "https://looks-harmless.example/png"):
        for own_url in ("https://partner.example", ""):
            assert await reader.fetch(url, own_url) == b""
    await reader.aclose()
