"""Orders: the lists, one order, and several that match what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.earnings import earning_lines
from bot.views.keyboards import filled, home_row, in_rows, leads, pager
from bot.views.marks import STATUS, WAITING, is_late, order_mark
from bot.views.order_actions import OrderTools, action_rows, told_step
from domain.money import Money
from domain.orders import Order, OrderStatus
from domain.parcels import Packing
from services.order_actions import SUBJECT
from services.orders import PAGE
from services.views import OrderCard, OrderFilter, OrderPage, OrderRow

FILTERS = {
    OrderFilter.TO_PACK: (labels.TO_PACK, "📦"),
    OrderFilter.UNPAID: (labels.UNPAID, STATUS[OrderStatus.UNPAID]),
    OrderFilter.ON_THE_WAY: (labels.SHIPPED, STATUS[OrderStatus.SHIPPED]),
    OrderFilter.DONE: (labels.DONE, STATUS[OrderStatus.COMPLETED]),
    OrderFilter.CANCELLED: (labels.CANCELLED, STATUS[OrderStatus.CANCELLED]),
    OrderFilter.ALL: (labels.ALL, "📊"),
}
LINES_SHOWN = 10
TAIL_SHOWN = 8
PARCELS_SHOWN = 4


def orders_screen(page: OrderPage, text: Renderer) -> Screen:
    """Show one page of one filter; the keyboard keeps its shape on every page."""
    shown = text.render(
        "orders/list.html.j2",
        page=page,
        mark=FILTERS[page.filter][1],
        count=page.counts.get(page.filter, 0),
        is_empty=not any(page.counts.values()),
        rows=_marked(page.rows, text.now()),
        with_shop=several_shops(page.rows),
    )
    return Screen(shown, (*_openers(page), *_pages(page, text), *_filters(page, text), _last(page, text)))


@dataclass(frozen=True, slots=True)
class Parcels:
    """An order's parcels in our hands, and the buttons that act on them; `version` lets its message follow them."""

    held: tuple[Packing, ...] = ()
    rows: Rows = ()
    version: int = 0


NONE_HELD = Parcels()


def order_screen(
    card: OrderCard,
    text: Renderer,
    came_from: tuple[str, ...] = (),
    tools: OrderTools | None = None,
    parcels: Parcels = NONE_HELD,
) -> Screen:
    """Show one order; `came_from` are the parts of the list's button data, for Back."""
    tools = tools or OrderTools()
    order, seen = card.order, card.order.snapshot
    now = text.now()
    due = seen.ship_by if seen.status in WAITING else None
    rest = seen.lines[LINES_SHOWN:]
    shown = text.render(
        "orders/card.html.j2",
        card=card,
        step=told_step(tools.doing, seen.status),
        is_held=tools.doing.is_held,
        mark=order_mark(seen.status, seen.ship_by, now),
        due=due,
        is_late=is_late(due, now),
        total=seen.total or (order.goods if seen.lines else None),
        difference=_difference(order),
        earning=earning_lines(card.earning),
        lines=seen.lines[:LINES_SHOWN],
        more_lines=len(rest),
        more_total=sum((line.total for line in rest[1:]), rest[0].total) if rest else None,
        parcels=seen.parcels[:LINES_SHOWN],
        held=parcels.held[:PARCELS_SHOWN],
    )
    copy = Button(text.label(labels.COPY_NUMBER), copy=seen.external_id[:256])
    back = leads(text, labels.BACK, Place.ORDERS, *came_from)
    refresh = leads(text, labels.REFRESH, Place.ORDER, order.id, *came_from)
    returned = leads(text, labels.RETURN, Place.RETURN, card.return_id)
    returns = ((returned,),) if card.return_id else ()
    rows = (*returns, *parcels.rows, (copy, refresh), *action_rows(card, tools, text), home_row(text, back))
    return Screen(shown, rows, SUBJECT, order.id, tools.doing.version + parcels.version)


def order_hits_screen(words: str, rows: Sequence[OrderRow], text: Renderer) -> Screen:
    """Show the orders that end alike, each with a button."""
    shown = text.render(
        "orders/hits.html.j2",
        words=words,
        rows=_marked(rows, text.now()),
        with_shop=several_shops(rows),
    )
    return Screen(shown, (*in_rows([opener(row) for row in rows]), home_row(text)))


def _marked(rows: Sequence[OrderRow], now: datetime) -> list[tuple[str, OrderRow]]:
    return [(order_mark(row.status, row.ship_by, now), row) for row in rows]


def several_shops(rows: Sequence[OrderRow]) -> bool:
    return len({row.shop_name for row in rows}) > 1


def _difference(order: Order) -> Money | None:
    """Return what lies between the goods and what the buyer pays, or None when nothing does."""
    total = order.snapshot.total
    if total is None or not order.snapshot.lines or total == order.goods:
        return None
    return total - order.goods


def opener(row: OrderRow, *came_from: object) -> Button:
    """Return the button that opens an order, by the end of its number."""
    return Button(f"…{row.tail[-TAIL_SHOWN:]}", pack(Place.ORDER, row.order_id, *came_from))


def _openers(page: OrderPage) -> Rows:
    buttons = [opener(row, page.filter, page.page) for row in page.rows]
    return filled(buttons, len(buttons) if page.pages < 2 else PAGE, 3)


def _pages(page: OrderPage, text: Renderer) -> Rows:
    until = int(page.until.timestamp())
    return pager(text, page.page, page.pages, lambda to: pack(Place.ORDERS, page.filter, to, until))


def _filters(page: OrderPage, text: Renderer) -> Rows:
    buttons = []
    for kind, (label, _) in FILTERS.items():
        chosen = "•" if kind is page.filter else ""
        buttons.append(Button(chosen + text.label(label), pack(Place.ORDERS, kind)))
    return in_rows(buttons)


def _last(page: OrderPage, text: Renderer) -> tuple[Button, ...]:
    returns = leads(text, labels.RETURNS, Place.RETURNS)
    return home_row(text, returns, leads(text, labels.REFRESH, Place.ORDERS, page.filter))
