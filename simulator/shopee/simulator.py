"""One running stand-in for the Open Platform: its world, its app in the console, its web application."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from random import Random
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Route

from simulator.shopee.accounts import FOREIGN_SHOP, HOME_SHOP, SISTER_SHOP, PartnerApp
from simulator.shopee.consent import TEMPLATES, ConsentPages
from simulator.shopee.control import Controls
from simulator.shopee.documents import Documents
from simulator.shopee.gateway import Gateway
from simulator.shopee.push_messages import Announcer
from simulator.shopee.pushes import PushSender
from simulator.shopee.simulation import Simulation
from simulator.shopee.tokens import Tokens
from simulator.stand_in.buyer import BuyerPages
from simulator.stand_in.faults import Faults
from simulator.stand_in.journal import Journal
from simulator.stand_in.photos import PhotoAlbum
from simulator.world.catalogue import load_catalogue
from simulator.world.clock import Clock
from simulator.world.currencies import local_price
from simulator.world.history import seed_orders
from simulator.world.promotions import Promotion, PromotionRow
from simulator.world.reviews import write_past_reviews
from simulator.world.shops import ListingState, Shop
from simulator.world.world import World

ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
LOOPBACK = ("127.0.0.1", "localhost")
WATCH_EVERY_S = 1.0
PLAY_EVERY_S = 0.02


class ShopeeSimulator:
    def __init__(  # noqa: PLR0913 - all by name, each with what the demo takes
        self,
        *,
        seed: int = 1,
        clock: Clock | None = None,
        partner_id: int = 2001887,
        partner_key: str = "storesync-sandbox-partner-key-0001",
        push_key: str = "storesync-live-push-key-0001",
        push_url: str | None = None,
        redirect_domains: Iterable[str] = LOOPBACK,
        orders: int = 2000,
        products: int | None = None,
    ) -> None:
        clock = clock or Clock()
        world = World(seed=seed, clock=clock)
        faults = Faults(Random(seed + 1))
        self.simulation = Simulation(
            world=world,
            clock=clock,
            random=Random(seed + 2),
            app=PartnerApp(partner_id, partner_key, push_key, frozenset(map(_domain, redirect_domains))),
            tokens=Tokens(clock, Random(seed + 3)),
            pushes=PushSender(clock, faults, Random(seed + 4), push_key),
            faults=faults,
            journal=Journal(),
            documents=Documents(clock),
        )
        self.simulation.pushes.callback_url = push_url
        _fill(world, orders, products)
        self._announcer = Announcer(self.simulation)
        self.app = self._build_app()

    @property
    def world(self) -> World:
        return self.simulation.world

    @property
    def shop_ids(self) -> list[int]:
        return list(self.world.shops)

    def _build_app(self) -> Starlette:
        gateway = Gateway(self.simulation)
        pages = ConsentPages(self.simulation, self._announcer)
        controls = Controls(self.simulation, pages, self._announcer)
        album = PhotoAlbum()
        return Starlette(
            routes=[
                Route("/", lambda _request: RedirectResponse("/buyer")),
                Route("/auth", pages.current_link),
                Route("/cancel_auth", pages.current_link),
                Route("/auth/decision", pages.decide, methods=["POST"]),
                Route("/api/v2/shop/auth_partner", pages.legacy_link),
                Route("/api/v2/shop/cancel_auth_partner", pages.legacy_link),
                *controls.routes(),
                *BuyerPages(self.world, TEMPLATES, lambda order: order.order_sn).routes(),
                Route("/file/{name}", album.show),
                Route("/api/{call:path}", gateway.handle, methods=ANY_METHOD),
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


def _domain(declared: str) -> str:
    """Take the host out of what the console has, with or without a scheme."""
    return urlsplit(declared).netloc if "//" in declared else declared


def _fill(world: World, orders: int, count_of_products: int | None) -> None:
    products = list(load_catalogue().products)
    home = world.open_shop(HOME_SHOP, products[:count_of_products])
    on_sale = [product for product in products if product.state == ListingState.ACTIVE]
    sister = world.open_shop(SISTER_SHOP, on_sale[::4])
    foreign = world.open_shop(FOREIGN_SHOP, [p for p in on_sale if p.department == "Kitchen"])
    for shop, count in ((home, orders), (sister, orders // 20), (foreign, orders // 40)):
        seed_orders(world, shop, count=count)
        write_past_reviews(Random(shop.id), shop, world.clock.now())
    _discount_some(world, home)


def _discount_some(world: World, shop: Shop) -> None:
    """Leave a few discounts running and one still to come, as in any shop; they hold the list price fast."""
    now = world.clock.now()
    active = [listing for listing in shop.listings.values() if listing.state is ListingState.ACTIVE]
    for number, listing in enumerate(active[7::25]):
        starts_at = now + timedelta(days=2 if number == 0 else -2)
        rows = {
            variant.id: PromotionRow(
                listing.id, variant.id, local_price(variant.spec.price_idr * 88 // 100, shop.market)
            )
            for variant in listing.variants
        }
        shop.promotions.append(
            Promotion(
                world.next_promotion_id(),
                "Discount Promotions",
                starts_at,
                starts_at + timedelta(days=9),
                rows,
            )
        )
