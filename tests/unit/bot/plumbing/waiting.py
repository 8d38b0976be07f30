"""Waiting for something to become so, and not for a time in which it probably has."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(condition: Callable[[], T], within_s: float = 20.0) -> T:
    """Return what the condition yields once that is true."""
    async with asyncio.timeout(within_s):
        while not (held := condition()):  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0.002)
    return held
