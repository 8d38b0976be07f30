"""The calls of `storesync probe shopee`: read-only, each asked about something an earlier one named."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from adapters.kit.calls import Call, Outgoing, Repeat, Verdict
from adapters.kit.client import PlatformClient
from adapters.kit.shapes import Expected, differences
from adapters.shopee import errors, statuses, wire
from adapters.shopee.auth import public_parameters, shop_parameters
from adapters.shopee.client import ORDER_FIELDS
from adapters.shopee.shapes import by_path
from domain.errors import PlatformError, TokenExpired, TokenRevoked
from domain.platform.probing import Asked, ProbedCall
from domain.shops import ShopAccess

_PREFIX = "/api/v2"
_LOOK_BACK = timedelta(days=14)
_SOME = 5

Query = Sequence[tuple[str, str | int]]


@dataclass(slots=True)
class _Seen:
    """What earlier answers named, for later calls to ask about."""

    now: datetime
    items: list[str] = field(default_factory=list)
    with_models: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    on_the_way: list[str] = field(default_factory=list)
    packages: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ask:
    """One call. `about` returns its parameters, or None while nothing is known to ask about."""

    path: str
    about: Callable[[_Seen], Query | None]
    learn: Callable[[_Seen, Any], None] = lambda _seen, _response: None
    needed: tuple[str, ...] = ()
    is_public: bool = False


class ShopeeProbe:
    """The `Probing` role."""

    def __init__(self, http: PlatformClient) -> None:
        self._http = http

    async def probe(self, shop: ShopAccess) -> Sequence[ProbedCall]:
        seen = _Seen(self._http.server_now(shop.app.api_url))
        return [await self._ask(shop, each, seen) for each in _CALLS]

    async def _ask(self, shop: ShopAccess, ask: _Ask, seen: _Seen) -> ProbedCall:
        operation, query = ask.path.rpartition("/")[2], ask.about(seen)
        if query is None:
            return ProbedCall(operation, Asked.NOT_ASKED, reason="nothing_to_ask_about")
        try:
            answer = await self._http.fetch(_call(shop, ask, operation, query))
        except (TokenExpired, TokenRevoked):
            raise
        except PlatformError as failed:
            return ProbedCall(operation, Asked.REFUSED, reason=failed.reason or failed.code)
        ask.learn(seen, answer.get("response"))
        expected = Expected(by_path()[_PREFIX + ask.path], ask.needed, statuses.WORDS)
        return ProbedCall(operation, Asked.ANSWERED, differences(answer, expected))


def _call(shop: ShopAccess, ask: _Ask, operation: str, query: Query) -> Call[dict[str, Any]]:
    path = _PREFIX + ask.path

    def sign(now: datetime) -> Outgoing:
        token = shop.credentials.access_token
        signed = (
            public_parameters(shop.app, path, now)
            if ask.is_public
            else shop_parameters(shop.app, path, now, token, shop.external_id)
        )
        address = f"{shop.app.api_url.rstrip('/')}{path}?{urlencode([*signed.items(), *query])}"
        return Outgoing("GET", address)

    return Call(operation, shop.app, shop.external_id, Repeat.FREELY, sign, dict[str, Any], _judge)


def _judge(answer: dict[str, Any], status: int, now: datetime) -> Verdict | None:
    return errors.judge(msgspec.convert(answer, wire.Answer, strict=False), status, now)


def _rows(response: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of an answer that has them as documented; the comparison tells of any other."""
    rows = response.get(name) if isinstance(response, dict) else None
    yield from (row for row in rows or () if isinstance(row, dict))


def _learn_items(seen: _Seen, response: Any) -> None:
    seen.items = [str(row.get("item_id")) for row in _rows(response, "item")][:50]


def _learn_models(seen: _Seen, response: Any) -> None:
    seen.with_models = [
        str(row.get("item_id")) for row in _rows(response, "item_list") if row.get("has_model")
    ]


def _learn_orders(seen: _Seen, response: Any) -> None:
    seen.orders = [str(row.get("order_sn")) for row in _rows(response, "order_list")][:50]


