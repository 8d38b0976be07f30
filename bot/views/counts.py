"""Counts: the buttons on a variant's card that change how many there are, the questions, the history."""

from dataclasses import dataclass

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads, pager
from domain.stock import Policy, StockDraft
from services.stock_views import StockHistory, VariantStock
from services.views import VariantCard


@dataclass(frozen=True, slots=True)
class StockTickets:
    """The buttons that count; without `may_count` there are none."""

    send: str = ""
    undo: str = ""
    call_off: str = ""
    same: str = ""
    other: str = ""
    may_count: bool = False


def count_rows(
    stock: VariantStock, variant_id: str, tickets: StockTickets, text: Renderer, *, has_places: bool = False
) -> Rows:
    """Return the rows that draw up, send and take back a count."""
    past = Button(text.label(labels.HISTORY), pack(Place.STOCK_PAST, variant_id, 1))
    if not tickets.may_count:
        return ((past,),) if stock.recent else ()
    at = stock.draft.after if stock.draft else stock.on_shelf
    steps = (
        Button(labels.MINUS_ONE, pack(Place.STOCK_TO, variant_id, max(0, at - 1))),
        Button(labels.PLUS_ONE, pack(Place.STOCK_TO, variant_id, at + 1)),
        Button(text.label(labels.SET), pack(Place.STOCK_SET, variant_id)),
    )
    alert = text.label(labels.ALERT_WHEN)
    if stock.alert_at is not None:
        alert = text.label(labels.ALERT_AT, n=text.number(stock.alert_at))
    more = (Button(alert, pack(Place.STOCK_ALERT, variant_id)), *((past,) if stock.recent else ()))
    keeping = (leads(text, labels.KEEPING, Place.KEEPING, variant_id),)
    twin = _twin(stock, tickets, text)
    if stock.keeping.policy is not Policy.TRACKED:
        return (*twin, keeping)
    off = ((Button(text.label(labels.CALL_OFF), tickets.call_off),),) if tickets.call_off else ()
    placed = ((leads(text, labels.BY_LOCATION, Place.STOCK_PLACES, variant_id),),) if has_places else ()
    return (*twin, *_sending(stock, variant_id, tickets, text), steps, *placed, more, *off, keeping)


def ask_count_screen(card: VariantCard, text: Renderer) -> Screen:
    """Ask how many lie on the shelf."""
    return _question("stock/ask_count.html.j2", card, text)


def ask_alert_screen(card: VariantCard, text: Renderer) -> Screen:
    """Ask from how few on somebody wants to be told."""
    return _question("stock/ask_alert.html.j2", card, text)


def sure_screen(card: VariantCard, draft: StockDraft, ticket: str, text: Renderer) -> Screen:
    """Ask once more for a count that is far from the one before; the button names the whole act."""
    shown = text.render("stock/sure.html.j2", card=card, draft=draft)
    yes = text.label(labels.YES_ON_HAND, n=text.number(draft.after))
    back = leads(text, labels.BACK, Place.VARIANT, card.variant.id)
    return Screen(shown, ((Button(yes, ticket, style="danger"),), home_row(text, back)))


def history_screen(card: VariantCard, past: StockHistory, text: Renderer) -> Screen:
    """Show one page of what moved a variant's stock, the newest first."""
    shown = text.render("stock/history.html.j2", card=card, past=past)
    back = leads(text, labels.BACK, Place.VARIANT, card.variant.id)
    pages = pager(text, past.page, past.pages, lambda to: pack(Place.STOCK_PAST, card.variant.id, to))
    return Screen(shown, (*pages, home_row(text, back)))


def _sending(stock: VariantStock, variant_id: str, tickets: StockTickets, text: Renderer) -> Rows:
    if stock.draft and tickets.send:
        send = text.label(labels.SEND, n=text.number(stock.draft.after))
        drop = Button(text.label(labels.DISCARD), pack(Place.STOCK_DROP, variant_id))
        return ((Button(send, tickets.send, style="primary"), drop),)
    return ((Button(text.label(labels.UNDO_COUNT), tickets.undo),),) if tickets.undo else ()


def _twin(stock: VariantStock, tickets: StockTickets, text: Renderer) -> Rows:
    """Return the answers to whether another variant is the same; the one that sends a number names it."""
    if not stock.twin or not tickets.same:
        return ()
    same = text.label(labels.SAME_PRODUCT)
    if stock.twin.is_counted:
        same = text.label(labels.SAME_PRODUCT_SHOWS, n=text.number(stock.twin.to_show))
    other = Button(text.label(labels.OTHER_PRODUCT), tickets.other)
    return (Button(same, tickets.same, style="primary"),), (other,)


def _question(template: str, card: VariantCard, text: Renderer) -> Screen:
    return Screen(text.render(template, card=card), ((leads(text, labels.CANCEL, Place.CANCEL),),))
