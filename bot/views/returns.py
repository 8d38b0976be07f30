"""Returns: the lists, one return, its photos, and what rings."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.hearing import snooze_button
from bot.views.keyboards import filled, home_row, in_rows, leads, pager
from bot.views.marks import is_late, urgency
from bot.views.returned_goods import goods_button
from domain.actions import ActionState
from domain.alerts import Alert
from domain.people import Role
from domain.return_actions import ReturnAction, ReturnActionKind
from domain.returned_goods import Goods
from domain.returns import OPEN_RETURNS
from services.photos import Photo
from services.return_actions import ReturnDoing
from services.returns import PAGE, SUBJECT, ReturnCard, ReturnFilter, ReturnPage, ReturnRow

FILTERS = {
    ReturnFilter.TO_ANSWER: labels.TO_ANSWER,
    ReturnFilter.UNDER_WAY: labels.UNDER_WAY,
    ReturnFilter.SETTLED: labels.SETTLED,
}
LINES_SHOWN = 4
TAIL_SHOWN = 8
_MARK, _WAITS = "↩️", "📦"


@dataclass(frozen=True, slots=True)
class ReturnTools:
    """What stands on a return's card beside the return: what this reader may do, and where he reads it."""

    doing: ReturnDoing = field(default_factory=ReturnDoing)
    role: Role = Role.VIEWER
    is_group: bool = False
    goods: Goods = field(default_factory=Goods)


def returns_screen(page: ReturnPage, text: Renderer) -> Screen:
    """Show one page of one list; the keyboard keeps its shape on every page."""
    shown = text.render(
        "returns/list.html.j2",
        page=page,
        count=page.counts.get(page.filter, 0),
        is_empty=not any(page.counts.values()),
        rows=[(_mark(row.head.due, text.now()), row) for row in page.rows],
        with_shop=len({row.head.shop_name for row in page.rows}) > 1,
    )
    openers = [_opener(row, page) for row in page.rows]
    filters = [
        Button(("•" if kind is page.filter else "") + text.label(label), pack(Place.RETURNS, kind))
        for kind, label in FILTERS.items()
    ]
    rows = (
        *filled(openers, len(openers) if page.pages < 2 else PAGE, 3),
        *pager(text, page.page, page.pages, lambda to: pack(Place.RETURNS, page.filter, to)),
        *in_rows(filters),
        home_row(text, leads(text, labels.REFRESH, Place.RETURNS, page.filter)),
    )
    return Screen(shown, rows)


def return_screen(
    card: ReturnCard, text: Renderer, tools: ReturnTools, came_from: tuple[str, ...] = ()
) -> Screen:
    """Show one return; `came_from` are the parts of the list's button data, for Back."""
    seen, now = card.back.snapshot, text.now()
    shown = text.render(
        "returns/card.html.j2",
        card=card,
        due=seen.due,
        is_late=is_late(seen.due, now),
        is_open=seen.state in OPEN_RETURNS,
        lines=seen.lines[:LINES_SHOWN],
        more_lines=len(seen.lines[LINES_SHOWN:]),
        photos=len(seen.photos),
        step=told_step(tools.doing),
        own_words=tools.doing.own_words,
        goods=tools.goods,
        is_held=tools.doing.is_held,
        is_group=tools.is_group,
        may_act=_may(tools, ReturnActionKind.OFFER, ReturnActionKind.DISPUTE),
    )
    back = leads(text, labels.BACK, Place.RETURNS, *came_from)
    refresh = leads(text, labels.REFRESH, Place.RETURN, card.back.id, *came_from)
    order = (leads(text, labels.ITS_ORDER, Place.ORDER, card.order_id),) if card.order_id else ()
    goods = goods_button(card, tools.goods, tools.role, text)
    rows = (*_acts(card, tools, text), goods, (*order, refresh), home_row(text, back))
    return Screen(shown, rows, SUBJECT, card.back.id, tools.doing.version)


