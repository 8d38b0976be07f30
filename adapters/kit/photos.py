"""Pictures of products, fetched from where a platform keeps them: small, within bounds, never from inside."""

from urllib.parse import urlsplit

import httpx
import structlog
from aiohttp.abc import AbstractResolver

from adapters.kit.guarded import PublicResolver, is_open_address
from adapters.kit.transport import AiohttpTransport, TransportLimits
from domain.failpoint import failpoint

LARGEST_BYTES = 5 * 1024 * 1024
_LIMITS = TransportLimits(connections=8, body_bytes=LARGEST_BYTES, deadline_s=5.0)
_TIMEOUT = httpx.Timeout(5.0, connect=3.0, pool=3.0).as_dict()
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")

_log = structlog.get_logger("storesync.photos")


class PhotoReader:
    """Fetches pictures. `own_url` is the platform's address by our settings: what it serves itself is trusted."""

    def __init__(self, names: AbstractResolver | None = None) -> None:
        self._guarded = AiohttpTransport(_LIMITS, resolver=PublicResolver(names))
        self._own = AiohttpTransport(_LIMITS)

    async def fetch(self, url: str, own_url: str) -> bytes:
        """Return a picture's bytes; none where it cannot be had, is no picture, or is too large."""
        is_own = _origin(url) == _origin(own_url) is not None
        if not is_own and not is_open_address(url):
            return b""
        try:
            content = await self._read(url, self._own if is_own else self._guarded)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            _log.info("photo.not_had", why=type(error).__name__)
            return b""
        return content if _is_picture(content) else b""

    async def aclose(self) -> None:
        await self._guarded.aclose()
        await self._own.aclose()

    async def _read(self, url: str, transport: AiohttpTransport) -> bytes:
        request = httpx.Request(
            "GET", url, headers={"User-Agent": "storesync"}, extensions={"timeout": _TIMEOUT}
        )
        failpoint("photo.fetch:before")
        response = await transport.handle_async_request(request)
        try:
            content = await response.aread()
        finally:
            await response.aclose()
        failpoint("photo.fetch:after")
        return content if response.status_code == httpx.codes.OK else b""


def _origin(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (parts.scheme, parts.netloc) if parts.netloc else None


def _is_picture(content: bytes) -> bool:
    """Tell by its first bytes whether Telegram could show it."""
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return is_webp or content.startswith(_BEGINNINGS)
