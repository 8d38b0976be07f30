"""Packing in memory: one work list, one batch, and what each number means when it is scanned."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.chats import View, Visitor
from domain.errors import InputError
from domain.parcels import Packing, PackState
from services.batches import Scan
from services.labels import Print
from services.offers import ParcelWays
from services.packing import BatchCard, WorkList, pick_lines
from services.papers import Paper
from services.ways import Option
from tests.unit.bot import screens_pack as samples


@dataclass
class Packings:
    shown: WorkList = field(default_factory=samples.work)
    card: BatchCard = field(default_factory=samples.card)
    parcels: list[Packing] = field(default_factory=lambda: [samples.packing(state=PackState.PULL_OUT)])
    scans: dict[str, Scan] = field(default_factory=dict)
    photos: list[str] = field(default_factory=list)

    async def work(self, visitor: Visitor, shop_id: str = "") -> WorkList:
        return self.shown

    async def work_of(self, view: View, user_id: str = "", shop_id: str = "") -> WorkList:
        return self.shown

    async def batch(self, seller_id: str, batch_id: str) -> BatchCard:
        return self.card

    async def pull_outs(self, visitor: Visitor) -> list[Packing]:
        return self.parcels

    async def refused(self, visitor: Visitor) -> list[Packing]:
        return self.parcels

    async def of_order(self, seller_id: str, order_id: str) -> list[Packing]:
        return self.parcels

    async def parcel(self, visitor: Visitor, parcel_id: str) -> Packing:
        return self.parcels[0]

    async def scan(self, visitor: Visitor, number: str) -> Scan | None:
        return self.scans.get(number)

    async def keep_photo(self, visitor: Visitor, photo_id: str, photo_key: str) -> Packing | None:
        self.photos.append(photo_key)
        return self.parcels[0] if self.parcels else None


@dataclass
class Labels:
    """Has a label for each of these parcels."""

    parcels: list[Packing] = field(default_factory=lambda: [samples.packing()])

    async def fetch(self, seller_id: str, payload: Mapping[str, str]) -> Print:
        if not self.parcels:
            return Print((), (), (samples.packing(),), 1)
        paper = Paper("J&T Express", b"%PDF", {each.parcel_id: each.position for each in self.parcels})
        return Print((paper,), (tuple(pick_lines(self.parcels)),), (), 1)


@dataclass
class Offers:
    """Offers the same ways for each parcel."""

    chosen: Option | None = None
    numbers: dict[str, str] = field(default_factory=dict)
    """Under which number each parcel went with the seller's own courier."""

    async def usual(self, seller_id: str, parcel: Packing) -> Option | None:
        return self.chosen

    async def for_parcel(self, visitor: Visitor, parcel_id: str) -> ParcelWays:
        return ParcelWays(samples.packing(), samples.OPTIONS)

    async def take_number(self, visitor: Visitor, parcel_id: str, number: str) -> str:
        if "?" in number:
            raise InputError("own_number", most=30)
        self.numbers[parcel_id] = number
        return samples.packing().order_id
