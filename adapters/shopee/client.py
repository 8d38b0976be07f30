"""Shopee's endpoints: which path, which parameters, how they may be repeated. I/O only; no meaning is given here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from adapters.kit.calls import Call, Outgoing, Repeat, Verdict
from adapters.kit.client import PlatformClient
from adapters.kit.forms import form
from adapters.kit.names import tail
from adapters.shopee import wire
from adapters.shopee.auth import public_parameters, shop_parameters
from adapters.shopee.errors import judge, judge_price_update, judge_stock_update
from domain.errors import HostMisconfigured, RequestRejected, UnexpectedResponse
from domain.shops import PlatformApp, ShopAccess

T = TypeVar("T")
W = TypeVar("W", bound=wire.Answer)

SLUG = "shopee"
PAGE_SIZE = 100
PICKUP_WAREHOUSE = 1
NO_WAREHOUSES = "error_not_in_whitelist"
"""The normal answer of most shops: they keep their stock in one place."""
_PREFIX = "/api/v2"

ORDER_FIELDS = (
    "buyer_username", "recipient_address", "note", "item_list", "pay_time", "cancel_by", "cancel_reason",
    "buyer_cancel_reason", "package_list", "shipping_carrier", "payment_method", "total_amount",
)  # fmt: skip
"""What an order does not bring unless asked. An address brings all its parts; we read two (`wire.Address`)."""

_JSON = msgspec.json.Encoder(decimal_format="number")

Judge = Callable[[Any, int, datetime], Verdict | None]
Query = Sequence[tuple[str, str | int]]


class ShopeeClient:
    """One method an endpoint."""

    def __init__(self, http: PlatformClient) -> None:
        self._http = http

    def server_now(self, app: PlatformApp) -> datetime:
        return self._http.server_now(app.api_url)

    async def trade_code(self, app: PlatformApp, code: str, of: Mapping[str, int]) -> wire.Tokens:
        body = {"code": code, "partner_id": _partner_id(app), **of}
        return await self._public(app, "get_access_token", "/auth/token/get", body)

    async def trade_refresh_token(self, app: PlatformApp, refresh_token: str, shop_id: str) -> wire.Tokens:
        body = {"refresh_token": refresh_token, "partner_id": _partner_id(app), "shop_id": int(shop_id)}
        return await self._public(app, "refresh_access_token", "/auth/access_token/get", body)

    async def authorised_shops(self, app: PlatformApp, page: int) -> wire.AuthorisedPage:
        path = "/public/get_shops_by_partner"

        def sign(now: datetime) -> Outgoing:
            query = public_parameters(app, _PREFIX + path, now)
            query |= {"page_no": str(page), "page_size": str(PAGE_SIZE)}
            return Outgoing("GET", f"{_address(app, path)}?{urlencode(query)}")

        operation, answer = "get_shops_by_partner", wire.AuthorisedPage
        return await self._http.fetch(
            Call(operation, app, "", Repeat.FREELY, sign=sign, answer=answer, judge=judge)
        )

    async def shop_info(self, shop: ShopAccess) -> wire.ShopInfo:
        return await self.read(shop, "/shop/get_shop_info", (), wire.ShopInfo)

    async def item_page(
        self, shop: ShopAccess, statuses: Iterable[str], since: int | None, offset: int
    ) -> wire.ItemPage:
        query: list[tuple[str, str | int]] = [("offset", offset), ("page_size", PAGE_SIZE)]
        query += [("update_time_from", since)] if since is not None else []
        query += [("item_status", status) for status in statuses]
        return await self.get(shop, "/product/get_item_list", query, wire.Wrapped[wire.ItemPage])

    async def items(self, shop: ShopAccess, ids: Sequence[str]) -> wire.ItemBatch:
        query = [("item_id_list", ",".join(ids))]
        return await self.get(shop, "/product/get_item_base_info", query, wire.Wrapped[wire.ItemBatch])

    async def models(self, shop: ShopAccess, item_id: str) -> wire.ModelList:
        query = [("item_id", item_id)]
        return await self.get(shop, "/product/get_model_list", query, wire.Wrapped[wire.ModelList])

    async def promotions(self, shop: ShopAccess, ids: Sequence[str]) -> wire.PromotionBatch:
        query = [("item_id_list", ",".join(ids))]
        return await self.get(shop, "/product/get_item_promotion", query, wire.Wrapped[wire.PromotionBatch])

    async def locations(self, shop: ShopAccess) -> list[str]:
        """Return where a shop keeps its stock: [""] for one without warehouses, as most are."""
        return [each.location_id or "" for each in await self.warehouses(shop)] or [""]

    async def warehouses(self, shop: ShopAccess) -> list[wire.Warehouse]:
        try:
            return await self.get(
                shop,
                "/shop/get_warehouse_detail",
                [("warehouse_type", PICKUP_WAREHOUSE)],
                wire.Wrapped[list[wire.Warehouse]],
            )
        except RequestRejected as refused:
            if tail(refused.reason) != NO_WAREHOUSES:
                raise
            return []

    async def update_price(
        self, shop: ShopAccess, item_id: str, prices: Iterable[tuple[str, Decimal]]
    ) -> wire.Wrapped[wire.PriceUpdate]:
        """Set prices of one item's models. A refusal of the prices is an answer too, not an error."""
        rows = [{"model_id": int(model), "original_price": price} for model, price in prices]
        body = {"item_id": int(item_id), "price_list": rows}
        answer = wire.Wrapped[wire.PriceUpdate]
        return await self.write(shop, "/product/update_price", body, answer, judge=judge_price_update)

    async def update_stock(
        self, shop: ShopAccess, item_id: str, stock: Iterable[tuple[str, Mapping[str, int]]]
    ) -> wire.Wrapped[wire.StockUpdate]:
        """Set units of one item's models, by location ("" where the shop has no warehouses)."""
        rows = [{"model_id": int(model), "seller_stock": _placed(places)} for model, places in stock]
        body = {"item_id": int(item_id), "stock_list": rows}
        answer = wire.Wrapped[wire.StockUpdate]
        return await self.write(shop, "/product/update_stock", body, answer, judge=judge_stock_update)

    async def order_page(self, shop: ShopAccess, start: int, end: int, cursor: str) -> wire.OrderPage:
        query: list[tuple[str, str | int]] = [
            ("time_range_field", "update_time"),
            ("time_from", start),
            ("time_to", end),
            ("page_size", PAGE_SIZE),
            ("request_order_status_pending", "true"),
        ]
        query += [("cursor", cursor)] if cursor else []
        return await self.get(shop, "/order/get_order_list", query, wire.Wrapped[wire.OrderPage])

    async def orders(self, shop: ShopAccess, numbers: Sequence[str]) -> wire.OrderBatch:
        query = [
            ("order_sn_list", ",".join(numbers)),
            ("request_order_status_pending", "true"),
            ("response_optional_fields", ",".join(ORDER_FIELDS)),
        ]
        return await self.get(shop, "/order/get_order_detail", query, wire.Wrapped[wire.OrderBatch])

    async def push_config(self, app: PlatformApp) -> wire.PushConfig:
        path = "/push/get_app_push_config"

        def sign(now: datetime) -> Outgoing:
            query = urlencode(public_parameters(app, _PREFIX + path, now))
            return Outgoing("GET", f"{_address(app, path)}?{query}")

        answer, operation = wire.Wrapped[wire.PushConfig], "get_app_push_config"
        got = await self._http.fetch(
            Call(operation, app, "", Repeat.FREELY, sign=sign, answer=answer, judge=judge)
        )
        return got.response or wire.PushConfig()

    async def lost_pushes(self, app: PlatformApp) -> wire.LostPushPage:
        path = "/push/get_lost_push_message"

        def sign(now: datetime) -> Outgoing:
            query = urlencode(public_parameters(app, _PREFIX + path, now))
            return Outgoing("GET", f"{_address(app, path)}?{query}")

        answer = wire.Wrapped[wire.LostPushPage]
        operation = "get_lost_push_message"
        got = await self._http.fetch(
            Call(operation, app, "", Repeat.FREELY, sign=sign, answer=answer, judge=judge)
        )
        return got.response or wire.LostPushPage()

    async def confirm_lost_pushes(self, app: PlatformApp, last: int) -> None:
        path, body = "/push/confirm_consumed_lost_push_message", {"last_message_id": last}

        def sign(now: datetime) -> Outgoing:
            return _post(app, path, public_parameters(app, _PREFIX + path, now), body)

        # Said twice it is as well said: the mark only ever rises.
        await self._http.fetch(
            Call(
                "confirm_consumed_lost_push_message",
                app,
                "",
                Repeat.FREELY,
                sign=sign,
                answer=wire.Answer,
                judge=judge,
            )
        )

    async def get(self, shop: ShopAccess, path: str, query: Query, answer: type[wire.Wrapped[T]]) -> T:
        got = await self.read(shop, path, query, answer)
        if got.response is None:
            raise UnexpectedResponse(platform=SLUG, operation=path.rpartition("/")[2], reason="no_response")
        return got.response

    async def read(
        self, shop: ShopAccess, path: str, query: Query, answer: type[W], judge: Judge = judge
    ) -> W:
        """Return an answer whole: for what is told beside its `response`."""
        return await self._http.fetch(_read(shop, path, query, answer, judge))

    async def ask(
        self,
        shop: ShopAccess,
        path: str,
        body: Mapping[str, object],
        answer: type[W],
        judge: Judge = judge,
        read: Callable[[bytes], W] | None = None,
    ) -> W:
        """Read by a call that takes a body."""
        return await self._http.fetch(_written(shop, path, body, answer, judge, Repeat.FREELY, read))

    async def upload(
        self,
        shop: ShopAccess,
        path: str,
        fields: Mapping[str, str],
        picture: tuple[str, bytes],
        answer: type[W],
    ) -> W:
        """Hand a picture over, in a form; one that is handed over twice does no harm."""

        def sign(now: datetime) -> Outgoing:
            url = f"{_address(shop.app, path)}?{urlencode(_of_shop(shop, path, now))}"
            return form(url, fields, picture)

        operation = path.rpartition("/")[2]
        return await self._http.fetch(
            Call(operation, shop.app, shop.external_id, Repeat.FREELY, sign=sign, answer=answer, judge=judge)
        )

    async def write(
        self, shop: ShopAccess, path: str, body: Mapping[str, object], answer: type[W], judge: Judge = judge
    ) -> W:
        return await self._http.fetch(_written(shop, path, body, answer, judge, Repeat.UNPROCESSED))

    async def _public(
        self, app: PlatformApp, operation: str, path: str, body: Mapping[str, object]
    ) -> wire.Tokens:
        def sign(now: datetime) -> Outgoing:
            return _post(app, path, public_parameters(app, _PREFIX + path, now), body)

        return await self._http.fetch(
            Call(operation, app, "", Repeat.NEVER, sign=sign, answer=wire.Tokens, judge=judge)
        )


