"""What buyers say, listed and shown, and what a person wants to answer: drafted, confirmed, then sent by `review_sending`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.actions import ActionState
from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, NotFound, UnsupportedByPlatform
from domain.events import EventKind
from domain.ids import new_id
from domain.people import Role
from domain.platform import Can, Platform
from domain.queue import Queue, Task
from domain.reviews import ANSWER_LENGTH, Answer, Review
from domain.shops import Shop, ShopState
from domain.tickets import ButtonTicket
from services.decisions import need
from services.orders import oldest_sync
from services.outbox import tell
from services.products import shops_here
from services.views import Pressed, PressResult
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import pauses
from storage.repositories.audit import Audit
from storage.repositories.cards import Cards
from storage.repositories.listings import Listings
from storage.repositories.members import Members
from storage.repositories.review_answers import ReviewAnswers
from storage.repositories.reviews import Reviews, Wanted
from storage.repositories.shops import Shops

PAGE = 5
SUBJECT = "review"
"""What the card of a review is remembered under."""


class ReviewFilter(StrEnum):
    """The lists of `/reviews`; the values travel in buttons, so they are short."""

    UNANSWERED = "u"
    LOW = "l"
    ALL = "a"


@dataclass(frozen=True, slots=True)
class ReviewQuery:
    """What to list; `listing_id` names the product whose reviews are wanted, nothing all of them."""

    filter: ReviewFilter = ReviewFilter.UNANSWERED
    listing_id: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One line of `/reviews`."""

    review: Review
    shop: Shop


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of reviews, unanswered ones first; `unanswered` and `average` are of all that the chat shows."""

    query: ReviewQuery
    rows: tuple[ReviewRow, ...]
    title: str
    total: int
    unanswered: int
    average: Decimal | None
    shops: int
    page: int
    pages: int
    as_of: datetime | None
    is_demo: bool


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """One review, and what somebody wants to answer: `version` grows with every step of that."""

    review: Review
    shop: Shop
    answer: Answer | None
    answered_by: str
    version: int
    can_answer: bool
    is_held: bool


class ReviewService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        queue: Queue,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._platforms = platforms
        self._wakeups = wakeups

    async def page(self, visitor: Visitor, query: ReviewQuery, page: int = 1) -> ReviewPage:
        """List reviews. Raises NotFound("product_unknown") for a product that is not shown here."""

        def work(conn: Connection) -> ReviewPage:
            reviews, shops = Reviews(conn, visitor.seller_id), shops_here(conn, visitor)
            by_id = {each.id: each for each in shops}
            of = Wanted(list(by_id), query.listing_id)
            wanted = Wanted(
                of.shop_ids,
                query.listing_id,
                is_low=query.filter is ReviewFilter.LOW,
                is_unanswered=query.filter is ReviewFilter.UNANSWERED,
            )
            every, total = reviews.tally(of), reviews.tally(wanted).total
            pages = max(1, -(-total // PAGE))
            at = min(max(page, 1), pages)
            found = reviews.page(wanted, offset=(at - 1) * PAGE, limit=PAGE)
            return ReviewPage(
                query=query,
                rows=tuple(ReviewRow(each, by_id[each.shop_id]) for each in found),
                title=_title(conn, visitor, query.listing_id, by_id) if query.listing_id else "",
                total=total,
                unanswered=every.unanswered,
                average=average(every.stars, every.total),
                shops=len(shops),
                page=at,
                pages=pages,
                as_of=oldest_sync(shops),
                is_demo=any(each.is_simulated for each in shops),
            )

        return await self._db.read(work)

    async def card(self, visitor: Visitor, review_id: str) -> ReviewCard:
        """Return one review. Raises NotFound("review_unknown")."""

        def work(conn: Connection) -> ReviewCard:
            card = self._card(conn, visitor.seller_id, review_id)
            if not visitor.view.shows(card.shop.id):
                raise NotFound("review_unknown")
            return card

        return await self._db.read(work)

    async def card_of(self, seller_id: str, review_id: str) -> ReviewCard:
        """Return one review for whoever is told of it."""
        return await self._db.read(lambda conn: self._card(conn, seller_id, review_id))

    async def draft(self, visitor: Visitor, review_id: str, text: str) -> ReviewCard:
        """Write down what somebody wants to answer; nothing is sent before it is confirmed.

        Raises InputError("answer_long"), InputError("answer_empty"), NotFound("review_unknown"),
        Conflict("review_answered"), Conflict("review_busy").
        """
        need(visitor, Role.MANAGER)
        words, now = text.strip(), self._clock()
        if not words:
            raise InputError("answer_empty")
        if len(words) > ANSWER_LENGTH:
            raise InputError("answer_long", most=ANSWER_LENGTH)

        def work(conn: Connection) -> ReviewCard:
            _draft(conn, visitor, self._answerable(conn, visitor, review_id), words, now)
            return self._card(conn, visitor.seller_id, review_id)

        drafted = await self._db.write(work, "review.draft")
        self._wakeups.outbox.set()
        return drafted

    async def spread(self, seller_id: str, review_id: str) -> None:
        """Ask the queue to bring what is under way of a review to its platform."""
        found = await self._db.read(lambda conn: ReviewAnswers(conn, seller_id).latest(review_id))
        self._wakeups.outbox.set()
        if found and found.is_under_way:
            await self._queue.enqueue(Task.ANSWER_REVIEW, seller_id, found.id)

    def _answerable(self, conn: Connection, visitor: Visitor, review_id: str) -> Review:
        Reviews(conn, visitor.seller_id).lock(review_id)
        review = Reviews(conn, visitor.seller_id).get(review_id)
        if review is None or not visitor.view.shows(review.shop_id):
            raise NotFound("review_unknown")
        shop = Shops(conn, visitor.seller_id).get(review.shop_id)
        if shop is None or Can.ANSWER_REVIEWS not in self._platforms[shop.platform].info.can:
            raise UnsupportedByPlatform(platform=shop.platform if shop else "", operation="reply")
        return review

    def _card(self, conn: Connection, seller_id: str, review_id: str) -> ReviewCard:
        review = Reviews(conn, seller_id).get(review_id)
        shop = Shops(conn, seller_id).get(review.shop_id) if review else None
        if review is None or shop is None:
            raise NotFound("review_unknown")
        answers = ReviewAnswers(conn, seller_id)
        latest = answers.latest(review_id)
        is_open = shop.state in {ShopState.LINKED, ShopState.PAUSED}
        is_free = not review.is_answered and not (latest and latest.is_under_way)
        can = Can.ANSWER_REVIEWS in self._platforms[shop.platform].info.can
        return ReviewCard(
            review=review,
            shop=shop,
            answer=latest,
            answered_by=_name(conn, seller_id, latest),
            version=answers.version(review_id),
            can_answer=can and is_open and is_free,
            is_held=pauses.is_held(conn, shop.id),
        )


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Confirm the draft that a button showed. Raises Conflict("moved_on") when it is another one by now."""
    need(visitor, Role.MANAGER)
    answers = ReviewAnswers(conn, visitor.seller_id)
    drafted = answers.get(ticket.object_id)
    if drafted is None:
        raise NotFound("review_unknown")
    Reviews(conn, visitor.seller_id).lock(drafted.review_id)
    review = Reviews(conn, visitor.seller_id).get(drafted.review_id)
    is_shown = drafted.state is ActionState.DRAFT and drafted.version == ticket.object_version
    if review is None or review.is_answered:
        raise Conflict("review_answered")
    if not is_shown or not answers.move(drafted, ActionState.READY, due_at=now):
        raise Conflict("moved_on")
    note_step(conn, drafted, "confirmed", visitor.member.user_id, now)
    return Pressed(PressResult.REVIEW_ANSWERED, drafted.review_id)


