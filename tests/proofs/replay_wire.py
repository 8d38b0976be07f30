"""P4 over the platforms' own wires: their pushes come several times and in any order while what they speak of moves on."""

import asyncio
import contextlib
import hmac
import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import httpx
from sqlalchemy import select

import simulator.lazada.accounts as lazada_accounts
import simulator.tiktok_shop.accounts as tiktok_accounts
from adapters.kit.transport import AiohttpTransport
from adapters.registry import build_platforms
from domain.clock import utc_now
from domain.shops import Budget, Shop
from services.grants import fetch_grants
from services.inbound import InboundService
from simulator.lazada.simulator import LazadaSimulator
from simulator.serve import serving
from simulator.shopee.simulator import ShopeeSimulator
from simulator.tiktok_shop.simulator import TiktokShopSimulator
from storage.database import Database
from storage.tables.orders import sale_order
from tests import factories
from tests.databases import migrated
from tests.integration.services.house import House
from tests.proofs.saboteurs import SABOTEURS
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict
from tests.stage import Seller
from tests.stage.seller import HOME_SHOP

PRODUCTS = 8
ORDERS, COPIES = 3, 5
PATHS = (
    "arrange pickup deliver complete",
    "ask_cancel cancel",
    "arrange ask_cancel refuse_cancel pickup deliver",
    "cancel",
)


@dataclass(frozen=True, slots=True)
class Wire:
    """A platform's stand-in, and how it signs what it pushes."""

    slug: str
    simulator: Any
    sender: Any
    """What would post its pushes."""
    shop: str
    on_sale: str
    auth_path: str
    app: dict[str, Any]
    """Its app, as we are told of it."""
    key: bytes
    before: bytes
    """What is signed before the body."""

    def signed(self, body: bytes) -> dict[str, str]:
        return {"Authorization": hmac.new(self.key, self.before + body, sha256).hexdigest()}


def _shopee(seed: int) -> Wire:
    stand_in = ShopeeSimulator(seed=seed, orders=4, products=PRODUCTS)
    app, hook_url = stand_in.simulation.app, factories.platform_app().hook_url
    told = {"key": str(app.partner_id), "secret": app.partner_key, "push_keys": (app.push_key,)}
    signing = (app.push_key.encode(), hook_url.encode() + b"|")
    sender = stand_in.simulation.pushes
    sender.callback_url = hook_url
    return Wire("shopee", stand_in, sender, str(HOME_SHOP), "NORMAL", "/auth", told, *signing)


def _tiktok_shop(seed: int) -> Wire:
    stand_in = TiktokShopSimulator(seed=seed, orders=4, products=PRODUCTS)
    app, shop = stand_in.simulation.app, str(tiktok_accounts.HOME_SHOP.id)
    told = {"key": app.key, "secret": app.secret, "push_keys": ()}
    signing = (app.secret.encode(), app.key.encode())
    sender = stand_in.simulation.webhooks
    return Wire("tiktok_shop", stand_in, sender, shop, "ACTIVATE", "/open/authorize", told, *signing)


def _lazada(seed: int) -> Wire:
    stand_in = LazadaSimulator(seed=seed, orders=4, products=PRODUCTS)
    app, shop = stand_in.simulation.app, str(lazada_accounts.HOME_SHOP.id)
    told = {"key": app.key, "secret": app.secret, "push_keys": ()}
    signing = (app.secret.encode(), app.key.encode())
    sender = stand_in.simulation.pushes
    return Wire("lazada", stand_in, sender, shop, "Active", "/oauth/authorize", told, *signing)


WIRES = (_shopee, _tiktok_shop, _lazada)
API_PATHS = {"lazada": "/rest"}


@dataclass(frozen=True, slots=True)
class Scene:
    """An installation that has one shop of one platform, and what that platform wanted to push."""

    wire: Wire
    house: House
    shop: Shop
    seller: Seller
    told: list[bytes]

    async def deliver(self, bodies: Sequence[bytes]) -> None:
        app = self.house.app
        for body in bodies:
            await self.house.services.inbound.receive_hook(app.platform, app.id, self.wire.signed(body), body)


async def replay_wire(trial: Trial) -> Verdict:
    """P4: each push of each platform 1 to 5 times, in any order, between the orders' steps: the books end as its truth."""
    verdict = trial.verdict()
    count = trial.size(2, 170)
    with _broken(trial):
        for at, wire in enumerate(WIRES):
            first = trial.seed + at * count
            async with _open(wire(first)) as scene:
                for seed in range(first, first + count):
                    scene.told.clear()
                    random = Random(seed)  # noqa: S311 - a trial must be repeatable
                    await _play(scene, random, at_once=trial.is_broken)
                    await _judge(scene, seed, verdict)
    return verdict


