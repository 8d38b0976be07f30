"""The kill-switch: nothing leaves for a seller's shops until somebody resumes; what waits is held, not dropped (P13).

Every write to a platform asks `pauses.is_held` where it is claimed, and `assert_open` right before it
leaves: what was claimed a moment before the pause does not slip through.
"""

from datetime import datetime

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, NotFound, WritesPaused
from domain.events import EventKind
from domain.people import Role
from domain.queue import Queue, Task
from domain.shops import Shop, ShopState
from domain.tickets import Action, ButtonTicket
from services.decisions import moved, need
from services.outbox import tell
from services.views import Pressed, PressResult, Writes
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import bulks as bulk_rows
from storage.repositories import changes as change_rows
from storage.repositories import (
    listing_changes,
    marks,
    packings,
    pauses,
    shown_stock,
)
from storage.repositories.audit import Audit
from storage.repositories.cards import Cards
from storage.repositories.changes import Changes
from storage.repositories.listing_changes import ListingChanges
from storage.repositories.members import Members
from storage.repositories.order_actions import OrderActions
from storage.repositories.packings import Packings
from storage.repositories.pauses import Pauses
from storage.repositories.return_actions import ReturnActions
from storage.repositories.review_answers import ReviewAnswers
from storage.repositories.shops import Shops
from storage.repositories.shown_stock import ShownStock

RELEASED = 200
"""How much is asked for at once after a resume; the sweep asks for the rest."""


class PauseService:
    def __init__(self, db: Database, clock: Clock, *, queue: Queue, wakeups: Wakeups) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._wakeups = wakeups

    async def look(self, visitor: Visitor) -> Writes:
        """Return whether writes leave, and what waits."""
        return await self.look_at(visitor.seller_id)

    async def look_at(self, seller_id: str) -> Writes:
        def work(conn: Connection) -> Writes:
            switch, shops = Pauses(conn, seller_id), tuple(Shops(conn, seller_id).all())
            return Writes(
                pause=switch.find(),
                shops=shops,
                prices=Changes(conn, seller_id).count_approved(),
                listings=ListingChanges(conn, seller_id).count_approved(),
                stock=ShownStock(conn, seller_id).count_to_send(),
                parcels=Packings(conn, seller_id).count_asked(),
                orders=OrderActions(conn, seller_id).count_ready(),
                returns=ReturnActions(conn, seller_id).count_ready(),
                answers=ReviewAnswers(conn, seller_id).count_ready(),
                version=switch.version(),
                is_demo=any(shop.is_simulated for shop in shops),
            )

        return await self._db.read(work)

    async def name_of(self, seller_id: str, user_id: str) -> str:
        """Return a member's name; nothing for who is none, as the host."""
        found = await self._db.read(lambda conn: Members(conn, seller_id).get(user_id))
        return found.name if found else ""

    async def release(self, shop_id: str = "") -> None:
        """Ask for what was held and may leave again, and for a reading of a shop that was paused."""
        now = self._clock()
        ready, bulks, listings, shops, parcels, orders, returns, answers = await self._db.read(
            lambda conn: (
                change_rows.due(conn, now, RELEASED),
                bulk_rows.due(conn, now, RELEASED),
                listing_changes.due(conn, now, RELEASED),
                shown_stock.due_shops(conn, now, RELEASED),
                packings.due_shops(conn, now, RELEASED),
                OrderActions.due(conn, now, RELEASED),
                ReturnActions.due(conn, now, RELEASED),
                ReviewAnswers.due(conn, now, RELEASED),
            )
        )
        for seller_id, change_id in ready:
            await self._queue.enqueue(Task.APPLY_CHANGE, seller_id, change_id)
        for seller_id, bulk_id in bulks:
            await self._queue.enqueue(Task.APPLY_BULK, seller_id, bulk_id)
        for seller_id, change_id in listings:
            await self._queue.enqueue(Task.APPLY_LISTING, seller_id, change_id)
        for each in shops:
            await self._queue.enqueue(Task.PUSH_STOCK, each)
        for each in parcels:
            await self._queue.enqueue(Task.ARRANGE_PARCELS, each)
        for seller_id, action_id in orders:
            await self._queue.enqueue(Task.ACT_ON_ORDER, seller_id, action_id)
        for seller_id, action_id in returns:
            await self._queue.enqueue(Task.ACT_ON_RETURN, seller_id, action_id)
        for seller_id, answer_id in answers:
            await self._queue.enqueue(Task.ANSWER_REVIEW, seller_id, answer_id)
        if shop_id:
            await self._queue.enqueue(Task.POLL_ORDERS, shop_id)
            await self._queue.enqueue(Task.POLL_LISTINGS, shop_id)
        self._wakeups.outbox.set()


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Pause or resume as a button says, if nobody did since it was shown. Raises Conflict("moved_on")."""
    need(visitor, Role.MANAGER)
    if Pauses(conn, visitor.seller_id).version() != ticket.object_version:
        raise Conflict("moved_on")
    by, view_id = visitor.member.user_id, visitor.view.id
    if ticket.action is Action.PAUSE_WRITES:
        pause_in(conn, visitor.seller_id, by, now, but_for=view_id)
        return Pressed(PressResult.PAUSED, visitor.seller_id)
    resume_in(conn, visitor.seller_id, by, now, but_for=view_id)
    return Pressed(PressResult.RESUMED, visitor.seller_id)


def press_shop_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Pause or resume one shop as a button says. Raises NotFound("shop_unknown"), Conflict("moved_on")."""
    need(visitor, Role.MANAGER)
    shop = shown_shop(conn, visitor, ticket.object_id, ticket.object_version)
    rests = ticket.action is Action.PAUSE_SHOP
    was, to = (ShopState.LINKED, ShopState.PAUSED) if rests else (ShopState.PAUSED, ShopState.LINKED)
    if shop.state is not was or not Shops(conn, visitor.seller_id).move(shop, to):
        raise Conflict("moved_on")
    if not rests:
        marks.hurry(conn, shop.id, now)
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id,
        action="shop.paused" if rests else "shop.resumed",
        subject=f"shop:{shop.id}",
        facts={},
        now=now,
    )
    cards_moved(conn, visitor.seller_id, now, shop.id)
    return Pressed(PressResult.SHOP_PAUSED if rests else PressResult.SHOP_RESUMED, shop.id)


