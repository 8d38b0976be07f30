"""What platforms offer for parcels: read when somebody is about to choose, kept for a while, asked for again when stale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import NotFound
from domain.failpoint import failpoint
from domain.parcels import Packing
from domain.platform import Can, ParcelRef, ParcelResult, Platform, ShippingOptions
from domain.shops import Shop
from services.batches import ship_own
from services.tokens import TokenService
from services.ways import Option, courier_at, options_of, read, remembered, written
from storage.database import Connection, Database
from storage.repositories import directory
from storage.repositories.packings import Packings
from storage.repositories.ways import Ways

OFFER_LASTS = timedelta(minutes=10)

Offered = Sequence[Option]


@dataclass(frozen=True, slots=True)
class ParcelWays:
    """How one parcel may be handed over; `reason` says why in no way."""

    parcel: Packing
    options: tuple[Option, ...]
    reason: str = ""


class OfferService:
    def __init__(
        self, db: Database, clock: Clock, *, tokens: TokenService, platforms: Mapping[str, Platform]
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._platforms = platforms

    async def kept(self, shop: Shop, refs: Mapping[ParcelRef, Packing]) -> dict[ParcelRef, Offered]:
        """Return what is known of these parcels' ways: chosen for them, or read a moment ago for others."""
        oldest = self._clock() - OFFER_LASTS

        def work(conn: Connection) -> dict[ParcelRef, Offered]:
            ways = {each.at: each for each in Ways(conn, shop.seller_id).all()}
            fresh = {at: read(way.offer) for at, way in ways.items() if way.read_at and way.read_at > oldest}
            known: dict[ParcelRef, Offered] = {}
            for ref, parcel in refs.items():
                if parcel.choice or courier_at(parcel) in fresh:
                    known[ref] = fresh.get(courier_at(parcel), [])
            return known

        return await self._db.read(work)

    async def read(
        self, shop: Shop, refs: Mapping[ParcelRef, Packing], unknown: Sequence[ParcelRef]
    ) -> tuple[dict[ParcelRef, Offered], Sequence[ParcelResult]]:
        """Read how parcels may be handed over, and keep it for those that follow; return what is refused, too."""
        failpoint("ship.options:before")
        options: ShippingOptions = await self._tokens.call(
            shop.id, lambda platform, access: platform.fulfilment.shipping_options(access, unknown)
        )
        failpoint("ship.options:after")
        now = self._clock()

        def work(conn: Connection) -> dict[ParcelRef, Offered]:
            offered: dict[ParcelRef, Offered] = {}
            for offer in options.offers:
                first = refs[offer.parcels[0]]
                found = options_of(offer)
                Ways(conn, shop.seller_id).offered(courier_at(first), first.courier, written(found), now)
                offered |= dict.fromkeys(offer.parcels, found)
            return offered

        return await self._db.write(work, "ship.offers"), options.refused

    async def usual(self, seller_id: str, parcel: Packing) -> Option | None:
        """Return the way that was chosen for this courier, while its hours are known; else it must be asked for."""
        oldest = self._clock() - OFFER_LASTS

        def work(conn: Connection) -> Option | None:
            way = Ways(conn, seller_id).get(courier_at(parcel))
            if way is None or way.read_at is None or way.read_at <= oldest:
                return None
            return remembered(read(way.offer), way)

        return await self._db.read(work)

    async def for_parcel(self, visitor: Visitor, parcel_id: str) -> ParcelWays:
        """Ask the platform, if nobody has lately, how one parcel may be handed over."""

        def look(conn: Connection) -> tuple[Packing, Shop, bool]:
            packings = Packings(conn, visitor.seller_id)
            parcel = packings.get(parcel_id)
            if parcel is None:
                raise NotFound("button_unknown")
            shop = directory.shop_by_id(conn, parcel.shop_id)
            return parcel, shop, bool(packings.split_orders([parcel.order_id]))

        parcel, shop, is_split = await self._db.read(look)
        if Can.SHIP not in self._platforms[shop.platform].info.can:
            return ParcelWays(parcel, (), "unsupported")
        ref = ref_of(parcel, is_split=is_split)
        offered, refused = await self.read(shop, {ref: parcel}, [ref])
        reason = next((each.reason for each in refused), "")
        return ParcelWays(parcel, tuple(offered.get(ref, ())), reason)

    async def take_number(self, visitor: Visitor, parcel_id: str, number: str) -> str:
        """Have a parcel arranged under the number of the seller's own courier; return its order."""
        return await self._db.write(
            lambda conn: ship_own(conn, visitor, parcel_id, number, self._clock()), "ship.own_number"
        )


def ref_of(parcel: Packing, *, is_split: bool) -> ParcelRef:
    """Name a parcel as the platform wants it."""
    return ParcelRef(parcel.order_number, parcel.external_id, parcel.courier_id, parcel.place, is_split)
