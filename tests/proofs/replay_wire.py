"""P4 over a platform's own wire: its webhooks come several times and in any order while what they speak of moves on."""

import hmac
import json
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import httpx
from sqlalchemy import select

from adapters.kit.transport import AiohttpTransport
from adapters.registry import build_platforms
from domain.clock import utc_now
from domain.shops import Budget, PlatformApp, Shop
from services.grants import fetch_grants
from simulator.serve import serving
from simulator.tiktok_shop.accounts import HOME_SHOP
from simulator.tiktok_shop.simulator import TiktokShopSimulator
from storage.database import Database
from storage.migrate import migrate
from storage.tables.orders import sale_order
from tests import factories
from tests.integration.services.house import House
from tests.proofs.verdict import Verdict
from tests.stage import Seller

PRODUCTS = 8
ORDERS, COPIES = 3, 5
PATHS = (
    "arrange pickup deliver complete",
    "ask_cancel cancel",
    "arrange ask_cancel refuse_cancel pickup deliver",
    "cancel",
)


async def replay_wire(seeds: Sequence[int], verdict: Verdict) -> None:
    """Let orders be bought and move, deliver each webhook one to five times in any order, and compare the books."""
    simulator = TiktokShopSimulator(seed=seeds[0], orders=4, products=PRODUCTS)
    told: list[bytes] = []
    vars(simulator.simulation.webhooks)["send"] = lambda _kind, _shop, body, _url=None: told.append(
        json.dumps(body).encode()
    )
    transport = AiohttpTransport()
    with tempfile.TemporaryDirectory(prefix="storesync-replay-") as folder:
        url = f"sqlite:///{Path(folder) / 'wire.db'}"
        await migrate(url)
        database = Database(url)
        try:
            async with serving(simulator.app) as base, httpx.AsyncClient(trust_env=False) as http:
                seller = Seller(http, base, str(HOME_SHOP.id), "ACTIVATE")
                house, shop = await _linked(database, transport, simulator, base, seller)
                for seed in seeds:
                    told.clear()
                    random = Random(seed)  # noqa: S311 - a trial must be repeatable
                    await _play(house, seller, told, random)
                    await _judge(house, shop, seller, seed, verdict)
        finally:
            await transport.aclose()
            await database.close()


async def _linked(
    database: Database,
    transport: AiohttpTransport,
    simulator: TiktokShopSimulator,
    base: str,
    seller: Seller,
) -> tuple[House, Shop]:
    """Found an installation whose platform is this one, and link its home shop there."""
    house = await House(database).open()
    house.clock.now = utc_now()
    platform = build_platforms(transport, utc_now)["tiktok_shop"]
    house.bazaar.platform = platform
    partner = simulator.simulation.app
    house.app = factories.platform_app(
        id="ab00000000000002",
        key=partner.key,
        secret=partner.secret,
        push_keys=(),
        api_url=base,
        auth_url=f"{base}/open/authorize",
        budget=Budget(1000, 1000),
    )
    house.services = house.another()
    await house.services.apps.seed([house.app])
    code = (await seller.control("authorise", {}))["code"]
    (grant,), _ = await fetch_grants(platform, house.app, {"code": code}, "ID")
    return house, await house.keep(grant)


async def _play(house: House, seller: Seller, told: list[bytes], random: Random) -> None:
    paths = {}
    for _ in range(ORDERS):
        model = await seller.sellable()
        placed = await seller.order(model["item_id"], model["model_id"], random.randrange(1, 4))
        paths[str(placed["order_sn"])] = random.choice(PATHS).split()
    while paths:
        number = random.choice(sorted(paths))
        await seller.control(f"orders/{number}/{paths[number].pop(0)}", {})
        if not paths[number]:
            del paths[number]
        if random.random() < 0.5:
            await _deliver(house, random.choices(told, k=random.randrange(1, len(told) + 1)))
            await house.services.hints.work_off()
    every = [body for body in told for _ in range(random.randint(1, COPIES))]
    await _deliver(house, random.sample(every, len(every)))
    while await house.services.hints.work_off():
        pass


async def _deliver(house: House, bodies: Sequence[bytes]) -> None:
    for body in bodies:
        headers = {"Authorization": _signature(house.app, body)}
        await house.services.inbound.receive_hook(house.app.platform, house.app.id, headers, body)


def _signature(app: PlatformApp, body: bytes) -> str:
    return hmac.new(app.secret.encode(), app.key.encode() + body, sha256).hexdigest()


async def _judge(house: House, shop: Shop, seller: Seller, seed: int, verdict: Verdict) -> None:
    orders: list[dict[str, Any]] = (await seller.world(with_orders=True))["shops"][0]["orders"]
    truth = {one["order_sn"]: one["status"] for one in orders}
    query = select(sale_order.c.external_id, sale_order.c.raw_status).where(sale_order.c.shop_id == shop.id)
    found = await house.database.read(lambda conn: conn.execute(query).all())
    held = {row.external_id: row.raw_status for row in found}
    verdict.trials += 1
    for number in sorted(held):
        verdict.check(
            held[number] == truth[number],
            f"wire, seed {seed}: {number} is {truth[number]} there, {held[number]} here",
        )
    verdict.check(len(held) >= ORDERS, f"wire, seed {seed}: only {len(held)} orders are held")