def _learn_moving(seen: _Seen, response: Any) -> None:
    moving = {"SHIPPED", "TO_CONFIRM_RECEIVE", "COMPLETED"}
    rows = _rows(response, "order_list")
    seen.on_the_way = [str(row.get("order_sn")) for row in rows if row.get("order_status") in moving]


def _learn_packages(seen: _Seen, response: Any) -> None:
    rows = _rows(response, "order_list")
    seen.packages = [(str(row.get("order_sn")), str(row.get("package_number"))) for row in rows]


def _first(name: str, of: Callable[[_Seen], list[str]]) -> Callable[[_Seen], Query | None]:
    return lambda seen: [(name, of(seen)[0])] if of(seen) else None


def _together(
    name: str, of: Callable[[_Seen], list[str]], *more: tuple[str, str]
) -> Callable[[_Seen], Query | None]:
    return lambda seen: [(name, ",".join(of(seen)[:_SOME])), *more] if of(seen) else None


def _recent_orders(seen: _Seen) -> Query:
    return [
        ("time_range_field", "update_time"),
        ("time_from", int((seen.now - _LOOK_BACK).timestamp())),
        ("time_to", int(seen.now.timestamp())),
        ("page_size", 50),
        ("response_optional_fields", "order_status"),
    ]


def _package(seen: _Seen) -> Query | None:
    return (
        [("order_sn", seen.packages[0][0]), ("package_number", seen.packages[0][1])]
        if seen.packages
        else None
    )


_ORDER = "response.order_list[]"
_ITEM = "response.item_list[]"
_CALLS = (
    _Ask("/public/get_shops_by_partner", lambda _: [("page_size", 10), ("page_no", 1)], is_public=True),
    _Ask("/public/get_shopee_ip_ranges", lambda _: (), is_public=True),
    _Ask("/push/get_app_push_config", lambda _: (), is_public=True),
    _Ask("/shop/get_shop_info", lambda _: (), needed=("region",)),
    _Ask("/shop/get_profile", lambda _: ()),
    _Ask(
        "/product/get_item_list",
        lambda _: [("offset", 0), ("page_size", 50), ("item_status", "NORMAL"), ("item_status", "UNLIST")],
        _learn_items,
        ("response.item[].item_id",),
    ),
    _Ask(
        "/product/get_item_base_info",
        lambda seen: [("item_id_list", ",".join(seen.items))] if seen.items else None,
        _learn_models,
        tuple(f"{_ITEM}.{name}" for name in ("item_id", "item_name", "item_status", "update_time"))
        + tuple(f"{_ITEM}.price_info[].{name}" for name in ("original_price", "current_price")),
    ),
    _Ask(
        "/product/get_model_list",
        _first("item_id", lambda seen: seen.with_models),
        needed=(
            "response.model[].model_id",
            "response.tier_variation[].option_list[].option",
            "response.model[].price_info[].original_price",
        ),
    ),
    _Ask("/product/get_item_promotion", _together("item_id_list", lambda seen: seen.items)),
    _Ask("/order/get_order_list", _recent_orders, _learn_orders, (f"{_ORDER}.order_sn",)),
    _Ask(
        "/order/get_order_detail",
        lambda seen: (
            [
                ("order_sn_list", ",".join(seen.orders)),
                ("response_optional_fields", ",".join(ORDER_FIELDS)),
            ]
            if seen.orders
            else None
        ),
        _learn_moving,
        tuple(f"{_ORDER}.{name}" for name in ("order_sn", "order_status", "create_time", "update_time"))
        + tuple(
            f"{_ORDER}.item_list[].{name}"
            for name in (
                *("item_id", "model_quantity_purchased"),
                *("model_original_price", "model_discounted_price"),
            )
        )
        + (f"{_ORDER}.package_list[].package_number",),
    ),
    _Ask("/order/get_shipment_list", lambda _: [("page_size", 20)], _learn_packages),
    _Ask(
        "/order/get_package_detail",
        _together("package_number_list", lambda seen: [number for _, number in seen.packages]),
    ),
    _Ask("/logistics/get_channel_list", lambda _: ()),
    _Ask("/logistics/get_address_list", lambda _: ()),
    _Ask("/logistics/get_shipping_parameter", _package),
    _Ask("/logistics/get_tracking_info", _first("order_sn", lambda seen: seen.on_the_way)),
)
