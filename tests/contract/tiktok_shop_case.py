"""TikTok Shop's case: the simulator over HTTP, spoken to by plain requests that share nothing with the adapter."""

import asyncio
import contextlib
import html
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

import httpx

from adapters.kit.transport import AiohttpTransport, TransportLimits
from adapters.registry import build_platforms
from domain.clock import utc_now
from domain.errors import TokenExpired
from domain.orders import OrderStatus
from domain.returns import ReturnState
from domain.shops import Budget, Environment, PlatformApp, ShopAccess
from simulator.serve import serving
from simulator.tiktok_shop.simulator import TiktokShopSimulator
from tests.contract.case import Delivered, TrueReview, Where
from tests.contract.simulated_case import SimulatedCase
from tests.unit.adapters.raw_server import RawServer, serving_raw

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

Wire = Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]

HOME_SHOP = "7494049642642441621"
APP_KEY, SERVICE = "6ab1cd2ef3gh4", "7431458374265161999"
SECRET = "storesync-simulated-app-secret-0001"
RETURN_TO = "http://127.0.0.1:9/oauth"
PATHS: dict[Where, str] = {
    "orders": "/order/*",
    "listings": "/product/202502/products/search",
    "prices": "/product/*/prices/update",
    "stock": "/product/*/inventory/update",
    "shipping": "/fulfillment/*/packages/ship",
    "money": "/finance/*",
    "returns": "/return_refund/*/returns/*/approve",
    "cancelling": "/return_refund/202309/cancellations",
    "refresh": "/api/v2/token/refresh",
}


class TiktokShopCase(SimulatedCase):
    wrong_decimals = Decimal("45000.5")
    home = HOME_SHOP
    paths = PATHS
    listed = "ACTIVATE"
    gone = frozenset({"DELETED", "FREEZE"})
    """A frozen product cannot be read by its id either."""

    tells_buyer_price = False
    limits_windows = False
    tells_consent = False
    keeps_held = False
    signs_address = False
    access_lasts = timedelta(days=7)
    ended_consent = TokenExpired
    shown_after = MappingProxyType({"pickup_fails": OrderStatus.ARRANGED, "return": OrderStatus.DELIVERED})
    accepted = frozenset({ReturnState.CLOSED, ReturnState.ACCEPTED})
    pickup_place = ("7068517275539719942", "Jakarta")
    counters = ()
    gone_slot = "1400000000-1400010800"
    foreign_way = "slot_gone"
    pickup_codes = False
    cod_is_a_reason = False

    def held_fast(self, shown: int) -> int:
        return shown - 1

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        hook_url: str,
        received: asyncio.Queue[Delivered],
        wire: Wire = lambda transport: transport,
    ) -> None:
        super().__init__(http, received)
        self.transport = wire(AiohttpTransport())
        self._impatient = AiohttpTransport(TransportLimits(deadline_s=1.0))
        self.impatient = build_platforms(self._impatient, utc_now)["tiktok_shop"]
        self.platform = build_platforms(self.transport, utc_now)["tiktok_shop"]
        self.app = PlatformApp(
            id="app2",
            platform="tiktok_shop",
            environment=Environment.PRODUCTION,
            region="",
            key=APP_KEY,
            secret=SECRET,
            push_keys=(),
            api_url=base_url,
            auth_url=f"{base_url}/open/authorize",
            hook_url=hook_url,
            budget=Budget(per_shop=1000, per_app=1000),
            options={"service_id": SERVICE},
        )

    async def link(self) -> None:
        code = (await self._control("authorise", account=f"shop:{HOME_SHOP}"))["code"]
        granted = await self.platform.linking.exchange_code(self.app, {"code": code})
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
            "/open/authorize/decision", data=form | {"account": account, "decision": "consent"}
        )
        assert decided.status_code == 303
        return dict(parse_qsl(urlsplit(decided.headers["location"]).query))

    async def complete(self, number: str) -> None:
        """Let an order go all its way; the day's statement is made at once instead of at midnight."""
        await super().complete(number)
        await self._control("statements/close")

    async def buyer_reviews(self, order: str, stars: int, text: str, photos: int = 0) -> str:
        no_reviews()

    async def seller_answers(self, review: str, text: str) -> None:
        no_reviews()

    async def true_reviews(self) -> Mapping[str, TrueReview]:
        no_reviews()

    async def listing_titled(self, start: str) -> str:
        items = (await self._world())["items"]
        return str(next(each["item_id"] for each in items if each["title"].startswith(start)))

    async def is_illustrated(self, listing: str) -> bool:
        raise AssertionError(f"{listing} is shown with one picture")

    def offences(self) -> Sequence[str]:
        return ()


def no_reviews() -> NoReturn:
    raise AssertionError("there are no reviews in this platform's interface")


@contextlib.asynccontextmanager
async def tiktok_shop_case(wire: Wire = lambda transport: transport) -> AsyncIterator[TiktokShopCase]:
    """Start a world of 250 orders, link its first shop, and tear everything down again.

    `wire` may put something between the adapter and the platform.
    """
    received: asyncio.Queue[Delivered] = asyncio.Queue()

    async def receive(server: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            body = await server.take(reader)
            lines = server.requests[-1].decode().split("\r\n")[1:-2]
            await received.put(Delivered(dict(line.split(": ", 1) for line in lines), body))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with contextlib.AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(serving_raw(receive))
        simulator = TiktokShopSimulator(seed=5, orders=250, redirect_url=RETURN_TO)
        base_url = await stack.enter_async_context(serving(simulator.app))
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=10, verify=NO_TLS)
        )
        case = TiktokShopCase(http, base_url, f"{receiver.url}/hooks/tiktok_shop/app2", received, wire)
        stack.push_async_callback(case.close)
        await case.link()
        yield case
