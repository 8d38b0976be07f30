"""One refusal: what is asked, and the answer the reference demands."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from tests.simulator.shopee.wire import Wire


@dataclass(frozen=True)
class Refusal:
    section: str
    """Of the reference."""
    name: str
    ask: Callable[[Wire], Awaitable[httpx.Response]]
    error: str
    """Empty: the answer is not JSON."""
    status: int
    message: str = ""
    """Checked when given."""
