"""Which addresses Telegram accepts in links and buttons."""

import ipaddress
import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

SCHEME: Final = re.compile(r"([a-z][a-z0-9+.\-]*)://", re.IGNORECASE)
HOST: Final = re.compile(r"[A-Za-z0-9.\-_!$,~*'();&+=%\u0080-\U0010ffff]+")
OWN_SCHEMES: Final = ("tg", "ton", "tonsite")


def link_fault(url: str, *, https_only: bool = False) -> str | None:
    """Say in Telegram's words what is wrong with an address, or None."""
    own = next((name for name in OWN_SCHEMES if url.lower().startswith(f"{name}:")), None)
    if own:
        host = url[len(own) + 1 :].removeprefix("//").split("?")[0].split("/")[0]
        if https_only:
            return "Only HTTPS links are allowed"
        return None if re.fullmatch(r"[A-Za-z0-9\-_.]+", host) else "Unallowed characters in URL host"
    found = SCHEME.match(url)
    scheme = found[1].lower() if found else "http"
    if scheme not in {"http", "https"}:
        return "Unsupported URL protocol"
    fault = _host_fault(url[found.end() :] if found else url)
    if fault:
        return fault
    return "Only HTTPS links are allowed" if https_only and scheme != "https" else None


def _host_fault(rest: str) -> str | None:
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    authority = authority.rpartition("@")[2]
    host, port = authority, ""
    if ":" in authority and not authority.endswith("]"):
        host, _, port = authority.rpartition(":")
        if not port.isdecimal() or not 0 < int(port) <= 65535:
            return "Wrong port number specified in the URL"
    return _ipv6_fault(host) if host.startswith("[") else _name_fault(host)


def _ipv6_fault(host: str) -> str | None:
    try:
        ipaddress.IPv6Address(host.strip("[]"))
    except ValueError:
        return "Wrong IPv6 address specified in the URL"
    return None


def _name_fault(host: str) -> str | None:
    if not host:
        return "URL host is empty"
    if host == ".":
        return "Host is invalid"
    if not HOST.fullmatch(host):
        return "Disallowed character in URL host"
    return None if "." in host else "Wrong HTTP URL"


def checked_link(url: str) -> str:
    """Return the address as Telegram stores it, or an empty string for one it drops."""
    if link_fault(url):
        return ""
    if url.lower().startswith(tuple(f"{name}:" for name in OWN_SCHEMES)):
        return url
    full = url if SCHEME.match(url) else f"http://{url}"
    parts = urlsplit(full)
    return parts._replace(path=parts.path or "/").geturl()


def linked_user(url: str) -> int:
    """Return the user id of tg://user?id=, or 0."""
    parts = urlsplit(url)
    if parts.scheme.lower() != "tg" or parts.netloc != "user":
        return 0
    found = parse_qs(parts.query).get("id", [""])[0]
    return int(found) if found.isdecimal() else 0
