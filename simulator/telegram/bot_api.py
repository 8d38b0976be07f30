"""The bot's side over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
import inspect
import re
from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.serve import drop_connection, sleep_unless_closing
from simulator.telegram.calls import Received
from simulator.telegram.engine import Call, Engine
from simulator.telegram.errors import ApiError
from simulator.telegram.faults import Fault
from simulator.telegram.methods import METHODS
from simulator.telegram.params import RawCall, read_call
from simulator.telegram.records import Json
from simulator.telegram.schema import METHODS as METHOD_NAMES
from simulator.telegram.schema import TABLE, check

TOKEN_FORM: Final = re.compile(r"\d+:[A-Za-z0-9_\-]{20,}")
HELD_S: Final = 120.0
BAD_GATEWAY: Final = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


async def bot_endpoint(request: Request) -> Response:
    """Answer one Bot API call."""
    engine: Engine = request.app.state.engine
    _, _, rest = request.url.path.partition("/bot")
    token, _, name = rest.partition("/")
    if token != engine.token:
        is_formed = TOKEN_FORM.fullmatch(token)
        return envelope(
            ApiError(401, "Unauthorized" if is_formed else "Unauthorized: invalid token specified")
        )
    method = METHOD_NAMES.get(name.strip("/").lower(), name)
    try:
        raw = await read_call(request)
    except ApiError as error:
        return _finish(engine, method, RawCall({}, {}), error)
    chat_id = raw.params.get("chat_id")
    fault = engine.faults.take(method, None if chat_id is None else str(chat_id))
    if fault:
        return await _with_fault(request, engine, method, raw, fault)
    return await _answer(engine, method, raw)


async def _answer(engine: Engine, method: str, raw: RawCall) -> Response:
    notes: list[str] = []
    try:
        outcome = await _perform(engine, method, raw, notes)
    except ApiError as error:
        outcome = error
    return _finish(engine, method, raw, outcome, notes)


async def _perform(engine: Engine, method: str, raw: RawCall, notes: list[str]) -> Any:
    if method not in METHODS:
        raise ApiError(404, "Not Found: method not found", is_violation=True)
    parts = {row[0] for row in TABLE["methods"][method]} & raw.uploads.keys()
    checked = check(method, raw.params | {part: f"attach://{part}" for part in parts})
    notes += checked.notes
    result = METHODS[method](engine, Call(checked, raw.uploads))
    return await result if inspect.isawaitable(result) else result


def _finish(engine: Engine, method: str, raw: RawCall, outcome: Any, notes: Iterable[str] = ()) -> Response:
    """Write the call down and wrap its outcome."""
    error = outcome if isinstance(outcome, ApiError) else None
    n = engine.calls.next_number()
    engine.calls.add(
        Received(
            n=n,
            at=engine.clock(),
            method=method,
            chat_id=_shown_chat(raw),
            ok=error is None,
            error_code=error.code if error else None,
            description=error.description if error else None,
            params=raw.described(),
        )
    )
    for note in notes:
        engine.calls.add_violation(n, method, "", note)
    if error and error.is_violation:
        engine.calls.add_violation(n, method, error.description, "refused")
    return envelope(outcome)


def _shown_chat(raw: RawCall) -> int | str | None:
    chat_id = raw.params.get("chat_id")
    if isinstance(chat_id, str) and chat_id.lstrip("-").isdecimal():
        return int(chat_id)
    return chat_id if isinstance(chat_id, int | str) else None


def envelope(outcome: Any) -> Response:
    if not isinstance(outcome, ApiError):
        return JSONResponse({"ok": True, "result": outcome})
    body: Json = {"ok": False, "error_code": outcome.code, "description": outcome.description}
    headers = {}
    if outcome.parameters:
        body["parameters"] = outcome.parameters
    if "retry_after" in outcome.parameters:
        headers["Retry-After"] = str(outcome.parameters["retry_after"])
    return JSONResponse(body, status_code=outcome.code, headers=headers)


async def _with_fault(request: Request, engine: Engine, method: str, raw: RawCall, fault: Fault) -> Response:
    """Answer a call that meets trouble, before or after its effect."""
    match fault.kind:
        case "delay":
            await sleep_unless_closing(request.app, fault.delay_s or 1.0)
            return await _answer(engine, method, raw)
        case "502_html":
            _finish(engine, method, raw, ApiError(502, "Bad Gateway"))
            return Response(BAD_GATEWAY, status_code=502, media_type="text/html")
        case "timeout_before" | "drop_before":
            _finish(engine, method, raw, ApiError(0, f"fault: {fault.kind}"))
        case "timeout_after" | "drop_after":
            await _answer(engine, method, raw)
        case _:
            return _finish(engine, method, raw, fault.refusal())
    if fault.kind.startswith("timeout"):
        await _hold(request, fault.delay_s or HELD_S)
    else:
        await drop_connection(request)
    return Response(status_code=504)


async def _hold(request: Request, seconds: float) -> None:
    """Keep the client waiting until it hangs up, the time is over, or the server stops."""
    gone = asyncio.ensure_future(_disconnected(request))
    over = asyncio.ensure_future(sleep_unless_closing(request.app, seconds))
    await asyncio.wait({gone, over}, return_when=asyncio.FIRST_COMPLETED)
    for waiting in (gone, over):
        waiting.cancel()
    await asyncio.gather(gone, over, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


async def file_endpoint(request: Request) -> Response:
    """Hand out a file by the path that getFile told."""
    engine: Engine = request.app.state.engine
    _, _, rest = request.url.path.partition("/file/bot")
    token, _, path = rest.partition("/")
    file = engine.world.files.at_path(path) if token == engine.token else None
    if file is None:
        return envelope(ApiError(404, "Not Found"))
    return Response(file.content, media_type="application/octet-stream")
