"""What a person wants of an order at its platform: cancel it, answer the buyer, note something.

Each wish is a row before anything leaves (`order_sending` carries it there), one at a time for an order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.actions import ActionState
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, NotFound
from domain.events import EventKind
from domain.ids import new_id
from domain.order_actions import CANCELLABLE, NOTE_LENGTH, RATE_DAYS, ActionKind, FailureRate, OrderAction
from domain.orders import Order, OrderStatus
from domain.people import Role
from domain.platform import Can, CancelReason, Measure, Metric, Platform
from domain.queue import Queue, Task
from domain.shops import Shop, ShopAccess, ShopState
from domain.tickets import Action, ButtonTicket
from services.decisions import need
from services.outbox import tell
from services.tokens import TokenService
from services.views import Pressed, PressResult
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import order_actions as action_rows
from storage.repositories import pauses
from storage.repositories.audit import Audit
from storage.repositories.cards import Cards
from storage.repositories.health import Healths
from storage.repositories.ledger import Ledger
from storage.repositories.order_actions import OrderActions
from storage.repositories.orders import Orders
from storage.repositories.shops import Shops

REMINDS_BEFORE = timedelta(hours=4)
LOOKS_EVERY = timedelta(minutes=1)
REMINDED = 200

SUBJECT = "order"
"""What the card of an order is remembered under."""

NEEDS = {
    ActionKind.CANCEL: Can.CANCEL_ORDERS,
    ActionKind.ACCEPT: Can.ANSWER_CANCELLATIONS,
    ActionKind.REJECT: Can.ANSWER_CANCELLATIONS,
    ActionKind.NOTE: Can.NOTE_ORDERS,
}
ASKS: dict[Action, tuple[ActionKind, CancelReason | None]] = {
    Action.CANCEL_OUT_OF_STOCK: (ActionKind.CANCEL, CancelReason.OUT_OF_STOCK),
    Action.CANCEL_BUYER_ASKED: (ActionKind.CANCEL, CancelReason.BUYER_ASKED),
    Action.CANCEL_AREA_NOT_SERVED: (ActionKind.CANCEL, CancelReason.AREA_NOT_SERVED),
    Action.CANCEL_COD_NOT_SUPPORTED: (ActionKind.CANCEL, CancelReason.COD_NOT_SUPPORTED),
    Action.ACCEPT_CANCEL: (ActionKind.ACCEPT, None),
    Action.REJECT_CANCEL: (ActionKind.REJECT, None),
}
CANCELS = {reason: action for action, (_, reason) in ASKS.items() if reason}


@dataclass(frozen=True, slots=True)
class OrderDoing:
    """What is being done to an order and what may be: `version` grows with every step of it."""

    version: int = 0
    latest: OrderAction | None = None
    may: frozenset[ActionKind] = frozenset()
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class CancelPlan:
    """What cancelling would do. `units_back` come back to the shelf's available units, of those counted."""

    reason: CancelReason
    units: int
    units_back: int
    before: FailureRate
    after: FailureRate
    version: int
    measured: Metric | None = None
    """What the platform itself counts, and the limit it sets."""

    @property
    def passes_limit(self) -> bool:
        """Tell whether this one may take the shop beyond the platform's limit."""
        limit = self.measured.target if self.measured else None
        return limit is not None and self.before.percent < limit <= self.after.percent


