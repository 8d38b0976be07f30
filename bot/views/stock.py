"""Stock: the list of variants, one variant in all its shops, and variants that share a SKU."""

from collections.abc import Sequence

from bot.callbacks import Place, fitting, pack, room
from bot.foreign import columns, cut
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.counts import StockTickets, count_rows
from bot.views.keyboards import filled, home_row, in_rows, leads, pager
from bot.views.marks import SCARCITY
from services.low_stock import LowRow
from services.stock import PAGE
from services.stock_views import VariantStock
from services.views import VariantCard, VariantPage, VariantRow

LABEL_COLUMNS = 20
SHOPS_SHOWN = 8
_PAGE_DIGITS = 9999
WORDS_BYTES = room(Place.STOCK, _PAGE_DIGITS)
"""How many bytes of search words the pages can carry in their buttons; longer ones are cut at the start."""


def stock_screen(page: VariantPage, text: Renderer) -> Screen:
    """Show one page of variants, the scarcest first."""
    shown = text.render(
        "stock/list.html.j2", page=page, rows=[(SCARCITY[row.scarcity], row) for row in page.rows]
    )
    words = fitting(page.words, WORDS_BYTES)
    openers = _openers(page.rows, _from(page.page, words))
    places = len(openers) if page.pages < 2 else PAGE
    refresh = leads(text, labels.REFRESH, Place.STOCK, 1, words)
    products = leads(text, labels.PRODUCTS, Place.PRODUCTS)
    rows = (
        *filled(openers, places, 2),
        *pager(text, page.page, page.pages, lambda to: pack(Place.STOCK, to, words)),
        *_running_out(page, text),
        home_row(text, refresh, products),
    )
    return Screen(shown, rows)


def variant_screen(
    card: VariantCard,
    text: Renderer,
    *,
    may_price: bool,
    came_from: tuple[str, ...] = (),
    stock: VariantStock | None = None,
    tickets: StockTickets | None = None,
) -> Screen:
    """Show one variant in every shop; `came_from`: the list's parts for Back, or a product's place and its."""
    shown = text.render(
        "stock/card.html.j2",
        card=card,
        shown=card.shown[:SHOPS_SHOWN],
        more=len(card.shown[SHOPS_SHOWN:]),
        available=_available(card, stock),
        mark=_mark(card, stock),
        may_price=may_price,
        stock=stock,
    )
    price = Button(text.label(labels.CHANGE_PRICE), pack(Place.NEW_PRICE, card.variant.id), style="primary")
    sku = Button(text.label(labels.COPY_SKU), copy=card.variant.sku[:256])
    acts = (*((price,) if may_price and card.shown else ()), *((sku,) if card.variant.sku else ()))
    back = _back(came_from, text)
    if stock is None or not card.shown:
        return Screen(shown, (acts, home_row(text, back)))
    has_places = any(len(each.shown.places) > 1 for each in card.shown)
    counts = count_rows(stock, card.variant.id, tickets or StockTickets(), text, has_places=has_places)
    about = ("stock", card.variant.id, stock.version) if stock.level.is_counted else ("", "", 0)
    return Screen(shown, (*counts, acts, home_row(text, back)), *about)


def shared_sku_screen(sku: str, rows: Sequence[VariantRow], text: Renderer) -> Screen:
    """Ask which of several variants with one SKU is meant."""
    shown = text.render("stock/shared.html.j2", sku=sku, rows=rows)
    return Screen(shown, (*in_rows(_openers(rows, ()), 2), home_row(text)))


def _back(came_from: tuple[str, ...], text: Renderer) -> Button:
    """Return the way back: to the product it was opened from, or to the list of the scarcest."""
    if came_from[:1] == (Place.PRODUCT,):
        return leads(text, labels.BACK, Place.PRODUCT, *came_from[1:])
    return leads(text, labels.BACK, Place.STOCK, *came_from)


def _available(card: VariantCard, stock: VariantStock | None) -> int:
    """Return how many can be sold: by the ledger where it was counted, else by what the shops show."""
    if stock:
        return stock.level.available
    return sum(each.shown.available for each in card.shown)


def _mark(card: VariantCard, stock: VariantStock | None) -> str:
    """Return the mark of how much there is: by its episode, or by whether there is any."""
    if stock and stock.low and stock.low.now:
        return SCARCITY[stock.low.now]
    return "🟢" if _available(card, stock) > 0 else "🔴"


def _running_out(page: VariantPage, text: Renderer) -> Rows:
    if not page.low:
        return ()
    return ((Button(text.label(labels.RUNNING_OUT, n=text.number(page.low)), pack(Place.LOW_STOCK)),),)


def variant_label(number: str, row: VariantRow | LowRow) -> str:
    """Return what tells this variant from its neighbours: its number and SKU, or the end of its name."""
    told_by = row.sku or row.name or row.title
    return f"{number} · {cut(told_by, LABEL_COLUMNS - columns(number) - 3)}"


def _openers(rows: Sequence[VariantRow], came_from: tuple[str, ...]) -> list[Button]:
    return [
        Button(variant_label(str(at), row), pack(Place.VARIANT, row.variant_id, *came_from))
        for at, row in enumerate(rows, 1)
    ]


def _from(page: int, words: str) -> tuple[str, ...]:
    """Return the parts that lead back to this page, without the words where they leave no room."""
    left = room(Place.VARIANT, "0" * 16, page)
    return (str(page), words) if fitting(words, left) == words else ()
