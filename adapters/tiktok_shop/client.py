"""How TikTok Shop is called: which shop, which bytes, signed afresh for each attempt. I/O only; no meaning is given here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from adapters.kit.calls import Call, Outgoing, Repeat, Verdict
from adapters.kit.client import PlatformClient
from adapters.tiktok_shop import auth, endpoints, wire
from adapters.tiktok_shop.endpoints import Endpoint
from adapters.tiktok_shop.errors import judge, judge_refresh
from adapters.tiktok_shop.hosts import tokens_url
from domain.errors import RequestRejected, UnexpectedResponse
from domain.shops import PlatformApp, ShopAccess

T = TypeVar("T")
A = TypeVar("A")
W = TypeVar("W", bound=wire.Answer)

SLUG = "tiktok_shop"
TOKEN = "x-tts-access-token"  # noqa: S105 - the name of a header
_JSON = {"content-type": "application/json"}

Judge = Callable[[Any, int, datetime], Verdict | None]
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call is about: parts of its path, its parameters, its body. `body` None sends none."""

    named: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: Mapping[str, object] | None = None


class TiktokShopClient:
    """Makes the calls of `endpoints.py`, and finds each shop's cipher, which stays valid as long as its token."""

    def __init__(self, http: PlatformClient) -> None:
        self._http = http
        self._ciphers: dict[tuple[str, str], tuple[str, str]] = {}

    def server_now(self, app: PlatformApp) -> datetime:
        return self._http.server_now(app.api_url)

    async def trade_code(self, app: PlatformApp, code: str) -> wire.Tokens:
        asked = {"auth_code": code, "grant_type": "authorized_code"}  # so spelled
        return await self._token(app, "get_token", "get", asked, judge)

    async def trade_refresh_token(self, app: PlatformApp, refresh_token: str) -> wire.Tokens:
        asked = {"refresh_token": refresh_token, "grant_type": "refresh_token"}
        return await self._token(app, "refresh_token", "refresh", asked, judge_refresh)

    async def shops(
        self, app: PlatformApp, access_token: str, endpoint: Endpoint = endpoints.SHOPS
    ) -> list[wire.Shop]:
        call = self._call(
            app, "", access_token, endpoint, Asked(), wire.Wrapped[wire.Shops], judge, Repeat.FREELY
        )
        told = await self._http.fetch(call)
        return list((told.data.shops if told.data else None) or ())

    async def get(
        self, shop: ShopAccess, endpoint: Endpoint, asked: Asked, answer: type[wire.Wrapped[T]]
    ) -> T:
        """Read; an answer without data is none."""
        told = await self.read(shop, endpoint, asked, answer)
        if told.data is None:
            raise UnexpectedResponse(platform=SLUG, operation=endpoint.operation, reason="no_data")
        return told.data

    async def read(
        self,
        shop: ShopAccess,
        endpoint: Endpoint,
        asked: Asked,
        answer: type[W],
        judge: Judge = judge,
    ) -> W:
        return await self._send(shop, endpoint, asked, answer, judge, Repeat.FREELY)

    async def write(
        self,
        shop: ShopAccess,
        endpoint: Endpoint,
        asked: Asked,
        answer: type[W],
        judge: Judge = judge,
    ) -> W:
        return await self._send(shop, endpoint, asked, answer, judge, Repeat.UNPROCESSED)

    async def raw(self, shop: ShopAccess, endpoint: Endpoint, asked: Asked, judge: Judge) -> dict[str, Any]:
        """Return an answer as it came, for whoever looks at its shape."""
        token = shop.credentials.access_token
        if endpoint.is_of_shop:
            asked = Asked(asked.named, {**asked.query, "shop_cipher": await self._cipher(shop)}, asked.body)
        call = self._call(
            shop.app, shop.external_id, token, endpoint, asked, dict[str, Any], judge, Repeat.FREELY
        )
        return await self._http.fetch(call)

    async def download(self, shop: ShopAccess, url: str, operation: str = "download_document") -> bytes:
        """Fetch what an answer gave the address of. The token stays here."""
        scheme = urlsplit(url).scheme
        if scheme not in {"https", urlsplit(shop.app.api_url).scheme}:
            raise UnexpectedResponse(platform=SLUG, operation=operation, reason="bad_address")
        return await self._http.fetch(
            Call(
                operation,
                shop.app,
                shop.external_id,
                Repeat.FREELY,
                sign=lambda _now: Outgoing("GET", url),
                answer=bytes,
                judge=lambda _content, _status, _now: None,
                read=_as_pdf,
            )
        )

    async def _send(
        self,
        shop: ShopAccess,
        endpoint: Endpoint,
        asked: Asked,
        answer: type[W],
        judge: Judge,
        repeat: Repeat,
    ) -> W:
        token = shop.credentials.access_token
        if endpoint.is_of_shop:
            cipher = await self._cipher(shop)
            asked = Asked(asked.named, {**asked.query, "shop_cipher": cipher}, asked.body)
        return await self._http.fetch(
            self._call(shop.app, shop.external_id, token, endpoint, asked, answer, judge, repeat)
        )

    async def _cipher(self, shop: ShopAccess) -> str:
        key, token = (shop.app.id, shop.external_id), shop.credentials.access_token
        known = self._ciphers.get(key)
        if known and known[0] == token:
            return known[1]
        for each in await self.shops(shop.app, token):
            if str(each.id) == shop.external_id and each.cipher:
                self._ciphers[key] = (token, each.cipher)
                return each.cipher
        raise RequestRejected(platform=SLUG, operation=endpoints.SHOPS.operation, reason="shop_not_granted")

    def _call(
        self,
        app: PlatformApp,
        shop: str,
        token: str,
        endpoint: Endpoint,
        asked: Asked,
        answer: type[A],
        judge: Judge,
        repeat: Repeat,
    ) -> Call[A]:
        path = endpoint.path(app, asked.named)
        query = {name: str(value) for name, value in asked.query.items()}
        body = b"" if asked.body is None else msgspec.json.encode(asked.body)

        def sign(now: datetime) -> Outgoing:
            signed = auth.signed(app, path, query, body, now)
            url = f"{app.api_url.rstrip('/')}{path}?{urlencode(signed)}"
            return Outgoing(endpoint.method, url, {TOKEN: token, **_JSON}, body)

        return Call(endpoint.operation, app, shop, repeat, sign=sign, answer=answer, judge=judge)

    async def _token(
        self, app: PlatformApp, operation: str, call: str, asked: Mapping[str, str], judge: Judge
    ) -> wire.Tokens:
        keys = {"app_key": app.key.strip(), "app_secret": app.secret.strip()}
        url = f"{tokens_url(app)}/api/v2/token/{call}?{urlencode({**keys, **asked})}"
        answer = wire.Wrapped[wire.Tokens]
        told = await self._http.fetch(
            Call(
                operation,
                app,
                "",
                Repeat.NEVER,
                sign=lambda _now: Outgoing("GET", url),
                answer=answer,
                judge=judge,
            )
        )
        return told.data or wire.Tokens()


def _as_pdf(content: bytes) -> bytes:
    """Take a file for what it begins with; a page that says no is none."""
    if not content.startswith(b"%PDF"):
        raise ValueError("no PDF")
    return content
