"""The shops of a double-day: one of each platform, what it calls things, and which of its calls ship parcels."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import simulator.lazada.numbers as lazada_numbers
import simulator.tiktok_shop.numbers as tiktok_numbers
from simulator.shopee.calls.packages import PREFIX
from simulator.world.double_day import DoubleDay
from simulator.world.orders import Order, Parcel
from tests.proofs.trial import Scene, Trial, consent_to, link_shop
from tests.stage import Phone, Seller, open_lazada, open_stage, open_tiktok_shop, shared_nursery

Call = dict[str, Any]
SHARES = {"shopee": 40, "tiktok_shop": 40, "lazada": 20}
"""Of a hundred orders."""


@dataclass(frozen=True, slots=True)
class Words:
    """A platform in words: as far as its truth, its numbers and its calls differ from the others'."""

    slug: str
    name: str
    to_pack: frozenset[str]
    """Of the words for orders those whose parcels are, or were, to be packed."""
    gone: frozenset[str]
    """Of the words for listings those of which nothing can be read, or that are none any more."""
    parcel: Callable[[Parcel], str]
    """By which number a parcel of the world is known."""
    parcel_told: Callable[[dict[str, Any]], str]
    """And one of the truth that is told."""
    is_shipping: Callable[[str], bool]
    """Whether a call is made for the sake of parcels alone, by its path; orders are read for other reasons, too."""
    sent: Callable[[Call], Iterable[str]]
    """Which parcels a call has arranged for good."""
    most_calls: float
    """So many of them a parcel at the most."""
    most_calls_ci: float
    single: str = ""
    """Of a path the end that has no mass call; what takes one for each parcel is counted by itself."""
    tells_sale: bool = True
    """Whether it is told what a promotion makes of a price."""
    tells_unpaid: bool = True
    """Whether it is told what an order comes to that was not paid."""


def _sent_shopee(call: Call) -> Iterable[str]:
    if call["path"].endswith("ship_order") and isinstance(call["body"], dict):
        for row in call["body"].get("package_list", [call["body"]]):
            if "package_number" in row:
                yield row["package_number"]


def _sent_tiktok_shop(call: Call) -> Iterable[str]:
    if call["path"].endswith("/packages/ship"):
        yield from (row["id"] for row in call["body"]["packages"])


def _sent_lazada(call: Call) -> Iterable[str]:
    if call["path"].endswith("/order/package/rts"):
        yield from (row["package_id"] for row in json.loads(call["params"]["readyToShipReq"])["packages"])


def _is_shipping_shopee(path: str) -> bool:
    return any(word in path.rpartition("/")[2] for word in ("ship", "tracking", "document"))


def _first_unit(parcel: Parcel) -> str:
    return str(min(lazada_numbers.unit_id(line, 0) for line in parcel.lines))


WORDS = (
    Words(
        slug="shopee",
        name="Shopee",
        to_pack=frozenset({"READY_TO_SHIP", "PROCESSED"}),
        gone=frozenset({"SELLER_DELETE", "SHOPEE_DELETE"}),
        parcel=lambda parcel: PREFIX + parcel.number,
        parcel_told=lambda told: str(told["package_number"]),
        is_shipping=_is_shipping_shopee,
        sent=_sent_shopee,
        most_calls=0.3,
        most_calls_ci=0.6,
        tells_unpaid=False,
    ),
    Words(
        slug="tiktok_shop",
        name="TikTok Shop",
        to_pack=frozenset({"AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION"}),
        gone=frozenset({"DELETED", "FREEZE"}),
        parcel=tiktok_numbers.package_id,
        parcel_told=lambda told: str(told["package_number"]),
        is_shipping=lambda path: "/fulfillment/" in path or "/logistics/" in path,
        sent=_sent_tiktok_shop,
        most_calls=0.5,
        most_calls_ci=0.4,
        single="/shipping_documents",
        tells_sale=False,
    ),
    Words(
        slug="lazada",
        name="Lazada",
        to_pack=frozenset({"pending", "packed", "ready_to_ship"}),
        gone=frozenset({"Deleted"}),
        parcel=_first_unit,
        parcel_told=lambda told: min(told["units"], key=int),
        is_shipping=lambda path: any(f"/order/{word}" in path for word in ("shipment", "fulfill", "package")),
        sent=_sent_lazada,
        most_calls=0.5,
        most_calls_ci=0.8,
    ),
)


@dataclass(frozen=True, slots=True)
class DayShop:
    """The seller's shop at one platform, on this day."""

    words: Words
    seller: Seller
    simulation: Any
    """What its stand-in holds: world, journal and days are the same at all of them."""

    @property
    def day(self) -> DoubleDay:
        day: DoubleDay = self.simulation.double_days[int(self.seller.shop)]
        return day

    def orders(self) -> list[Order]:
        """Return all orders there are, from before this day, too."""
        return list(self.simulation.world.shops[int(self.seller.shop)].orders.values())

    def last_call(self) -> int:
        return max((call["id"] for call in self.simulation.journal.since(0)), default=0)

    def calls(self, after: int = 0) -> list[Call]:
        return list(self.simulation.journal.since(after))

    async def begin(self, orders: int, lasts_s: float, seed: int, **more: object) -> None:
        """Let its share of so many buyers come."""
        share = orders * SHARES[self.words.slug] // 100
        day = {"shop_id": self.seller.shop, "orders": share, "lasts_s": lasts_s, "seed": seed}
        await self.seller.control("double-day", day | more)


def shopee_of(scene: Scene) -> DayShop:
    """Return the seller's shop at the platform that every scene has."""
    return DayShop(WORDS[0], scene.stage.seller, scene.stage.shopee.simulation)


@contextlib.asynccontextmanager
async def open_shops(
    trial: Trial, *, orders: int, products: int | None
) -> AsyncIterator[tuple[Scene, list[DayShop]]]:
    """Open all platforms, and link one shop of each through the chat."""
    nursery, seed = shared_nursery(), trial.seed
    async with (
        open_stage(orders=orders, products=products, seed=seed) as stage,
        open_tiktok_shop(stage, orders=orders, products=products, seed=seed) as tiktok_shop,
        open_lazada(stage, orders=orders, products=products, seed=seed) as lazada,
    ):
        stage.environment |= {"TELEGRAM_CHAT_RPS": "200", "TELEGRAM_RPS": "500", "LOG_LEVEL": "INFO"}
        await stage.start_bot(nursery, broken=trial.broken)
        phone = await Phone.of(stage.phones, "Sari")
        stands = (
            (stage.seller, stage.shopee.simulation),
            (tiktok_shop.seller, tiktok_shop.simulator.simulation),
            (lazada.seller, lazada.simulator.simulation),
        )
        shops = [DayShop(words, *each) for words, each in zip(WORDS, stands, strict=True)]
        await link_shop(stage, phone)
        for each in shops[1:]:
            await link_another(phone, each.words.name, each.seller)
        yield Scene(stage, nursery, phone, trial.broken), shops


async def link_another(phone: Phone, platform: str, seller: Seller) -> None:
    """Link one more shop through the chat, and wait for its first import."""
    asked = await phone.sees("Which shop", after=await phone.say("/link"))
    await consent_to(phone, asked, platform, seller)
    await phone.sees_in(asked, "All in", within_s=180)
