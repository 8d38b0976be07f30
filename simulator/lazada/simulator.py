"""One running stand-in for Lazada: its world, its app in the console, its web application.

The consent page, the host of tokens and the hosts of the ventures have no path in common, so that one origin serves all.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Route

from simulator.lazada import numbers
from simulator.lazada.accounts import FOREIGN_SHOP, HOME_SHOP, SISTER_SHOP, OpenApp
from simulator.lazada.announcer import Announcer
from simulator.lazada.auth_host import AuthHost
from simulator.lazada.calls.documents import DocumentPages
from simulator.lazada.consent import TEMPLATES, ConsentPages
from simulator.lazada.control import Controls
from simulator.lazada.gateway import Gateway
from simulator.lazada.pushes import PushSender
from simulator.lazada.simulation import Simulation
from simulator.lazada.tokens import Tokens
from simulator.stand_in.buyer import BuyerPages
from simulator.stand_in.faults import Faults
from simulator.stand_in.journal import Journal
from simulator.stand_in.photos import PhotoAlbum
from simulator.world.catalogue import load_catalogue
from simulator.world.clock import Clock
from simulator.world.currencies import local_price
from simulator.world.history import seed_orders
from simulator.world.orders import Order
from simulator.world.promotions import Promotion, PromotionRow
from simulator.world.shops import ListingState, Shop
from simulator.world.world import World

WATCH_EVERY_S = 1.0
PLAY_EVERY_S = 0.02


class LazadaSimulator:
    def __init__(
        self,
        *,
        seed: int = 1,
        clock: Clock | None = None,
        app_key: str = "100001",
        app_secret: str = "storesync-simulated-app-secret-0001",
        redirect_url: str = "http://127.0.0.1/oauth",
        push_url: str | None = None,
        orders: int = 2000,
        products: int | None = None,
    ) -> None:
        clock = clock or Clock()
        world = World(seed=seed, clock=clock)
        faults = Faults(Random(seed + 1))
        app = OpenApp(app_key, app_secret, redirect_url)
        self.simulation = Simulation(
            world=world,
            clock=clock,
            random=Random(seed + 2),
            app=app,
            tokens=Tokens(clock, Random(seed + 3)),
            pushes=PushSender(clock, faults, Random(seed + 4), app),
            faults=faults,
            journal=Journal(),
        )
        self.simulation.pushes.callback_url = push_url
        _fill(world, orders, products)
        self._announcer = Announcer(self.simulation)
        self.app = self._build_app()

    @property
    def world(self) -> World:
        return self.simulation.world

    @property
    def shop_ids(self) -> list[str]:
        return [str(shop_id) for shop_id in self.world.shops]

    def _build_app(self) -> Starlette:
        gateway, auth = Gateway(self.simulation), AuthHost(self.simulation)
        pages, documents = ConsentPages(self.simulation), DocumentPages(self.simulation)
        controls = Controls(self.simulation, pages, self._announcer)
        return Starlette(
            routes=[
                Route("/oauth/authorize", pages.show),
                Route("/oauth/decision", pages.decide, methods=["POST"]),
                Route("/rest/auth/token/create", auth.handle, methods=["GET", "POST"]),
                Route("/rest/auth/token/refresh", auth.handle, methods=["GET", "POST"]),
                Route("/", lambda _request: RedirectResponse("/buyer")),
                *controls.routes(),
                *BuyerPages(self.world, TEMPLATES, _number_of).routes(),
                Route("/file/{name}", PhotoAlbum().show),
                Route("/docs/{name}.pdf", documents.show),
                Route("/rest/{call:path}", gateway.handle, methods=["GET", "POST"]),
            ],
            lifespan=self._lifespan,
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(self.simulation.pushes.run()),
            asyncio.create_task(self._watch()),
            asyncio.create_task(self._play()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self) -> None:
        """Announce what passing time alone makes true."""
        while True:
            self._announcer.watch()
            await asyncio.sleep(WATCH_EVERY_S)

    async def _play(self) -> None:
        """Let the buyers of a double-day come as time passes."""
        while True:
            for day in self.simulation.double_days.values():
                day.play()
            await asyncio.sleep(PLAY_EVERY_S)


def _number_of(order: Order) -> str:
    return str(numbers.order_id(order.order_sn))


def _fill(world: World, orders: int, count_of_products: int | None) -> None:
    products = list(load_catalogue().products)
    home = world.open_shop(HOME_SHOP, products[:count_of_products])
    on_sale = [product for product in products if product.state == ListingState.ACTIVE]
    sister = world.open_shop(SISTER_SHOP, on_sale[::4])
    foreign = world.open_shop(FOREIGN_SHOP, [p for p in on_sale if p.department == "Kitchen"])
    for shop, count in ((home, orders), (sister, orders // 20), (foreign, orders // 40)):
        seed_orders(world, shop, count=count)
    _promote_some(world, home)


def _promote_some(world: World, shop: Shop) -> None:
    """Leave a few flash sales running, as in any shop; they hold the price fast."""
    now = world.clock.now()
    active = [listing for listing in shop.listings.values() if listing.state is ListingState.ACTIVE]
    for listing in active[7::25]:
        rows = {
            variant.id: PromotionRow(
                listing.id, variant.id, local_price(variant.spec.price_idr * 88 // 100, shop.market)
            )
            for variant in listing.variants
        }
        starts_at = now - timedelta(days=2)
        ends_at = starts_at + timedelta(days=9)
        shop.promotions.append(Promotion(world.next_promotion_id(), "Flash Sale", starts_at, ends_at, rows))