class OrderActionService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        platforms: Mapping[str, Platform],
        queue: Queue,
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._platforms = platforms
        self._queue = queue
        self._wakeups = wakeups
        self._reminded_at: datetime | None = None

    async def of(self, seller_id: str, order_id: str) -> OrderDoing:
        """Return what the card of an order shows beside the order."""

        def work(conn: Connection) -> OrderDoing:
            order, shop = _order_and_shop(conn, seller_id, order_id)
            actions = OrderActions(conn, seller_id)
            latest = actions.latest(order_id)
            return OrderDoing(
                version=actions.version(order_id),
                latest=latest,
                may=self._may(order, shop, latest),
                is_held=pauses.is_held(conn, shop.id),
            )

        return await self._db.read(work)

    async def reasons(self, visitor: Visitor, order_id: str) -> tuple[CancelReason, ...]:
        """List why this order may be cancelled. Raises Conflict("moved_on") when it may not be any more."""
        need(visitor, Role.MANAGER)
        order, shop = await self._cancellable(visitor, order_id)

        async def ask(platform: Platform, access: ShopAccess) -> tuple[CancelReason, ...]:
            return tuple(platform.order_actions.cancel_reasons(access, is_cod=order.snapshot.is_cod))

        return await self._tokens.call(shop.id, ask)

    async def plan(self, visitor: Visitor, order_id: str, reason: CancelReason) -> CancelPlan:
        """Return what a cancellation would do, for the question before it."""
        need(visitor, Role.MANAGER)
        order, shop = await self._cancellable(visitor, order_id)
        since = self._clock() - timedelta(days=RATE_DAYS)

        def work(conn: Connection) -> CancelPlan:
            actions = OrderActions(conn, visitor.seller_id)
            health = Healths(conn, visitor.seller_id).of(shop.id)
            held = Ledger(conn, visitor.seller_id).held([order_id]).values()
            before = actions.failure_rate(shop.id, since)
            is_counted = order.snapshot.status is not OrderStatus.UNPAID and order.snapshot.placed_at >= since
            return CancelPlan(
                reason=reason,
                units=sum(line.quantity for line in order.snapshot.lines),
                units_back=sum(max(0, each.allocated) for _, each in held),
                before=before,
                after=before.with_one_more(is_counted=is_counted),
                version=actions.version(order_id),
                measured=health.standing.metric(Measure.NON_FULFILMENT) if health else None,
            )

        return await self._db.read(work)

    async def note(self, visitor: Visitor, order_id: str, text: str) -> None:
        """Have the platform keep a note on an order; an empty one takes it away. Raises InputError("note_long")."""
        need(visitor, Role.PACKER)
        note = text.strip()
        if len(note) > NOTE_LENGTH:
            raise InputError("note_long", most=NOTE_LENGTH)
        now = self._clock()

        def work(conn: Connection) -> None:
            under_way = OrderActions(conn, visitor.seller_id).under_way(order_id)
            if under_way is None or (under_way.kind, under_way.note) != (ActionKind.NOTE, note):
                ask_in(conn, visitor, order_id, ActionKind.NOTE, now, note=note)

        await self._db.write(work, "order_action.note")
        await self.spread(visitor.seller_id, order_id)

    async def remind(self) -> int:
        """Tell once more of each buyer who waits for an answer shortly before the order must ship; how many do."""
        now = self._clock()
        if self._reminded_at and now - self._reminded_at < LOOKS_EVERY:
            return 0
        self._reminded_at = now
        waiting = await self._db.read(
            lambda conn: action_rows.unanswered(conn, now, now + REMINDS_BEFORE, REMINDED)
        )
        if not waiting:
            return 0

        def work(conn: Connection) -> None:
            for each in waiting:
                payload = {"order_id": each.order_id, "shop_id": each.shop_id}
                key = f"order:asked_again:{each.order_id}:{each.ship_by.timestamp():.0f}"
                tell(conn, each.seller_id, EventKind.ORDER_CANCELLED, key, payload, now=now)

        await self._db.write(work, "order_action.remind")
        self._wakeups.outbox.set()
        return len(waiting)

    async def spread(self, seller_id: str, order_id: str) -> None:
        """Ask the queue to bring what is under way of an order to its platform."""
        found = await self._db.read(lambda conn: OrderActions(conn, seller_id).under_way(order_id))
        self._wakeups.outbox.set()
        if found:
            await self._queue.enqueue(Task.ACT_ON_ORDER, seller_id, found.id)

    async def _cancellable(self, visitor: Visitor, order_id: str) -> tuple[Order, Shop]:
        def work(conn: Connection) -> tuple[Order, Shop]:
            order, shop = _order_and_shop(conn, visitor.seller_id, order_id)
            latest = OrderActions(conn, visitor.seller_id).latest(order_id)
            if ActionKind.CANCEL not in self._may(order, shop, latest):
                raise Conflict("moved_on")
            return order, shop

        return await self._db.read(work)

    def _may(self, order: Order, shop: Shop, latest: OrderAction | None) -> frozenset[ActionKind]:
        """Return what may be asked for now, by what the platform can, how the order stands and what is under way."""
        if shop.state not in {ShopState.LINKED, ShopState.PAUSED} or (latest and latest.is_under_way):
            return frozenset()
        can = self._platforms[shop.platform].info.can
        status = order.snapshot.status
        return frozenset(kind for kind in ActionKind if NEEDS[kind] in can and _fits(kind, status))


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Ask for what a button says, if the order and its actions are as they were shown."""
    need(visitor, Role.MANAGER)
    kind, reason = ASKS[ticket.action]
    ask_in(conn, visitor, ticket.object_id, kind, now, reason=reason, shown=ticket.object_version)
    return Pressed(PressResult.ORDER_ASKED, ticket.object_id)


def ask_in(
    conn: Connection,
    visitor: Visitor,
    order_id: str,
    kind: ActionKind,
    now: datetime,
    *,
    reason: CancelReason | None = None,
    note: str = "",
    shown: int | None = None,
) -> None:
    """Write down what somebody wants of an order. Raises Conflict("moved_on") or Conflict("order_busy")."""
    actions = OrderActions(conn, visitor.seller_id)
    actions.lock(order_id)
    order, shop = _order_and_shop(conn, visitor.seller_id, order_id)
    if not _fits(kind, order.snapshot.status):
        raise Conflict("moved_on")
    if actions.under_way(order_id):
        raise Conflict("order_busy")
    if shown is not None and actions.version(order_id) != shown:
        raise Conflict("moved_on")
    asked = OrderAction(
        id=new_id(),
        seller_id=visitor.seller_id,
        shop_id=shop.id,
        order_id=order_id,
        kind=kind,
        reason=reason,
        note=note,
        state=ActionState.READY,
        version=1,
        requested_by=visitor.member.user_id,
        requested_at=now,
        due_at=now,
    )
    actions.add(asked)
    note_step(conn, asked, "asked", visitor.member.user_id, now)


def note_step(conn: Connection, of: OrderAction, step: str, actor: str, now: datetime, why: str = "") -> None:
    """Audit a step of an action, and have the cards of its order brought up to date."""
    Audit(conn, of.seller_id).add(
        actor=actor,
        action=f"order.{of.kind}.{step}",
        subject=f"order:{of.order_id}",
        facts={"action": of.id, "reason": why or of.reason or ""},
        now=now,
    )
    order_moved(conn, of.seller_id, of.order_id, now)


def order_moved(conn: Connection, seller_id: str, order_id: str, now: datetime) -> None:
    """Have every card that shows an order brought up to date."""
    views = sorted({each.view_id for each in Cards(conn, seller_id).of(SUBJECT, order_id)})
    if views:
        version = OrderActions(conn, seller_id).version(order_id)
        key = f"order:moved:{order_id}:{version}"
        tell(conn, seller_id, EventKind.ORDER_MOVED, key, {"order_id": order_id}, now=now, views=views)


def _fits(kind: ActionKind, status: OrderStatus) -> bool:
    match kind:
        case ActionKind.CANCEL:
            return status in CANCELLABLE
        case ActionKind.ACCEPT | ActionKind.REJECT:
            return status is OrderStatus.CANCEL_ASKED
        case ActionKind.NOTE:
            return True


def _order_and_shop(conn: Connection, seller_id: str, order_id: str) -> tuple[Order, Shop]:
    order = Orders(conn, seller_id).get(order_id)
    shop = Shops(conn, seller_id).get(order.shop_id) if order else None
    if order is None or shop is None:
        raise NotFound("order_unknown")
    return order, shop
