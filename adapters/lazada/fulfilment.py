"""Lazada in the `Fulfilment` role: packed by twenty, then told ready by twenty. Nothing is chosen on the way.

Units are read first, fifty orders in a call: what is packed already is only told ready, what is ready is well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.kit.batches import batches
from adapters.kit.refusals import ParcelRefusal
from adapters.lazada import endpoints, mapping, statuses, wire
from adapters.lazada.client import LazadaClient, as_text
from adapters.lazada.errors import PARCEL_REFUSALS, SHOP_RESTRICTED
from adapters.lazada.labels import LazadaLabels
from adapters.lazada.mapping import Group
from adapters.lazada.orders import units_of
from domain.errors import FateUnknown, PlatformError, RequestRejected, UnexpectedResponse
from domain.platform import (
    HandOver,
    LabelRequest,
    Labels,
    Need,
    Outcome,
    ParcelRef,
    ParcelResult,
    Shipment,
    ShippingOffer,
    ShippingOptions,
    Tracking,
)
from domain.shops import ShopAccess

ORDERS_PER_CALL = 20
PACKAGES_PER_CALL = 20
LOCAL = "TFS"
OK = "0"


@dataclass(slots=True)
class _Sending:
    """A parcel on its way through a batch: what it is packed into, or why it is not."""

    parcel: ParcelRef
    group: Group
    packages: list[str]
    why: str = ""


class LazadaFulfilment:
    """The `Fulfilment` role."""

    def __init__(self, client: LazadaClient) -> None:
        self._client = client
        self._labels = LazadaLabels(client)

    async def shipping_options(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> ShippingOptions:
        """Offer what the platform arranges: where a parcel is taken along is agreed in its seller centre."""
        known = await self._groups(shop, parcels)
        refused = [told for each in parcels if (told := _unpackable(each, known.get(each)))]
        left = [each for each in parcels if not _unpackable(each, known.get(each))]
        offers: list[ShippingOffer] = []
        is_local = True
        for some in batches(left, lambda _: None, ORDERS_PER_CALL):
            is_local = is_local and await self._is_local(shop, {each: known[each] for each in some})
        for lane in batches(left, lambda each: (each.courier_id, each.place), len(left) or 1):
            can_go = is_local and lane[0].courier_id != mapping.SELLERS_OWN
            ways: dict[HandOver, frozenset[Need]] = {HandOver.DROPOFF: frozenset()} if can_go else {}
            offers.append(ShippingOffer(tuple(lane), ways))
        return ShippingOptions(tuple(offers), tuple(refused))

    async def ship(self, shop: ShopAccess, shipments: Sequence[Shipment]) -> Sequence[ParcelResult]:
        parcels = [each.parcel for each in shipments]
        known = await self._groups(shop, parcels)
        told = [result for each in parcels if (result := _unpackable(each, known.get(each)))]
        own = [each for each in parcels if not _unpackable(each, known.get(each)) and _is_own(known[each])]
        told += [ParcelResult(each, Outcome.REJECTED, ParcelRefusal.CHOICE_REFUSED) for each in own]
        done = {each.parcel for each in told}
        pending = batches([each for each in parcels if each not in done], lambda _: None, ORDERS_PER_CALL)
        results: list[ParcelResult] = []
        for sent, batch in enumerate(pending, start=1):
            sendings = [_Sending(each, known[each], _packages(known[each])) for each in batch]
            try:
                await self._pack(shop, [each for each in sendings if not each.packages])
            except (FateUnknown, UnexpectedResponse):
                return told + results + _all(batch, Outcome.UNKNOWN) + _not_sent(pending[sent:])
            except PlatformError:
                if not results:
                    raise
                return told + results + _not_sent(pending[sent - 1 :])
            try:
                await self._ready(shop, [each for each in sendings if each.packages and not each.why])
            except PlatformError:
                # Packed they are: whoever reads them again sees what is left to do.
                return told + results + _all(batch, Outcome.UNKNOWN) + _not_sent(pending[sent:])
            results += [_result(each) for each in sendings]
        return told + results

    async def tracking(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> Sequence[Tracking]:
        known = await self._groups(shop, parcels)
        units = {each: known[each].first for each in parcels if each in known}
        return [
            Tracking(each, unit.tracking_code or "", courier=unit.shipment_provider or "")
            for each, unit in units.items()
        ]

    async def labels(self, shop: ShopAccess, labels: Sequence[LabelRequest]) -> Labels:
        parcels = [each.parcel for each in labels]
        return await self._labels.fetch(shop, parcels, await self._groups(shop, parcels))

    async def _groups(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> dict[ParcelRef, Group]:
        """Find the units of parcels, which are known by the number of their first one."""
        units = await units_of(self._client, shop, [each.order_external_id for each in parcels])
        found = {
            (number, group.id): group for number, rows in units.items() for group in mapping.groups(rows)
        }
        named = {each: found.get((each.order_external_id, each.external_id)) for each in parcels}
        return {parcel: group for parcel, group in named.items() if group}

    async def _is_local(self, shop: ShopAccess, known: dict[ParcelRef, Group]) -> bool:
        """Ask who will carry them; across borders a courier would have to be chosen, which nobody here does."""
        rows = [
            {"order_id": int(parcel.order_external_id), "order_item_ids": _ids(group)}
            for parcel, group in known.items()
        ]
        asked = {"getShipmentProvidersReq": as_text({"orders": rows})}
        told = await self._client.read(shop, endpoints.PROVIDERS, asked, wire.Result[wire.Allocation])
        allocation = told.result.data if told.result else None
        if allocation is None:
            raise UnexpectedResponse(
                platform=shop.app.platform, operation=endpoints.PROVIDERS.operation, reason="no_data"
            )
        return allocation.shipping_allocate_type in {LOCAL, "", None}

    async def _pack(self, shop: ShopAccess, sendings: Sequence[_Sending]) -> None:
        if not sendings:
            return
        orders: dict[str, list[int]] = {}
        for each in sendings:
            orders.setdefault(each.parcel.order_external_id, []).extend(_ids(each.group))
        rows = [{"order_id": int(number), "order_item_list": units} for number, units in orders.items()]
        asked = {"pack_order_list": rows, "delivery_type": "dropship", "shipping_allocate_type": LOCAL}
        try:
            answer = await self._client.write(
                shop, endpoints.PACK, {"packReq": as_text(asked)}, wire.Result[wire.Packed]
            )
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            for each in sendings:
                each.why = ParcelRefusal.SHOP_RESTRICTED
            return
        told = answer.result.data if answer.result else None
        packed = {
            str(unit.order_item_id): unit
            for order in (told.pack_order_list if told else None) or ()
            for unit in order.order_item_list or ()
        }
        for each in sendings:
            _learn(each, packed)

    async def _ready(self, shop: ShopAccess, sendings: Sequence[_Sending]) -> None:
        numbers = [number for each in sendings for number in each.packages]
        codes: dict[str, str] = {}
        for some in batches(numbers, lambda _: None, PACKAGES_PER_CALL):
            asked = {"readyToShipReq": as_text({"packages": [{"package_id": each} for each in some]})}
            answer = await self._client.write(shop, endpoints.READY, asked, wire.Result[wire.Packages])
            told = answer.result.data if answer.result else None
            codes |= {
                each.package_id: str(each.item_err_code) for each in (told.packages if told else None) or ()
            }
        for each in sendings:
            wrong = [code for number in each.packages if (code := codes.get(number, "")) != OK]
            each.why = _refusal(wrong[0]) if wrong else ""


def _learn(sending: _Sending, packed: dict[str, wire.PackedUnit]) -> None:
    """Read what became of a parcel's units; that the call went well does not say that each of them did."""
    units = [packed.get(str(each)) for each in _ids(sending.group)]
    codes = [str(each.item_err_code) if each else "" for each in units]
    wrong = [code for code in codes if code != OK]
    found = [each.package_id for each in units if each and each.package_id]
    sending.packages = list(dict.fromkeys(found))
    sending.why = _refusal(wrong[0]) if wrong else "" if found else ParcelRefusal.OTHER


