"""What runs low: the message that rings for it, and the list of all of it."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.hearing import snooze_button
from bot.views.keyboards import filled, home_row, leads, pager
from bot.views.marks import SCARCITY
from bot.views.stock import variant_label
from domain.alerts import Alert
from domain.low_stock import COVER_DAYS, Scarcity
from services.low_stock import PAGE, LowAlertCard, LowPage, LowRow

LOW_ALERT = "low_alert"
"""The subject of a message that rang for low stock."""
LINK = "low"
"""The deep link to the list."""
ROWS_SHOWN = 8


def low_alert_screen(card: LowAlertCard, text: Renderer, *, is_group: bool) -> Screen:
    """Show what a message rang for as it is now; in a group the list opens in the private chat."""
    one = card.rows[0] if len(card.rows) == 1 else None
    worst = max((row.scarcity or Scarcity.LOW for row in card.low), default=None)
    shown = text.render(
        "alerts/low_stock.html.j2",
        card=card,
        mark=SCARCITY[worst],
        low=card.low,
        lead=one,
        counted=len(card.low) or len(card.rows),
        rows=[] if one else [(_mark(row), row) for row in card.rows[:ROWS_SHOWN]],
        more=len(card.rows[ROWS_SHOWN:]),
    )
    reorder = leads(text, labels.REORDER_LIST, Place.LOW_STOCK)
    if is_group:
        reorder = Button(reorder.text, url=f"https://t.me/{text.username}?start={LINK}")
    rows = (
        (reorder,),
        (snooze_button(Alert.LOW_STOCK, text), leads(text, labels.SETTINGS, Place.ALERTS)),
    )
    return Screen(shown, rows, subject=LOW_ALERT, subject_id=card.alert_id, version=1)


def low_stock_screen(page: LowPage, text: Renderer) -> Screen:
    """Show one page of what is low, each with a button to its card."""
    shown = text.render(
        "stock/low.html.j2",
        page=page,
        days=COVER_DAYS,
        mark=SCARCITY[Scarcity.OUT if page.out else Scarcity.LOW],
        rows=[(_mark(row), row) for row in page.rows],
    )
    openers = [
        Button(variant_label(str(at), row), pack(Place.VARIANT, row.variant_id))
        for at, row in enumerate(page.rows, 1)
    ]
    places = len(openers) if page.pages < 2 else PAGE
    pages = pager(text, page.page, page.pages, lambda to: pack(Place.LOW_STOCK, to))
    back = leads(text, labels.BACK, Place.STOCK)
    return Screen(shown, (*filled(openers, places, 2), *pages, home_row(text, back)))


def _mark(row: LowRow) -> str:
    return SCARCITY[None if row.is_refilled else row.scarcity or Scarcity.LOW]
