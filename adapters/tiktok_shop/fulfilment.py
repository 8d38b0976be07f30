"""TikTok Shop in the `Fulfilment` role: times are asked for once a courier and warehouse, packages shipped by fifty."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.kit.batches import batches
from adapters.kit.client import decode
from adapters.kit.refusals import ParcelRefusal
from adapters.kit.rows import readable
from adapters.tiktok_shop import endpoints, wire
from adapters.tiktok_shop.catalogue import row_errors
from adapters.tiktok_shop.client import SLUG, Asked, TiktokShopClient
from adapters.tiktok_shop.errors import ARRANGED_ALREADY, PARCEL_REFUSALS, SHOP_RESTRICTED, JudgeBut
from adapters.tiktok_shop.hosts import zone_of
from adapters.tiktok_shop.labels import TiktokShopLabels
from adapters.tiktok_shop.mapping import OWN_MARK
from adapters.tiktok_shop.orders import order_rows
from domain.errors import FateUnknown, HostMisconfigured, PlatformError, RequestRejected, UnexpectedResponse
from domain.platform import (
    HandOver,
    LabelRequest,
    Labels,
    Need,
    Outcome,
    ParcelRef,
    ParcelResult,
    PickupAddress,
    PickupSlot,
    Shipment,
    ShippingOffer,
    ShippingOptions,
    Tracking,
)
from domain.shops import ShopAccess

PACKAGES_PER_CALL = 50
ORDERS_PER_CALL = 50
SALES = "SALES_WAREHOUSE"
SCOPE_MISSING = "105005"
_METHODS = {HandOver.PICKUP: "PICKUP", HandOver.DROPOFF: "DROP_OFF"}
_SLOT_MARK = "-"


class TiktokShopFulfilment:
    """The `Fulfilment` role."""

    def __init__(self, client: TiktokShopClient) -> None:
        self._client = client
        self._labels = TiktokShopLabels(client)

    async def shipping_options(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> ShippingOptions:
        offers: list[ShippingOffer] = []
        refused: list[ParcelResult] = []
        places: dict[str, str] | None = None
        for lane in batches(parcels, lambda each: (each.courier_id, each.place), len(parcels) or 1):
            if OWN_MARK in lane[0].courier_id:
                offers.append(await self._own_offer(shop, lane))
                continue
            left = list(lane)
            handover = None
            while left and handover is None:
                told = await self._slots(shop, left[0])
                if told.code:
                    refused.append(refusal(left.pop(0), told.code))
                else:
                    handover = told.data or wire.Handover()
            if handover is None:
                continue
            places = places if places is not None else await self._places(shop)
            try:
                offers.append(_offer(left, handover, places, shop.region))
            except (ValueError, OverflowError, OSError):  # a time that is none
                raise UnexpectedResponse(
                    platform=SLUG, operation=endpoints.SLOTS.operation, reason="unreadable"
                ) from None
        return ShippingOptions(tuple(offers), tuple(refused))

    async def ship(self, shop: ShopAccess, shipments: Sequence[Shipment]) -> Sequence[ParcelResult]:
        told = [
            ParcelResult(each.parcel, Outcome.REJECTED, why)
            for each in shipments
            if (why := _unsendable(each))
        ]
        asked = [each for each in shipments if not _unsendable(each)]
        # Orders that were combined share a package: it is shipped once, for all of them.
        packages = batches(asked, lambda each: each.parcel.external_id, len(asked) or 1)
        pending = batches(packages, lambda _: None, PACKAGES_PER_CALL)
        results: list[ParcelResult] = []
        for sent, batch in enumerate(pending, start=1):
            try:
                results += await self._ship(shop, batch)
            except (FateUnknown, UnexpectedResponse):
                results += [
                    ParcelResult(each.parcel, Outcome.UNKNOWN) for package in batch for each in package
                ]
                return told + results + _not_sent(pending[sent:])
            except PlatformError:
                if not results:
                    raise
                return told + results + _not_sent(pending[sent - 1 :])
        return told + results

    async def tracking(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> Sequence[Tracking]:
        """Read numbers off the orders: fifty in a call, where a package would take a call of its own."""
        found: list[Tracking] = []
        orders = list(dict.fromkeys(each.order_external_id for each in parcels))
        for some in batches(orders, lambda _: None, ORDERS_PER_CALL):
            rows = await order_rows(self._client, shop, some)
            numbers: dict[tuple[str, str], str] = {}
            for order in readable(
                rows, lambda row: decode(row, wire.Order), platform=SLUG, operation=endpoints.ORDERS.operation
            ):
                known = {str(each.id) for each in order.packages or ()}
                numbers |= {(str(order.id), package): "" for package in known}
                numbers |= {
                    (str(order.id), str(unit.package_id)): unit.tracking_number
                    for unit in order.line_items
                    if unit.tracking_number and str(unit.package_id) in known
                }
            found += [
                Tracking(each, numbers[each.order_external_id, each.external_id])
                for each in parcels
                if (each.order_external_id, each.external_id) in numbers
            ]
        return found

    async def labels(self, shop: ShopAccess, labels: Sequence[LabelRequest]) -> Labels:
        return await self._labels.fetch(shop, labels)

    async def _slots(self, shop: ShopAccess, parcel: ParcelRef) -> wire.Wrapped[wire.Handover]:
        """Ask for pickup times; they have a scope of their own, and where an app lacks it both ways go without one."""
        try:
            return await self._client.read(
                shop,
                endpoints.SLOTS,
                Asked(named={"package_id": parcel.external_id}),
                wire.Wrapped[wire.Handover],
                judge=JudgeBut({*PARCEL_REFUSALS, *ARRANGED_ALREADY}),
            )
        except HostMisconfigured as error:
            if error.reason != SCOPE_MISSING:
                raise
            return wire.Wrapped(0, data=wire.Handover(can_pickup=True, can_drop_off=True))

    async def _own_offer(self, shop: ShopAccess, lane: Sequence[ParcelRef]) -> ShippingOffer:
        """Offer the seller's own courier where the platform takes numbers of his; which one stands in the order."""
        option, _, provider = lane[0].courier_id.partition(OWN_MARK)
        told = await self._client.get(
            shop, endpoints.PROVIDERS, Asked(named={"option_id": option}), wire.Wrapped[wire.Providers]
        )
        known = {str(each.id) for each in told.shipping_providers or ()}
        ways = {HandOver.OWN: frozenset({Need.TRACKING_NUMBER})} if provider in known else {}
        return ShippingOffer(tuple(lane), ways)

    async def _places(self, shop: ShopAccess) -> dict[str, str]:
        told = await self._client.get(shop, endpoints.WAREHOUSES, Asked(), wire.Wrapped[wire.Warehouses])
        return {
            str(each.id): each.name or "" for each in told.warehouses or () if each.type in {SALES, "", None}
        }

    async def _ship(self, shop: ShopAccess, batch: Sequence[Sequence[Shipment]]) -> list[ParcelResult]:
        asked = Asked(body={"packages": [_row(package[0]) for package in batch]})
        try:
            told = await self._client.write(shop, endpoints.SHIP, asked, wire.Wrapped[wire.RowErrors])
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            why = ParcelRefusal.SHOP_RESTRICTED
            return [ParcelResult(each.parcel, Outcome.REJECTED, why) for package in batch for each in package]
        refused = row_errors(told.data, "package_id")
        return [
            refusal(each.parcel, refused[each.parcel.external_id])
            if each.parcel.external_id in refused
            else ParcelResult(each.parcel, Outcome.OK)
            for package in batch
            for each in package
        ]


