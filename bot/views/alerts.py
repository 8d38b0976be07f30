"""Events as messages: the first line is all that a lock screen shows."""

from datetime import datetime, timedelta

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.earnings import earning_lines
from bot.views.hearing import snooze_button
from bot.views.order_actions import OrderTools, answer_rows
from bot.views.pause import resume_button
from domain.alerts import Alert
from domain.money import Money
from domain.orders import OrderStatus
from domain.shops import Shop, ShopState
from services.views import OrderCard

LINES_SHOWN = 4
_SOON = timedelta(days=1)
ORDER_ALERT = "order_alert"
"""The subject of a message that new orders are put on."""


def new_order_screen(card: OrderCard, text: Renderer, *, is_test: bool = False, alert_id: str = "") -> Screen:
    """Ring: an order came in. A test shows what that will look like; more orders are put on a real one."""
    lines = card.order.snapshot.lines
    shown = text.render(
        "alerts/new_order.html.j2",
        card=card,
        total=_total(card),
        earning=earning_lines(card.earning),
        lines=lines[:LINES_SHOWN],
        more_lines=len(lines[LINES_SHOWN:]),
        is_test=is_test,
    )
    subject = ORDER_ALERT if alert_id else ""
    snooze = () if is_test else (snooze_button(Alert.NEW_ORDERS, text),)
    buttons = (_open(card, text), *snooze)
    return Screen(shown, (buttons,), subject=subject, subject_id=alert_id, version=1, silent=is_test)


def cancelled_order_screen(card: OrderCard, text: Renderer, tools: OrderTools | None = None) -> Screen:
    """Ring: an order somebody may be packing was cancelled, or the buyer asks for it."""
    seen = card.order.snapshot
    is_asked = seen.status is OrderStatus.CANCEL_ASKED
    shown = text.render(
        "alerts/cancelled.html.j2",
        card=card,
        mark="⚠️" if is_asked else "✖️",
        is_asked=is_asked,
        total=_total(card),
        lines=seen.lines[:LINES_SHOWN],
        more_lines=len(seen.lines[LINES_SHOWN:]),
    )
    answers = answer_rows(card.order.id, tools or OrderTools(), text) if is_asked else ()
    return Screen(shown, (*answers, (_open(card, text),)))


def cut_off_screen(shop: Shop, text: Renderer) -> Screen:
    """Ring: a shop's link has ended."""
    shown = text.render("alerts/cut_off.html.j2", shop=shop)
    if shop.state is ShopState.BLOCKED:
        return Screen(shown)
    relink = Button(
        text.label(labels.LOG_IN_AGAIN), pack(Place.LINK_START, shop.app_id, shop.region), style="primary"
    )
    return Screen(shown, ((relink,),))


def authorisation_screen(shop: Shop, at: datetime, text: Renderer) -> Screen:
    """Tell an owner when a shop's link ends, or that it has and nobody has linked it again."""
    is_over = shop.state is ShopState.NEEDS_RELINK
    soon = at - text.now() <= _SOON
    shown = text.render(
        "alerts/authorisation.html.j2", shop=shop, at=at, is_over=is_over, mark="🔴" if soon else "🟡"
    )
    relink = Button(
        text.label(labels.LINK_AGAIN), pack(Place.LINK_START, shop.app_id, shop.region), style="primary"
    )
    return Screen(shown, ((relink,),))


def restored_screen(taken_at: datetime, text: Renderer) -> Screen:
    """Say that the installation went back to a backup, what that means, and where to go on from there."""
    shown = text.render("alerts/restored.html.j2", taken_at=taken_at)
    return Screen(shown, ((resume_button(text),),))


def _open(card: OrderCard, text: Renderer) -> Button:
    return Button(text.label(labels.OPEN), pack(Place.ORDER, card.order.id), style="primary")


def _total(card: OrderCard) -> Money | None:
    order = card.order
    return order.snapshot.total or (order.goods if order.snapshot.lines else None)
