"""TikTok Shop played from the sample payloads of its reference, and every call that the adapter makes there."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from adapters.registry import build_platforms
from domain.money import Money
from domain.platform import (
    Cancellation,
    CancelReason,
    Dispute,
    HandOver,
    LabelRequest,
    ParcelRef,
    Platform,
    PricePush,
    Shipment,
    ShippingChoice,
    StockPush,
    Window,
)
from domain.returns import Solution
from domain.shops import Budget, Credentials, Environment, PlatformApp, ShopAccess

FOLDER = Path(__file__).parents[2] / "simulator" / "tiktok_shop" / "fixtures"
"""State of 22 November 2026; each file says which facts of it are unconfirmed."""

Json = dict[str, Any]


def sample(name: str) -> Json:
    content: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


NAMES = sorted(each.stem for each in FOLDER.glob("*.json"))
WORLD = sample("index")["fixture_world"]
NOW = datetime.fromtimestamp(1_764_000_000, UTC)
APP = PlatformApp(
    id="app2",
    platform="tiktok_shop",
    environment=Environment.PRODUCTION,
    region="",
    key=WORLD["app_key"],
    secret=WORLD["app_secret"],
    push_keys=(),
    api_url="https://open-api.tiktokglobalshop.com",
    auth_url="https://services.tiktokshop.com/open/authorize",
    hook_url="https://bot.example.com/hooks/tiktok",
    budget=Budget(per_shop=1000, per_app=1000),
    options={"service_id": "7431458374265161999"},
)
PAIR = Credentials(WORLD["access_token"], WORLD["refresh_token"], NOW + timedelta(days=7))
SHOP = ShopAccess(APP, WORLD["shop_id"], "ID", "IDR", PAIR)

ORDER, PRODUCT, (SKU, OTHER) = WORLD["order_id"], WORLD["product_id"], WORLD["sku_ids"]
PACKAGE, RETURN, PROVIDER = WORLD["package_id"], WORLD["return_id"], "6617675021119438849"
REF = ParcelRef(ORDER, PACKAGE, PROVIDER, WORLD["warehouses"]["default"])
OWN = ParcelRef(ORDER, "1152321127278713999", f"7091146663229654999/{PROVIDER}")
DAY = Window(NOW - timedelta(days=1), NOW)
PICKUP = ShippingChoice(HandOver.PICKUP, REF.place, "1764064800-1764072000")
DISPUTE = Dispute("seller_reject_apply_you_have_reached_an_agreement", "Sudah sepakat", "seller@example.com")


async def probe(platform: Platform) -> Any:
    assert platform.probing
    return await platform.probing.probe(SHOP)


Call = Callable[[Platform], Awaitable[Any]]
CALLS: tuple[Call, ...] = (
    lambda p: p.linking.exchange_code(APP, {"code": "ROW_FeBoANmHP3yqdoUI9fZOCw", "state": "s"}),
    lambda p: p.linking.refresh(APP, SHOP.external_id, WORLD["refresh_token"]),
    lambda p: p.linking.fetch_shop(SHOP),
    lambda p: p.catalogue.listings_changed(SHOP, NOW - timedelta(days=9), ""),
    lambda p: p.catalogue.listings_changed(SHOP, None, "b2Zmc2V0PTIK1"),
    lambda p: p.catalogue.fetch_listings(SHOP, [PRODUCT]),
    lambda p: p.catalogue.push_prices(SHOP, [PricePush(PRODUCT, SKU, Money(Decimal(95000), "IDR"))]),
    lambda p: p.catalogue.push_stock(
        SHOP, [StockPush(PRODUCT, SKU, 43, 45), StockPush(PRODUCT, OTHER, 4, 0)]
    ),
    lambda p: p.orders.orders_changed(SHOP, DAY, ""),
    lambda p: p.orders.fetch_orders(SHOP, [ORDER, "576461413038785900"]),
    lambda p: p.fulfilment.shipping_options(SHOP, [REF, OWN]),
    lambda p: p.fulfilment.ship(
        SHOP, [Shipment(REF, PICKUP), Shipment(OWN, ShippingChoice(HandOver.OWN), "JX0123456790")]
    ),
    lambda p: p.fulfilment.tracking(SHOP, [REF]),
    lambda p: p.fulfilment.labels(SHOP, [LabelRequest(REF, "JX0123456789")]),
    lambda p: p.settlements.released(SHOP, DAY, ""),
    lambda p: p.settlements.fetch_settlements(SHOP, [ORDER]),
    lambda p: p.order_actions.cancel(SHOP, Cancellation(ORDER, CancelReason.OUT_OF_STOCK)),
    lambda p: p.order_actions.answer_cancellation(SHOP, ORDER, is_accepted=True),
    lambda p: p.order_actions.answer_cancellation(SHOP, ORDER, is_accepted=False),
    lambda p: p.returns.returns_changed(SHOP, DAY, ""),
    lambda p: p.returns.fetch_returns(SHOP, [RETURN]),
    lambda p: p.returns.solutions(SHOP, RETURN),
    lambda p: p.returns.dispute_reasons(SHOP, RETURN),
    lambda p: p.returns.accept(SHOP, RETURN),
    lambda p: p.returns.offer(SHOP, RETURN, Solution.REFUND, Money(Decimal(40000), "IDR")),
    lambda p: p.returns.dispute(SHOP, RETURN, DISPUTE),
    probe,
)


def key_of(method: str, path: str) -> tuple[str, str]:
    """Return what tells calls apart: the path without the ids in it."""
    return method, re.sub(r"/\d{7,}", "/#", path)


def _requests() -> dict[tuple[str, str], str]:
    found = {}
    for name in NAMES:
        request = sample(name).get("request", {})
        if "path" in request:
            found[key_of(request["method"], request["path"])] = name
    return found | {
        ("GET", "/api/v2/token/get"): "auth-token-get",
        ("GET", "/api/v2/token/refresh"): "auth-token-refresh",
    }


FILE_OF = _requests()
"""Which file tells of a call."""


class StandIn(httpx.AsyncBaseTransport):
    """Answers every call with the first sample of its file, and one of them as chosen."""

    def __init__(self, file: str = "", told: Json | None = None) -> None:
        self._file, self._told = file, told
        self.requests: list[httpx.Request] = []
        self.platform = build_platforms(self, lambda: NOW)["tiktok_shop"]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host == "docs.sim.example":
            return httpx.Response(200, content=b"%PDF-1.7 label")
        file = FILE_OF[key_of(request.method, request.url.path)]
        responses = sample(file)["responses"]
        told = self._told if file == self._file and self._told else next(iter(responses.values()))
        if "body_text" in told:
            return httpx.Response(told["http_status"], text=told["body_text"])
        return httpx.Response(told["http_status"], json=told["body"], headers=told.get("headers", {}))