@contextlib.contextmanager
def _broken(trial: Trial) -> Iterator[None]:
    """Take the guarded clause away in this very process, and put it back."""
    kept = InboundService.store_hints
    if trial.is_broken:
        SABOTEURS[trial.name]()
    try:
        yield
    finally:
        InboundService.store_hints = kept  # type: ignore[method-assign]


@contextlib.asynccontextmanager
async def _open(wire: Wire) -> AsyncIterator[Scene]:
    """Found an installation whose platform is this one, link its home shop, and keep what it would push."""
    told: list[bytes] = []
    vars(wire.sender)["send"] = lambda *sent: told.extend(
        json.dumps(each, default=float).encode() for each in sent if isinstance(each, dict)
    )
    transport = AiohttpTransport()
    with tempfile.TemporaryDirectory(prefix="storesync-replay-") as folder:
        path = Path(folder) / "wire.db"
        path.write_bytes(await asyncio.to_thread(migrated))
        database = Database(f"sqlite:///{path}")
        try:
            async with serving(wire.simulator.app) as base, httpx.AsyncClient(trust_env=False) as http:
                seller = Seller(http, base, wire.shop, wire.on_sale)
                house, shop = await _linked(database, transport, wire, base, seller)
                yield Scene(wire, house, shop, seller, told)
        finally:
            await transport.aclose()
            await database.close()


async def _linked(
    database: Database, transport: AiohttpTransport, wire: Wire, base: str, seller: Seller
) -> tuple[House, Shop]:
    house = await House(database).open()
    house.clock.now = utc_now()
    platform = build_platforms(transport, utc_now)[wire.slug]
    house.bazaar.platform = platform
    house.app = factories.platform_app(
        id="ab00000000000002",
        api_url=base + API_PATHS.get(wire.slug, ""),
        auth_url=base + wire.auth_path,
        budget=Budget(1000, 1000),
        **wire.app,
    )
    house.services = house.another()
    await house.services.apps.seed([house.app])
    code = (await seller.control("authorise", {"account": f"shop:{wire.shop}"}))["code"]
    (grant,), _ = await fetch_grants(platform, house.app, {"code": code, "shop_id": wire.shop}, "ID")
    return house, await house.keep(grant)


async def _play(scene: Scene, random: Random, *, at_once: bool) -> None:
    """Have orders move, and pushes come now and then; `at_once` all that there are after every step."""
    paths = {}
    for _ in range(ORDERS):
        model = await scene.seller.sellable()
        placed = await scene.seller.order(model["item_id"], model["model_id"], random.randrange(1, 4))
        paths[str(placed["order_sn"])] = random.choice(PATHS).split()
    while paths:
        number = random.choice(sorted(paths))
        await scene.seller.control(f"orders/{number}/{paths[number].pop(0)}", {})
        if not paths[number]:
            del paths[number]
        if at_once or random.random() < 0.5:
            count = len(scene.told) if at_once else random.randrange(1, len(scene.told) + 1)
            await scene.deliver(scene.told if at_once else random.choices(scene.told, k=count))
            await scene.house.services.hints.work_off()
    every = [body for body in scene.told for _ in range(random.randint(1, COPIES))]
    await scene.deliver(random.sample(every, len(every)))
    while await scene.house.services.hints.work_off():
        pass


async def _judge(scene: Scene, seed: int, verdict: Verdict) -> None:
    world = await scene.seller.world(with_orders=True)
    orders: list[dict[str, Any]] = world["shops"][0]["orders"]
    truth = {str(one["order_sn"]): one["status"] for one in orders}
    ours = sale_order.c.shop_id == scene.shop.id
    query = select(sale_order.c.external_id, sale_order.c.raw_status).where(ours)
    found = await scene.house.database.read(lambda conn: conn.execute(query).all())
    held = {row.external_id: row.raw_status for row in found}
    verdict.trials += 1
    name = f"{scene.wire.slug}, seed {seed}"
    for number in sorted(held):
        is_true = held[number] == truth[number]
        verdict.check(is_true, f"{name}: {number} is {truth[number]} there, {held[number]} here")
    verdict.check(len(held) >= ORDERS, f"{name}: only {len(held)} orders are held")