def told_step(doing: ReturnDoing) -> ReturnAction | None:
    """Return the action that is worth a line: under way, or refused."""
    latest = doing.latest
    is_told = latest is not None and (latest.is_under_way or latest.state is ActionState.REFUSED)
    return latest if is_told else None


def new_return_screen(card: ReturnCard, text: Renderer) -> Screen:
    """Ring: a buyer wants to send something back, or offers something else."""
    seen = card.back.snapshot
    shown = text.render(
        "returns/new.html.j2",
        card=card,
        due=seen.due,
        lines=seen.lines[:LINES_SHOWN],
        more_lines=len(seen.lines[LINES_SHOWN:]),
    )
    return Screen(shown, ((_open(card, text), snooze_button(Alert.RETURNS, text)),))


def return_due_screen(card: ReturnCard, text: Renderer) -> Screen:
    """Ring: it will soon be too late to answer."""
    shown = text.render("returns/due.html.j2", card=card, due=card.back.snapshot.due)
    return Screen(shown, ((_open(card, text),),))


def photo_screen(card: ReturnCard, at: int, photo: Photo, text: Renderer) -> Screen:
    """Show one of a return's photos: the buyer's, then the one kept when it was packed."""
    buyers, count = len(card.back.snapshot.photos), photo_count(card)
    is_gone = not (photo.file_id or photo.content)
    shown = text.render(
        "returns/photo.html.j2", card=card, at=at, buyers=buyers, is_ours=at > buyers, is_gone=is_gone
    )
    back = leads(text, labels.BACK, Place.RETURN, card.back.id)
    pages = pager(text, at, count, lambda to: pack(Place.RETURN_PHOTO, card.back.id, to))
    return Screen(shown, (*pages, home_row(text, back)), photo=None if is_gone else photo)


def photo_count(card: ReturnCard) -> int:
    return len(card.back.snapshot.photos) + len(card.packing_photos)


def _acts(card: ReturnCard, tools: ReturnTools, text: Renderer) -> Rows:
    """Return the rows that show photos and answer the buyer, for whom they are."""
    return_id, seen = card.back.id, card.back.snapshot
    rows: list[tuple[Button, ...]] = []
    answers = []
    if seen.counter_offer and _may(tools, ReturnActionKind.ACCEPT_OFFER):
        amount = text.amount(seen.counter_offer)
        take = text.label(labels.TAKE_OFFER, amount=amount)
        rows.append((Button(take, pack(Place.RETURN_TAKE, return_id), style="primary"),))
    if _may(tools, ReturnActionKind.ACCEPT):
        answers.append(leads(text, labels.ACCEPT_RETURN, Place.RETURN_ACCEPT, return_id))
    if _may(tools, ReturnActionKind.OFFER) and not tools.is_group:
        answers.append(leads(text, labels.OFFER, Place.RETURN_OFFER, return_id))
    rows.append(tuple(answers))
    last = []
    if count := photo_count(card):
        photos = text.label(labels.PHOTOS, n=text.number(count))
        last.append(Button(photos, pack(Place.RETURN_PHOTO, return_id, 1)))
    if _may(tools, ReturnActionKind.DISPUTE) and not tools.is_group:
        dispute = text.label(labels.DISPUTE)
        last.append(Button(dispute, pack(Place.RETURN_DISPUTE, return_id), style="danger"))
    return (*rows, tuple(last))


def _may(tools: ReturnTools, *kinds: ReturnActionKind) -> bool:
    return tools.role.may(Role.MANAGER) and any(kind in tools.doing.may for kind in kinds)


def _opener(row: ReturnRow, page: ReturnPage) -> Button:
    label = f"…{row.tail[-TAIL_SHOWN:]}"
    return Button(label, pack(Place.RETURN, row.head.return_id, page.filter, page.page))


def _open(card: ReturnCard, text: Renderer) -> Button:
    return Button(text.label(labels.OPEN), pack(Place.RETURN, card.back.id), style="primary")


def _mark(due: datetime | None, now: datetime) -> str:
    mark = urgency(due, now) if due else _MARK
    return _MARK if mark == _WAITS else mark
