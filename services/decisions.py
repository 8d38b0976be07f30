"""What a person decides about changes: approve, reject, undo. One transaction each, first come first served."""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.caps import Approval
from domain.changes import APPROVAL_LASTS, Change, ChangeState, check_price
from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotAllowed, NotFound, StoreSyncError
from domain.events import EventKind
from domain.ids import new_id
from domain.locks import CALLED_OFF, PRICE_LOCKED, known_end
from domain.people import Role
from domain.tickets import Action
from services.guards import excess_of, others_who_decide
from services.outbox import tell
from services.proposals import version_of
from services.views import Proposal
from storage.database import Connection
from storage.repositories import directory
from storage.repositories.audit import Audit
from storage.repositories.bulks import Bulks
from storage.repositories.cards import Cards
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.members import Members


def need(visitor: Visitor, role: Role) -> None:
    """Raise NotAllowed("role") unless the visitor may act as `role`."""
    if not visitor.role.may(role):
        raise NotAllowed("role", needed=role)


def as_of_now(conn: Connection, visitor: Visitor) -> Visitor:
    """Return the visitor with the role and the view that count now, in the transaction that decides."""
    member = Members(conn, visitor.seller_id).get(visitor.member.user_id)
    view, chat = directory.view_and_chat(conn, visitor.view.id)
    if member is None or view.seller_id != visitor.seller_id:
        raise NotAllowed("role", needed=Role.VIEWER)
    return Visitor(chat, view, member)


def approve(
    conn: Connection, visitor: Visitor, proposal_id: str, now: datetime, *, is_typed: bool = False
) -> bool:
    """Approve what waits of a proposal; False when the amount must be typed first.

    Raises NotAllowed("second_person") when the one who asked presses and others could look,
    Conflict("decided") when nothing waits any more.
    """
    need(visitor, Role.MANAGER)
    changes = Changes(conn, visitor.seller_id)
    waiting = _waiting(conn, visitor, proposal_id, now)
    user_id = visitor.member.user_id
    if waiting[0].requested_by == user_id and excess_of(conn, visitor.seller_id, waiting, now):
        others = others_who_decide(conn, visitor.seller_id, user_id)
        if others:
            raise NotAllowed("second_person", names=tuple(member.name for member in others))
        if not is_typed:
            return False
    catalogue = Catalogue(conn, visitor.seller_id)
    for change in waiting:
        shown = catalogue.listing_variant(change.listing_variant_id)
        locked = shown.price.locked_until if shown else None
        values: dict[str, object] = {"approved_by": user_id, "decided_at": now}
        if hold := known_end(locked, now):
            values |= {
                "not_before": hold,
                "locked_since": now,
                "locked_until": hold,
                "reason": PRICE_LOCKED,
            }
        _move(changes, change, ChangeState.APPROVED, **values)
    changes.approve([Approval(change.id, user_id, now, is_typed) for change in waiting])
    record(conn, visitor, "approved", proposal_id, waiting, now)
    return True


def reject(conn: Connection, visitor: Visitor, proposal_id: str, now: datetime) -> None:
    """Reject what waits of a proposal; nothing is sent."""
    need(visitor, Role.MANAGER)
    changes = Changes(conn, visitor.seller_id)
    waiting = _waiting(conn, visitor, proposal_id, now)
    for change in waiting:
        values = {"approved_by": visitor.member.user_id, "decided_at": now, "ended_at": now}
        _move(changes, change, ChangeState.REJECTED, **values)
    record(conn, visitor, "rejected", proposal_id, waiting, now)


def call_off(conn: Connection, visitor: Visitor, proposal_id: str, now: datetime) -> None:
    """Let what was approved and waits for a promotion to end not be sent. Raises Conflict("moved_on")."""
    need(visitor, Role.MANAGER)
    changes = Changes(conn, visitor.seller_id)
    waiting = [each for each in changes.of_proposal(proposal_id, for_update=True) if each.is_waiting]
    if not waiting:
        raise Conflict("moved_on")
    values = {"approved_by": visitor.member.user_id, "decided_at": now, "ended_at": now}
    for change in waiting:
        _move(changes, change, ChangeState.REJECTED, reason=CALLED_OFF, **values)
    record(conn, visitor, "called_off", proposal_id, waiting, now)
    for change in waiting:
        undo_failed(conn, change, now)


