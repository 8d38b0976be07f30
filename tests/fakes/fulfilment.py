"""Parcels of the platform in memory: offered, arranged, numbered and labelled as a real one does it.

`is_numbering` and `labels_after` hold numbers and labels back; `failing_labels` says how many of the next fail.
"""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from pypdf import PdfWriter

from domain.errors import FateUnknown
from domain.orders import OrderStatus, Parcel, ParcelState
from domain.platform import (
    Branch,
    HandOver,
    LabelFile,
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
from tests.fakes.orders import changed

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform, FakeShop

WAYS: dict[str, dict[HandOver, frozenset[Need]]] = {
    "J&T Express": {
        HandOver.PICKUP: frozenset({Need.ADDRESS, Need.SLOT}),
        HandOver.DROPOFF: frozenset(),
    },
    "JNE Reguler": {HandOver.DROPOFF: frozenset({Need.BRANCH})},
    "GoSend Instant": {HandOver.PICKUP: frozenset({Need.ADDRESS})},
    "Kurir Toko": {HandOver.OWN: frozenset({Need.TRACKING_NUMBER})},
}
"""The couriers and how each takes parcels; any other does as the first."""

ADDRESS = PickupAddress("1173", "Jl. Contoh 1, Bandung", is_default=True)
BRANCHES = (Branch("3201", "Counter A, Bandung"), Branch("3202", "Counter B, Bandung"))


class FakeFulfilment:
    """The `Fulfilment` role of a `FakePlatform`; the parcels are those of its shops' orders."""

    def __init__(self, bazaar: "FakePlatform") -> None:
        self._bazaar = bazaar
        self._serial = 0
        self._labels: dict[str, int] = {}
        """How often each label that was ordered is still said to be in the making; -1 for one that failed."""
        self.shipped: list[str] = []
        """Every parcel arranged, once for each time."""
        self.asked: list[str] = []
        """Every parcel somebody wanted arranged, once for each time, whatever was answered."""
        self.is_numbering = True
        self.labels_after = 1
        self.failing_labels = 0

    async def shipping_options(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> ShippingOptions:
        def act() -> ShippingOptions:
            known = self._bazaar.opened(shop)
            lanes: dict[tuple[str, str], list[ParcelRef]] = {}
            refused = []
            for ref in parcels:
                if reason := self._reason(known, ref):
                    refused.append(ParcelResult(ref, Outcome.REJECTED, reason))
                else:
                    lanes.setdefault((self._parcel(known, ref).courier, ref.place), []).append(ref)
            offers = [self._offer(courier, refs) for (courier, _), refs in lanes.items()]
            return ShippingOptions(tuple(offers), tuple(refused))

        return await self._bazaar.called("shipping_options", act)

    async def ship(self, shop: ShopAccess, shipments: Sequence[Shipment]) -> Sequence[ParcelResult]:
        def act() -> list[ParcelResult]:
            known = self._bazaar.opened(shop)
            self.asked += [each.parcel.external_id for each in shipments]
            return [self._ship(known, each) for each in shipments]

        try:
            return await self._bazaar.called("ship", act)
        except FateUnknown:
            return [ParcelResult(each.parcel, Outcome.UNKNOWN) for each in shipments]

    async def tracking(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> Sequence[Tracking]:
        def act() -> list[Tracking]:
            known = self._bazaar.opened(shop)
            return [self._tracking(known, each) for each in parcels if self._is_known(known, each)]

        return await self._bazaar.called("tracking", act)

    async def labels(self, shop: ShopAccess, labels: Sequence[LabelRequest]) -> Labels:
        def act() -> Labels:
            known = self._bazaar.opened(shop)
            return self._made(known, labels)

        return await self._bazaar.called("labels", act)

    # Inside

    def _reason(self, known: "FakeShop", ref: ParcelRef) -> str:
        order = known.orders.get(ref.order_external_id)
        if order is None or not self._is_known(known, ref):
            return "not_found"
        if order.status in {OrderStatus.CANCELLED, OrderStatus.CANCEL_ASKED}:
            return "cancelled"
        return "" if self._parcel(known, ref).state is ParcelState.TO_ARRANGE else "not_ready"

    def _offer(self, courier: str, refs: list[ParcelRef]) -> ShippingOffer:
        ways = WAYS.get(courier, WAYS["J&T Express"])
        is_slotted = Need.SLOT in ways.get(HandOver.PICKUP, ())
        address = replace(ADDRESS, slots=tuple(self._slots()) if is_slotted else ())
        return ShippingOffer(
            tuple(refs),
            dict(ways),
            (address,) if HandOver.PICKUP in ways else (),
            BRANCHES if Need.BRANCH in ways.get(HandOver.DROPOFF, ()) else (),
        )

    def _slots(self) -> list[PickupSlot]:
        midnight = datetime.combine(self._bazaar.now().date() + timedelta(days=1), time(), UTC)
        return [
            PickupSlot(str(int((midnight + timedelta(hours=hour)).timestamp())), midnight, text, hour == 9)
            for hour, text in ((9, "09:00-12:00"), (13, "13:00-16:00"))
        ]

    def _ship(self, known: "FakeShop", shipment: Shipment) -> ParcelResult:
        ref = shipment.parcel
        if self._is_known(known, ref) and self._parcel(known, ref).state is ParcelState.ARRANGED:
            return ParcelResult(ref, Outcome.OK)
        reason = self._reason(known, ref) or self._misfit(self._parcel(known, ref).courier, shipment)
        if reason:
            return ParcelResult(ref, Outcome.REJECTED, reason)
        self._serial += 1
        number = shipment.tracking_number or f"JX{self._serial:010d}"
        self._change(known, ref, state=ParcelState.ARRANGED, raw_status="ARRANGED", tracking_number=number)
        self.shipped.append(ref.external_id)
        return ParcelResult(ref, Outcome.OK)

    def _misfit(self, courier: str, shipment: Shipment) -> str:
        choice, ways = shipment.choice, WAYS.get(courier, WAYS["J&T Express"])
        if choice.way not in ways:
            return "choice_refused"
        given = {
            Need.ADDRESS: choice.address_id,
            Need.SLOT: choice.slot_id,
            Need.BRANCH: choice.branch_id,
            Need.TRACKING_NUMBER: shipment.tracking_number,
        }
        if any(not given[need] for need in ways[choice.way]):
            return "choice_incomplete"
        slots = {each.external_id for each in self._slots()}
        return "slot_gone" if Need.SLOT in ways[choice.way] and choice.slot_id not in slots else ""

    def _tracking(self, known: "FakeShop", ref: ParcelRef) -> Tracking:
        parcel = self._parcel(known, ref)
        number = parcel.tracking_number if self.is_numbering else ""
        return Tracking(ref, number, number[-4:] if parcel.is_instant else "")

    def _made(self, known: "FakeShop", labels: Sequence[LabelRequest]) -> Labels:
        ready: dict[str, list[ParcelRef]] = {}
        waiting: list[ParcelRef] = []
        refused: list[ParcelResult] = []
        for each in labels:
            ref = each.parcel
            left = self._labels.get(ref.external_id)
            if not self._is_known(known, ref):
                refused.append(ParcelResult(ref, Outcome.REJECTED, "not_found"))
            elif left == 0:
                ready.setdefault(self._parcel(known, ref).courier, []).append(ref)
            elif self._parcel(known, ref).state is not ParcelState.ARRANGED:
                refused.append(ParcelResult(ref, Outcome.REJECTED, "not_printable"))
            elif each.tracking_number != self._tracking(known, ref).number or not each.tracking_number:
                refused.append(ParcelResult(ref, Outcome.REJECTED, "number_refused"))
            else:
                if left == -1:
                    refused.append(ParcelResult(ref, Outcome.REJECTED, "label_failed"))
                else:
                    waiting.append(ref)
                self._labels[ref.external_id] = self._order_label() if left in {None, -1} else left - 1
        files = [LabelFile(_pdf(len(refs)), tuple(refs)) for refs in ready.values()]
        return Labels(tuple(files), tuple(waiting), tuple(refused))

    def _order_label(self) -> int:
        if self.failing_labels:
            self.failing_labels -= 1
            return -1
        return max(0, self.labels_after - 1)

    def _is_known(self, known: "FakeShop", ref: ParcelRef) -> bool:
        order = known.orders.get(ref.order_external_id)
        return order is not None and ref.external_id in {each.external_id for each in order.parcels}

    def _parcel(self, known: "FakeShop", ref: ParcelRef) -> Parcel:
        order = known.orders[ref.order_external_id]
        return next(each for each in order.parcels if each.external_id == ref.external_id)

    def _change(self, known: "FakeShop", ref: ParcelRef, **facts: object) -> None:
        order = known.orders[ref.order_external_id]
        parcels = tuple(
            replace(each, **facts) if each.external_id == ref.external_id else each  # type: ignore[arg-type]
            for each in order.parcels
        )
        is_arranged = all(each.state is ParcelState.ARRANGED for each in parcels)
        status = OrderStatus.ARRANGED if is_arranged else order.status
        known.place(changed(replace(order, parcels=parcels, status=status, updated_at=self._bazaar.now())))


def _pdf(pages: int) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(283, 425)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