def refusal(parcel: ParcelRef, code: int) -> ParcelResult:
    """Read a refusal; one because the package is shipped already is none."""
    if code in ARRANGED_ALREADY:
        return ParcelResult(parcel, Outcome.OK)
    return ParcelResult(parcel, Outcome.REJECTED, PARCEL_REFUSALS.get(code, ParcelRefusal.OTHER))


def _offer(
    parcels: Sequence[ParcelRef], told: wire.Handover, places: dict[str, str], region: str
) -> ShippingOffer:
    """Read what is on offer. The pickup times are those of the warehouse, for which it stands as the address."""
    ways: dict[HandOver, frozenset[Need]] = {}
    place = parcels[0].place
    slots = _slots_of(told, region)
    if told.can_pickup:
        ways[HandOver.PICKUP] = frozenset({Need.ADDRESS, Need.SLOT} if slots else {Need.ADDRESS})
    if told.can_drop_off:
        ways[HandOver.DROPOFF] = frozenset()
    address = PickupAddress(place, places.get(place) or place, is_default=True, slots=slots)
    return ShippingOffer(tuple(parcels), ways, (address,) if told.can_pickup else ())


def _slots_of(told: wire.Handover, region: str) -> tuple[PickupSlot, ...]:
    zone = ZoneInfo(zone_of(region))
    free = [each for each in told.pickup_slots or () if each.avaliable or each.available]
    slots = []
    for number, each in enumerate(free):
        start, end = (datetime.fromtimestamp(at, zone) for at in (each.start_time, each.end_time))
        slots.append(
            PickupSlot(
                f"{each.start_time}{_SLOT_MARK}{each.end_time}",
                start.replace(hour=0, minute=0, second=0, microsecond=0),
                f"{start:%H:%M}-{end:%H:%M}",
                is_recommended=number == 0,
            )
        )
    return tuple(slots)


def _unsendable(shipment: Shipment) -> str:
    """Return why a choice cannot even be sent, if so."""
    choice, is_own = shipment.choice, OWN_MARK in shipment.parcel.courier_id
    if choice.way is HandOver.OWN:
        if not is_own:
            return ParcelRefusal.CHOICE_REFUSED
        return "" if shipment.tracking_number else ParcelRefusal.CHOICE_INCOMPLETE
    if choice.way is HandOver.PICKUP and not choice.address_id:
        return ParcelRefusal.CHOICE_INCOMPLETE
    start, _, end = choice.slot_id.partition(_SLOT_MARK)
    is_slot = not choice.slot_id or (start.isdecimal() and end.isdecimal())
    return "" if is_slot else ParcelRefusal.CHOICE_INCOMPLETE


def _row(shipment: Shipment) -> dict[str, object]:
    row: dict[str, object] = {"id": shipment.parcel.external_id}
    choice = shipment.choice
    if choice.way is HandOver.OWN:
        provider = shipment.parcel.courier_id.partition(OWN_MARK)[2]
        return row | {
            "self_shipment": {
                "tracking_number": shipment.tracking_number,
                "shipping_provider_id": provider,
            }
        }
    row["handover_method"] = _METHODS[choice.way]
    if choice.way is HandOver.PICKUP and choice.slot_id:
        start, _, end = choice.slot_id.partition(_SLOT_MARK)
        row["pickup_slot"] = {"start_time": int(start), "end_time": int(end)}
    return row


def _not_sent(pending: Sequence[Sequence[Sequence[Shipment]]]) -> list[ParcelResult]:
    return [
        ParcelResult(each.parcel, Outcome.REJECTED, ParcelRefusal.NOT_SENT)
        for batch in pending
        for package in batch
        for each in package
    ]
