import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from simulator.serve import serving
from simulator.shopee.simulator import ShopeeSimulator
from simulator.world.clock import Clock
from tests.simulator.shopee.wire import HOME, Wire

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
"""Noon in Jakarta."""


NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Everything is plain HTTP here; reading the machine's certificates for each client would take most of the time."""


@pytest.fixture
def simulator() -> ShopeeSimulator:
    return ShopeeSimulator(seed=7, clock=Clock(frozen_at=NOON), orders=80)


@pytest.fixture
async def base_url(simulator: ShopeeSimulator) -> AsyncIterator[str]:
    async with serving(simulator.app) as url:
        yield url


@pytest.fixture
async def wire(base_url: str) -> AsyncIterator[Wire]:
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=10, verify=NO_TLS) as http:
        yield Wire(http, int(NOON.timestamp()))


@pytest.fixture
async def linked(wire: Wire) -> Wire:
    """A client whose first shop is linked."""
    await wire.link(HOME)
    return wire
