"""How parcels get to their courier: what is offered, what was chosen once and holds, and what must be asked."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from domain.chats import Visitor
from domain.errors import Conflict
from domain.parcels import STOP_WITHIN, Packing, ShipStep
from domain.people import Role
from domain.platform import HandOver, PickupAddress, PickupSlot, ShippingChoice, ShippingOffer
from services.decisions import need
from services.parcel_news import batch_moved
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.repositories.batches import Batches
from storage.repositories.packings import Packings
from storage.repositories.ways import CourierAt, Way, Ways

OPTIONS = 5


@dataclass(frozen=True, slots=True)
class Option:
    """One way to hand parcels over. `text` names the address or counter, `slot` the hours of the courier."""

    way: HandOver
    address_id: str = ""
    branch_id: str = ""
    slot_id: str = ""
    slot: str = ""
    day: datetime | None = None
    text: str = ""

    @property
    def kind(self) -> tuple[str, str, str]:
        """What is remembered of it: all but the hours, which change every day."""
        return self.way, self.address_id, self.branch_id

    @property
    def choice(self) -> ShippingChoice:
        return ShippingChoice(
            self.way, address_id=self.address_id, slot_id=self.slot_id, branch_id=self.branch_id
        )


@dataclass(frozen=True, slots=True)
class Question:
    """Parcels that wait until somebody chooses how their courier gets them."""

    at: CourierAt
    courier: str
    parcels: int
    options: tuple[Option, ...]
    version: int

    def key_of(self, option: Option) -> str:
        return option_key(self.at, option)


def options_of(offer: ShippingOffer) -> list[Option]:
    """Return every choice an offer leaves, the likeliest first: pickup at the recommended hours."""
    options: list[Option] = []
    for address in sorted(offer.addresses, key=lambda each: not each.is_default):
        if HandOver.PICKUP not in offer.ways:
            break
        slots = sorted(address.slots, key=lambda slot: not slot.is_recommended)
        options += [_pickup(address, slot) for slot in slots] or [_pickup(address, None)]
    if HandOver.PICKUP in offer.ways and not offer.addresses:
        options.append(Option(HandOver.PICKUP))
    if HandOver.DROPOFF in offer.ways:
        options += [
            Option(HandOver.DROPOFF, branch_id=each.external_id, text=each.text) for each in offer.branches
        ] or [Option(HandOver.DROPOFF)]
    if HandOver.OWN in offer.ways:
        options.append(Option(HandOver.OWN))
    return options


def remembered(options: Sequence[Option], way: Way | None) -> Option | None:
    """Return the option that was chosen before, or the only one there is; None when somebody must choose."""
    if way and way.way:
        kind = (way.way, way.address_id, way.branch_id)
        known = [each for each in options if each.kind == kind]
        if known:
            return known[0]
    return options[0] if len({each.kind for each in options}) == 1 else None


def written(options: Sequence[Option]) -> list[dict[str, str]]:
    """Return options as they are kept."""
    return [
        {
            "way": each.way,
            "address_id": each.address_id,
            "branch_id": each.branch_id,
            "slot_id": each.slot_id,
            "slot": each.slot,
            "day": each.day.isoformat() if each.day else "",
            "text": each.text,
        }
        for each in options
    ]


def read(offer: Sequence[dict[str, str]]) -> list[Option]:
    """Return options from what was kept."""
    return [
        Option(
            HandOver(each["way"]),
            each["address_id"],
            each["branch_id"],
            each["slot_id"],
            each["slot"],
            datetime.fromisoformat(each["day"]) if each["day"] else None,
            each["text"],
        )
        for each in offer
    ]


def packed_choice(choice: ShippingChoice, number: str = "") -> str:
    """Return a choice as a parcel's row keeps it, with the number that the seller's own courier gave."""
    return json.dumps([choice.way, choice.address_id, choice.slot_id, choice.branch_id, number])


def unpacked_choice(kept: str) -> tuple[ShippingChoice, str]:
    """Return a choice and the number, as `packed_choice` took them."""
    way, address_id, slot_id, branch_id, *number = json.loads(kept)
    return ShippingChoice(HandOver(way), address_id, slot_id, branch_id), "".join(number)


def option_key(at: CourierAt, option: Option) -> str:
    """Return what names an option where only few letters fit."""
    words = (at.shop_id, at.courier_id, at.place, *option.kind, option.slot_id)
    return sha256("|".join(words).encode()).hexdigest()[:24]


def questions_of(conn: Connection, seller_id: str, parcels: Sequence[Packing]) -> tuple[Question, ...]:
    """Return what must be chosen before these parcels can be arranged."""
    asking: dict[CourierAt, list[Packing]] = defaultdict(list)
    for each in parcels:
        if each.step is ShipStep.ASKED and each.due_at is None:
            asking[courier_at(each)].append(each)
    if not asking:
        return ()
    ways = {each.at: each for each in Ways(conn, seller_id).all()}
    return tuple(
        Question(
            at,
            them[0].courier,
            len(them),
            tuple(_one_of_each(read(ways[at].offer)))[:OPTIONS],
            version_of(ways[at]),
        )
        for at, them in asking.items()
        if at in ways
    )


def courier_at(parcel: Packing) -> CourierAt:
    return CourierAt(parcel.shop_id, parcel.courier_id, parcel.place)


def version_of(way: Way) -> int:
    """Return what changes with every reading of an offer, so that a button of an older one is an old button."""
    return int(way.read_at.timestamp()) % 2**31 if way.read_at else 0


def choose(conn: Connection, visitor: Visitor, key: str, now: datetime) -> list[str]:
    """Choose how parcels get to a courier from now on; return the batches to show: one's own that waited first.

    What waits is sent after the time for a Stop. Raises Conflict("moved_on") when the option is gone.
    """
    need(visitor, Role.PACKER)
    ways, packings = Ways(conn, visitor.seller_id), Packings(conn, visitor.seller_id)
    way, option = find_option(ways, key)
    ways.choose(
        way.at,
        way.courier,
        way=option.way,
        address_id=option.address_id,
        branch_id=option.branch_id,
        by=visitor.member.user_id,
        now=now,
    )
    at = way.at
    waiting = packings.waiting_for_choice(at.shop_id, at.courier_id, at.place)
    for each in waiting:
        choice = packed_choice(option.choice)
        packings.step(each, ShipStep.ASKED, choice=choice, reason="", due_at=now + STOP_WITHIN)
    facts = {"courier": way.courier, "way": option.way.value, "parcels": str(len(waiting))}
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id, action="way.chosen", subject=at.shop_id, facts=facts, now=now
    )
    held = sorted({each.batch_id for each in waiting if each.batch_id})
    for batch_id in held:
        batch_moved(conn, visitor.seller_id, batch_id, now)
    # Somebody else may have chosen a moment ago: then one's own batch is on its way already.
    mine = [each.id for each in Batches(conn, visitor.seller_id).all_open(visitor.member.user_id)]
    return [*(each for each in reversed(mine) if each in held), *(held if not mine else mine[-1:])]


def find_option(ways: Ways, key: str) -> tuple[Way, Option]:
    for way in ways.all():
        for option in read(way.offer):
            if option_key(way.at, option) == key:
                return way, option
    raise Conflict("moved_on")


def _pickup(address: PickupAddress, slot: PickupSlot | None) -> Option:
    at = Option(HandOver.PICKUP, address_id=address.external_id, text=address.text)
    return replace(at, slot_id=slot.external_id, slot=slot.text, day=slot.day) if slot else at


def _one_of_each(options: Sequence[Option]) -> list[Option]:
    """Return the first option of each kind: a question is about the way, the hours follow."""
    firsts: dict[tuple[str, str, str], Option] = {}
    for each in options:
        firsts.setdefault(each.kind, each)
    return list(firsts.values())
