"""Labels at Shopee: ordered, made after a while, downloaded as one file a courier."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.kit.batches import batches
from adapters.kit.names import tail
from adapters.kit.refusals import ParcelRefusal
from adapters.shopee.logistics import FORMS, ORDER, STATES, ShopeeLogistics, named
from adapters.shopee.logistics_wire import DocumentRow
from adapters.shopee.parcel_errors import DOWNLOAD_LATER, NOT_ORDERED, parcel_refusal
from adapters.shopee.shipping import rejected
from domain.platform import LabelFile, LabelRequest, Labels, ParcelRef, ParcelResult
from domain.shops import ShopAccess

LABELS_PER_CALL = 50
USUAL_FORM = "THERMAL_AIR_WAYBILL"
READY, FAILED = "READY", "FAILED"


@dataclass(slots=True)
class _Found:
    """What became of the labels asked for, as it comes in."""

    files: list[LabelFile] = field(default_factory=list)
    waiting: list[ParcelRef] = field(default_factory=list)
    refused: list[ParcelResult] = field(default_factory=list)


class ShopeeLabels:
    """Remembers which form a channel suggests: the same form must be named when a label is ordered and fetched."""

    def __init__(self, logistics: ShopeeLogistics) -> None:
        self._logistics = logistics
        self._forms: dict[tuple[str, str, str], str] = {}

    async def fetch(self, shop: ShopAccess, labels: Sequence[LabelRequest]) -> Labels:
        found = _Found()
        for batch in batches(labels, lambda each: each.parcel.courier_id, LABELS_PER_CALL):
            form = await self._form(shop, batch[0].parcel)
            await self._fetch_new(shop, form, [each for each in batch if not each.is_ordered], found)
            await self._fetch_ordered(shop, form, [each for each in batch if each.is_ordered], found)
        return Labels(tuple(found.files), tuple(found.waiting), tuple(found.refused))

    async def _fetch_new(
        self, shop: ShopAccess, form: str, labels: Sequence[LabelRequest], found: _Found
    ) -> None:
        """Order labels, and see whether the file is there already: its refusal says as much as their state would."""
        refused = await self._order(shop, labels, form)
        found.refused += refused
        turned_down = {each.parcel for each in refused}
        parcels = [each.parcel for each in labels if each.parcel not in turned_down]
        if not parcels:
            return
        told = await self._logistics.download(shop, form, parcels)
        if told.content:
            found.files.append(LabelFile(told.content, tuple(parcels)))
        else:  # one that failed or takes longer keeps the others from being given: their states tell which
            found.waiting += parcels

    async def _fetch_ordered(
        self, shop: ShopAccess, form: str, labels: Sequence[LabelRequest], found: _Found
    ) -> None:
        """Read how far labels are, and fetch those that are there; what failed is ordered anew."""
        if not labels:
            return
        states = await self._states(shop, labels, form)
        refused = await self._order(
            shop, [each for each in labels if _is_to_order(states.get(each.parcel))], form
        )
        found.refused += refused
        turned_down = {each.parcel for each in refused}
        ready: list[ParcelRef] = []
        for parcel in (each.parcel for each in labels if each.parcel not in turned_down):
            row = states.get(parcel)
            if row is not None and row.status == READY:
                ready.append(parcel)
            elif row is not None and row.status == FAILED:
                found.refused.append(rejected(parcel, ParcelRefusal.LABEL_FAILED))
            elif row is not None and row.fail_error and not _is_to_order(row):
                found.refused.append(rejected(parcel, parcel_refusal(row.fail_error, row.fail_message)))
            else:
                found.waiting.append(parcel)
        await self._download(shop, form, ready, found)

    async def _form(self, shop: ShopAccess, parcel: ParcelRef) -> str:
        key = (shop.app.id, shop.external_id, parcel.courier_id)
        if key not in self._forms:
            rows = await self._logistics.documents(shop, FORMS, [named(parcel, whole=True)])
            suggested = [row.suggest_shipping_document_type for row in rows]
            if not any(suggested):
                return USUAL_FORM
            self._forms[key] = next(each for each in suggested if each)
        return self._forms[key]

    async def _states(
        self, shop: ShopAccess, batch: Sequence[LabelRequest], form: str
    ) -> dict[ParcelRef, DocumentRow]:
        asked = [{**named(each.parcel, whole=True), "shipping_document_type": form} for each in batch]
        told = await self._logistics.documents(shop, STATES, asked)
        return _by_parcel([each.parcel for each in batch], told)

    async def _order(self, shop: ShopAccess, batch: Sequence[LabelRequest], form: str) -> list[ParcelResult]:
        """Order labels; return those that will not be made. Ordering one twice does no harm."""
        if not batch:
            return []
        rows = []
        for each in batch:
            row = {**named(each.parcel, whole=True), "shipping_document_type": form}
            rows.append(row | {"tracking_number": each.tracking_number} if each.tracking_number else row)
        told = await self._logistics.documents(shop, ORDER, rows)
        answered = _by_parcel([each.parcel for each in batch], told)
        return [
            rejected(parcel, parcel_refusal(row.fail_error, row.fail_message))
            for parcel, row in answered.items()
            if row.fail_error
        ]

    async def _download(
        self,
        shop: ShopAccess,
        form: str,
        parcels: Sequence[ParcelRef],
        found: _Found,
    ) -> None:
        """Fetch the file of these labels; where one spoils it for the others, fetch halves."""
        if not parcels:
            return
        told = await self._logistics.download(shop, form, parcels)
        if told.content:
            found.files.append(LabelFile(told.content, tuple(parcels)))
        elif tail(told.error) in NOT_ORDERED | {DOWNLOAD_LATER}:
            found.waiting += parcels
        elif len(parcels) > 1:
            half = len(parcels) // 2
            await self._download(shop, form, parcels[:half], found)
            await self._download(shop, form, parcels[half:], found)
        else:
            found.refused.append(rejected(parcels[0], parcel_refusal(told.error, told.message)))


def _is_to_order(row: DocumentRow | None) -> bool:
    if row is None:
        return False
    return row.status == FAILED or tail(row.fail_error) in NOT_ORDERED


def _by_parcel(parcels: Sequence[ParcelRef], rows: Sequence[DocumentRow]) -> dict[ParcelRef, DocumentRow]:
    """Match rows with parcels: a row that failed may name the order alone."""
    by_number = {(row.order_sn, row.package_number): row for row in rows}
    by_order = {row.order_sn: row for row in rows if not row.package_number}
    found = {
        each: by_number.get((each.order_external_id, each.external_id))
        or by_order.get(each.order_external_id)
        for each in parcels
    }
    return {each: row for each, row in found.items() if row}
