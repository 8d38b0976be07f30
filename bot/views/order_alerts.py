"""New orders on one message, and the pages of all of them."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.alerts import ORDER_ALERT
from bot.views.keyboards import filled, home_row, in_rows, pager
from bot.views.marks import order_mark
from bot.views.orders import opener
from services.order_alerts import PAGE, AlertPage

__all__ = ["LINK", "ORDER_ALERT", "order_alert_list_screen", "order_alert_screen"]

LINK = "a-"
"""What a deep link to an alert's orders begins with."""


def order_alert_screen(page: AlertPage, text: Renderer, *, is_group: bool) -> Screen:
    """Show how many orders came and the latest of them; every one can be reached from here.

    In a group the list opens in the private chat: turning pages would edit the message all look at.
    """
    shown = text.render("alerts/orders.html.j2", page=page, rows=_marked(page, text))
    if is_group:
        url = f"https://t.me/{text.username}?start={LINK}{page.alert.id}"
        rows: Rows = ((Button(text.label(labels.OPEN_LIST), url=url),),)
    else:
        every = Button(_all(page, text), pack(Place.ORDER_ALERT, page.alert.id), style="primary")
        rows = (*in_rows([opener(row) for row in page.rows]), (every,))
    return Screen(shown, rows, subject=ORDER_ALERT, subject_id=page.alert.id, version=page.alert.count)


def order_alert_list_screen(page: AlertPage, text: Renderer) -> Screen:
    """Show one page of the orders an alert rang for."""
    shown = text.render("alerts/orders.html.j2", page=page, rows=_marked(page, text))
    pages = pager(text, page.page, page.pages, lambda at: pack(Place.ORDER_ALERT, page.alert.id, at))
    openers = filled([opener(row) for row in page.rows], PAGE, 3)
    return Screen(shown, (*openers, *pages, home_row(text)))


def _marked(page: AlertPage, text: Renderer) -> list[tuple[str, object]]:
    return [(order_mark(row.status, row.ship_by, text.now()), row) for row in page.rows]


def _all(page: AlertPage, text: Renderer) -> str:
    return text.label(labels.ALL_OF, n=text.number(page.alert.count))
