"""What a person does with parcels: takes a batch, packs by number, gives back, hands over. One transaction each."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from domain.batches import SIZE, Batch, LabelStep
from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotFound
from domain.parcels import FIND_WAY, OFF, STOP_WITHIN, TO_PACK, Packing, PackState, Scanned, ShipStep
from domain.people import Role
from domain.platform import HandOver, ShippingChoice
from services.decisions import need
from services.parcel_news import batch_moved
from services.ways import courier_at, packed_choice
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.repositories.batches import Batches
from storage.repositories.members import Members
from storage.repositories.packings import Packings, lane_of
from storage.repositories.ways import Ways

SHORTEST_TAIL = 5
OWN_LENGTH = 30
OWN_NUMBER = re.compile(rf"[0-9A-Za-z][0-9A-Za-z/_.-]{{2,{OWN_LENGTH - 1}}}")
"""What couriers write on their slips; no platform takes more letters of it."""
PHOTO_WITHIN = timedelta(minutes=10)
"""How long after a parcel was packed a photo belongs to it."""
INSTANT = "instant"
"""The key of the lane that holds every courier who comes within the hour."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What became of a scanned number; `holder` names who has the parcel in a batch, or packed it."""

    result: Scanned
    parcel: Packing
    batch: Batch | None
    holder: str = ""


def lane_key(courier: str, shop_id: str = "") -> str:
    """Return what names a lane where only few letters fit: a courier's, in one shop or in all."""
    return sha256(f"{courier or INSTANT}|{shop_id}".encode()).hexdigest()[:24]


def take(conn: Connection, visitor: Visitor, key: str, now: datetime) -> str:
    """Claim the next parcels of a lane for this member; their pickup is arranged after the time for a Stop.

    Raises Conflict("batch_empty") when there is none left.
    """
    need(visitor, Role.PACKER)
    courier, shop_id = _lane(conn, visitor, key)
    batches, packings = Batches(conn, visitor.seller_id), Packings(conn, visitor.seller_id)
    batch_id = batches.open(user_id=visitor.member.user_id, view_id=visitor.view.id, courier=courier, now=now)
    shops = {shop_id} if shop_id else visitor.view.shops
    count = packings.claim(batch_id, lane_of(courier), SIZE, now, shops)
    if not count:
        raise Conflict("batch_empty")
    packings.line_up(batch_id)
    known = {each.at for each in Ways(conn, visitor.seller_id).all() if each.way}
    for parcel in packings.of_batch(batch_id):
        if parcel.state is PackState.TO_ARRANGE and parcel.step is ShipStep.NONE:
            ask(packings, parcel, visitor, now, is_way_known=courier_at(parcel) in known)
    _note(conn, visitor, "batch.taken", batch_id, {"parcels": str(count)}, now)
    return batch_id


def ask(
    packings: Packings,
    parcel: Packing,
    visitor: Visitor,
    now: datetime,
    choice: str = "",
    *,
    is_way_known: bool = True,
) -> None:
    """Ask for a parcel's pickup; it is sent when the time for a Stop is over, which begins when its way is known."""
    packings.put(
        parcel.parcel_id,
        step=ShipStep.ASKED,
        choice=choice,
        reason="" if is_way_known else FIND_WAY,
        attempts=0,
        due_at=now + STOP_WITHIN if is_way_known else now,
        asked_by=visitor.member.user_id,
        version=parcel.version + 1,
    )


