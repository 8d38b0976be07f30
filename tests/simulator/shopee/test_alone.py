"""The simulator as a program of its own: one JSON line, the same world from the same seed."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx

from simulator.shopee.simulator import ShopeeSimulator
from simulator.world.clock import Clock
from tests.simulator.shopee.receiver import receiving
from tests.simulator.shopee.wire import Json, Wire

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@asynccontextmanager
async def _running(*options: str) -> AsyncIterator[Json]:
    """Start the program, give its JSON line, end it."""
    command = (sys.executable, "-m", "simulator.shopee", "--orders", "20", *options)
    program = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert program.stdout is not None
        async with asyncio.timeout(30):
            yield json.loads(await program.stdout.readline())
    finally:
        program.terminate()
        assert await program.wait() == 0


async def test_program_says_where_it_is_and_works() -> None:
    async with receiving() as receiver, _running("--push-url", receiver.url, "--seed", "3") as line:
        assert {
            "kind",
            "url",
            "auth_url",
            "partner_id",
            "partner_key",
            "push_key",
            "shop_ids",
            "buyer_url",
        } <= set(line)
        assert line["kind"] == "shopee"
        assert line["shop_ids"] == [600011, 600012, 600021]
        async with httpx.AsyncClient(base_url=line["url"], trust_env=False) as http:
            assert (await http.get(line["buyer_url"])).status_code == 200
            wire = Wire(http, int(datetime.now(UTC).timestamp()))
            await wire.link()
            assert (await wire.shop_get("shop/get_shop_info"))["shop_name"] == "Rumah Kita"
        assert (await receiver.wait_for(1))[0]["code"] == 1


def _truth(seed: int) -> list[object]:
    simulator = ShopeeSimulator(seed=seed, clock=Clock(frozen_at=NOON), orders=50)
    shop = simulator.world.shops[600011]
    stock = [(v.id, v.price, v.stock) for listing in shop.listings.values() for v in listing.variants]
    return [stock, [(o.order_sn, o.history, o.total, o.buyer) for o in shop.orders.values()]]


def test_same_seed_gives_the_same_world_another_seed_another() -> None:
    assert _truth(5) == _truth(5)
    assert _truth(5) != _truth(6)
