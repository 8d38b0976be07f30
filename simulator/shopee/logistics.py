"""The shipping channels of a market, where a seller's parcels are picked up, and when."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator.world.couriers import COURIERS, Courier, Way
from simulator.world.currencies import Market

FIELDS = {Way.PICKUP: "pickup", Way.DROPOFF: "dropoff", Way.OWN: "non_integrated"}
"""What the platform calls a way to the courier."""

DAYS_AHEAD = 3
SLOTS = ((time(9), time(12)), (time(12), time(15)), (time(15), time(18)))


@dataclass(frozen=True, slots=True)
class Channel:
    id: int
    name: str

    @property
    def courier(self) -> Courier:
        return COURIERS[self.name]


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel(80025, "J&T Express"),
        Channel(80030, "SPX Standard"),
        Channel(80011, "JNE Reguler"),
        Channel(20007, "Poslaju"),
        Channel(80015, "GoSend Instant"),
        Channel(80001, "Kurir Toko"),
    )
}


def channel_of(courier: str) -> Channel:
    return CHANNELS[courier]


@dataclass(frozen=True, slots=True)
class Place:
    """An address or a counter."""

    id: int
    state: str
    city: str
    district: str
    street: str
    zipcode: str

    def fields(self, id_name: str, market: Market) -> dict[str, Any]:
        return {
            id_name: self.id,
            "region": market.region,
            "state": self.state,
            "city": self.city,
            "district": self.district,
            "town": "",
            "address": self.street,
            "zipcode": self.zipcode,
        }


ADDRESSES = {
    "ID": Place(1173, "JAWA BARAT", "KOTA BANDUNG", "COBLONG", "Jl. Contoh 1", "40111"),
    "MY": Place(2281, "SELANGOR", "PETALING", "PETALING JAYA", "Jalan Contoh 2", "46000"),
}
"""Where a shop's parcels are picked up, by region."""

BRANCHES = (
    Place(3201, "JAWA BARAT", "KOTA BANDUNG", "COBLONG", "Counter A", "40111"),
    Place(3202, "JAWA BARAT", "KOTA BANDUNG", "CICENDO", "Counter B", "40171"),
)


def pickup_slots(courier: Courier, market: Market, now: datetime) -> list[dict[str, Any]]:
    """List when the courier may come; the first is the recommended one. An instant courier has no slots."""
    if courier.is_instant:
        return []
    here = now.astimezone(ZoneInfo(market.zone))
    slots: list[dict[str, Any]] = []
    for day in range(DAYS_AHEAD):
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=day)
        for start, end in SLOTS:
            begins = midnight.replace(hour=start.hour)
            if begins <= here or start >= courier.cut_off:
                continue
            slots.append(
                {
                    "date": int(midnight.timestamp()),
                    "time_text": f"{start:%H:%M}-{end:%H:%M}",
                    "pickup_time_id": str(int(begins.timestamp())),
                    "flags": [] if slots else ["recommended"],
                }
            )
    return slots
