"""The client side over HTTP: the web chat and the tests act and look through it."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from simulator.telegram import groups, people
from simulator.telegram.engine import Engine
from simulator.telegram.faults import CALL_KINDS, Fault
from simulator.telegram.objects import chat_object, user_object
from simulator.telegram.people import ClientError
from simulator.telegram.records import Json
from simulator.telegram.screen import chat_list, chat_view, event_view

KEEP_ALIVE_S: Final = 15.0
Endpoint = Callable[[Request], Awaitable[Response]]


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def refusing(endpoint: Callable[[Request], Awaitable[Any]]) -> Endpoint:
    """Answer with the endpoint's JSON, or with 400 and the reason why it makes no sense."""

    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await endpoint(request))
        except ClientError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except KeyError as error:
            return JSONResponse({"error": f"missing field: {error.args[0]}"}, status_code=400)
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": f"wrong value: {error}"}, status_code=400)

    return answer


async def _body(request: Request) -> Json:
    raw = await request.body()
    parsed = json.loads(raw) if raw.strip() else {}
    if not isinstance(parsed, dict):
        raise ClientError("a JSON object is expected")
    return parsed


async def users(request: Request) -> Any:
    engine = _engine(request)
    if request.method == "GET":
        return [user_object(user) for user in engine.world.users.values() if not user.is_bot]
    body = await _body(request)
    wanted = body.get("id")
    if wanted is not None and int(wanted) in engine.world.users:
        raise ClientError(f"user {wanted} exists already")
    names = ("first_name", "last_name", "username", "language_code")
    fields = {name: str(body[name]) for name in names if body.get(name)}
    if "first_name" not in fields:
        raise ClientError("first_name is required")
    return user_object(engine.world.new_user(int(wanted) if wanted else None, **fields))


async def chats(request: Request) -> Any:
    engine = _engine(request)
    if request.method == "GET":
        return chat_list(engine)
    chat = groups.make_chat(engine, await _body(request))
    engine.events.publish("chat", chat_id=chat.id)
    return chat_object(engine.world, chat)


async def one_chat(request: Request) -> Json:
    engine = _engine(request)
    chat = groups.change_chat(engine, int(request.path_params["chat_id"]), await _body(request))
    return groups.chat_answer(engine, chat)


async def messages(request: Request) -> Json:
    engine = _engine(request)
    if request.method == "PATCH":
        return people.edit_own(engine, await _body(request))
    return people.speak(engine, await _body(request))


async def chat_messages(request: Request) -> Json:
    engine = _engine(request)
    chat = people.chat_of(engine, request.path_params["chat_id"])
    return chat_view(engine, chat, int(request.query_params.get("after") or 0))


async def presses(request: Request) -> Json:
    return await people.press(_engine(request), await _body(request))


async def commands(request: Request) -> list[Json]:
    engine = _engine(request)
    user = people.person(engine, request.query_params["user_id"])
    chat_id = int(request.query_params["chat_id"])
    chat = (
        engine.world.private_chat(user.id, is_started=False)
        if chat_id == user.id
        else people.chat_of(engine, chat_id)
    )
    return engine.profile.commands_for(chat, user.id, (user.language_code or "").partition("-")[0])


async def calls(request: Request) -> Json:
    after = int(request.query_params.get("after") or 0)
    received = _engine(request).calls.calls(after, request.query_params.get("method"))
    return {"calls": [dataclasses.asdict(call) for call in received]}


async def violations(request: Request) -> Json:
    return {"violations": _engine(request).calls.violations()}


async def faults(request: Request) -> Json:
    engine = _engine(request)
    if request.method == "DELETE":
        clear_faults(engine)
    else:
        add_fault(engine, await _body(request))
    return {"ok": True}


def add_fault(engine: Engine, body: Json) -> None:
    """Order a trouble, as `POST /client/faults` takes it."""
    kind = str(body["kind"])
    count = int(body.get("next", 1))
    if kind == "real_limits":
        engine.rates.switch(is_on=bool(body.get("on", True)))
    elif kind == "lost_update":
        engine.updates.lose = count
    elif kind == "double_update":
        engine.updates.double = count
    elif kind == "reorder":
        engine.updates.reorder(count)
    elif kind in CALL_KINDS:
        chat_id = body.get("chat_id")
        engine.faults.add(
            Fault(
                kind,
                method=body.get("method"),
                chat_id=None if chat_id is None else str(chat_id),
                left=count,
                probability=body.get("probability"),
                description=body.get("description"),
                retry_after=int(body.get("retry_after", 1)),
                delay_s=body.get("delay_s"),
            )
        )
    else:
        raise ClientError(f"unknown kind of fault: {kind}")


def clear_faults(engine: Engine) -> None:
    engine.faults.clear()
    engine.updates.lose = engine.updates.double = 0
    engine.updates.release()
    engine.rates.switch(is_on=False)


async def reset(request: Request) -> Json:
    engine = _engine(request)
    engine.reset()
    for chat_id in engine.world.chats:
        engine.events.publish("chat", chat_id=chat_id)
    return {"ok": True}


async def file(request: Request) -> Response:
    found = _engine(request).world.files.find(request.path_params["file_id"])
    if found is None:
        return JSONResponse({"error": "no such file"}, status_code=404)
    is_picture = found.mime.startswith("image/") and found.mime != "image/svg+xml"
    headers = {"X-Content-Type-Options": "nosniff"}
    if not is_picture:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(found.name)}"
    return Response(found.content, media_type=found.mime, headers=headers)


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


async def events(request: Request) -> Response:
    """Stream what happens as server-sent events until the watcher or the server goes."""
    engine = _engine(request)
    watcher = engine.events.watch()

    async def stream() -> AsyncIterator[str]:
        closing = asyncio.ensure_future(engine.closing.wait())
        try:
            yield ": hello\n\n"
            while not engine.closing.is_set():
                waiting = asyncio.ensure_future(watcher.get())
                await asyncio.wait(
                    {waiting, closing}, timeout=KEEP_ALIVE_S, return_when=asyncio.FIRST_COMPLETED
                )
                if waiting.done():
                    name, fields = waiting.result()
                    data = json.dumps(event_view(engine, name, fields), ensure_ascii=False)
                    yield f"event: {name}\ndata: {data}\n\n"
                else:
                    waiting.cancel()
                    yield ": still here\n\n"
        finally:
            closing.cancel()
            engine.events.leave(watcher)

    return StreamingResponse(
        stream(),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


ROUTES: Final = [
    Route("/client/users", refusing(users), methods=["GET", "POST"]),
    Route("/client/chats", refusing(chats), methods=["GET", "POST"]),
    Route("/client/chats/{chat_id}/messages", refusing(chat_messages), methods=["GET"]),
    Route("/client/chats/{chat_id}", refusing(one_chat), methods=["PATCH"]),
    Route("/client/messages", refusing(messages), methods=["POST", "PATCH"]),
    Route("/client/presses", refusing(presses), methods=["POST"]),
    Route("/client/commands", refusing(commands), methods=["GET"]),
    Route("/client/calls", refusing(calls), methods=["GET"]),
    Route("/client/violations", refusing(violations), methods=["GET"]),
    Route("/client/faults", refusing(faults), methods=["POST", "DELETE"]),
    Route("/client/reset", refusing(reset), methods=["POST"]),
    Route("/client/files/{file_id}", file, methods=["GET"]),
    Route("/client/events", events, methods=["GET"]),
]