def undo(conn: Connection, visitor: Visitor, proposal_id: str, source_key: str, now: datetime) -> str:
    """Propose and approve at once the way back of what went through; return the new proposal's id.

    The way back is exempt from the percent limit, never from the floor, and never from "the shop's
    price must still be what we left".
    """
    need(visitor, Role.MANAGER)
    changes = Changes(conn, visitor.seller_id)
    done = [
        change
        for change in changes.of_proposal(proposal_id, for_update=True)
        if change.can_be_undone(now) and changes.undo_of(change.id) is None
    ]
    if not done:
        raise Conflict("undo_too_late")
    catalogue = Catalogue(conn, visitor.seller_id)
    back = new_id()
    ways = [_way_back(catalogue, visitor, change, back, now) for change in done]
    changes.add(ways, source_key)
    changes.approve([Approval(way.id, visitor.member.user_id, now, is_typed=False) for way in ways])
    for change in done:
        if not changes.touch(change):
            raise Conflict("moved_on")
    record(conn, visitor, "undone", proposal_id, ways, now)
    return back


def supersede(conn: Connection, seller_id: str, listing_variant_ids: Sequence[str], now: datetime) -> None:
    """End older requests for the same listing variants that were not sent yet: the newest one counts."""
    changes = Changes(conn, seller_id)
    for change in changes.open_on(listing_variant_ids):
        if changes.move(change, ChangeState.SUPERSEDED, ended_at=now):
            moved(conn, seller_id, change.proposal_id, now)
            undo_failed(conn, change, now)


def asked(conn: Connection, visitor: Visitor, proposal: Proposal, now: datetime) -> None:
    """Tell whoever may decide that something waits; quietly where who asked may decide alone."""
    shops = {each.shop.id for each in proposal.prices}
    is_own = visitor.role.may(Role.MANAGER) and not proposal.second_persons
    tell_deciders(conn, visitor, EventKind.PROPOSAL_ASKED, proposal.id, shops, now, is_own=is_own)


def tell_deciders(
    conn: Connection,
    visitor: Visitor,
    kind: EventKind,
    proposal_id: str,
    shop_ids: Collection[str],
    now: datetime,
    *,
    is_own: bool,
) -> None:
    """Tell the views that show one of these shops; private ones are spared what who asked may decide alone."""
    views = Cards(conn, visitor.seller_id).views_that_decide(shop_ids, but_for=visitor.member.user_id)
    payload = {"proposal_id": proposal_id} | ({"is_quiet": "1"} if is_own else {})
    tell(
        conn,
        visitor.seller_id,
        kind,
        f"asked:{proposal_id}",
        payload,
        now=now,
        views=[
            view_id
            for view_id, is_private in views
            if view_id != visitor.view.id and not (is_own and is_private)
        ],
    )


def moved(conn: Connection, seller_id: str, proposal_id: str, now: datetime) -> None:
    """Have every card of a proposal, or of a bulk change, brought up to date."""
    version = version_of(Changes(conn, seller_id).of_proposal(proposal_id))
    payload, head = {"proposal_id": proposal_id}, Bulks(conn, seller_id).get(proposal_id)
    kind = EventKind.BULK_MOVED if head else EventKind.PROPOSAL_MOVED
    version += head.version if head else 0
    tell(conn, seller_id, kind, f"proposal:{proposal_id}:{version}", payload, now=now)


def undo_failed(conn: Connection, way_back: Change, now: datetime) -> None:
    """Offer the undo again on every card of what could not be taken back; any other change is none."""
    changes = Changes(conn, way_back.seller_id)
    left = changes.get(way_back.undo_of) if way_back.undo_of else None
    if left and changes.touch(left):
        moved(conn, left.seller_id, left.proposal_id, now)


