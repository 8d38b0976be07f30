"""The calls of `storesync probe tiktok_shop`: read-only, each asked about something an earlier one named."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from adapters.kit.calls import Verdict
from adapters.kit.shapes import Expected, differences
from adapters.tiktok_shop import endpoints as e
from adapters.tiktok_shop import errors, statuses, wire
from adapters.tiktok_shop.client import Asked, TiktokShopClient
from adapters.tiktok_shop.endpoints import Endpoint
from adapters.tiktok_shop.shapes import by_operation
from domain.errors import PlatformError, TokenExpired, TokenRevoked
from domain.platform.probing import Asked as Became
from domain.platform.probing import ProbedCall
from domain.shops import ShopAccess

_LOOK_BACK = timedelta(days=14)
_NOTHING = Asked()
Rows = list[str]


@dataclass(slots=True)
class _Seen:
    """What earlier answers named, for later calls to ask about."""

    now: datetime
    products: Rows = field(default_factory=list)
    orders: Rows = field(default_factory=list)
    packages: Rows = field(default_factory=list)
    waiting: Rows = field(default_factory=list)
    warehouses: Rows = field(default_factory=list)
    statements: Rows = field(default_factory=list)

    def since(self, name: str) -> dict[str, object]:
        return {f"{name}_ge": int((self.now - _LOOK_BACK).timestamp())}


@dataclass(frozen=True, slots=True)
class _Ask:
    """One call. `about` returns what it asks, or None while nothing is known to ask about."""

    endpoint: Endpoint
    about: Callable[[_Seen], Asked | None] = lambda _seen: _NOTHING
    learn: Callable[[_Seen, Any], None] = lambda _seen, _data: None
    needed: tuple[str, ...] = ()


class TiktokShopProbe:
    """The `Probing` role."""

    def __init__(self, client: TiktokShopClient) -> None:
        self._client = client

    async def probe(self, shop: ShopAccess) -> Sequence[ProbedCall]:
        seen = _Seen(self._client.server_now(shop.app))
        return [await self._ask(shop, each, seen) for each in _CALLS]

    async def _ask(self, shop: ShopAccess, ask: _Ask, seen: _Seen) -> ProbedCall:
        operation, asked = ask.endpoint.operation, ask.about(seen)
        if asked is None:
            return ProbedCall(operation, Became.NOT_ASKED, reason="nothing_to_ask_about")
        try:
            answer = await self._client.raw(shop, ask.endpoint, asked, judge)
        except (TokenExpired, TokenRevoked):
            raise
        except PlatformError as failed:
            return ProbedCall(operation, Became.REFUSED, reason=failed.reason or failed.code)
        ask.learn(seen, answer.get("data"))
        expected = Expected(by_operation()[operation], ask.needed, statuses.WORDS)
        return ProbedCall(operation, Became.ANSWERED, differences(answer, expected))


def judge(answer: dict[str, Any], status: int, now: datetime) -> Verdict | None:
    return errors.judge(msgspec.convert(answer, wire.Answer, strict=False), status, now)


def _rows(data: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of an answer that has them as documented; the comparison tells of any other."""
    rows = data.get(name) if isinstance(data, dict) else None
    yield from (row for row in rows or () if isinstance(row, dict))


def _ids(data: Any, name: str, field: str = "id") -> Rows:
    return [str(row[field]) for row in _rows(data, name) if row.get(field)]


def _learn_products(seen: _Seen, data: Any) -> None:
    live = [row for row in _rows(data, "products") if row.get("status") in {"ACTIVATE", "SELLER_DEACTIVATED"}]
    seen.products = [str(row.get("id")) for row in live]


def _learn_orders(seen: _Seen, data: Any) -> None:
    rows = list(_rows(data, "orders"))
    seen.orders = [str(row.get("id")) for row in rows]
    for row in rows:
        packages = _ids(row, "packages")
        if row.get("status") == "AWAITING_SHIPMENT" and not row.get("is_buyer_request_cancel"):
            seen.waiting += packages
        seen.packages += packages


def _set(name: str, rows: str) -> Callable[[_Seen, Any], None]:
    return lambda seen, data: setattr(seen, name, _ids(data, rows))


def _first(name: str, of: Callable[[_Seen], Rows], **query: str | int) -> Callable[[_Seen], Asked | None]:
    return lambda seen: Asked(named={name: of(seen)[0]}, query=query) if of(seen) else None


def _page(size: int, name: str = "", **query: str | int) -> Callable[[_Seen], Asked | None]:
    return lambda seen: Asked(query={"page_size": size, **query}, body=seen.since(name) if name else {})


def _finance(seen: _Seen) -> Asked | None:
    since = int((seen.now - _LOOK_BACK).timestamp())
    return Asked(query={"sort_field": "statement_time", "page_size": 20, "statement_time_ge": since})


def _details(seen: _Seen) -> Asked | None:
    return Asked(query={"ids": ",".join(seen.orders[:50])}) if seen.orders else None


_ORDER, _UNIT = "data.orders[]", "data.orders[].line_items[]"
_CALLS = (
    _Ask(e.SHOPS, needed=("data.shops[].id", "data.shops[].region", "data.shops[].cipher")),
    _Ask(e.ACTIVE_SHOPS),
    _Ask(e.PERMISSIONS),
    _Ask(e.WEBHOOKS),
    _Ask(e.PRODUCT_SEARCH, _page(50), _learn_products, ("data.products[].id", "data.products[].status")),
    _Ask(
        e.PRODUCT,
        _first("product_id", lambda seen: seen.products),
        needed=("data.title", "data.status", "data.update_time", "data.skus[].id", "data.skus[].price"),
    ),
    _Ask(
        e.INVENTORY_SEARCH,
        lambda seen: Asked(body={"product_ids": seen.products[:20]}) if seen.products else None,
        needed=("data.inventory[].skus[].total_available_quantity",),
    ),
    _Ask(
        e.ORDER_SEARCH,
        _page(50, "update_time", sort_field="update_time", sort_order="DESC"),
        _learn_orders,
        (f"{_ORDER}.id", f"{_ORDER}.update_time"),
    ),
    _Ask(
        e.ORDERS,
        _details,
        needed=(
            *(f"{_ORDER}.{name}" for name in ("id", "create_time", "update_time", "payment")),
            *(f"{_UNIT}.{name}" for name in ("id", "sku_id", "product_id", "sale_price", "original_price")),
        ),
    ),
    _Ask(e.PRICE_DETAIL, _first("order_id", lambda seen: seen.orders)),
    _Ask(e.PACKAGE_SEARCH, _page(20, "update_time")),
    _Ask(e.PACKAGE, _first("package_id", lambda seen: seen.packages)),
    _Ask(e.SLOTS, _first("package_id", lambda seen: seen.waiting)),
    _Ask(e.TRACKING, _first("order_id", lambda seen: seen.orders)),
    _Ask(e.WAREHOUSES, learn=_set("warehouses", "warehouses"), needed=("data.warehouses[].id",)),
    _Ask(e.OPTIONS, _first("warehouse_id", lambda seen: seen.warehouses, scope="WAREHOUSE")),
    _Ask(e.CANCELLATIONS, _page(20, "update_time")),
    _Ask(e.RETURNS, _page(20, "update_time")),
    _Ask(e.STATEMENTS, _finance, _set("statements", "statements")),
    _Ask(
        e.STATEMENT,
        _first("statement_id", lambda seen: seen.statements, sort_field="order_create_time", page_size=20),
    ),
    _Ask(e.ORDER_MONEY, _first("order_id", lambda seen: seen.orders)),
)
