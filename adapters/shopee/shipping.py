"""How parcels are shipped at Shopee, read and written. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from adapters.kit.refusals import ParcelRefusal
from adapters.shopee import logistics_wire as wire
from adapters.shopee.parcel_errors import is_arranged_already, parcel_refusal
from domain.platform import (
    Branch,
    HandOver,
    Need,
    Outcome,
    ParcelRef,
    ParcelResult,
    PickupAddress,
    PickupSlot,
    Shipment,
    ShippingChoice,
    ShippingOffer,
)

WAYS = {"pickup": HandOver.PICKUP, "dropoff": HandOver.DROPOFF, "non_integrated": HandOver.OWN}
_NAMES = {way: name for name, way in WAYS.items()}

NEEDS = {
    "address_id": Need.ADDRESS,
    "pickup_time_id": Need.SLOT,
    "branch_id": Need.BRANCH,
    "sender_real_name": Need.SENDER_NAME,
    "tracking_no": Need.TRACKING_NUMBER,  # asked for by this name, sent by the other
    "tracking_number": Need.TRACKING_NUMBER,
}
"""A field that is not here ("slug") nobody can fill in: its way is not offered."""

_NUMBER = Callable[[str], object]


def offer(parcels: Sequence[ParcelRef], told: wire.ShippingParameter) -> ShippingOffer:
    """Read what is on offer: a way that is named at all is, with an empty list of fields too."""
    ways = {
        WAYS[name]: frozenset(NEEDS[field] for field in fields or ())
        for name, fields in (told.info_needed or {}).items()
        if name in WAYS and all(field in NEEDS for field in fields or ())
    }
    addresses = tuple(_address(each) for each in (told.pickup.address_list if told.pickup else None) or ())
    branches = (told.dropoff.branch_list if told.dropoff else None) or ()
    if HandOver.PICKUP in ways and not any(each.slots for each in addresses):
        ways[HandOver.PICKUP] -= {Need.SLOT}  # a channel without times is shipped without one
    return ShippingOffer(
        parcels=tuple(parcels),
        ways=ways,
        addresses=addresses,
        branches=tuple(Branch(str(each.branch_id), _line(each)) for each in branches),
    )


def _address(place: wire.Place) -> PickupAddress:
    slots = tuple(
        PickupSlot(
            str(each.pickup_time_id),
            datetime.fromtimestamp(each.date, UTC) if each.date else None,
            each.time_text or "",
            is_recommended="recommended" in (each.flags or ()),
        )
        for each in place.time_slot_list or ()
        if each.pickup_time_id
    )
    flags = place.address_flag or ()
    is_default = "pickup_address" in flags or "default_address" in flags
    return PickupAddress(str(place.address_id), _line(place), is_default=is_default, slots=slots)


def _line(place: wire.Place) -> str:
    parts = (place.address, place.town, place.district, place.city, place.zipcode)
    return ", ".join(part for part in parts if part)


def way_of(choice: ShippingChoice, number: str) -> dict[str, object]:
    """Write a choice for one parcel; a way that needs nothing is an empty object."""
    fields: dict[str, object] = {}
    if choice.way is HandOver.PICKUP:
        fields |= _filled("address_id", choice.address_id, int) | _filled("pickup_time_id", choice.slot_id)
    elif choice.way is HandOver.DROPOFF:
        fields |= _filled("branch_id", choice.branch_id, int)
        fields |= _filled("sender_real_name", choice.sender_name)
    if choice.way is not HandOver.PICKUP:
        fields |= _filled("tracking_number", number)
    return {_NAMES[choice.way]: fields}


def way_of_many(shipments: Sequence[Shipment]) -> dict[str, object]:
    """Write one choice for several parcels; only the numbers of an own courier differ."""
    choice = shipments[0].choice
    if choice.way is not HandOver.OWN:
        return way_of(choice, "")
    rows = [
        {"package_number": each.parcel.external_id, "tracking_number": each.tracking_number}
        for each in shipments
    ]
    return {_NAMES[HandOver.OWN]: {"tracking_number": rows}}


def _filled(name: str, value: str, read: _NUMBER = str) -> dict[str, object]:
    return {name: read(value)} if value else {}


def is_sendable(shipment: Shipment) -> bool:
    """Tell whether a choice has what Shopee always wants, in ids that can be Shopee's at all."""
    choice = shipment.choice
    always = {HandOver.PICKUP: choice.address_id, HandOver.OWN: shipment.tracking_number}
    ids = [each for each in (choice.address_id, choice.branch_id) if each]
    return bool(always.get(choice.way, "nothing")) and all(each.isdecimal() for each in ids)


def is_for_one(shipment: Shipment) -> bool:
    """Tell whether a shipment cannot go with others: a number of one's own is told for one parcel at a time."""
    return shipment.choice.way is HandOver.DROPOFF and bool(shipment.tracking_number)


def shipped(shipments: Sequence[Shipment], told: wire.MassShipment) -> list[ParcelResult]:
    """Read what became of parcels shipped together. One the answer does not name is of unknown fate."""
    rows = told.response or wire.ShippedPackages(told.success_list, told.fail_list)
    done = {each.package_number for each in rows.success_list or ()}
    failed = {each.package_number: each.fail_reason for each in rows.fail_list or ()}
    results = []
    for parcel in (each.parcel for each in shipments):
        if parcel.external_id in failed:
            results.append(refused(parcel, "", failed[parcel.external_id]))
        else:
            outcome = Outcome.OK if parcel.external_id in done else Outcome.UNKNOWN
            results.append(ParcelResult(parcel, outcome))
    return results


def refused(parcel: ParcelRef, name: str | None, text: str | None) -> ParcelResult:
    """Read a refusal; one because the parcel is arranged already is none."""
    if is_arranged_already(name, text):
        return ParcelResult(parcel, Outcome.OK)
    return rejected(parcel, parcel_refusal(name, text))


def rejected(parcel: ParcelRef, why: ParcelRefusal) -> ParcelResult:
    return ParcelResult(parcel, Outcome.REJECTED, why.value)


def failures(
    parcels: Iterable[ParcelRef], rows: Iterable[wire.FailedPackage], held: set[str]
) -> list[ParcelResult]:
    """Read for which parcels there is no offer: those named as failed, and those not named at all."""
    texts = {each.package_number: each.fail_reason for each in rows}
    return [
        rejected(each, parcel_refusal("", texts.get(each.external_id)))
        for each in parcels
        if each.external_id not in held
    ]
