"""Bulk changes: drawn up over a list of products, seen, asked for as one, decided, called off, taken back.

What is asked for is exactly what was seen: the plan is worked out anew in the transaction that asks, and
must have the digest that the button was made for.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.bulk import (
    Bulk,
    BulkState,
    Planned,
    Recipe,
    Skip,
    Source,
    check_recipe,
    checked,
    digest_of,
)
from domain.caps import Approval
from domain.changes import APPROVAL_LASTS, Change, ChangeKind, ChangeState
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, NotFound
from domain.events import EventKind
from domain.ids import new_id
from domain.locks import CALLED_OFF
from domain.people import Role
from domain.queue import Queue, Task
from domain.shops import Shop
from domain.tickets import Action, ButtonTicket
from services import decisions
from services.bulk_cards import BulkCard, draft_card, read_bulk
from services.bulk_plans import listed, plan_of, scope_of, steps
from services.guards import excess_of, others_who_decide
from services.products import ProductQuery, chosen_shop, shops_here
from services.views import Pressed, PressResult
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories.audit import Audit
from storage.repositories.bulks import Bulks, recipe_values
from storage.repositories.changes import Changes

ACTS = frozenset(
    {Action.ASK_BULK, Action.APPROVE_BULK, Action.REJECT_BULK, Action.STOP_BULK, Action.UNDO_BULK}
)
_DECIDES = {
    Action.APPROVE_BULK: Action.APPROVE,
    Action.REJECT_BULK: Action.REJECT,
    Action.UNDO_BULK: Action.UNDO,
}


@dataclass(frozen=True, slots=True)
class BulkScope:
    """What a bulk change over a list of products would be about."""

    query: ProductQuery
    products: int
    prices: int
    shop: Shop | None
    currencies: tuple[str, ...]
    is_demo: bool


class BulkService:
    def __init__(self, db: Database, clock: Clock, *, queue: Queue, wakeups: Wakeups) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._wakeups = wakeups

    async def scope(self, visitor: Visitor, query: ProductQuery) -> BulkScope:
        """Count what a bulk change over a list of products is about. Raises as `draft` does."""

        def work(conn: Connection) -> BulkScope:
            found, shops = listed(conn, visitor, query), shops_here(conn, visitor)
            used = {each.shop_id for each in found}
            return BulkScope(
                query=query,
                products=len({each.listing_id for each in found}),
                prices=len(found),
                shop=chosen_shop(shops, query),
                currencies=tuple(sorted({each.price.listed.currency for each in found})),
                is_demo=any(each.is_simulated for each in shops if each.id in used),
            )

        return await self._db.read(work)

    async def currency(self, visitor: Visitor, bulk_id: str) -> str:
        """Return the one currency of a draft's prices. Raises InputError("bulk_currency")."""
        card = await self.redraft(visitor, bulk_id)
        found = {each.before.currency for each in (*card.lines, *card.skipped)}
        if len(found) != 1:
            raise InputError("bulk_currency")
        return found.pop()

    async def draft(self, visitor: Visitor, query: ProductQuery, recipe: Recipe) -> BulkCard:
        """Draw up a bulk change over a list of products; the drafts this person had before are forgotten.

        Raises InputError("bulk_recipe"), InputError("bulk_too_many"), NotFound("bulk_empty").
        """
        decisions.need(visitor, Role.PACKER)
        check_recipe(recipe)
        now, draft_id = self._clock(), new_id()

        def work(conn: Connection) -> BulkCard:
            made = Bulk(
                id=draft_id,
                seller_id=visitor.seller_id,
                source=Source.FILTER,
                scope=scope_of(query),
                recipe=recipe,
                state=BulkState.DRAFT,
                version=1,
                requested_by=visitor.member.user_id,
                requested_at=now,
            )
            plan = plan_of(conn, visitor, made)
            made = replace(made, digest=digest_of(plan))
            bulks = Bulks(conn, visitor.seller_id)
            bulks.drop_drafts(visitor.member.user_id)
            bulks.add(made)
            return draft_card(conn, visitor.seller_id, made, plan)

        return await self._db.write(work, "bulk.draft")

    async def redraft(
        self, visitor: Visitor, bulk_id: str, change: Callable[[Recipe], Recipe] = lambda recipe: recipe
    ) -> BulkCard:
        """Show a draft as it would be now, with its recipe changed.

        Raises NotFound("bulk_gone") when it was asked for, forgotten, or is somebody else's.
        """

        def work(conn: Connection) -> BulkCard:
            bulks = Bulks(conn, visitor.seller_id)
            known = _draft(bulks, visitor, bulk_id)
            recipe = change(known.recipe)
            check_recipe(recipe)
            plan = plan_of(conn, visitor, replace(known, recipe=recipe))
            digest = digest_of(plan)
            if (recipe, digest) != (known.recipe, known.digest):
                bulks.replace(known, digest=digest, **recipe_values(recipe))
                known = replace(known, recipe=recipe, digest=digest, version=known.version + 1)
            return draft_card(conn, visitor.seller_id, known, plan)

        return await self._db.write(work, "bulk.redraft")

    async def has(self, visitor: Visitor, proposal_id: str) -> bool:
        """Tell whether changes that were asked for together are a bulk change."""
        return await self._db.read(lambda conn: Bulks(conn, visitor.seller_id).get(proposal_id) is not None)

    async def show(self, visitor: Visitor, bulk_id: str) -> BulkCard:
        """Return a bulk change as it stands: a draft of one's own, or what was asked for."""
        found = await self._db.read(lambda conn: Bulks(conn, visitor.seller_id).get(bulk_id))
        if found and found.state is BulkState.DRAFT:
            return await self.redraft(visitor, bulk_id)
        return await self.card(visitor.seller_id, bulk_id)

    async def card(self, seller_id: str, bulk_id: str) -> BulkCard:
        """Return what was asked for. Raises NotFound("proposal_unknown")."""
        now = self._clock()
        return await self._db.read(lambda conn: read_bulk(conn, seller_id, bulk_id, now))

    async def waiting(self, visitor: Visitor) -> list[BulkCard]:
        """Return bulk changes that wait for a decision in shops the view shows, the oldest first."""
        now = self._clock()

        def work(conn: Connection) -> list[BulkCard]:
            ids = Bulks(conn, visitor.seller_id).waiting()
            found = [read_bulk(conn, visitor.seller_id, each, now) for each in ids]
            return [card for card in found if _is_open_here(card, visitor, now)]

        return await self._db.read(work)

    async def type_count(self, visitor: Visitor, bulk_id: str, count: int) -> BulkCard:
        """Approve a bulk change beyond a limit by typing how many prices it has."""
        now = self._clock()

        def work(conn: Connection) -> BulkCard:
            presser = decisions.as_of_now(conn, visitor)
            card = read_bulk(conn, visitor.seller_id, bulk_id, now)
            asked = sum(each.state is ChangeState.PENDING for each in card.lines)
            if asked and count != asked:
                raise InputError("count_differs", asked=asked, typed=count)
            decisions.approve(conn, presser, bulk_id, now, is_typed=True)
            return read_bulk(conn, visitor.seller_id, bulk_id, now)

        approved = await self._db.write(work, "bulk.type_count")
        await self.send(visitor.seller_id, bulk_id)
        return approved

    async def plan_undo(self, visitor: Visitor, bulk_id: str) -> BulkCard:
        """Return what taking a bulk change back would do: a draft's card, though none is kept."""
        now = self._clock()

        def work(conn: Connection) -> BulkCard:
            card = read_bulk(conn, visitor.seller_id, bulk_id, now)
            plan = [planned for _, planned in _ways_back(conn, card.bulk, now)]
            shown = draft_card(conn, visitor.seller_id, replace(card.bulk, undo_of=bulk_id), plan)
            return replace(shown, version=card.version, can_be_undone=card.can_be_undone)

        return await self._db.read(work)

    async def send(self, seller_id: str, bulk_id: str) -> None:
        """Ask the queue to send what is approved."""
        self._wakeups.outbox.set()
        await self._queue.enqueue(Task.APPLY_BULK, seller_id, bulk_id)


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Do what a button of a bulk change says, once, if it still is as it was shown."""
    about = ticket.object_id
    if ticket.action is Action.ASK_BULK:
        is_asked = _ask(conn, visitor, ticket, now)
        return Pressed(PressResult.BULK_ASKED if is_asked else PressResult.BULK_LOOKED, about)
    head = Bulks(conn, visitor.seller_id).get(about, for_update=True)
    if head is None or head.state is BulkState.DRAFT:
        raise NotFound("button_unknown")
    if ticket.action is Action.STOP_BULK:
        decisions.need(visitor, Role.MANAGER)
        if not call_off(conn, head, now, by=visitor.member.user_id):
            raise Conflict("moved_on")
        return Pressed(PressResult.BULK_STOPPED, about)
    shown, action = ticket.object_version - head.version, _DECIDES[ticket.action]
    decisions.check_shown(conn, visitor, about, shown, action, now)
    if action is Action.REJECT:
        decisions.reject(conn, visitor, about, now)
        return Pressed(PressResult.BULK_REJECTED, about)
    if action is Action.UNDO:
        return Pressed(PressResult.BULK_UNDONE, _undo(conn, visitor, head, ticket.id, now))
    is_approved = decisions.approve(conn, visitor, about, now)
    return Pressed(PressResult.BULK_APPROVED if is_approved else PressResult.BULK_TYPING, about)


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


def _ask(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> bool:
    """Ask for what a draft showed; False when the prices would be others by now, or none."""
    decisions.need(visitor, Role.PACKER)
    bulks, changes = Bulks(conn, visitor.seller_id), Changes(conn, visitor.seller_id)
    draft = _draft(bulks, visitor, ticket.object_id, for_update=True)
    plan = plan_of(conn, visitor, draft)
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


def _undo(conn: Connection, visitor: Visitor, of: Bulk, ticket_id: str, now: datetime) -> str:
    """Propose and approve at once the way back of what went through and still is as we left it."""
    decisions.need(visitor, Role.MANAGER)
    changes, bulks = Changes(conn, visitor.seller_id), Bulks(conn, visitor.seller_id)
    ways = _ways_back(conn, of, now)
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


def _ways_back(conn: Connection, of: Bulk, now: datetime) -> list[tuple[Change, Planned]]:
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


def _draft(bulks: Bulks, visitor: Visitor, bulk_id: str, *, for_update: bool = False) -> Bulk:
    found = bulks.get(bulk_id, for_update=for_update)
    is_own = found is not None and found.requested_by == visitor.member.user_id
    if found is None or found.state is not BulkState.DRAFT or not is_own:
        raise NotFound("bulk_gone")
    return found


def _is_open_here(card: BulkCard, visitor: Visitor, now: datetime) -> bool:
    return any(
        each.change
        and each.change.state is ChangeState.PENDING
        and each.change.expires_at > now
        and visitor.view.shows(each.shop.id)
        for each in card.lines
    )


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
