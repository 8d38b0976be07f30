"""The screens of reviews: lists, one review in every state of its answer, the question, the alert; and boosts."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from bot.render import Renderer
from bot.screen import Screen
from bot.views.errors import error_screen
from bot.views.product_edits import boosts_screen
from bot.views.products import CardPlace, product_screen
from bot.views.reviews import ask_answer_screen, low_review_screen, review_screen, reviews_screen
from domain.actions import ActionState
from domain.changes import ChangeState
from domain.errors import Conflict, InputError, NotFound
from domain.listing_changes import ListingField
from domain.reviews import ANSWER_LENGTH, Answer, Review, ReviewSnapshot
from domain.shops import Shop
from services.reviews import ReviewCard, ReviewFilter, ReviewPage, ReviewQuery, ReviewRow
from tests.unit.bot import records as r
from tests.unit.bot import screens_products as p

Draw = Callable[[Renderer], Screen]
REVIEW, ANSWER = "0e7e0e7e0e7e0e7e", "0a5e0a5e0a5e0a5e"
SORRY = "Maaf, lampunya kami ganti hari ini. Nomor resi menyusul di chat."


def seen(**changes: object) -> ReviewSnapshot:
    made = ReviewSnapshot(
        external_id="120590834",
        order_external_id="251101ABCD1234",
        listing_external_id="900001",
        variant_external_id="1",
        stars=2,
        text="lampu mati <setelah> dua hari",
        photos=2,
        videos=0,
        is_hidden=False,
        created_at=r.at(-3),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def review(of: ReviewSnapshot | None = None, **changes: object) -> Review:
    made = Review(
        REVIEW, "a1a1a1a1a1a1a1a1", of or seen(), r.at(-0.2), p.SHIRT, r.LAMP, "Putih", "0f0f0f0f0f0f0f0f"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def answer(state: ActionState = ActionState.DRAFT, **changes: object) -> Answer:
    made = Answer(ANSWER, r.SELLER, "a1a1a1a1a1a1a1a1", REVIEW, SORRY, state, 1, "4711", r.NOW, r.NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def card(
    said: Answer | None = None, of: Review | None = None, shop: Shop | None = None, **changes: object
) -> ReviewCard:
    is_free = not (said and said.is_under_way)
    made = ReviewCard(of or review(), shop or r.shop(), said, "Sari", 3, is_free, is_held=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def page(*rows: ReviewRow, query: ReviewQuery | None = None, **changes: object) -> ReviewPage:
    made = ReviewPage(
        query=query or ReviewQuery(),
        rows=rows,
        title="",
        total=len(rows),
        unanswered=len(rows),
        average=Decimal("4.6"),
        shops=1,
        page=1,
        pages=1,
        as_of=r.at(0),
        is_demo=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def row(shop: Shop | None = None, of: Review | None = None) -> ReviewRow:
    return ReviewRow(of or review(), shop or r.shop())


def _list(of: ReviewPage) -> Draw:
    return lambda text: reviews_screen(of, text)


def _card(of: ReviewCard, ticket: str = "", *, may: bool = True) -> Draw:
    came_from = ("3", "u", p.SHIRT)
    return lambda text: review_screen(of, ticket, text, may_answer=may, came_from=came_from)


ANSWERED = review(seen(reply="Terima kasih!", replied_at=r.at(-1), stars=5, text="", photos=1, videos=2))
UNREAD = review(seen(text="", photos=0), listing_id="", title="", variant="", order_id="")
HIDDEN = review(seen(is_hidden=True, reply="Maaf"))
BOOSTED = tuple(p.listing(id=f"{at:016x}", boosted_until=r.at(at)) for at in range(1, 6))
ON_SALE = replace(p.EDITABLE, can_be_boosted=True, places=5)

REVIEWS: dict[str, Draw] = {
    "reviews": _list(page(*(row() for _ in range(5)), total=120, unanswered=120, pages=24, page=3)),
    "reviews of two shops": _list(page(row(), row(p.OTHER, ANSWERED), shops=2, is_demo=True)),
    "reviews of what is not known": _list(page(row(of=UNREAD), row(of=HIDDEN), average=None)),
    "reviews of one product": _list(
        page(row(of=ANSWERED), query=ReviewQuery(ReviewFilter.ALL, p.SHIRT), title=r.LAMP, unanswered=1)
    ),
    **{
        f"no reviews {kind.name}": _list(page(query=ReviewQuery(kind), average=None, as_of=None))
        for kind in ReviewFilter
    },
    "reviews, few stars": _list(page(row(), query=ReviewQuery(ReviewFilter.LOW))),
    "review": _card(card()),
    "review of a viewer": _card(card(), may=False),
    "review of a demo": _card(card(shop=r.shop(is_simulated=True))),
    "review of what is not known": _card(card(of=UNREAD)),
    "review answered": _card(card(of=ANSWERED, can_answer=False)),
    "review hidden": _card(card(of=HIDDEN, can_answer=False)),
    "review long": _card(card(of=review(seen(text="panjang sekali " * 300, videos=1)))),
    "review drafted": _card(card(answer()), p.TICKET),
    "review drafted, for a viewer": _card(card(answer()), may=False),
    **{f"review {state}": _card(card(answer(state))) for state in ActionState},
    "review held": _card(card(answer(ActionState.READY), is_held=True)),
    **{
        f"review refused {why}": _card(card(answer(ActionState.REFUSED, refusal=why)))
        for why in (
            "already_answered", "text_refused", "not_found", "shop_restricted", "token_revoked", "no_effect",
            "other", "platform_unavailable",
        )
    },
    "answer question": lambda text: ask_answer_screen(card(), text),
    "answer question again": lambda text: ask_answer_screen(card(answer(), of=UNREAD), text),
    "bad review": lambda text: low_review_screen(card(), text),
    "bad review without words": lambda text: low_review_screen(
        card(of=UNREAD, shop=r.shop(is_simulated=True)), text
    ),
    "product to boost": lambda text: product_screen(
        ON_SALE, text, may_price=True, may_edit=True, at=CardPlace()
    ),
    "product boosted": lambda text: product_screen(
        replace(ON_SALE, listing=p.listing(boosted_until=r.at(2))),
        text,
        may_price=True,
        may_edit=True,
        at=CardPlace(),
    ),
    "boosts full": lambda text: boosts_screen(replace(ON_SALE, boosted=BOOSTED), text),
    "boosted already": lambda text: boosts_screen(
        replace(ON_SALE, listing=BOOSTED[0], boosted=BOOSTED[:1], shop=r.shop(is_simulated=True)), text
    ),
    "boost asked": p.draw_edit(replace(p.edit(field=ListingField.BOOST), boosted=BOOSTED[:2]), p.TICKET),
    "boost live": p.draw_edit(
        replace(p.edit(ChangeState.APPLIED, field=ListingField.BOOST), listing=BOOSTED[1])
    ),
    "boost refused": p.draw_edit(p.edit(ChangeState.FAILED, field=ListingField.BOOST, reason="other")),
    "boost too soon": p.draw_edit(
        p.edit(ChangeState.FAILED, field=ListingField.BOOST, reason="boosted_lately")
    ),
    "error answer_long": lambda text: error_screen(InputError("answer_long", most=ANSWER_LENGTH), text),
    "error answer_empty": lambda text: error_screen(InputError("answer_empty"), text),
    "error review_unknown": lambda text: error_screen(NotFound("review_unknown"), text),
    **{
        f"error {code}": lambda text, code=code: error_screen(Conflict(code), text)  # type: ignore[misc]
        for code in ("review_answered", "review_busy")
    },
}  # fmt: skip
