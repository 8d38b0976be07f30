"""The gate every API call passes: path, version, key, time, signature, token, scope, shop; then the call itself."""

import asyncio
import json
from time import perf_counter
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.serve import drop_connection, sleep_unless_closing
from simulator.stand_in.faults import CALL_FAULTS, Fault
from simulator.stand_in.journal import CallRecord, without_secrets
from simulator.tiktok_shop import errors
from simulator.tiktok_shop.calls import TABLE
from simulator.tiktok_shop.calls.endpoint import Call, Endpoint, Json, ShopCall
from simulator.tiktok_shop.errors import ApiError
from simulator.tiktok_shop.signature import call_signature, is_same
from simulator.tiktok_shop.simulation import Simulation
from simulator.tiktok_shop.tokens import Grant
from simulator.world.shops import Shop

TOKEN = "x-tts-access-token"
OLD_S, AHEAD_S = 300, 30
PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_DEFAULT_ERROR = "error_system_busy"


class Gateway:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation
        self._patterns = [(each, each.pattern) for each in TABLE]

    async def handle(self, request: Request) -> Response:
        started = perf_counter()
        path = request.url.path
        query = request.query_params.multi_items()
        record = self._sim.journal.open(self._sim.clock.now().timestamp(), request.method, path, query)
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
            return Response(PAGE, 200, media_type="text/html")
        if fault.kind == "broken_json":
            return Response('{"code":0,"message":"Success","data":{"ord', 200, media_type="application/json")
        if fault.kind == "rate_limit":
            return self._refuse(errors.too_many_requests(), record, retry_after=fault.seconds or 1)
        if fault.kind == "error":
            status = fault.status if fault.status != 500 else 200
            if fault.error == _DEFAULT_ERROR:
                return self._refuse(errors.internal(), record)
            return self._refuse(ApiError(int(fault.error), fault.message, status=status), record)
        return Response("Service Unavailable", fault.status, media_type="text/plain")

    async def _answer(self, request: Request, raw: bytes, record: CallRecord) -> Response:
        try:
            data = await self._pass(request, raw, record)
        except ApiError as error:
            return self._refuse(error, record)
        envelope = {"code": 0, "message": "Success", "request_id": self._request_id(), "data": data}
        return JSONResponse(envelope)

    def _refuse(self, error: ApiError, record: CallRecord, retry_after: float | None = None) -> Response:
        record.error, record.message = str(error.code), error.message
        headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
        envelope = {
            "code": error.code,
            "message": error.message,
            "request_id": self._request_id(),
            "data": error.data,
        }
        return JSONResponse(envelope, error.status, headers)

    async def _pass(self, request: Request, raw: bytes, record: CallRecord, /) -> Json | None:
        endpoint, named = self._find(request.method, request.url.path)
        kind = request.headers.get("content-type", "")
        is_form = kind.split(";")[0].strip() == "multipart/form-data"
        if raw and not is_form and kind.split(";")[0].strip() != "application/json":
            raise errors.wrong_content_type()
        if endpoint.takes_form and not is_form:
            raise errors.form_wanted()
        # One parameter may come several times: the documents join lists with commas, some clients repeat the name.
        query = _joined(request.query_params.multi_items())
        self._check_signature(request, raw, kind)
        grant = self._grant(request)
        if endpoint.scope not in grant.scopes:
            raise errors.scope_missing()
        shop = self._shop(endpoint, query, grant)
        self._check_pace(endpoint, shop)
        body = {} if is_form else _body(raw)
        record.body = without_secrets(body)
        address = str(request.base_url).rstrip("/")
        common: dict[str, Any] = {
            "sim": self._sim,
            "grant": grant,
            "query": query,
            "body": body,
            "path": named,
            "address": address,
            "form": await request.form() if is_form else None,
        }
        if shop is None:
            return await endpoint.handler(Call(**common))
        record.shop_id = str(shop.id)
        return await endpoint.handler(ShopCall(**common, shop=shop))

    def _find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
        domain, _, rest = path.strip("/").partition("/")
        version, _, rest = rest.partition("/")
        there = []
        for endpoint, pattern in self._patterns:
            if endpoint.domain == domain and (found := pattern.fullmatch(rest)):
                there.append((endpoint, found.groupdict()))
        if not there:
            raise errors.unknown_path()
        fitting = [each for each in there if each[0].method == method]
        if not fitting:
            raise errors.wrong_method()
        current = [each for each in fitting if version in each[0].versions]
        if not current:
            raise errors.unknown_version()
        return current[0]

    def _check_signature(self, request: Request, raw: bytes, content_type: str) -> None:
        app, query = self._sim.app, request.query_params
        if query.get("app_key") != app.key:
            raise errors.invalid_app_key()
        if not query.get("sign"):
            raise errors.missing_sign()
        moment = query.get("timestamp", "")
        if not moment.isascii() or not moment.isdecimal() or len(moment) != 10:
            raise errors.invalid("query.timestamp")
        ahead = int(moment) - self._sim.clock.epoch()
        if ahead < -OLD_S:
            raise errors.timestamp_too_old()
        if ahead > AHEAD_S:
            raise errors.timestamp_ahead()
        path = request.scope["raw_path"].decode().partition("?")[0]
        expected = call_signature(app.secret, path, query.multi_items(), raw, content_type)
        joined = call_signature(app.secret, path, _joined(query.multi_items()).items(), raw, content_type)
        if not is_same(expected, query["sign"]) and not is_same(joined, query["sign"]):
            raise errors.wrong_sign()
        client = request.client.host if request.client else ""
        if app.allowed_addresses and client not in app.allowed_addresses:
            raise errors.address_not_allowed()

    def _grant(self, request: Request) -> Grant:
        return self._sim.tokens.grant_of(request.headers.get(TOKEN, ""))

    def _shop(self, endpoint: Endpoint, query: dict[str, str], grant: Grant) -> Shop | None:
        cipher = query.get("shop_cipher")
        if not endpoint.is_of_shop:
            if cipher is not None:
                raise errors.unexpected_cipher()
            return None
        if not cipher:
            raise errors.missing_cipher()
        if cipher not in grant.ciphers:
            raise errors.token_of_another_shop()
        shop = self._sim.world.shops[grant.ciphers[cipher]]
        if self._sim.standings[shop.id].is_banned:
            raise errors.seller_inactive() if endpoint.domain == "product" else errors.permission_denied()
        return shop

    def _check_pace(self, endpoint: Endpoint, shop: Shop | None) -> None:
        """Count calls of a shop to one endpoint in a second."""
        most = self._sim.app.calls_per_second
        if not most:
            return
        key = (shop.id if shop else 0, f"{endpoint.method} {endpoint.rest}", self._sim.clock.epoch())
        self._sim.calls_in_second[key] += 1
        if self._sim.calls_in_second[key] > most:
            raise errors.too_many_requests()

    def _request_id(self) -> str:
        return f"{self._sim.clock.now():%Y%m%d%H%M%S}{self._sim.random.randbytes(9).hex().upper()}"


def _joined(items: list[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in items:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(raw: bytes) -> Json:
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise errors.wrong_content_type() from None
    if not isinstance(body, dict):
        raise errors.invalid("body")
    return body


async def _hang(request: Request, seconds: float) -> None:
    """Say nothing until the caller gives up, or for `seconds`; then cut the line."""
    ends_at = perf_counter() + seconds
    while perf_counter() < ends_at and not await request.is_disconnected():
        if await sleep_unless_closing(request.app, 0.05):
            break
    await drop_connection(request)
