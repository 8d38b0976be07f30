"""Addresses that others name, asked only where the whole world may ask: nothing of this machine or its network.

A picture's address comes from a platform, and who writes there may name any host. The check is made on
what a name resolves to, and the connection goes to just these addresses, so that a name cannot mean one
host when it is checked and another when it is asked.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_PRIVATE = tuple(
    ipaddress.ip_network(each)
    for each in (
        "100.64.0.0/10",  # behind a carrier's gateway; a cloud's metadata, too
        "192.0.0.0/24",
        "192.88.99.0/24",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",  # these hide an IPv4 address of any kind
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "fec0::/10",
        "5f00::/16",
    )
)
"""What `is_global` lets through, in some version of Python or other, and is not the open internet."""


class PublicResolver(AbstractResolver):
    """Resolves names of the open internet; one bad address among several spoils the name."""

    def __init__(self, names: AbstractResolver | None = None) -> None:
        self._names = names or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        if not found or not all(is_public(each["host"]) for each in found):
            raise OSError("no address of the open internet")
        return found

    async def close(self) -> None:
        await self._names.close()


def is_public(address: str) -> bool:
    """Tell whether an IP address is one that anybody may ask."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    is_odd = not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified
    return not is_odd and not any(found.version == each.version and found in each for each in _PRIVATE)


def is_open_address(url: str) -> bool:
    """Tell whether a page's address names a host by name, over TLS, at the usual port, and nobody's password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_plain = parts.scheme == "https" and port in {None, 443} and "@" not in parts.netloc
    return is_plain and "." in host and not _is_number(host)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
