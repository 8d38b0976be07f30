"""The gate every API call passes: path, method, key, time, signature, token, shop; then the call itself."""

import asyncio
from collections.abc import Sequence
from time import perf_counter
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.lazada import errors
from simulator.lazada.calls import TABLE
from simulator.lazada.calls.endpoint import Call, Endpoint, Json
from simulator.lazada.errors import ApiError
from simulator.lazada.signature import call_signature, is_same
from simulator.lazada.simulation import Simulation
from simulator.lazada.tokens import Grant
from simulator.serve import drop_connection, sleep_unless_closing
from simulator.stand_in.faults import CALL_FAULTS, Fault
from simulator.stand_in.journal import CallRecord, without_secrets
from simulator.world.shops import Shop

PREFIX = "/rest"
APART_S = 7200
FORM = "application/x-www-form-urlencoded"
PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_DEFAULT_ERROR = "error_system_busy"
_FIRST_STEPS = frozenset({"/seller/get"})
"""Calls that answer a shop that is closed, too."""


class Gateway:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def handle(self, request: Request) -> Response:
        started = perf_counter()
        path = request.url.path
        query = request.query_params.multi_items()
        record = self._sim.journal.open(self._sim.clock.now().timestamp(), request.method, path, query)
        params = await _params(request)
        record.params = without_secrets(dict(params))
        faults = self._sim.faults.draw(path, CALL_FAULTS)
        record.fault = ",".join(fault.kind for fault in faults)
        response = await self._with_faults(request, params, record, faults)
        record.http_status = response.status_code
        record.took_ms = round((perf_counter() - started) * 1000, 1)
        return response

    async def _with_faults(
        self, request: Request, params: Sequence[tuple[str, str]], record: CallRecord, faults: list[Fault]
    ) -> Response:
        breaking = next((fault for fault in faults if fault.kind != "latency"), None)
        for fault in faults:
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds)
        if breaking is None:
            return await self._answer(request, params, record)
        if breaking.after_effect:
            await self._answer(request, params, record)
        if breaking.kind.startswith("timeout"):
            await _hang(request, breaking.seconds)
        return self._broken(breaking, record)

    def _broken(self, fault: Fault, record: CallRecord) -> Response:
        if fault.kind == "html":
            return Response(PAGE, 200, media_type="text/html")
        if fault.kind == "broken_json":
            return Response('{"code":"0","data":{"ord', 200, media_type="application/json")
        if fault.kind == "rate_limit":
            return self._refuse(errors.too_fast(int(fault.seconds or 1)), record)
        if fault.kind == "error":
            is_usual = fault.error == _DEFAULT_ERROR
            return self._refuse(
                errors.timed_out() if is_usual else ApiError(fault.error, fault.message), record
            )
        return Response("Service Unavailable", fault.status, media_type="text/plain")

    async def _answer(
        self, request: Request, params: Sequence[tuple[str, str]], record: CallRecord
    ) -> Response:
        try:
            told = await self._pass(request, params, record)
        except ApiError as error:
            return self._refuse(error, record)
        return JSONResponse({**told, "code": "0", "request_id": self._request_id()})

    def _refuse(self, error: ApiError, record: CallRecord) -> Response:
        """Refuse; the HTTP status is 200 nearly always."""
        record.error, record.message = error.code, error.message
        body: Json = {"type": error.kind, "code": error.code, "message": error.message}
        if error.detail is not None:
            body["detail"] = error.detail
        return JSONResponse({**body, "request_id": self._request_id()})

    async def _pass(self, request: Request, params: Sequence[tuple[str, str]], record: CallRecord, /) -> Json:
        endpoint = self._find(request)
        self._check_signature(request, params)
        named = dict(params)
        if "access_token" not in named:
            raise errors.missing("access_token")
        grant = self._sim.tokens.grant_of(named["access_token"])
        shop = self._shop(grant, endpoint)
        record.shop_id = str(shop.id)
        self._check_pace(endpoint, shop)
        address = str(request.base_url).rstrip("/")
        told = await endpoint.handler(Call(self._sim, grant, named, address, shop=shop))
        return {told.name: told.body}

    def _find(self, request: Request) -> Endpoint:
        endpoint = TABLE.get(request.url.path.removeprefix(PREFIX))
        if endpoint is None or request.method not in endpoint.methods:
            raise errors.unknown_api()
        return endpoint

    def _check_signature(self, request: Request, params: Sequence[tuple[str, str]]) -> None:
        app, named = self._sim.app, dict(params)
        for name in ("app_key", "timestamp", "sign_method", "sign"):
            if not named.get(name):
                raise errors.missing(name)
        if named["app_key"] != app.key:
            raise errors.wrong_app()
        moment = named["timestamp"]
        is_time = moment.isascii() and moment.isdecimal() and len(moment) == 13
        if not is_time or abs(int(moment) / 1000 - self._sim.clock.epoch()) > APART_S:
            raise errors.wrong_sign()
        path = request.url.path.removeprefix(PREFIX)
        expected = call_signature(app.secret, path, params)
        if named["sign_method"] != "sha256" or not is_same(expected, named["sign"]):
            raise errors.wrong_sign()
        client = request.client.host if request.client else ""
        if app.allowed_addresses and client not in app.allowed_addresses:
            raise errors.address_not_allowed()

    def _shop(self, grant: Grant, endpoint: Endpoint) -> Shop:
        """Return whom a token acts for. Across borders the host tells; this one is the first shop's."""
        shop = self._sim.world.shops[grant.account.shops[0]]
        if self._sim.standings[shop.id].is_banned and endpoint.path not in _FIRST_STEPS:
            raise errors.not_active()
        return shop

    def _check_pace(self, endpoint: Endpoint, shop: Shop) -> None:
        """Count calls of a shop to one endpoint in a second."""
        most = self._sim.app.calls_per_second
        if not most:
            return
        key = (shop.id, endpoint.path, self._sim.clock.epoch())
        self._sim.calls_in_second[key] += 1
        if self._sim.calls_in_second[key] > most:
            raise errors.too_fast()

    def _request_id(self) -> str:
        return f"21{self._sim.random.randrange(10**23, 10**24)}"


async def _params(request: Request) -> list[tuple[str, str]]:
    """Read the parameters, wherever they stand."""
    found = list(request.query_params.multi_items())
    if request.headers.get("content-type", "").split(";")[0].strip() == FORM:
        found += parse_qsl((await request.body()).decode(), keep_blank_values=True)
    return found


async def _hang(request: Request, seconds: float) -> None:
    """Say nothing until the caller gives up, or for `seconds`; then cut the line."""
    ends_at = perf_counter() + seconds
    while perf_counter() < ends_at and not await request.is_disconnected():
        if await sleep_unless_closing(request.app, 0.05):
            break
    await drop_connection(request)
