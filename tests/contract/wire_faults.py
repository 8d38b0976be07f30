"""Faults planted on the wire between an adapter and its platform's stand-in: each is one change to one answer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

import httpx

Change = Callable[[Any], None]


@dataclass(frozen=True)
class WireFault:
    """One change to the answers of one call; `path` is the end of its address, `*` for what is in it of ids."""

    name: str
    path: str
    change: Change


class FaultyWire(httpx.AsyncBaseTransport):
    """Passes everything on, and changes the answers of one call. `planted` counts those it changed."""

    def __init__(self, inner: httpx.AsyncBaseTransport, fault: WireFault) -> None:
        self._inner = inner
        self._fault = fault
        self.planted = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if not fnmatchcase(request.url.path, f"*/{self._fault.path}"):
            return response
        try:
            content = await response.aread()
        finally:
            await response.aclose()
        headers = [(name, value) for name, value in response.headers.items() if name != "content-length"]
        return httpx.Response(response.status_code, headers=headers, content=self._changed(content))

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _changed(self, content: bytes) -> bytes:
        told = {"file": True} if content.startswith(b"%PDF") else json.loads(content)
        before = json.dumps(told)
        self._fault.change(told)
        after = json.dumps(told)
        if after == before:
            return content
        self.planted += 1
        return after.encode()


def _holders(told: Any, steps: list[str]) -> Iterator[Any]:
    """Yield what the last step is looked up in; `[]` walks a list."""
    if not steps:
        yield told
        return
    step, rest = steps[0], steps[1:]
    found = told.get(step.removesuffix("[]")) if isinstance(told, dict) else None
    for each in (found or []) if step.endswith("[]") else [found]:
        if each is not None:
            yield from _holders(each, rest)


def _at(path: str, act: Callable[[dict[str, Any], str], None]) -> Change:
    *steps, last = path.split(".")

    def change(told: Any) -> None:
        for holder in _holders(told, steps):
            if isinstance(holder, dict) and last in holder:
                act(holder, last)

    return change


def renamed(path: str, to: str) -> Change:
    """Give a field another name."""

    def act(holder: dict[str, Any], name: str) -> None:
        holder[to] = holder.pop(name)

    return _at(path, act)


def scaled(path: str, by: int) -> Change:
    """Tell a number in another unit."""

    def act(holder: dict[str, Any], name: str) -> None:
        told = holder[name]
        if isinstance(told, int | float) and told:
            holder[name] *= by
        elif isinstance(told, str) and told.strip("-0."):
            holder[name] = f"{Decimal(told) * by}"

    return _at(path, act)


def put(path: str, value: Any) -> Change:
    """Tell another value."""

    def act(holder: dict[str, Any], name: str) -> None:
        holder[name] = value

    return _at(path, act)


def refused_as(name: str, *, instead_of: str, text: str | None = None) -> Change:
    """Call an error by another name."""

    def change(told: Any) -> None:
        if told.get("error") == instead_of:
            told["error"] = name
            told["message"] = told["message"] if text is None else text

    return change


def recoded(code: int | str, *, instead_of: int | str, text: str | None = None) -> Change:
    """Call an error by another number."""

    def change(told: Any) -> None:
        if told.get("code") == instead_of:
            told["code"] = code
            told["message"] = told["message"] if text is None else text

    return change


def both(first: Change, second: Change) -> Change:
    """Make two changes, where one alone changes nothing."""

    def change(told: Any) -> None:
        first(told)
        second(told)

    return change
