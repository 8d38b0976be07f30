"""Couriers as this platform names them, when they come, and which parcels travel as one package."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator.tiktok_shop import numbers
from simulator.world.couriers import COURIERS, Way
from simulator.world.currencies import Market
from simulator.world.orders import Order, Parcel
from simulator.world.shops import Shop

STANDARD, EXPRESS, OWN = "7091146663229654785", "7091146663229654801", "7091146663229654999"
OPTIONS = {STANDARD: ("Standard Shipping", "STANDARD"), EXPRESS: ("Instant Delivery", "EXPRESS"),
           OWN: ("Shipped from seller", "SEND_BY_SELLER")}  # fmt: skip
PROVIDERS = {
    "J&T Express": "6617675021119438849",
    "SPX Standard": "6617675021119438851",
    "JNE Reguler": "6617675021119438852",
    "Poslaju": "6617675021119438853",
    "GoSend Instant": "6617675021119438854",
    "Kurir Toko": "7117858858072016686",
}
SLOTS = ((time(9), time(12)), (time(12), time(15)), (time(15), time(18)))
DAYS_AHEAD = 2


def provider_id(courier: str) -> str:
    return PROVIDERS[courier]


def option_id(courier: str) -> str:
    if Way.OWN in COURIERS[courier].ways:
        return OWN
    return EXPRESS if COURIERS[courier].is_instant else STANDARD


def is_sellers_own(order: Order) -> bool:
    """Say whether the seller sends it with a courier of his own."""
    return Way.OWN in COURIERS[order.parcels[0].courier].ways


@dataclass(frozen=True, slots=True)
class Package:
    """What travels as one: a parcel of one order, or of several that were combined."""

    parts: tuple[tuple[Order, Parcel], ...]

    @property
    def id(self) -> str:
        return numbers.package_id(self.parcel)

    @property
    def order(self) -> Order:
        return self.parts[0][0]

    @property
    def parcel(self) -> Parcel:
        return self.parts[0][1]


def packages(shop: Shop) -> Iterator[Package]:
    """Yield every package of a shop, the newest order first."""
    parts: dict[str, list[tuple[Order, Parcel]]] = {}
    for order in reversed(shop.orders.values()):
        for parcel in order.parcels:
            parts.setdefault(parcel.number, []).append((order, parcel))
    for each in parts.values():
        yield Package(tuple(each))


def find_package(shop: Shop, number: str) -> Package | None:
    return next((each for each in packages(shop) if each.id == number), None)


def pickup_slots(courier: str, market: Market, now: datetime) -> list[dict[str, Any]]:
    """List when the courier may come; an instant one has no such times. The misspelling is the platform's."""
    who = COURIERS[courier]
    if who.is_instant or Way.PICKUP not in who.ways:
        return []
    here = now.astimezone(ZoneInfo(market.zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    slots = []
    for day in range(DAYS_AHEAD + 1):
        for start, end in SLOTS:
            begins = (midnight + timedelta(days=day)).replace(hour=start.hour)
            if begins <= here:
                continue
            slots.append(
                {
                    "start_time": int(begins.timestamp()),
                    "end_time": int(begins.replace(hour=end.hour).timestamp()),
                    "avaliable": start < who.cut_off,
                }
            )
    return slots