def _placed(places: Mapping[str, int]) -> list[dict[str, str | int]]:
    return [
        {"location_id": place, "stock": units} if place else {"stock": units}
        for place, units in places.items()
    ]


def _read(shop: ShopAccess, path: str, query: Query, answer: type[W], judge: Judge = judge) -> Call[W]:
    def sign(now: datetime) -> Outgoing:
        parameters = [*_of_shop(shop, path, now).items(), *query]
        return Outgoing("GET", f"{_address(shop.app, path)}?{urlencode(parameters)}")

    operation = path.rpartition("/")[2]
    return Call(operation, shop.app, shop.external_id, Repeat.FREELY, sign=sign, answer=answer, judge=judge)


def _written(
    shop: ShopAccess,
    path: str,
    body: Mapping[str, object],
    answer: type[W],
    judge: Judge,
    repeat: Repeat,
    read: Callable[[bytes], W] | None = None,
) -> Call[W]:
    def sign(now: datetime) -> Outgoing:
        return _post(shop.app, path, _of_shop(shop, path, now), body)

    operation = path.rpartition("/")[2]
    return Call(
        operation, shop.app, shop.external_id, repeat, sign=sign, answer=answer, judge=judge, read=read
    )


def _post(app: PlatformApp, path: str, parameters: Mapping[str, str], body: Mapping[str, object]) -> Outgoing:
    return Outgoing(
        "POST",
        f"{_address(app, path)}?{urlencode(parameters)}",
        {"Content-Type": "application/json"},
        _JSON.encode(body),
    )


def _of_shop(shop: ShopAccess, path: str, now: datetime) -> dict[str, str]:
    return shop_parameters(shop.app, _PREFIX + path, now, shop.credentials.access_token, shop.external_id)


def _partner_id(app: PlatformApp) -> int:
    try:
        return int(app.key)
    except ValueError:
        raise HostMisconfigured(platform=SLUG, operation="link", reason="partner_id_is_no_number") from None


def _address(app: PlatformApp, path: str) -> str:
    return f"{app.api_url.rstrip('/')}{_PREFIX}{path}"
