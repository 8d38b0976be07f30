"""How Lazada is called: which host, which parameters, signed afresh for each attempt. I/O only; no meaning is given here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from adapters.kit.calls import Call, Outgoing, Repeat, Verdict
from adapters.kit.client import PlatformClient
from adapters.lazada import auth, endpoints, wire
from adapters.lazada.endpoints import Endpoint
from adapters.lazada.errors import judge, judge_code, judge_refresh
from adapters.lazada.hosts import api_url, tokens_url
from domain.errors import UnexpectedResponse
from domain.shops import PlatformApp, ShopAccess

T = TypeVar("T")
A = TypeVar("A")
W = TypeVar("W", bound=wire.Answer)

SLUG = "lazada"
_FORM = {"content-type": "application/x-www-form-urlencoded"}

Judge = Callable[[Any, int, datetime], Verdict | None]
Params = Mapping[str, str | int]
NOTHING: Params = {}


def as_text(value: object) -> str:
    """Write what is to travel as JSON: once, so that what is signed is what is sent."""
    return msgspec.json.encode(value).decode()


class LazadaClient:
    """Makes the calls of `endpoints.py`."""

    def __init__(self, http: PlatformClient) -> None:
        self._http = http

    def server_now(self, app: PlatformApp) -> datetime:
        return self._http.server_now(app.api_url)

    async def trade_code(self, app: PlatformApp, code: str) -> wire.Tokens:
        return await self._token(app, endpoints.CREATE_TOKEN, {"code": code}, judge_code)

    async def trade_refresh_token(self, app: PlatformApp, refresh_token: str) -> wire.Tokens:
        asked = {"refresh_token": refresh_token}
        return await self._token(app, endpoints.REFRESH_TOKEN, asked, judge_refresh)

    async def get(
        self, shop: ShopAccess, endpoint: Endpoint, params: Params, answer: type[wire.Told[T]]
    ) -> T:
        """Read; an answer without data is none."""
        told = await self.read(shop, endpoint, params, answer)
        if told.data is None:
            raise UnexpectedResponse(platform=SLUG, operation=endpoint.operation, reason="no_data")
        return told.data

    async def read(
        self, shop: ShopAccess, endpoint: Endpoint, params: Params, answer: type[W], judge: Judge = judge
    ) -> W:
        return await self._send(shop, endpoint, params, answer, judge, Repeat.FREELY)

    async def write(
        self, shop: ShopAccess, endpoint: Endpoint, params: Params, answer: type[W], judge: Judge = judge
    ) -> W:
        return await self._send(shop, endpoint, params, answer, judge, Repeat.UNPROCESSED)

    async def raw(self, shop: ShopAccess, endpoint: Endpoint, params: Params, judge: Judge) -> dict[str, Any]:
        """Return an answer as it came, for whoever looks at its shape."""
        return await self._http.fetch(
            self._call(shop, endpoint, params, dict[str, Any], judge, Repeat.FREELY)
        )

    async def download(self, shop: ShopAccess, url: str, operation: str) -> bytes:
        """Fetch what an answer gave the address of. The token stays here."""
        if urlsplit(url).scheme not in {"https", urlsplit(shop.app.api_url).scheme}:
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
                read=as_pdf,
            )
        )

    async def _send(
        self,
        shop: ShopAccess,
        endpoint: Endpoint,
        params: Params,
        answer: type[W],
        judge: Judge,
        repeat: Repeat,
    ) -> W:
        return await self._http.fetch(self._call(shop, endpoint, params, answer, judge, repeat))

    def _call(
        self,
        shop: ShopAccess,
        endpoint: Endpoint,
        params: Params,
        answer: type[A],
        judge: Judge,
        repeat: Repeat,
    ) -> Call[A]:
        app, url = shop.app, api_url(shop.app, shop.region) + endpoint.path
        named = {name: str(value) for name, value in params.items() if value != ""}

        def sign(now: datetime) -> Outgoing:
            signed = auth.signed(app, endpoint.path, named, now, shop.credentials.access_token)
            return _outgoing(endpoint, url, signed)

        return Call(endpoint.operation, app, shop.external_id, repeat, sign=sign, answer=answer, judge=judge)

    async def _token(
        self, app: PlatformApp, endpoint: Endpoint, asked: Mapping[str, str], judge: Judge
    ) -> wire.Tokens:
        url = tokens_url(app) + endpoint.path
        return await self._http.fetch(
            Call(
                endpoint.operation,
                app,
                "",
                Repeat.NEVER,
                sign=lambda now: _outgoing(endpoint, url, auth.signed(app, endpoint.path, asked, now)),
                answer=wire.Tokens,
                judge=judge,
            )
        )


def _outgoing(endpoint: Endpoint, url: str, signed: Mapping[str, str]) -> Outgoing:
    sent = urlencode(signed)
    if endpoint.method == "GET":
        return Outgoing("GET", f"{url}?{sent}")
    return Outgoing("POST", url, _FORM, sent.encode())


def as_pdf(content: bytes) -> bytes:
    """Take a file for what it begins with; a page that says no is none."""
    if not content.startswith(b"%PDF"):
        raise ValueError("no PDF")
    return content
