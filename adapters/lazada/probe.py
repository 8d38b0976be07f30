"""The calls of `storesync probe lazada`: read-only, each asked about something an earlier one named."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from adapters.kit.calls import Verdict
from adapters.kit.shapes import Expected, differences
from adapters.lazada import endpoints as e
from adapters.lazada import errors, statuses, wire
from adapters.lazada.client import NOTHING, LazadaClient, Params, as_text
from adapters.lazada.endpoints import Endpoint
from adapters.lazada.shapes import by_operation
from domain.errors import PlatformError, TokenExpired, TokenRevoked
from domain.platform.probing import Asked as Became
from domain.platform.probing import ProbedCall
from domain.shops import ShopAccess

_LOOK_BACK = timedelta(days=14)


@dataclass(slots=True)
class _Seen:
    """What earlier answers named, for later calls to ask about."""

    now: datetime
    products: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    waiting: list[tuple[int, int]] = field(default_factory=list)
    """Units that can be packed, each with its order first."""

    @property
    def since(self) -> datetime:
        return self.now - _LOOK_BACK


@dataclass(frozen=True, slots=True)
class _Ask:
    """One call. `about` returns what it asks, or None while nothing is known to ask about."""

    endpoint: Endpoint
    about: Callable[[_Seen], Params | None] = lambda _seen: NOTHING
    learn: Callable[[_Seen, Any], None] = lambda _seen, _data: None
    needed: tuple[str, ...] = ()


class LazadaProbe:
    """The `Probing` role."""

    def __init__(self, client: LazadaClient) -> None:
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
    told = answer if isinstance(answer.get("result"), dict) else answer | {"result": None}
    return errors.judge(msgspec.convert(told, wire.Result[object], strict=False), status, now)


def _rows(data: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of an answer that has them as documented; the comparison tells of any other."""
    rows = data.get(name) if isinstance(data, dict) else data if not name else None
    yield from (row for row in rows or () if isinstance(row, dict))


def _learn_products(seen: _Seen, data: Any) -> None:
    seen.products = [str(row.get("item_id")) for row in _rows(data, "products")]


def _learn_orders(seen: _Seen, data: Any) -> None:
    seen.orders = [str(row.get("order_id")) for row in _rows(data, "orders")]


def _learn_items(seen: _Seen, data: Any) -> None:
    for order in _rows(data, ""):
        for unit in _rows(order, "order_items"):
            if unit.get("status") in statuses.PACKABLE:
                seen.waiting.append((int(order.get("order_id", 0)), int(unit.get("order_item_id", 0))))
            elif unit.get("package_id") and unit.get("status") == "ready_to_ship":
                seen.packages.append(str(unit["package_id"]))


def _order(seen: _Seen) -> Params | None:
    return {"order_id": seen.orders[0]} if seen.orders else None


def _providers(seen: _Seen) -> Params | None:
    if not seen.waiting:
        return None
    order, unit = seen.waiting[0]
    rows = [{"order_id": order, "order_item_ids": [unit]}]
    return {"getShipmentProvidersReq": as_text({"orders": rows})}


def _reasons(seen: _Seen) -> Params | None:
    if not seen.waiting:
        return None
    order, unit = seen.waiting[0]
    return {"order_id": order, "order_item_id_list": as_text([unit])}


def _document(seen: _Seen) -> Params | None:
    if not seen.packages:
        return None
    rows = [{"package_id": seen.packages[0]}]
    asked = {"doc_type": "PDF", "packages": rows, "print_item_list": False}
    return {"getDocumentReq": as_text(asked)}


def _since(seen: _Seen) -> Params:
    after = seen.since.astimezone(UTC).isoformat(timespec="seconds")
    return {
        "update_after": after,
        "sort_by": "updated_at",
        "sort_direction": "DESC",
        "limit": 50,
        "offset": 0,
    }


def _reverse(seen: _Seen) -> Params:
    start = int(seen.since.timestamp()) * 1000
    return {"page_no": 1, "page_size": 20, "ReverseOrderLineModifiedTimeRangeStart": start}


def _money(seen: _Seen) -> Params:
    days = {"start_time": seen.since.date().isoformat(), "end_time": seen.now.date().isoformat()}
    return {**days, "limit": 50, "offset": 0, "trans_type": "-1"}


_SKU, _UNIT = "data.skus[]", "data[].order_items[]"
_CALLS = (
    _Ask(e.SELLER, needed=("data.seller_id", "data.status", "data.short_code")),
    _Ask(e.WAREHOUSES, needed=("result.module[].code",)),
    _Ask(
        e.PRODUCTS,
        lambda _seen: {"filter": "live", "limit": 20, "offset": 0},
        _learn_products,
        ("data.products[].item_id", "data.total_products"),
    ),
    _Ask(
        e.PRODUCT,
        lambda seen: {"item_id": seen.products[0]} if seen.products else None,
        needed=("data.status", f"{_SKU}.SkuId", f"{_SKU}.price", f"{_SKU}.multiWarehouseInventories"),
    ),
    _Ask(e.ORDERS, _since, _learn_orders, ("data.orders[].order_id", "data.orders[].updated_at")),
    _Ask(e.ORDER, _order, needed=("data.order_id", "data.created_at", "data.price")),
    _Ask(e.ORDER_ITEMS, _order),
    _Ask(
        e.ITEMS,
        lambda seen: {"order_ids": as_text([int(each) for each in seen.orders])} if seen.orders else None,
        _learn_items,
        tuple(
            f"{_UNIT}.{name}" for name in ("order_item_id", "status", "sku_id", "product_id", "item_price")
        ),
    ),
    _Ask(e.PROVIDERS, _providers, needed=("result.data.shipping_allocate_type",)),
    _Ask(e.CANCEL_REASONS, _reasons),
    _Ask(e.DOCUMENT, _document),
    _Ask(e.REVERSE_ORDERS, _reverse),
    _Ask(e.TRANSACTIONS, _money),
    _Ask(e.PAYOUTS, lambda seen: {"created_after": seen.since.date().isoformat()}),
)