def note_step(conn: Connection, of: Answer, step: str, actor: str, now: datetime, why: str = "") -> None:
    """Audit a step of an answer, and have the cards of its review brought up to date."""
    Audit(conn, of.seller_id).add(
        actor=actor,
        action=f"review.{step}",
        subject=f"review:{of.review_id}",
        facts={"answer": of.id, "reason": why},
        now=now,
    )
    review_moved(conn, of.seller_id, of.review_id, now)


def review_moved(conn: Connection, seller_id: str, review_id: str, now: datetime) -> None:
    """Have every card that shows a review brought up to date."""
    views = sorted({each.view_id for each in Cards(conn, seller_id).of(SUBJECT, review_id)})
    if views:
        version = ReviewAnswers(conn, seller_id).version(review_id)
        key, payload = f"review:moved:{review_id}:{version}", {"review_id": review_id}
        tell(conn, seller_id, EventKind.REVIEW_MOVED, key, payload, now=now, views=views)


def average(stars: int, count: int) -> Decimal | None:
    """Return the mean of stars with one digit, nothing where there are none.

    >>> average(9, 2)
    Decimal('4.5')
    """
    return (Decimal(stars) / count).quantize(Decimal("0.1")) if count else None


def _draft(conn: Connection, visitor: Visitor, review: Review, words: str, now: datetime) -> None:
    """Keep one draft a review: other words take the place of those before, and end the button that showed them."""
    answers = ReviewAnswers(conn, visitor.seller_id)
    latest = answers.latest(review.id)
    if review.is_answered:
        raise Conflict("review_answered")
    if latest and latest.is_under_way:
        raise Conflict("review_busy")
    by = visitor.member.user_id
    if latest and latest.state is ActionState.DRAFT:
        values = {"text": words, "requested_by": by, "requested_at": now}
        if not answers.move(latest, ActionState.DRAFT, **values):
            raise Conflict("moved_on")
    else:
        answers.add(
            Answer(
                id=new_id(),
                seller_id=visitor.seller_id,
                shop_id=review.shop_id,
                review_id=review.id,
                text=words,
                state=ActionState.DRAFT,
                version=1,
                requested_by=by,
                requested_at=now,
                due_at=now,
            )
        )
    review_moved(conn, visitor.seller_id, review.id, now)


def _name(conn: Connection, seller_id: str, answer: Answer | None) -> str:
    found = Members(conn, seller_id).get(answer.requested_by) if answer else None
    return found.name if found else ""


def _title(conn: Connection, visitor: Visitor, listing_id: str, here: Mapping[str, Shop]) -> str:
    listing = Listings(conn, visitor.seller_id).get(listing_id)
    if listing is None or listing.shop_id not in here:
        raise NotFound("product_unknown")
    return listing.title
