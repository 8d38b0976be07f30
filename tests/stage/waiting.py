"""Waiting for a condition, never for a length of time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_EVERY_S = 0.02


async def until(
    look: Callable[[], Awaitable[T | None]],
    what: str,
    *,
    within_s: float = 20.0,
    every_s: float = LOOK_EVERY_S,
) -> T:
    """Look again and again until there is something to see; fail with `what` was waited for."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + within_s
    while True:
        seen = await look()
        if seen:
            return seen
        if loop.time() > ends:
            raise AssertionError(f"waited {within_s:g} s in vain for {what}")
        await asyncio.sleep(every_s)
