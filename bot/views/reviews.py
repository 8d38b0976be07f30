"""Reviews: the list, one review with what is answered, the question for the answer, and the alert for few stars."""

from bot.callbacks import Place, pack
from bot.foreign import columns, cut
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.hearing import snooze_button
from bot.views.keyboards import filled, home_row, leads, pager
from domain.actions import ActionState
from domain.alerts import Alert
from domain.reviews import ANSWER_LENGTH, LOW_STARS
from services.reviews import PAGE, SUBJECT, ReviewCard, ReviewFilter, ReviewPage, ReviewQuery, ReviewRow

_LABEL_COLUMNS = 20
_FILTERS = {
    ReviewFilter.UNANSWERED: labels.UNANSWERED,
    ReviewFilter.LOW: labels.FEW_STARS,
    ReviewFilter.ALL: labels.ALL,
}


def reviews_screen(page: ReviewPage, text: Renderer) -> Screen:
    """Show one page of reviews; the keyboard keeps its shape on every page of a list."""
    shown = text.render(
        "reviews/list.html.j2", page=page, kind=page.query.filter.value, with_shop=page.shops > 1
    )
    openers = [_opener(at, row, page, text) for at, row in enumerate(page.rows, 1)]
    rows = (
        *filled(openers, len(openers) if page.pages < 2 else PAGE, 2),
        *pager(text, page.page, page.pages, lambda to: pack(Place.REVIEWS, *_parts(page.query, to))),
        _filters(page.query, text),
        home_row(text, *_back_to_product(page.query, text)),
    )
    return Screen(shown, rows)


def review_screen(
    card: ReviewCard, ticket: str, text: Renderer, *, may_answer: bool, came_from: tuple[str, ...] = ()
) -> Screen:
    """Show one review; `ticket` sends what is drafted."""
    shown = text.render("reviews/card.html.j2", card=card, mark=mark(card))
    rows = (
        *_acts(card, ticket, text, may_answer=may_answer),
        _around(card, text),
        home_row(text, leads(text, labels.BACK, Place.REVIEWS, *came_from)),
    )
    return Screen(shown, tuple(row for row in rows if row), SUBJECT, card.review.id, card.version)


def ask_answer_screen(card: ReviewCard, text: Renderer) -> Screen:
    """Ask what is to be answered."""
    shown = text.render("reviews/ask.html.j2", card=card, most=ANSWER_LENGTH)
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL),),))


def low_review_screen(card: ReviewCard, text: Renderer) -> Screen:
    """Ring: somebody gave few stars."""
    opened = Button(text.label(labels.OPEN), pack(Place.REVIEW, card.review.id), style="primary")
    shown = text.render("alerts/review.html.j2", card=card)
    return Screen(shown, ((opened, snooze_button(Alert.REVIEWS, text)),))


def mark(card: ReviewCard) -> str:
    if card.answer and card.answer.state is ActionState.REFUSED and not card.review.is_answered:
        return "⚠️"
    if card.review.is_answered:
        return "✅"
    if card.answer and card.answer.is_under_way:
        return "⏳"
    return "🔴" if card.review.seen.stars <= LOW_STARS else "🟡"


def _acts(card: ReviewCard, ticket: str, text: Renderer, *, may_answer: bool) -> Rows:
    if not may_answer or not card.can_answer:
        return ()
    is_drafted = bool(ticket)
    ask = leads(text, labels.OTHER_WORDS if is_drafted else labels.ANSWER, Place.ANSWER, card.review.id)
    if is_drafted:
        return ((Button(text.label(labels.SEND_ANSWER), ticket, style="success"), ask),)
    return ((Button(ask.text, ask.data, style="primary"),),)


def _around(card: ReviewCard, text: Renderer) -> tuple[Button, ...]:
    """Return the ways to the order and the product, as far as our books have them."""
    order, product = card.review.order_id, card.review.listing_id
    return (
        *((leads(text, labels.ORDER, Place.ORDER, order),) if order else ()),
        *((leads(text, labels.PRODUCT, Place.PRODUCT, product),) if product else ()),
    )


def _opener(at: int, row: ReviewRow, page: ReviewPage, text: Renderer) -> Button:
    number = text.number(at)
    told_by = f"★ {row.review.seen.stars} · {row.review.title}".removesuffix(" · ")
    label = f"{number} · {cut(told_by, _LABEL_COLUMNS - columns(number) - 3)}"
    return Button(label, pack(Place.REVIEW, row.review.id, *_parts(page.query, page.page)))


def _filters(query: ReviewQuery, text: Renderer) -> tuple[Button, ...]:
    buttons = []
    for kind, label in _FILTERS.items():
        chosen = "•" if kind is query.filter else ""
        to = ReviewQuery(kind, query.listing_id)
        buttons.append(Button(f"{chosen}{text.label(label)}", pack(Place.REVIEWS, *_parts(to, 1))))
    return tuple(buttons)


def _back_to_product(query: ReviewQuery, text: Renderer) -> tuple[Button, ...]:
    if query.listing_id:
        return (leads(text, labels.BACK, Place.PRODUCT, query.listing_id),)
    return (leads(text, labels.REFRESH, Place.REVIEWS, *_parts(query, 1)),)


def _parts(query: ReviewQuery, page: int) -> tuple[str, ...]:
    listing = (query.listing_id,) if query.listing_id else ()
    return (str(page), query.filter.value, *listing)
