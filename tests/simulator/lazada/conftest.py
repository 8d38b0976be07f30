import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from simulator.lazada.simulator import LazadaSimulator
from simulator.serve import serving
from simulator.world.clock import Clock
from tests.simulator.lazada.wire import Wire

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
"""Noon in Jakarta."""

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture
def simulator() -> LazadaSimulator:
    return LazadaSimulator(seed=7, clock=Clock(frozen_at=NOON), orders=80)


@pytest.fixture
async def wire(simulator: LazadaSimulator) -> AsyncIterator[Wire]:
    async with (
        serving(simulator.app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=10, verify=NO_TLS) as http,
    ):
        yield Wire(http, int(NOON.timestamp()))


@pytest.fixture
async def linked(wire: Wire) -> Wire:
    """A client whose first shop is linked."""
    await wire.link()
    return wire