def _refusal(code: str) -> str:
    return PARCEL_REFUSALS.get(code, ParcelRefusal.OTHER)


def _ids(group: Group) -> list[int]:
    return [int(each.order_item_id) for each in group.live]


def _packages(group: Group) -> list[str]:
    return [group.package] if group.package and group.word in statuses.PACKED else []


def _is_own(group: Group) -> bool:
    return group.kind == mapping.SELLERS_OWN


def _unpackable(parcel: ParcelRef, group: Group | None) -> ParcelResult | None:
    """Say what is wrong with a parcel, or that it is ready already."""
    if group is None:
        return ParcelResult(parcel, Outcome.REJECTED, ParcelRefusal.NOT_FOUND)
    is_asked = any(mapping.is_yes(each.need_cancel_confirm) for each in group.live)
    if group.word == statuses.CANCELLED_UNIT or is_asked:
        return ParcelResult(parcel, Outcome.REJECTED, ParcelRefusal.CANCELLED)
    if group.word in statuses.CANCELLABLE:
        is_ours = not group.is_elsewhere
        return None if is_ours else ParcelResult(parcel, Outcome.REJECTED, ParcelRefusal.CHOICE_REFUSED)
    if group.word == "unpaid":
        return ParcelResult(parcel, Outcome.REJECTED, ParcelRefusal.NOT_READY)
    return ParcelResult(parcel, Outcome.OK)


def _result(sending: _Sending) -> ParcelResult:
    if sending.why:
        return ParcelResult(sending.parcel, Outcome.REJECTED, sending.why)
    return ParcelResult(sending.parcel, Outcome.OK)


def _all(batch: Sequence[ParcelRef], outcome: Outcome) -> list[ParcelResult]:
    return [ParcelResult(each, outcome) for each in batch]


def _not_sent(pending: Sequence[Sequence[ParcelRef]]) -> list[ParcelResult]:
    return [
        ParcelResult(each, Outcome.REJECTED, ParcelRefusal.NOT_SENT) for batch in pending for each in batch
    ]