def ship_own(conn: Connection, visitor: Visitor, parcel_id: str, number: str, now: datetime) -> str:
    """Ask for a parcel that the seller's own courier takes under this number; return its order.

    Raises InputError("own_number") for what is no number, Conflict("number_taken") when another parcel has
    it, Conflict("moved_on") when this one is arranged or on its way.
    """
    need(visitor, Role.PACKER)
    packings = Packings(conn, visitor.seller_id)
    parcel = packings.get(parcel_id)
    if parcel is None:
        raise NotFound("button_unknown")
    if not OWN_NUMBER.fullmatch(number):
        raise InputError("own_number", most=OWN_LENGTH)
    if any(each.parcel_id != parcel_id for each in packings.named(number)):
        raise Conflict("number_taken")
    if parcel.state is not PackState.TO_ARRANGE or parcel.step not in {ShipStep.NONE, ShipStep.REFUSED}:
        raise Conflict("moved_on")
    ask(packings, parcel, visitor, now, packed_choice(ShippingChoice(HandOver.OWN), number))
    _note(conn, visitor, "parcel.arranged", parcel_id, {"way": HandOver.OWN.value, "slot": ""}, now)
    return parcel.order_id


def stop(conn: Connection, visitor: Visitor, parcel_id: str) -> str:
    """Take back what was asked for a parcel, as long as nothing was sent. Raises Conflict("sent_already")."""
    need(visitor, Role.PACKER)
    packings = Packings(conn, visitor.seller_id)
    parcel = packings.get(parcel_id)
    if parcel is None:
        raise NotFound("button_unknown")
    is_asked = parcel.step is ShipStep.ASKED
    if not is_asked or not packings.step(parcel, ShipStep.NONE, choice="", due_at=None):
        raise Conflict("sent_already")
    return parcel.order_id


def give_back(conn: Connection, visitor: Visitor, batch_id: str, now: datetime) -> int:
    """Give back what is not packed; what was not sent yet is not arranged either. Return how many that were."""
    batch = _own(conn, visitor, batch_id)
    packings = Packings(conn, visitor.seller_id)
    for parcel in packings.of_batch(batch_id):
        if parcel.state in TO_PACK and parcel.step is ShipStep.ASKED:
            packings.step(parcel, ShipStep.NONE, choice="", due_at=None)  # unless it is being sent by now
    count = packings.give_back(batch_id)
    close_if_done(conn, batch, now)
    _note(conn, visitor, "batch.given_back", batch_id, {"parcels": str(count)}, now)
    return count


def pull(conn: Connection, visitor: Visitor, parcel_id: str, now: datetime) -> str:
    """Note that a parcel that was called off lies aside now; return its order."""
    need(visitor, Role.PACKER)
    packings = Packings(conn, visitor.seller_id)
    parcel = packings.get(parcel_id)
    if parcel is None:
        raise NotFound("button_unknown")
    if parcel.state is PackState.PULL_OUT:
        packings.move(parcel, PackState.PULLED)
        _note(conn, visitor, "parcel.pulled", parcel_id, {}, now)
        batch = Batches(conn, visitor.seller_id).get(parcel.batch_id) if parcel.batch_id else None
        if batch:
            close_if_done(conn, batch, now)
            batch_moved(conn, visitor.seller_id, batch.id, now)
    return parcel.order_id


def hand_over(conn: Connection, visitor: Visitor, key: str, shown: int, now: datetime) -> int:
    """Note that the courier has all that is packed of a lane: nothing of it is moved any more.

    Raises Conflict("moved_on") when it is not as many as were shown: one more may lie on the table still.
    """
    need(visitor, Role.PACKER)
    courier, shop_id = _lane(conn, visitor, key)
    packings = Packings(conn, visitor.seller_id)
    count = packings.hand_over(lane_of(courier), now, {shop_id} if shop_id else visitor.view.shops)
    if not count or count != shown:
        raise Conflict("moved_on")
    _note(conn, visitor, "parcels.handed_over", key, {"courier": courier, "parcels": str(count)}, now)
    return count


def print_again(conn: Connection, visitor: Visitor, batch_id: str, now: datetime) -> None:
    """Have a batch's labels sent once more; how often they were is counted."""
    batch = _own(conn, visitor, batch_id)
    Batches(conn, visitor.seller_id).touch(batch.id, labels=LabelStep.WAITING, labels_due_at=now, attempts=0)
    _note(conn, visitor, "batch.printed_again", batch_id, {"prints": str(batch.prints + 1)}, now)


