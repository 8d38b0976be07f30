"""Bulk changes: drawn up over a list of products, seen, asked for as one, decided, called off, taken back.

What is asked for is exactly what was seen: the plan is worked out anew in the transaction that asks, and
must have the digest that the button was made for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.bulk import (
    Bulk,
    BulkState,
    Recipe,
    Source,
    check_recipe,
    digest_of,
)
from domain.changes import ChangeState
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, NotFound
from domain.ids import new_id
from domain.people import Role
from domain.platform import Platform
from domain.queue import Queue, Task
from domain.shops import Shop
from domain.tickets import Action, ButtonTicket
from services import decisions
from services.bulk_cards import BulkCard, draft_card, read_bulk
from services.bulk_decisions import ask, call_off, draft_of, take_back, ways_back
from services.bulk_plans import listed, plan_of, scope_of
from services.products import ProductQuery, chosen_shop, shops_here
from services.views import Pressed, PressResult
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories.bulks import Bulks, recipe_values

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
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        queue: Queue,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._platforms = platforms
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
            plan = plan_of(conn, visitor, made, self._platforms)
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
            known = draft_of(bulks, visitor, bulk_id)
            recipe = change(known.recipe)
            check_recipe(recipe)
            plan = plan_of(conn, visitor, replace(known, recipe=recipe), self._platforms)
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
            plan = [planned for _, planned in ways_back(conn, card.bulk, now)]
            shown = draft_card(conn, visitor.seller_id, replace(card.bulk, undo_of=bulk_id), plan)
            return replace(shown, version=card.version, can_be_undone=card.can_be_undone)

        return await self._db.read(work)

    async def send(self, seller_id: str, bulk_id: str) -> None:
        """Ask the queue to send what is approved."""
        self._wakeups.outbox.set()
        await self._queue.enqueue(Task.APPLY_BULK, seller_id, bulk_id)

    def press_in(self, conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
        """Do what a button of a bulk change says, once, if it still is as it was shown."""
        about = ticket.object_id
        if ticket.action is Action.ASK_BULK:
            is_asked = ask(conn, visitor, ticket, self._platforms, now)
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
            return Pressed(PressResult.BULK_UNDONE, take_back(conn, visitor, head, ticket.id, now))
        is_approved = decisions.approve(conn, visitor, about, now)
        return Pressed(PressResult.BULK_APPROVED if is_approved else PressResult.BULK_TYPING, about)


def _is_open_here(card: BulkCard, visitor: Visitor, now: datetime) -> bool:
    return any(
        each.change
        and each.change.state is ChangeState.PENDING
        and each.change.expires_at > now
        and visitor.view.shows(each.shop.id)
        for each in card.lines
    )
