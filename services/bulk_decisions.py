"""What a person decides about a bulk change beside its approval: asked for, called off, taken back. One transaction each."""

from collections.abc import Mapping
from datetime import datetime

from domain.bulk import Bulk, BulkState, Planned, Skip, Source, checked, digest_of
from domain.caps import Approval
from domain.changes import APPROVAL_LASTS, Change, ChangeKind, ChangeState
from domain.chats import Visitor
from domain.errors import Conflict, NotFound
from domain.events import EventKind
from domain.ids import new_id
from domain.locks import CALLED_OFF
from domain.people import Role
from domain.platform import Platform
from domain.tickets import ButtonTicket
from services import decisions
from services.bulk_plans import plan_of, steps
from services.guards import excess_of, others_who_decide
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.repositories.bulks import Bulks
from storage.repositories.changes import Changes


def call_off(conn: Connection, head: Bulk, now: datetime, *, by: str = "", reason: str = "") -> bool:
    """Let be what was approved and not sent yet; False when there is nothing left to call off."""
    changes = Changes(conn, head.seller_id)
    left = [
        each
        for each in changes.of_proposal(head.id, for_update=True)
        if each.state is ChangeState.APPROVED
        and changes.move(each, ChangeState.REJECTED, ended_at=now, reason=CALLED_OFF)
    ]
    if not left:
        return False
    values = {"state": BulkState.CALLED_OFF, "reason": reason[:48], "stopped_by": by}
    if not Bulks(conn, head.seller_id).replace(head, **values):
        raise Conflict("moved_on")
    Audit(conn, head.seller_id).add(
        actor=by or "storesync",
        action="bulk.called_off",
        subject=f"proposal:{head.id}",
        facts={"left": str(len(left)), "reason": reason},
        now=now,
    )
    for each in left:
        decisions.undo_failed(conn, each, now)
    decisions.moved(conn, head.seller_id, head.id, now)
    return True


def ask(
    conn: Connection,
    visitor: Visitor,
    ticket: ButtonTicket,
    platforms: Mapping[str, Platform],
    now: datetime,
) -> bool:
    """Ask for what a draft showed; False when the prices would be others by now, or none."""
    decisions.need(visitor, Role.PACKER)
    bulks, changes = Bulks(conn, visitor.seller_id), Changes(conn, visitor.seller_id)
    draft = draft_of(bulks, visitor, ticket.object_id, for_update=True)
    plan = plan_of(conn, visitor, draft, platforms)
    made = [_change(visitor, draft, each, now) for each in steps(plan)]
    if draft.version != ticket.object_version or digest_of(plan) != draft.digest or not made:
        return False
    decisions.supersede(conn, visitor.seller_id, [each.listing_variant_id for each in made], now)
    changes.add(made, f"bulk:{draft.id}")
    bulks.skip(draft.id, [each for each in plan if each.skip is not None])
    if not bulks.replace(draft, state=BulkState.ASKED, requested_at=now):
        raise Conflict("moved_on")
    excess = excess_of(conn, visitor.seller_id, made, now)
    others = others_who_decide(conn, visitor.seller_id, visitor.member.user_id) if excess else []
    decisions.tell_deciders(
        conn,
        visitor,
        EventKind.BULK_ASKED,
        draft.id,
        {each.shop_id for each in made},
        now,
        is_own=visitor.role.may(Role.MANAGER) and not others,
    )
    return True


def take_back(conn: Connection, visitor: Visitor, of: Bulk, ticket_id: str, now: datetime) -> str:
    """Propose and approve at once the way back of what went through and still is as we left it."""
    decisions.need(visitor, Role.MANAGER)
    changes, bulks = Changes(conn, visitor.seller_id), Bulks(conn, visitor.seller_id)
    ways = ways_back(conn, of, now)
    back = Bulk(
        id=new_id(),
        seller_id=of.seller_id,
        source=Source.UNDO,
        scope=of.scope,
        recipe=of.recipe,
        state=BulkState.ASKED,
        version=1,
        requested_by=visitor.member.user_id,
        requested_at=now,
        undo_of=of.id,
        file=of.file,
    )
    made = [
        decisions.way_back(visitor, change, back.id, now) for change, planned in ways if planned.skip is None
    ]
    if not made:
        raise Conflict("undo_too_late")
    bulks.add(back)
    decisions.supersede(conn, visitor.seller_id, [each.listing_variant_id for each in made], now)
    changes.add(made, f"undo:{ticket_id}")
    changes.approve([Approval(each.id, back.requested_by, now, is_typed=False) for each in made])
    bulks.skip(back.id, [planned for _, planned in ways if planned.skip is not None])
    taken = {each.undo_of for each in made}
    for change, _ in ways:
        if change.id in taken and not changes.touch(change):
            raise Conflict("moved_on")
    decisions.record(conn, visitor, "undone", of.id, made, now)
    return back.id


def ways_back(conn: Connection, of: Bulk, now: datetime) -> list[tuple[Change, Planned]]:
    """Plan the way back of each price that went through; what somebody changed since is left as it is."""
    changes, bulks = Changes(conn, of.seller_id), Bulks(conn, of.seller_id)
    taken = changes.taken_back(of.id)
    done = [
        each
        for each in changes.of_proposal(of.id, for_update=False)
        if each.can_be_undone(now) and each.id not in taken
    ]
    ids = [each.listing_variant_id for each in done]
    shown, floors = bulks.shown(ids), bulks.floors(ids)
    ways = []
    for change in done:
        one = shown[change.listing_variant_id]
        planned = checked(one, change.after, change.before, floors.get(one.id))
        if one.price.listed != change.after:
            planned = Planned(one, one.price.listed, change.before, Skip.CHANGED_SINCE)
        ways.append((change, planned))
    return ways


def draft_of(bulks: Bulks, visitor: Visitor, bulk_id: str, *, for_update: bool = False) -> Bulk:
    found = bulks.get(bulk_id, for_update=for_update)
    is_own = found is not None and found.requested_by == visitor.member.user_id
    if found is None or found.state is not BulkState.DRAFT or not is_own:
        raise NotFound("bulk_gone")
    return found


def _change(visitor: Visitor, bulk: Bulk, planned: Planned, now: datetime) -> Change:
    return Change(
        id=new_id(),
        proposal_id=bulk.id,
        seller_id=bulk.seller_id,
        shop_id=planned.shown.shop_id,
        kind=ChangeKind.PRICE,
        listing_variant_id=planned.shown.id,
        before=planned.before,
        after=planned.after,
        state=ChangeState.PENDING,
        version=1,
        requested_by=visitor.member.user_id,
        requested_at=now,
        expires_at=now + APPROVAL_LASTS,
    )
