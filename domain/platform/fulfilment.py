"""Fulfilment: how parcels may be handed over, arranging it, their numbers and labels.

Nothing here waits: what takes the platform a while is told as not yet there, and asked for again later.
Who calls decides how often (see `PlatformInfo.numbers_every`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.orders import OrderSnapshot, Parcel
from domain.platform.catalogue import Outcome
from domain.shops import ShopAccess


@dataclass(frozen=True, slots=True, order=True)
class ParcelRef:
    """One parcel as the platform's calls want it named: what goes together has the same courier and place.

    `is_split` tells that its order travels in several parcels.
    """

    order_external_id: str
    external_id: str
    courier_id: str = ""
    place: str = ""
    is_split: bool = False


def parcel_refs(order: OrderSnapshot) -> tuple[ParcelRef, ...]:
    """Name the parcels of an order."""
    return tuple(ref_of(order.external_id, each, is_split=len(order.parcels) > 1) for each in order.parcels)


def ref_of(order_external_id: str, parcel: Parcel, *, is_split: bool) -> ParcelRef:
    return ParcelRef(order_external_id, parcel.external_id, parcel.courier_id, parcel.place, is_split)


class HandOver(StrEnum):
    """How a parcel gets to its courier."""

    PICKUP = "pickup"  # the courier comes
    DROPOFF = "dropoff"  # the seller brings it
    OWN = "own"  # the seller's own courier, of which the platform learns the number only


class Need(StrEnum):
    """What a choice must name for a way of handing over."""

    ADDRESS = "address"
    SLOT = "slot"
    BRANCH = "branch"
    SENDER_NAME = "sender_name"
    TRACKING_NUMBER = "tracking_number"  # of each parcel: the seller's own


@dataclass(frozen=True, slots=True)
class PickupSlot:
    """A span in which the courier may come. `text` is the platform's own ("09:00-12:00"), `day` its midnight."""

    external_id: str
    day: datetime | None
    text: str
    is_recommended: bool = False


@dataclass(frozen=True, slots=True)
class PickupAddress:
    """Where the courier may come to; without `slots` the channel takes none."""

    external_id: str
    text: str
    is_default: bool = False
    slots: tuple[PickupSlot, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A counter that takes parcels."""

    external_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ShippingOffer:
    """The ways in which these parcels, all of one channel and place, may be handed over.

    `ways` names for each way on offer what a choice of it must name. A way that wants something nobody
    here knows is left out.
    """

    parcels: tuple[ParcelRef, ...]
    ways: dict[HandOver, frozenset[Need]]
    addresses: tuple[PickupAddress, ...] = ()
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class ParcelResult:
    """What became of a parcel. `reason` is one of `adapters/kit/refusals.py` `ParcelRefusal` when rejected."""

    parcel: ParcelRef
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShippingOptions:
    """Offers, and the parcels for which there is none yet or none any more. Each asked for is in one of them."""

    offers: tuple[ShippingOffer, ...]
    refused: tuple[ParcelResult, ...] = ()


@dataclass(frozen=True, slots=True)
class ShippingChoice:
    """A way and what it needs; only what `ShippingOffer.ways` names for it is sent."""

    way: HandOver
    address_id: str = ""
    slot_id: str = ""
    branch_id: str = ""
    sender_name: str = ""


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel to arrange, and how. `tracking_number` is the seller's own (Need.TRACKING_NUMBER)."""

    parcel: ParcelRef
    choice: ShippingChoice
    tracking_number: str = ""


@dataclass(frozen=True, slots=True)
class Tracking:
    """A parcel's number, empty while the courier has not given one. `pickup_code` is shown to an instant courier.

    `courier` is told where the platform names who takes a parcel only when it is arranged.
    """

    parcel: ParcelRef
    number: str = ""
    pickup_code: str = ""
    courier: str = ""


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """A label to have; `tracking_number` as `Fulfilment.tracking` told it.

    `is_ordered` tells that it was waited for or printed before: its state is asked for first.
    """

    parcel: ParcelRef
    tracking_number: str
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class LabelFile:
    """One PDF with the labels of these parcels, in the order in which they were asked for."""

    content: bytes
    parcels: tuple[ParcelRef, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """What is there, what is still being made, and what the platform will not print. Each asked for is in one of them.

    A label that failed in the making stands in `refused` ("label_failed"), and was ordered anew: asking
    again later may bring it.
    """

    files: tuple[LabelFile, ...] = ()
    waiting: tuple[ParcelRef, ...] = ()
    refused: tuple[ParcelResult, ...] = ()


class Fulfilment(Protocol):
    """All take any number of parcels of one shop and send as few calls as the platform allows.

    Each raises PlatformUnavailable and the like only if nothing at all could be told or done.
    """

    async def shipping_options(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> ShippingOptions:
        """Read how parcels may be handed over, and when. Slots go stale within hours: read right before choosing."""

    async def ship(self, shop: ShopAccess, shipments: Sequence[Shipment]) -> Sequence[ParcelResult]:
        """Arrange parcels; each has its result. One that is arranged already is OK.

        Never repeated by itself: read the order again before an UNKNOWN one is sent once more. After an
        answer that stays open nothing more is sent, and the others are rejected with "not_sent".
        """

    async def tracking(self, shop: ShopAccess, parcels: Sequence[ParcelRef]) -> Sequence[Tracking]:
        """Read tracking numbers. A parcel the platform does not know is left out."""

    async def labels(self, shop: ShopAccess, labels: Sequence[LabelRequest]) -> Labels:
        """Order what is not ordered yet, and fetch what is ready. Call again while any is `waiting`."""
