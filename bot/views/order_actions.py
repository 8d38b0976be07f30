"""What may be done to an order: the buttons on its card, and the questions before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.actions import ActionState
from domain.order_actions import ActionKind, OrderAction
from domain.orders import OPEN, OrderStatus
from domain.people import Role
from domain.platform import CancelReason
from services.order_actions import CancelPlan, OrderDoing
from services.views import OrderCard

TAIL_SHOWN = 8
REASONS = {
    CancelReason.OUT_OF_STOCK: (labels.OUT_OF_STOCK, labels.CANCEL_OUT_OF_STOCK),
    CancelReason.BUYER_ASKED: (labels.BUYER_ASKED, labels.CANCEL_BUYER_ASKED),
    CancelReason.AREA_NOT_SERVED: (labels.AREA_NOT_SERVED, labels.CANCEL_AREA_NOT_SERVED),
    CancelReason.COD_NOT_SUPPORTED: (labels.COD_NOT_SUPPORTED, labels.CANCEL_COD_NOT_SUPPORTED),
}
"""Each reason in our words, and the button that cancels for it."""


@dataclass(frozen=True, slots=True)
class OrderTools:
    """What stands on an order's card beside the order: `accept` is the ticket that lets the buyer cancel."""

    doing: OrderDoing = field(default_factory=OrderDoing)
    role: Role = Role.VIEWER
    accept: str = ""


def told_step(doing: OrderDoing, status: OrderStatus) -> OrderAction | None:
    """Return the action that is worth a line: under way, or refused while it could still be wanted."""
    latest = doing.latest
    if latest is None or latest.is_under_way:
        return latest
    wanted = {
        ActionKind.CANCEL: OPEN,
        ActionKind.ACCEPT: {OrderStatus.CANCEL_ASKED},
        ActionKind.REJECT: {OrderStatus.CANCEL_ASKED},
        ActionKind.NOTE: frozenset(OrderStatus),
    }
    is_wanted = status in wanted[latest.kind]
    return latest if latest.state is ActionState.REFUSED and is_wanted else None


def action_rows(card: OrderCard, tools: OrderTools, text: Renderer) -> Rows:
    """Return the rows that answer a buyer, note something and cancel, for whom they are."""
    order_id, may = card.order.id, tools.doing.may
    if not tools.role.may(Role.PACKER):
        return ()
    note = [leads(text, labels.NOTE, Place.ORDER_NOTE, order_id)] if ActionKind.NOTE in may else []
    if not tools.role.may(Role.MANAGER):
        return (tuple(note),)
    cancel = Button(text.label(labels.CANCEL_ORDER), pack(Place.ORDER_CANCEL, order_id), style="danger")
    last = (*note, cancel) if ActionKind.CANCEL in may else tuple(note)
    return (*answer_rows(order_id, tools, text), *_again(card, tools, text), last)


def answer_rows(order_id: str, tools: OrderTools, text: Renderer) -> Rows:
    """Return the row that answers a buyer who asks to cancel."""
    if not tools.accept:
        return ()
    accept = Button(text.label(labels.ACCEPT_CANCEL), tools.accept, style="danger")
    return ((accept, leads(text, labels.REJECT_CANCEL, Place.ORDER_KEEP, order_id)),)


def choose_reason_screen(card: OrderCard, reasons: Sequence[CancelReason], text: Renderer) -> Screen:
    """Ask why an order is to be cancelled; nothing is sent by it."""
    shown = text.render("orders/why.html.j2", card=card)
    buttons = [leads(text, REASONS[each][0], Place.ORDER_CANCEL_FOR, card.order.id, each) for each in reasons]
    return Screen(shown, (*in_rows(buttons, 1), _back(card, text)))


def cancel_screen(card: OrderCard, plan: CancelPlan, ticket: str, text: Renderer) -> Screen:
    """Say what a cancellation does; the button names the whole act."""
    shown = text.render("orders/cancel.html.j2", card=card, plan=plan)
    yes = text.label(REASONS[plan.reason][1], tail=card.tail[-TAIL_SHOWN:])
    return Screen(shown, ((Button(yes, ticket, style="danger"),), _back(card, text)))


def keep_screen(card: OrderCard, ticket: str, text: Renderer) -> Screen:
    """Say what it means to turn a buyer's wish to cancel down."""
    shown = text.render("orders/keep.html.j2", card=card)
    yes = text.label(labels.KEEP_ORDER, tail=card.tail[-TAIL_SHOWN:])
    return Screen(shown, ((Button(yes, ticket, style="primary"),), _back(card, text)))


def ask_note_screen(card: OrderCard, text: Renderer) -> Screen:
    """Ask for the note that only the seller sees."""
    shown = text.render("orders/note.html.j2", card=card)
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL),),))


def _again(card: OrderCard, tools: OrderTools, text: Renderer) -> Rows:
    """Return the way to ask once more for what was refused."""
    step = told_step(tools.doing, card.order.snapshot.status)
    if step is None or step.is_under_way or step.reason is None or step.kind not in tools.doing.may:
        return ()
    return ((leads(text, labels.TRY_AGAIN, Place.ORDER_CANCEL_FOR, card.order.id, step.reason),),)


def _back(card: OrderCard, text: Renderer) -> tuple[Button, ...]:
    return home_row(text, leads(text, labels.BACK, Place.ORDER, card.order.id))
