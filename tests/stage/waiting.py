"""Waiting for a condition, never for a length of time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_FIRST_S = 0.01
LOOK_LEAST_S = 0.1
GROWTH = 1.3
"""Looking costs the very processors that what is waited for needs: the longer it takes, the rarer the looks."""


async def until(
    look: Callable[[], Awaitable[T | None]],
    what: str,
    *,
    within_s: float = 20.0,
    every_s: float | None = None,
) -> T:
    """Look again and again until there is something to see; fail with `what` was waited for."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + within_s
    pause_s = every_s or LOOK_FIRST_S
    while True:
        seen = await look()
        if seen:
            return seen
        if loop.time() > ends:
            raise AssertionError(f"waited {within_s:g} s in vain for {what}")
        await asyncio.sleep(pause_s)
        pause_s = every_s or min(pause_s * GROWTH, LOOK_LEAST_S)
