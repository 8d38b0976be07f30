"""Lazada played from the sample payloads of its reference, and every call that the adapter makes there."""

import json
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
from domain.shops import Budget, Credentials, Environment, PlatformApp, ShopAccess

FOLDER = Path(__file__).parents[2] / "simulator" / "lazada" / "fixtures"
"""State of November 2026; invented values over documented fields."""

Json = dict[str, Any]


def sample(name: str) -> Json:
    content: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
APP = PlatformApp(
    id="app3",
    platform="lazada",
    environment=Environment.PRODUCTION,
    region="",
    key="100001",
    secret="test-app-secret-0001",
    push_keys=(),
    api_url="https://api.lazada.sg/rest",
    auth_url="https://auth.lazada.com/oauth/authorize",
    hook_url="https://bot.example.com/hooks/lazada/app3",
    budget=Budget(per_shop=1000, per_app=1000),
)
PAIR = Credentials("50000601c30at", "500016000300rt", NOW + timedelta(days=7))
SHOP = ShopAccess(APP, "100056775", "TH", "THB", PAIR)
ORDER, UNIT, PACKAGE = "711433089564242", "711433089764242", "FP094612143977611"
ITEM, SKU, OTHER, RETURN = "6718170187", "12761620980", "12761620981", "658960600102006"
REF = ParcelRef(ORDER, UNIT, "STANDARD", "dropshipping")
DAY = Window(NOW - timedelta(days=3), NOW)
Call = Callable[[Platform], Awaitable[Any]]


async def probe(platform: Platform) -> Any:
    assert platform.probing
    return await platform.probing.probe(SHOP)


CALLS: dict[str, Call] = {
    "link": lambda p: p.linking.exchange_code(APP, {"code": "0_100001_code", "state": "s"}),
    "refresh": lambda p: p.linking.refresh(APP, SHOP.external_id, PAIR.refresh_token),
    "shop": lambda p: p.linking.fetch_shop(SHOP),
    "list": lambda p: p.catalogue.listings_changed(SHOP, None, ""),
    "listing": lambda p: p.catalogue.fetch_listings(SHOP, [ITEM]),
    "price": lambda p: p.catalogue.push_prices(SHOP, [PricePush(ITEM, SKU, Money(Decimal(319), "THB"))]),
    "stock": lambda p: p.catalogue.push_stock(
        SHOP, [StockPush(ITEM, SKU, 20, 5), StockPush(ITEM, OTHER, 4, 2)]
    ),
    "orders": lambda p: p.orders.orders_changed(SHOP, DAY, ""),
    "order": lambda p: p.orders.fetch_orders(SHOP, [ORDER]),
    "options": lambda p: p.fulfilment.shipping_options(SHOP, [REF]),
    "ship": lambda p: p.fulfilment.ship(SHOP, [Shipment(REF, ShippingChoice(HandOver.DROPOFF))]),
    "numbers": lambda p: p.fulfilment.tracking(SHOP, [REF]),
    "labels": lambda p: p.fulfilment.labels(SHOP, [LabelRequest(REF, "")]),
    "cancel": lambda p: p.order_actions.cancel(SHOP, Cancellation(ORDER, CancelReason.OUT_OF_STOCK)),
    "returns": lambda p: p.returns.returns_changed(SHOP, DAY, ""),
    "return": lambda p: p.returns.fetch_returns(SHOP, [RETURN]),
    "accept": lambda p: p.returns.accept(SHOP, RETURN),
    "released": lambda p: p.settlements.released(SHOP, Window(NOW, NOW + timedelta(days=4)), ""),
    "money": lambda p: p.settlements.fetch_settlements(SHOP, [ORDER]),
    "probe": probe,
}
FILES = {
    "/auth/token/create": "token_create_response",
    "/auth/token/refresh": "token_refresh_response",
    "/seller/get": "seller_get_response",
    "/rc/warehouse/get": "warehouse_get_response",
    "/products/get": "products_get_response",
    "/product/item/get": "product_item_get_response",
    "/product/price_quantity/update": "update_ok_response",
    "/product/stock/sellable/update": "update_ok_response",
    "/orders/get": "orders_get_response",
    "/order/get": "order_get_response",
    "/order/items/get": "order_items_get_response",
    "/orders/items/get": "orders_items_get_response",
    "/order/shipment/providers/get": "shipment_providers_response",
    "/order/fulfill/pack": "pack_response",
    "/order/package/rts": "rts_response",
    "/order/package/document/get": "print_awb_response",
    "/order/reverse/cancel/validate": "cancel_validate_response",
    "/order/reverse/cancel/create": "cancel_create_response",
    "/reverse/getreverseordersforseller": "reverse_orders_response",
    "/order/reverse/return/update": "update_ok_response",
    "/finance/transaction/details/get": "transactions_response",
    "/finance/payout/status/get": "payout_status_response",
}
"""Which sample answers a call."""


class StandIn(httpx.AsyncBaseTransport):
    """Answers every call with its sample, or by path with what a test wants told."""

    def __init__(self, told: dict[str, Json] | None = None) -> None:
        self.told = told or {}
        self.requests: list[httpx.Request] = []
        self.platform = build_platforms(self, lambda: NOW)["lazada"]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        if request.url.host == "example.test":
            return httpx.Response(200, content=b"%PDF-1.7 label")
        path = request.url.path.removeprefix("/rest")
        return httpx.Response(200, json=self.told.get("*") or self.told.get(path) or sample(FILES[path]))

    def sent(self, path: str) -> dict[str, str]:
        """Return the parameters of the last request to a path, wherever they stood."""
        request = next(each for each in reversed(self.requests) if each.url.path.endswith(path))
        return dict(
            httpx.QueryParams(request.content.decode()) if request.method == "POST" else request.url.params
        )


def pending() -> Json:
    """Return the units of the sample's order as they are before they are packed."""
    told = sample("orders_items_get_response")
    told["data"][0]["order_items"] = sample("order_items_get_response")["data"]
    return told