def shown_shop(conn: Connection, visitor: Visitor, shop_id: str, link_gen: int) -> Shop:
    """Return a shop as a button spoke of it. Raises NotFound("shop_unknown"), Conflict("moved_on")."""
    shop = Shops(conn, visitor.seller_id).get(shop_id)
    if shop is None or shop.state is ShopState.UNLINKED:
        raise NotFound("shop_unknown")
    if shop.link_gen != link_gen:
        raise Conflict("moved_on")
    return shop


def pause_in(conn: Connection, seller_id: str, by: str, now: datetime, *, but_for: str = "") -> None:
    """Let nothing leave for a seller's shops from here on. Raises Conflict("moved_on") when it is so already."""
    if not Pauses(conn, seller_id).begin(by, now):
        raise Conflict("moved_on")
    _record(conn, seller_id, by, EventKind.WRITES_PAUSED, now, but_for)


def resume_in(conn: Connection, seller_id: str, by: str, now: datetime, *, but_for: str = "") -> None:
    """Let what waits leave. Raises Conflict("moved_on") when nothing is paused."""
    if not Pauses(conn, seller_id).end():
        raise Conflict("moved_on")
    _record(conn, seller_id, by, EventKind.WRITES_RESUMED, now, but_for)


def assert_open(conn: Connection, shop_id: str) -> None:
    """Raise WritesPaused when nothing may be written to a shop now."""
    if pauses.is_held(conn, shop_id):
        raise WritesPaused


def cards_moved(conn: Connection, seller_id: str, now: datetime, shop_id: str = "") -> None:
    """Have the cards of what is approved and not sent say whether it is held."""
    for proposal_id in Changes(conn, seller_id).touch_approved(shop_id):
        moved(conn, seller_id, proposal_id, now)


def _record(conn: Connection, seller_id: str, by: str, kind: EventKind, now: datetime, but_for: str) -> None:
    Audit(conn, seller_id).add(
        actor=by, action=kind.replace("_", "."), subject=f"seller:{seller_id}", facts={}, now=now
    )
    version = Pauses(conn, seller_id).version()
    views = [view_id for view_id in Cards(conn, seller_id).views() if view_id != but_for]
    tell(conn, seller_id, kind, f"writes:{version}", {"by": by}, now=now, views=views)
    cards_moved(conn, seller_id, now)