def check_shown(
    conn: Connection, visitor: Visitor, proposal_id: str, shown: int, action: Action, now: datetime
) -> None:
    """Let nobody decide on a card that is behind; makes others who decide on it wait until we did.

    Raises Conflict with who was first: "decided", or "button_used" for an undo; else "moved_on".
    """
    changes = Changes(conn, visitor.seller_id)
    found = changes.of_proposal(proposal_id, for_update=True)
    if version_of(found) == shown:
        return
    if action is Action.UNDO:
        members = Members(conn, visitor.seller_id)
        ways_back = [back for each in found if (back := changes.undo_of(each.id))]
        who = members.get(ways_back[0].requested_by) if ways_back else None
        if who:
            raise Conflict("button_used", who=who.name, action=action)
    elif action is not Action.CALL_OFF_PRICE and not _still_waiting(found, now):
        raise _decided(conn, visitor, found)
    raise Conflict("moved_on")


def _waiting(conn: Connection, visitor: Visitor, proposal_id: str, now: datetime) -> list[Change]:
    found = Changes(conn, visitor.seller_id).of_proposal(proposal_id, for_update=True)
    waiting = _still_waiting(found, now)
    if not waiting:
        raise _decided(conn, visitor, found)
    return waiting


def _still_waiting(changes: Sequence[Change], now: datetime) -> list[Change]:
    return [each for each in changes if each.state is ChangeState.PENDING and each.expires_at > now]


def _decided(conn: Connection, visitor: Visitor, found: Sequence[Change]) -> StoreSyncError:
    if not found:
        return NotFound("proposal_unknown")
    decided_by = next((each.approved_by for each in found if each.approved_by), "")
    member = Members(conn, visitor.seller_id).get(decided_by)
    return Conflict("decided", who=member.name if member else "", state=found[0].state)


def _move(changes: Changes, change: Change, to: ChangeState, **values: object) -> None:
    if not changes.move(change, to, **values):
        raise Conflict("moved_on")


def _way_back(catalogue: Catalogue, visitor: Visitor, of: Change, proposal_id: str, now: datetime) -> Change:
    shown = catalogue.listing_variant(of.listing_variant_id)
    variant = catalogue.variant(shown.variant_id) if shown else None
    guard = check_price(of.after, of.before, variant.floor if variant else None)
    if guard is not None:
        raise InputError(f"price_{guard}", asked=of.before, floor=variant.floor if variant else None)
    return way_back(visitor, of, proposal_id, now)


def way_back(visitor: Visitor, of: Change, proposal_id: str, now: datetime) -> Change:
    """Return the change, approved, that takes another one back."""
    return Change(
        id=new_id(),
        proposal_id=proposal_id,
        seller_id=of.seller_id,
        shop_id=of.shop_id,
        kind=of.kind,
        listing_variant_id=of.listing_variant_id,
        before=of.after,
        after=of.before,
        state=ChangeState.APPROVED,
        version=1,
        requested_by=visitor.member.user_id,
        requested_at=now,
        expires_at=now + APPROVAL_LASTS,
        approved_by=visitor.member.user_id,
        decided_at=now,
        undo_of=of.id,
    )


def record(
    conn: Connection,
    visitor: Visitor,
    action: str,
    proposal_id: str,
    changes: Sequence[Change],
    now: datetime,
) -> None:
    """Write what somebody decided into the audit, change by change, and have the cards drawn anew."""
    for change in changes:
        facts = {
            "change": change.id,
            "shop": change.shop_id,
            "before": str(change.before.amount),
            "after": str(change.after.amount),
            "currency": change.after.currency,
        }
        Audit(conn, visitor.seller_id).add(
            actor=visitor.member.user_id,
            action=f"price.{action}",
            subject=f"proposal:{proposal_id}",
            facts=facts,
            now=now,
        )
    for touched in {proposal_id} | {change.proposal_id for change in changes}:
        moved(conn, visitor.seller_id, touched, now)
