"""What the buttons about parcels and batches allow once; each acts in the transaction that spends its ticket."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from domain.chats import PRIVATE, Visitor
from domain.errors import Conflict, NotAllowed, NotFound
from domain.events import EventKind
from domain.parcels import Packing, PackState, ShipStep
from domain.people import Role
from domain.tickets import Action, ButtonTicket
from services import batches, ways
from services.decisions import need
from services.outbox import tell
from services.views import Pressed, PressResult
from services.ways import Option, courier_at, option_key, packed_choice, read
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.repositories.packings import Packings
from storage.repositories.ways import Ways

Act = Callable[[Connection, Visitor, ButtonTicket, datetime], Pressed]
MOST = 4096
"""No hand-over is of more parcels than this."""


def hand_over_version(packed: int, now: datetime) -> int:
    """Return what a hand-over is bound to: how many it was shown for, and when."""
    minute = int(now.timestamp()) // 60 % 2**18
    return minute * MOST + min(packed, MOST - 1)


def ship_version(parcel: Packing, option: Option) -> int:
    """Return what arranging a parcel is bound to: the option shown, and the parcel as it was."""
    words = f"{option_key(courier_at(parcel), option)}|{parcel.version}"
    return int(sha256(words.encode()).hexdigest()[:7], 16)


def press(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Do what the ticket allows."""
    return ACTS[ticket.action](conn, visitor, ticket, now)


def _take(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    return Pressed(PressResult.BATCH_TAKEN, batches.take(conn, visitor, ticket.object_id, now))


def _give_back(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    batches.give_back(conn, visitor, ticket.object_id, now)
    return Pressed(PressResult.BATCH_ENDED, ticket.object_id)


def _print_again(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    batches.print_again(conn, visitor, ticket.object_id, now)
    return Pressed(PressResult.LABELS_COMING, ticket.object_id)


def _choose(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    held = ways.choose(conn, visitor, ticket.object_id, now)
    return Pressed(PressResult.WAY_CHOSEN, held[0] if held else "")


def _hand_over(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    shown = ticket.object_version % MOST
    batches.hand_over(conn, visitor, ticket.object_id, shown, now)
    return Pressed(PressResult.HANDED_OVER, ticket.object_id)


def _pull(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    return Pressed(PressResult.PULLED, batches.pull(conn, visitor, ticket.object_id, now))


def _stop(conn: Connection, visitor: Visitor, ticket: ButtonTicket, _now: datetime) -> Pressed:
    return Pressed(PressResult.SHIP_STOPPED, batches.stop(conn, visitor, ticket.object_id))


def _ship(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Ask for one parcel in the way its button names. Raises Conflict("moved_on")."""
    need(visitor, Role.PACKER)
    packings = Packings(conn, visitor.seller_id)
    parcel = packings.get(ticket.object_id)
    if parcel is None:
        raise NotFound("button_unknown")
    is_free = parcel.step in {ShipStep.NONE, ShipStep.REFUSED}
    way = Ways(conn, visitor.seller_id).get(courier_at(parcel))
    options = read(way.offer) if way else []
    chosen = [each for each in options if ship_version(parcel, each) == ticket.object_version]
    if parcel.state is not PackState.TO_ARRANGE or not is_free or not chosen:
        raise Conflict("moved_on")
    batches.ask(packings, parcel, visitor, now, packed_choice(chosen[0].choice))
    facts = {"way": chosen[0].way.value, "slot": chosen[0].slot}
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id, action="parcel.arranged", subject=parcel.parcel_id, facts=facts, now=now
    )
    return Pressed(PressResult.SHIP_ASKED, parcel.order_id)


def _print_one(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Have one parcel's label sent into this chat."""
    need(visitor, Role.PACKER)
    if visitor.chat.kind != PRIVATE:  # it shows where a buyer lives
        raise NotAllowed("private_only")
    if Packings(conn, visitor.seller_id).get(ticket.object_id) is None:
        raise NotFound("button_unknown")
    payload = {"parcel_id": ticket.object_id, "source": ticket.id[:16]}
    key = f"label:{ticket.id}"
    kind, views = EventKind.LABELS_READY, [visitor.view.id]
    tell(conn, visitor.seller_id, kind, key, payload, now=now, views=views)
    return Pressed(PressResult.LABELS_COMING, "")


ACTS: dict[Action, Act] = {
    Action.TAKE_BATCH: _take,
    Action.STOP_BATCH: _give_back,
    Action.GIVE_BACK: _give_back,
    Action.PRINT_AGAIN: _print_again,
    Action.CHOOSE_WAY: _choose,
    Action.HAND_OVER: _hand_over,
    Action.PULL: _pull,
    Action.SHIP: _ship,
    Action.STOP_SHIP: _stop,
    Action.PRINT_ONE: _print_one,
}
