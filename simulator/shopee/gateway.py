"""The gate every API call passes: path, common parameters, signature, time, token; then the call itself."""

import asyncio
import json
from decimal import Decimal
from time import perf_counter
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from simulator.serve import drop_connection, sleep_unless_closing
from simulator.shopee import errors
from simulator.shopee.accounts import shop_owner
from simulator.shopee.calls import CHAT_PREFIX, TABLE
from simulator.shopee.calls.endpoint import Call, Download, Endpoint, Scope, ShopCall
from simulator.shopee.errors import ApiError
from simulator.shopee.parameters import form_body, is_form, is_number, json_body
from simulator.shopee.signature import call_signature, is_same
from simulator.shopee.simulation import Simulation
from simulator.shopee.tokens import LinkState
from simulator.stand_in.faults import CALL_FAULTS, Fault
from simulator.stand_in.journal import CallRecord, without_secrets
from simulator.world.shops import Shop

API_PREFIX = "/api/v2/"
TIMESTAMP_VALID_S = 300
GATEWAY_TROUBLE_PAGE = (
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
)


class WrongMethodError(Exception):
    """GET where POST is due or the reverse: the real gateway breaks in its own way."""


class Gateway:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def handle(self, request: Request) -> Response:
        started = perf_counter()
        path = request.url.path
        record = self._sim.journal.open(
            self._sim.clock.now().timestamp(), request.method, path, request.query_params.multi_items()
        )
        raw = await request.body()
        faults = self._sim.faults.draw(path, CALL_FAULTS)
        record.fault = ",".join(fault.kind for fault in faults)
        response = await self._with_faults(request, raw, record, faults)
        record.http_status = response.status_code
        record.took_ms = round((perf_counter() - started) * 1000, 1)
        return response

    async def _with_faults(
        self, request: Request, raw: bytes, record: CallRecord, faults: list[Fault]
    ) -> Response:
        breaking = next((fault for fault in faults if fault.kind != "latency"), None)
        for fault in faults:
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds)
        if breaking is None:
            return await self._answer(request, raw, record)
        if breaking.after_effect:
            await self._answer(request, raw, record)
        if breaking.kind.startswith("timeout"):
            await _hang(request, breaking.seconds)
        return self._broken(breaking, record)

    def _broken(self, fault: Fault, record: CallRecord) -> Response:
        if fault.kind == "html":
            return Response(GATEWAY_TROUBLE_PAGE, 200, media_type="text/html")
        if fault.kind == "broken_json":
            return Response(
                '{"error":"","message":"","response":{"more":fal', 200, media_type="application/json"
            )
        if fault.kind == "rate_limit":
            return self._refuse(errors.rate_limited(), record)
        if fault.kind == "error":
            status = fault.status if fault.status != 500 else 200
            return self._refuse(ApiError(fault.error, fault.message, status=status), record)
        return Response(GATEWAY_TROUBLE_PAGE, fault.status, media_type="text/html")

    async def _answer(self, request: Request, raw: bytes, record: CallRecord) -> Response:
        try:
            fields = await self._pass(request, raw, record)
        except ApiError as error:
            return self._refuse(error, record)
        except WrongMethodError:
            record.error = "wrong_method"
            return Response("block by gateway due to invalid cid", 500, media_type="text/plain")
        if isinstance(fields, Download):
            return Response(fields.content, 200, media_type=fields.media_type)
        if request.method == "POST":
            record.done = without_secrets(fields)
        envelope = {"error": "", "message": "", "request_id": self._request_id()}
        return _json(envelope | fields, 200)

    def _refuse(self, error: ApiError, record: CallRecord) -> Response:
        record.error, record.message = error.error, error.message
        body: dict[str, Any] = {
            "error": error.error,
            "message": error.message,
            "request_id": self._request_id(),
        }
        if error.response is not None:
            body["response"] = error.response
        return _json(body, error.status)

    async def _pass(self, request: Request, raw: bytes, record: CallRecord) -> dict[str, Any] | Download:
        endpoint = self._find(request.url.path)
        if request.method not in endpoint.method.split(" or "):
            raise WrongMethodError
        query = request.query_params
        self._check_signature(request.url.path, query, endpoint.scope)
        self._check_app(request.client.host if request.client else "")
        shop = self._check_token(query) if endpoint.scope is Scope.SHOP else None
        body: dict[str, Any] = {}
        if request.method == "POST":
            body = form_body(raw, request.headers) if is_form(request.headers) else json_body(raw)
            record.body = without_secrets(body)
        address = str(request.base_url).rstrip("/")
        if shop is None:
            return await endpoint.handler(Call(self._sim, query, body, address))
        return await endpoint.handler(ShopCall(self._sim, query, body, address, shop))

    def _find(self, path: str) -> Endpoint:
        name = path.removeprefix(API_PREFIX)
        if name.startswith(CHAT_PREFIX):
            raise errors.app_lacks_permission()
        endpoint = TABLE.get(name)
        if endpoint is None:
            raise errors.unknown_path()
        return endpoint

    def _check_signature(self, path: str, query: QueryParams, scope: Scope) -> None:
        names = ["partner_id", "timestamp", "sign"]
        if scope is Scope.SHOP:
            names += ["access_token", "shop_id"]
        for name in names:
            if not query.get(name):
                raise errors.missing_common(name)
        if query["partner_id"] != str(self._sim.app.partner_id):
            raise errors.invalid_partner()
        self._check_time(query["timestamp"])
        parts = [query["partner_id"], path, query["timestamp"]]
        if scope is Scope.SHOP:
            parts += [query["access_token"], query["shop_id"]]
        if not is_same(call_signature(self._sim.app.partner_key, *parts), query["sign"]):
            raise errors.wrong_sign()

    def _check_time(self, timestamp: str) -> None:
        if not is_number(timestamp):
            raise errors.invalid_timestamp()
        if abs(self._sim.clock.epoch() - int(timestamp)) > TIMESTAMP_VALID_S:
            raise errors.expired_timestamp()

    def _check_app(self, client: str) -> None:
        app = self._sim.app
        if app.is_key_expired:
            raise errors.partner_key_expired()
        if app.is_restricted:
            raise errors.app_restricted()
        if app.declared_addresses and client not in app.declared_addresses:
            raise errors.address_undeclared(client)
        if app.calls_left_today is not None:
            if app.calls_left_today <= 0:
                raise errors.quota_used_up()
            app.calls_left_today -= 1

    def _check_token(self, query: QueryParams) -> Shop:
        if not is_number(query["shop_id"]):
            raise errors.not_authorised()
        shop_id = int(query["shop_id"])
        owner = shop_owner(shop_id)
        state = self._sim.tokens.state_of(owner)
        if state is LinkState.CANCELLED:
            raise errors.seller_unlinked()
        if state is not LinkState.LINKED:
            raise errors.not_authorised()
        if self._sim.standings[shop_id].is_banned:
            raise errors.shop_banned()
        holders = self._sim.tokens.holders(query["access_token"])
        if not holders:
            raise errors.invalid_access_token()
        if owner not in holders:
            raise errors.token_of_another()
        return self._sim.world.shops[shop_id]

    def _request_id(self) -> str:
        return self._sim.random.randbytes(16).hex()


async def _hang(request: Request, seconds: float) -> None:
    """Say nothing until the caller gives up, or for `seconds`; then cut the line."""
    ends_at = perf_counter() + seconds
    while perf_counter() < ends_at and not await request.is_disconnected():
        if await sleep_unless_closing(request.app, 0.05):
            break
    await drop_connection(request)


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(
        json.dumps(body, default=_number, ensure_ascii=False).encode(), status, media_type="application/json"
    )


def _number(value: Decimal) -> int | float:
    """Show money as the platform does: a bare number in major units."""
    return int(value) if value == value.to_integral_value() else float(value)