def scan(conn: Connection, visitor: Visitor, number: str, now: datetime) -> Scan | None:
    """Pack the parcel this number names; None when the person has no batch, or it names no one parcel."""
    batches, packings = Batches(conn, visitor.seller_id), Packings(conn, visitor.seller_id)
    mine = {each.id: each for each in batches.all_open(visitor.member.user_id)}
    if not mine or not visitor.role.may(Role.PACKER):
        return None
    parcel = _meant(packings, number, mine)
    if parcel is None:
        return None
    result = _judge(parcel, mine)
    batch = mine.get(parcel.batch_id)
    if result is Scanned.PACKED and batch:
        who = {"packed_at": now, "packed_by": visitor.member.user_id}
        if not packings.move(parcel, PackState.PACKED, **who):
            raise Conflict("moved_on")
        batches.touch(batch.id, last_parcel_id=parcel.parcel_id)
        if close_if_done(
            conn, batch, now
        ):  # who packs goes on by this: it must not be an edit that may be lost
            batch_moved(conn, visitor.seller_id, batch.id, now)
        return Scan(result, parcel, batch)
    held = batch or (batches.get(parcel.batch_id) if parcel.batch_id else None)
    who_id = parcel.packed_by if result is Scanned.AGAIN else (held.user_id if held else "")
    holder = Members(conn, visitor.seller_id).get(who_id) if who_id else None
    return Scan(result, parcel, held, holder.name if holder else "")


def close_if_done(conn: Connection, batch: Batch, now: datetime) -> bool:
    """Close a batch in which nothing is left to do; tell whether that is so."""
    left = TO_PACK | {PackState.PULL_OUT}
    is_done = not any(each.state in left for each in Packings(conn, batch.seller_id).of_batch(batch.id))
    if is_done:
        Batches(conn, batch.seller_id).touch(batch.id, closed_at=now)
    return is_done


def _meant(packings: Packings, number: str, mine: dict[str, Batch]) -> Packing | None:
    """Find the one parcel a number means; the end of an order's number is enough within one's own batches."""
    found = packings.named(number)
    if not found and len(number) >= SHORTEST_TAIL:
        tail = number.upper()
        found = [each for each in packings.of_batches(mine) if each.order_number.upper().endswith(tail)]
    return found[0] if len(found) == 1 else None


def _judge(parcel: Packing, mine: dict[str, Batch]) -> Scanned:
    if parcel.state is PackState.HANDED_OVER:
        return Scanned.GONE
    if parcel.state in OFF:
        return Scanned.PULL_OUT
    if parcel.state is PackState.PACKED:
        return Scanned.AGAIN
    if parcel.batch_id not in mine:
        return Scanned.FOREIGN if parcel.batch_id else Scanned.FREE
    return Scanned.NOT_YET if parcel.state is PackState.TO_ARRANGE else Scanned.PACKED


def _lane(conn: Connection, visitor: Visitor, key: str) -> tuple[str, str]:
    """Return the courier (none: the instant ones) and the shop that a key stands for."""
    counts = Packings(conn, visitor.seller_id).counts()
    couriers = {"" if each.is_instant else each.courier for each in counts}
    shops = {"", *Packings(conn, visitor.seller_id).shops()}
    for courier in couriers:
        for shop_id in shops:
            if lane_key(courier, shop_id) == key:
                return courier, shop_id
    raise Conflict("batch_empty")


def _own(conn: Connection, visitor: Visitor, batch_id: str) -> Batch:
    """Return a batch of this person's; a manager may act on anybody's."""
    need(visitor, Role.PACKER)
    batch = Batches(conn, visitor.seller_id).get(batch_id)
    if batch is None:
        raise NotFound("button_unknown")
    if batch.user_id != visitor.member.user_id:
        need(visitor, Role.MANAGER)
    return batch


def _note(
    conn: Connection, visitor: Visitor, action: str, subject: str, facts: dict[str, str], now: datetime
) -> None:
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id, action=action, subject=subject, facts=facts, now=now
    )
