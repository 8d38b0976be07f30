"""Buttons with a right behind them: issued with a card, spent by one press (`promises.md` R7)."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, NotAllowed, NotFound
from domain.ids import new_id
from domain.people import Role
from domain.tickets import Action, ButtonTicket
from services import (
    bulks,
    counting,
    decisions,
    holidays,
    keeping,
    limits,
    listing_edits,
    locks,
    namesakes,
    order_actions,
    parcel_buttons,
    pausing,
    return_actions,
    returned_goods,
    reviews,
    team,
)
from services.bulks import BulkService
from services.counts import CountService
from services.holidays import HolidayService
from services.linking import LinkingService
from services.listing_edits import ListingEditService
from services.order_actions import OrderActionService
from services.pausing import PauseService
from services.prices import PriceService
from services.return_actions import ReturnActionService
from services.returned_goods import ReturnedGoodsService
from services.reviews import ReviewService
from services.views import Pressed, PressResult
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories.cards import Tickets
from storage.repositories.members import Members

PREFIX = "c1:"
TOKEN_LENGTH = 22
UNSPENT = {
    PressResult.NEEDS_TYPING,
    PressResult.STOCK_ASKED,
    PressResult.BULK_LOOKED,
    PressResult.BULK_TYPING,
}
"""What a press led to that only asks on: the button still waits for its act."""
KEEPS = set(keeping.POLICIES)
COUNTS = {Action.SEND_STOCK, Action.SURE_STOCK, Action.UNDO_STOCK}
SPREADS = {PressResult.STOCK_SENT, PressResult.STOCK_UNDONE, PressResult.KEPT_SO, PressResult.JOINED}
"""What may have changed how many units the shops should show."""
PAUSES = {Action.PAUSE_WRITES, Action.RESUME_WRITES}
PAUSES_OF_SHOPS = {Action.PAUSE_SHOP, Action.RESUME_SHOP}
CALLS_OFF = {Action.CALL_OFF_PRICE, Action.CALL_OFF_STOCK}
PRICE_ACTIONS = {Action.APPROVE, Action.REJECT, Action.UNDO, Action.CALL_OFF_PRICE}

Act = Callable[[Connection, Visitor, ButtonTicket, datetime], Pressed]


class ButtonService:
    def __init__(  # noqa: PLR0913 - every noun that a button acts on
        self,
        db: Database,
        clock: Clock,
        *,
        key: bytes,
        prices: PriceService,
        bulks: BulkService,
        linking: LinkingService,
        counts: CountService,
        pausing: PauseService,
        edits: ListingEditService,
        order_actions: OrderActionService,
        return_actions: ReturnActionService,
        returned_goods: ReturnedGoodsService,
        reviews: ReviewService,
        holidays: HolidayService,
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._key = key
        self._prices = prices
        self._bulks = bulks
        self._linking = linking
        self._counts = counts
        self._pausing = pausing
        self._edits = edits
        self._order_actions = order_actions
        self._return_actions = return_actions
        self._returned_goods = returned_goods
        self._reviews = reviews
        self._holidays = holidays
        self._wakeups = wakeups

    async def token(
        self,
        view_id: str,
        action: Action,
        object_id: str,
        version: int,
        min_role: Role,
        ttl: timedelta = timedelta(hours=24),
    ) -> str:
        """Return the data of a button; drawn again, the same card gets the same button."""
        now = self._clock()
        known = await self._db.read(
            lambda conn: Tickets(conn, view_id).for_object(action, object_id, version)
        )
        if known:
            return PREFIX + self._token(known.id)

        def work(conn: Connection) -> str:
            tickets = Tickets(conn, view_id)
            ticket = tickets.for_object(action, object_id, version)
            if ticket is None:
                ticket = ButtonTicket(new_id(), view_id, action, object_id, version, min_role, now + ttl)
                if not tickets.add(ticket, _hash(self._token(ticket.id))):
                    ticket = tickets.for_object(action, object_id, version) or ticket
            return PREFIX + self._token(ticket.id)

        return await self._db.write(work, "button.token")

    async def press(self, visitor: Visitor, data: str, message_id: int) -> Pressed:
        """Do what a button allows, once, for somebody who may, if its object is still as it was shown.

        Raises NotFound("button_unknown"), NotAllowed("button_expired"), NotAllowed("role"),
        Conflict("button_used") and Conflict("decided") with who was first, Conflict("moved_on").
        """
        now = self._clock()

        def work(conn: Connection) -> Pressed:
            presser = decisions.as_of_now(conn, visitor)
            ticket = self._find(conn, presser, data, message_id)
            if not presser.role.may(ticket.min_role):
                raise NotAllowed("role", needed=ticket.min_role, names=_who_may(conn, presser, ticket))
            pressed = self._act(conn, presser, ticket)
            if pressed.result in UNSPENT:
                return pressed
            tickets = Tickets(conn, visitor.view.id)
            if not tickets.use(ticket.id, message_id=message_id, user_id=visitor.member.user_id, now=now):
                raise Conflict("moved_on")
            return pressed

        pressed = await self._db.write(work, "button.press")
        await self._follow_up(visitor, pressed)
        return pressed

    def _find(self, conn: Connection, visitor: Visitor, data: str, message_id: int) -> ButtonTicket:
        token = data.removeprefix(PREFIX)
        if data == token or len(token) != TOKEN_LENGTH:
            raise NotFound("button_unknown")
        ticket = Tickets(conn, visitor.view.id).by_token(_hash(token))
        if ticket is None or ticket.message_id not in {None, message_id}:
            raise NotFound("button_unknown")
        if ticket.used_at is not None:
            who = Members(conn, visitor.seller_id).get(ticket.used_by)
            raise Conflict("button_used", who=who.name if who else "", action=ticket.action)
        if ticket.expires_at <= self._clock():
            raise NotAllowed("button_expired")
        return ticket

    def _act(self, conn: Connection, visitor: Visitor, ticket: ButtonTicket) -> Pressed:
        now, about = self._clock(), ticket.object_id
        if ticket.action in PRICE_ACTIONS:
            decisions.check_shown(conn, visitor, about, ticket.object_version, ticket.action, now)
        match ticket.action:
            case Action.APPROVE:
                approved = decisions.approve(conn, visitor, about, now)
                return Pressed(PressResult.APPROVED if approved else PressResult.NEEDS_TYPING, about)
            case Action.REJECT:
                decisions.reject(conn, visitor, about, now)
                return Pressed(PressResult.REJECTED, about)
            case Action.UNDO:
                back = decisions.undo(conn, visitor, about, f"undo:{ticket.id}", now)
                return Pressed(PressResult.UNDONE, back)
            case Action.CONFIRM_LINK | Action.REFUSE_LINK | Action.UNLINK_SHOP:
                return Pressed(self._act_on_link(conn, visitor, ticket), about)
            case _ if ticket.action in bulks.ACTS:
                return self._bulks.press_in(conn, visitor, ticket, now)
            case _:
                return _by_noun(ticket.action)(conn, visitor, ticket, now)

    def _act_on_link(self, conn: Connection, visitor: Visitor, ticket: ButtonTicket) -> PressResult:
        if ticket.action is Action.UNLINK_SHOP:
            self._linking.unlink_in(conn, visitor, ticket.object_id, ticket.object_version)
            return PressResult.SHOP_UNLINKED
        if ticket.action is Action.CONFIRM_LINK:
            self._linking.confirm_in(conn, visitor, ticket.object_id)
            return PressResult.LINK_CONFIRMED
        self._linking.refuse_in(conn, visitor, ticket.object_id)
        return PressResult.LINK_REFUSED

    async def _follow_up(self, visitor: Visitor, pressed: Pressed) -> None:
        self._wakeups.outbox.set()
        if pressed.result in {PressResult.APPROVED, PressResult.UNDONE}:
            await self._prices.send(await self._prices.proposal(visitor, pressed.object_id))
        if pressed.result in {PressResult.BULK_APPROVED, PressResult.BULK_UNDONE}:
            await self._bulks.send(visitor.seller_id, pressed.object_id)
        if pressed.result in SPREADS:
            await self._counts.spread(visitor.seller_id, pressed.object_id)
        spread = {
            PressResult.ORDER_ASKED: self._order_actions.spread,
            PressResult.RETURN_ANSWERED: self._return_actions.spread,
            PressResult.GOODS_SORTED: self._returned_goods.spread,
            PressResult.REVIEW_ANSWERED: self._reviews.spread,
        }.get(pressed.result)
        if spread:
            await spread(visitor.seller_id, pressed.object_id)
        if pressed.result is PressResult.EDIT_CONFIRMED:
            await self._edits.send(visitor.seller_id, pressed.object_id)
        if pressed.result is PressResult.HOLIDAY_ASKED:
            await self._holidays.spread(pressed.object_id)
        if pressed.result is PressResult.RESUMED:
            await self._pausing.release()
        if pressed.result is PressResult.SHOP_RESUMED:
            await self._pausing.release(pressed.object_id)
        if pressed.result is PressResult.LINK_CONFIRMED:
            await self._linking.begin_import(visitor, pressed.object_id)

    def _token(self, ticket_id: str) -> str:
        digest = hmac.digest(self._key, ticket_id.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode()[:TOKEN_LENGTH]


def _by_noun(action: Action) -> Act:
    """Return what carries out an action that its noun's service does alone; what is left is about the team."""
    nouns: tuple[tuple[Collection[Action], Act], ...] = (
        (COUNTS, _count),
        (CALLS_OFF, locks.press_in),
        (KEEPS, keeping.press_in),
        (namesakes.ACTS, namesakes.press_in),
        ({Action.SET_LIMIT}, limits.press_in),
        (parcel_buttons.ACTS, parcel_buttons.press),
        (order_actions.ASKS, order_actions.press_in),
        (return_actions.ASKS, return_actions.press_in),
        (returned_goods.SORTS, returned_goods.press_in),
        (PAUSES_OF_SHOPS, pausing.press_shop_in),
        (PAUSES, pausing.press_in),
        (holidays.WISHES, holidays.press_in),
        ({Action.CONFIRM_EDIT}, _confirm_edit),
        ({Action.SEND_ANSWER}, reviews.press_in),
    )
    return next((act for actions, act in nouns if action in actions), _act_on_team)


