"""Shopee in the `Fulfilment` role: parcels of one channel and place go together, up to fifty in a call."""

from collections.abc import Sequence

from adapters.kit.batches import batches
from adapters.kit.refusals import ParcelRefusal
from adapters.shopee import shipping
from adapters.shopee.errors import SHOP_RESTRICTED
from adapters.shopee.labels import ShopeeLabels
from adapters.shopee.logistics import ShopeeLogistics
from adapters.shopee.parcel_errors import parcel_refusal
from domain.errors import FateUnknown, PlatformError, RequestRejected, UnexpectedResponse
from domain.platform import (
    LabelRequest,
    Labels,
    Outcome,
    ParcelRef,
    ParcelResult,
    Shipment,
    ShippingOffer,
    ShippingOptions,
    Tracking,
)
from domain.shops import ShopAccess

PARCELS_PER_CALL = 50


class ShopeeFulfilment:
    """The `Fulfilment` role."""

    def __init__(self, logistics: ShopeeLogistics) -> None:
        self._logistics = logistics
        self._labels = ShopeeLabels(logistics)

    async def shipping_options(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> ShippingOptions:
        offers: list[ShippingOffer] = []
        refused: list[ParcelResult] = []
        for batch in batches(parcels, _lane, PARCELS_PER_CALL):
            told = await self._logistics.mass_parameter(shop, batch)
            if told.error or told.response is None:
                await self._options_of_each(shop, batch, offers, refused)
                continue
            held = {each.package_number for each in told.response.success_list or ()}
            if held:
                fit = [each for each in batch if each.external_id in held]
                offers.append(shipping.offer(fit, told.response))
            refused += shipping.failures(batch, told.response.fail_list or (), held)
        return ShippingOptions(tuple(offers), tuple(refused))

    async def ship(self, shop: ShopAccess, shipments: Sequence[Shipment]) -> Sequence[ParcelResult]:
        results = [
            shipping.rejected(each.parcel, ParcelRefusal.CHOICE_INCOMPLETE)
            for each in shipments
            if not shipping.is_sendable(each)
        ]
        asked = [each for each in shipments if shipping.is_sendable(each)]
        pending = batches(
            asked, lambda each: (_lane(each.parcel), each.choice, _alone(each)), PARCELS_PER_CALL
        )
        told: list[ParcelResult] = []
        for sent, batch in enumerate(pending, start=1):
            try:
                told += await self._ship(shop, batch)
            except (FateUnknown, UnexpectedResponse):
                told += [ParcelResult(each.parcel, Outcome.UNKNOWN) for each in batch]
                return results + told + _not_sent(pending[sent:])
            except PlatformError:
                if not told:
                    raise
                return results + told + _not_sent(pending[sent - 1 :])
        return results + told

    async def tracking(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> Sequence[Tracking]:
        found: list[Tracking] = []
        for batch in batches(parcels, lambda _: None, PARCELS_PER_CALL):
            by_number = {each.external_id: each for each in batch}
            told = await self._logistics.mass_tracking(shop, batch)
            rows = (told.response.success_list if told.response else None) or ()
            found += [
                Tracking(by_number[row.package_number], row.tracking_number or "", row.pickup_code or "")
                for row in rows
                if row.package_number in by_number
            ]
        return found

    async def labels(self, shop: ShopAccess, labels: Sequence[LabelRequest]) -> Labels:
        return await self._labels.fetch(shop, labels)

    async def _options_of_each(
        self,
        shop: ShopAccess,
        parcels: Sequence[ParcelRef],
        offers: list[ShippingOffer],
        refused: list[ParcelResult],
    ) -> None:
        """Ask one by one, where a channel turns the call for many down as a whole."""
        for parcel in parcels:
            told = await self._logistics.parameter(shop, parcel)
            if told.response is None:
                refused.append(shipping.rejected(parcel, parcel_refusal(told.error, told.message)))
            else:
                offers.append(shipping.offer([parcel], told.response))

    async def _ship(self, shop: ShopAccess, batch: Sequence[Shipment]) -> list[ParcelResult]:
        try:
            if len(batch) == 1:
                return [await self._ship_one(shop, batch[0])]
            told = await self._logistics.mass_ship(
                shop, [each.parcel for each in batch], shipping.way_of_many(batch)
            )
            if not told.error:
                return shipping.shipped(batch, told)
            # Turned down as a whole: nothing was done, and one by one each hears its own reason.
            return [await self._ship_one(shop, each) for each in batch]
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return [shipping.rejected(each.parcel, ParcelRefusal.SHOP_RESTRICTED) for each in batch]

    async def _ship_one(self, shop: ShopAccess, shipment: Shipment) -> ParcelResult:
        way = shipping.way_of(shipment.choice, shipment.tracking_number)
        told = await self._logistics.ship(shop, shipment.parcel, way)
        if told.error:
            return shipping.refused(shipment.parcel, told.error, told.message)
        return ParcelResult(shipment.parcel, Outcome.OK)


def _lane(parcel: ParcelRef) -> tuple[str, str]:
    """Return what parcels in one call must have in common; where no channel is known each goes alone."""
    return (parcel.courier_id or parcel.external_id, parcel.place)


def _alone(shipment: Shipment) -> str:
    return shipment.parcel.external_id if shipping.is_for_one(shipment) else ""


def _not_sent(pending: Sequence[Sequence[Shipment]]) -> list[ParcelResult]:
    return [shipping.rejected(each.parcel, ParcelRefusal.NOT_SENT) for batch in pending for each in batch]
