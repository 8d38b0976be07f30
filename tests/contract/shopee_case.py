"""Shopee's case: the simulator over HTTP, spoken to by plain requests that share nothing with the adapter."""

import asyncio
import contextlib
import html
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from adapters.kit.transport import AiohttpTransport, TransportLimits
from adapters.registry import build_platforms
from domain.clock import utc_now
from domain.shops import Budget, Environment, PlatformApp, ShopAccess
from simulator.serve import serving
from simulator.shopee.simulator import ShopeeSimulator
from tests.contract.case import (
    Delivered,
    TrueReview,
    TrueVariant,
    Where,
)
from tests.contract.simulated_case import SimulatedCase
from tests.unit.adapters.raw_server import RawServer, serving_raw
from tests.unit.adapters.shopee_reference import violations

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""All is plain HTTP here, and reading the machine's certificates takes longer than a test."""

Wire = Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]

HOME_SHOP = "600011"
PARTNER_KEY = "storesync-sandbox-partner-key-0001"
PUSH_KEY = "storesync-live-push-key-0001"
PATHS: dict[Where, str] = {
    "orders": "/api/v2/order/*",
    "listings": "/api/v2/product/get_*",
    "prices": "/api/v2/product/update_price",
    "stock": "/api/v2/product/update_stock",
    "shipping": "/api/v2/logistics/*ship_order",
    "money": "/api/v2/payment/*",
    "returns": "/api/v2/returns/confirm",
    "reviews": "/api/v2/product/reply_comment",
    "cancelling": "/api/v2/order/cancel_order",
    "refresh": "/api/v2/auth/access_token/get",
}


class Recorder(httpx.AsyncBaseTransport):
    """Holds every request to the reference before it leaves."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.offences: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        # Signatures are the simulator's to refuse; one test uses another key on purpose.
        found = [each for each in violations(request) if each != "wrong sign"]
        self.offences += [f"{request.url.path}: {each}" for each in found]
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class ShopeeCase(SimulatedCase):
    wrong_decimals = Decimal("45000.5")
    home = HOME_SHOP
    paths = PATHS
    listed = "NORMAL"
    gone = frozenset({"SELLER_DELETE", "SHOPEE_DELETE"})
    makes_labels = False

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        hook_url: str,
        received: asyncio.Queue[Delivered],
        wire: Wire = lambda transport: transport,
    ) -> None:
        super().__init__(http, received)
        self.transport = Recorder(wire(AiohttpTransport()))
        self._impatient = Recorder(AiohttpTransport(TransportLimits(deadline_s=1.0)))
        self.impatient = build_platforms(self._impatient, utc_now)["shopee"]
        self.platform = build_platforms(self.transport, utc_now)["shopee"]
        self.app = PlatformApp(
            id="app1",
            platform="shopee",
            environment=Environment.SANDBOX,
            region="",
            key="2001887",
            secret=PARTNER_KEY,
            push_keys=(PUSH_KEY,),
            api_url=base_url,
            auth_url=f"{base_url}/auth",
            hook_url=hook_url,
            budget=Budget(per_shop=1000, per_app=1000),
        )

    def offences(self) -> Sequence[str]:
        return [*self.transport.offences, *self._impatient.offences]

    async def link(self) -> None:
        code = (await self._control("authorise", account=f"shop:{HOME_SHOP}"))["code"]
        granted = await self.platform.linking.exchange_code(self.app, {"code": code, "shop_id": HOME_SHOP})
        self.shop = ShopAccess(self.app, HOME_SHOP, "ID", "IDR", granted[0].credentials)

    async def close(self) -> None:
        await self.transport.aclose()
        await self._impatient.aclose()

    async def consent(self, page: str, *, many_shops: bool = False) -> Mapping[str, str]:
        shown = await self._http.get(page)
        assert shown.status_code == 200
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown.text)
        form = {name: html.unescape(value) for name, value in hidden}
        account = "main:19000" if many_shops else f"shop:{HOME_SHOP}"
        decided = await self._http.post(
            "/auth/decision", data=form | {"account": account, "days": "365", "decision": "consent"}
        )
        assert decided.status_code == 303
        return dict(parse_qsl(urlsplit(decided.headers["location"]).query))

    def named(self, variant: TrueVariant) -> dict[str, Any]:
        return {"item_id": int(variant.listing), "model_id": int(variant.variant)}

    async def buyer_reviews(self, order: str, stars: int, text: str, photos: int = 0) -> str:
        fields = {"order_sn": order, "stars": stars, "words": text, "photos": photos}
        return str((await self._control("reviews", **fields))["comment_id"])

    async def seller_answers(self, review: str, text: str) -> None:
        await self._control(f"reviews/{review}/answer", words=text)

    async def true_reviews(self) -> Mapping[str, TrueReview]:
        return {
            str(each["comment_id"]): TrueReview(
                each["order_sn"],
                str(each["item_id"]),
                each["rating_star"],
                each["comment"],
                each["photos"],
                each["reply"],
                each["create_time"],
            )
            for each in (await self._world())["reviews"]
        }

    async def listing_titled(self, start: str) -> str:
        items = (await self._world())["items"]
        return str(next(each["item_id"] for each in items if each["title"].startswith(start)))

    async def is_illustrated(self, listing: str) -> bool:
        items = (await self._world())["items"]
        return bool(next(each["illustrated"] for each in items if str(each["item_id"]) == listing))


@contextlib.asynccontextmanager
async def shopee_case(wire: Wire = lambda transport: transport) -> AsyncIterator[ShopeeCase]:
    """Start a world of 250 orders, link its first shop, and tear everything down again.

    `wire` may put something between the adapter and the platform.
    """
    received: asyncio.Queue[Delivered] = asyncio.Queue()

    async def receive(server: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            body = await server.take(reader)
            lines = server.requests[-1].decode().split("\r\n")[1:-2]
            await received.put(Delivered(dict(line.split(": ", 1) for line in lines), body))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    async with contextlib.AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(serving_raw(receive))
        base_url = await stack.enter_async_context(serving(ShopeeSimulator(seed=5, orders=250).app))
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=10, verify=NO_TLS)
        )
        case = ShopeeCase(http, base_url, f"{receiver.url}/hooks/shopee/app1", received, wire)
        stack.push_async_callback(case.close)
        await case.link()
        yield case