def _count(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    if ticket.action is Action.UNDO_STOCK:
        return Pressed(PressResult.STOCK_UNDONE, counting.undo(conn, visitor, ticket.object_id, now))
    is_sure = ticket.action is Action.SURE_STOCK
    sent = counting.send(conn, visitor, ticket.object_id, ticket.object_version, now, is_sure=is_sure)
    return Pressed(PressResult.STOCK_SENT if sent.is_sure else PressResult.STOCK_ASKED, sent.variant_id)


def _confirm_edit(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    listing_edits.confirm_in(conn, visitor, ticket.object_id, ticket.object_version, now)
    return Pressed(PressResult.EDIT_CONFIRMED, ticket.object_id)


def _who_may(conn: Connection, visitor: Visitor, ticket: ButtonTicket) -> tuple[str, ...]:
    """Name those who may press what this visitor may not."""
    members = Members(conn, visitor.seller_id).approvers()
    return tuple(each.name for each in members if each.role.may(ticket.min_role))


def _act_on_team(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    about, shown = ticket.object_id, ticket.object_version
    if ticket.action.role is not None:
        team.set_role_in(conn, visitor, about, shown, ticket.action.role, now)
        return Pressed(PressResult.ROLE_CHANGED, about)
    team.remove_in(conn, visitor, about, shown, now)
    return Pressed(PressResult.MEMBER_REMOVED, about)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
