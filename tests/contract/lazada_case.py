"""Lazada's case: the simulator over HTTP, spoken to by plain requests that share nothing with the adapter."""

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
from domain.platform import CancelReason
from domain.returns import ReturnState
from domain.shops import Budget, Environment, PlatformApp, ShopAccess
from simulator.lazada.simulator import LazadaSimulator
from simulator.serve import serving
from tests.contract.case import Delivered, TrueParcel, TrueReview, Where
from tests.contract.simulated_case import SimulatedCase
from tests.unit.adapters.raw_server import RawServer, serving_raw

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

Wire = Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]

HOME_SHOP = "100056775"
APP_KEY = "100001"
SECRET = "storesync-simulated-app-secret-0001"
RETURN_TO = "http://127.0.0.1:9/oauth"
PATHS: dict[Where, str] = {
    "orders": "/rest/orders/*",
    "listings": "/rest/products/get",
    "prices": "/rest/product/price_quantity/update",
    "stock": "/rest/product/stock/sellable/update",
    "shipping": "/rest/order/fulfill/pack",
    "money": "/rest/finance/*",
    "returns": "/rest/order/reverse/*",
    "cancelling": "/rest/order/reverse/cancel/create",
    "refresh": "/rest/auth/token/refresh",
}


class LazadaCase(SimulatedCase):
    wrong_decimals = Decimal("45000.5")
    home = HOME_SHOP
    paths = PATHS
    listed = "Active"
    gone = frozenset({"Deleted"})

    limits_windows = False
    tells_consent = False
    locks_prices = False
    makes_labels = False
    names_courier_first = False
    signs_address = False
    access_lasts = timedelta(days=30)
    consent_lasts = timedelta(days=180)
    ended_consent = TokenExpired
    shown_after = MappingProxyType(
        {
            "hold": OrderStatus.UNPAID,
            "await_invoice": OrderStatus.UNPAID,
            "pickup_fails": OrderStatus.ARRANGED,
            "complete": OrderStatus.DELIVERED,
            "return": OrderStatus.DELIVERED,
        }
    )
    accepted = frozenset({ReturnState.CLOSED, ReturnState.ACCEPTED})
    counters = ()
    pickup_codes = False
    cod_is_a_reason = False
    reasons = (CancelReason.OUT_OF_STOCK,)

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
        self.impatient = build_platforms(self._impatient, utc_now)["lazada"]
        self.platform = build_platforms(self.transport, utc_now)["lazada"]
        self.app = PlatformApp(
            id="app3",
            platform="lazada",
            environment=Environment.PRODUCTION,
            region="",
            key=APP_KEY,
            secret=SECRET,
            push_keys=(),
            api_url=f"{base_url}/rest",
            auth_url=f"{base_url}/oauth/authorize",
            hook_url=hook_url,
            budget=Budget(per_shop=1000, per_app=1000),
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
            "/oauth/decision", data=form | {"account": account, "decision": "consent"}
        )
        assert decided.status_code == 303
        return dict(parse_qsl(urlsplit(decided.headers["location"]).query))

    async def complete(self, number: str) -> None:
        """Let an order go all its way; the day it is booked on is over at once."""
        await super().complete(number)
        await self._control("statements/close")

    async def parcels(self, number: str) -> Sequence[TrueParcel]:
        """Return an order's parcels by the number of their first unit, since they have none until they are packed."""
        order = next(each for each in (await self._world())["orders"] if each["order_sn"] == number)
        return [
            TrueParcel(min(each["units"], key=int), each["courier"], each["status"], each["tracking_number"])
            for each in order["parcels"]
        ]

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
async def lazada_case(wire: Wire = lambda transport: transport) -> AsyncIterator[LazadaCase]:
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
        simulator = LazadaSimulator(seed=5, orders=250, redirect_url=RETURN_TO)
        base_url = await stack.enter_async_context(serving(simulator.app))
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=10, verify=NO_TLS)
        )
        case = LazadaCase(http, base_url, f"{receiver.url}/hooks/lazada/app3", received, wire)
        stack.push_async_callback(case.close)
        await case.link()
        yield case
