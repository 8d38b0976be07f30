"""Reviews and their answers in memory, as the bot's handlers ask for them."""

from dataclasses import dataclass, field, replace

from domain.actions import ActionState
from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotFound
from domain.reviews import ANSWER_LENGTH
from services.reviews import ReviewCard, ReviewPage, ReviewQuery
from services.views import PressResult
from tests.unit.bot import screens_reviews as s


@dataclass
class ReviewsOfSeller:
    """One review, what is drafted, and whether it was sent."""

    cards: dict[str, ReviewCard] = field(default_factory=lambda: {s.REVIEW: s.card()})
    asked: list[tuple[ReviewQuery, int]] = field(default_factory=list)

    async def page(self, visitor: Visitor, query: ReviewQuery, page: int = 1) -> ReviewPage:
        self.asked.append((query, page))
        return s.page(*(s.row(of=each.review) for each in self.cards.values()), query=query)

    async def card(self, visitor: Visitor, review_id: str) -> ReviewCard:
        return await self.card_of(visitor.seller_id, review_id)

    async def card_of(self, seller_id: str, review_id: str) -> ReviewCard:
        if review_id not in self.cards:
            raise NotFound("review_unknown")
        return self.cards[review_id]

    async def draft(self, visitor: Visitor, review_id: str, text: str) -> ReviewCard:
        card = await self.card(visitor, review_id)
        if card.review.is_answered:
            raise Conflict("review_answered")
        if len(text) > ANSWER_LENGTH:
            raise InputError("answer_long", most=ANSWER_LENGTH)
        drafted = s.answer(text=text, version=card.version + 1)
        self.cards[review_id] = replace(card, answer=drafted, version=card.version + 1)
        return self.cards[review_id]

    def press(self, answer_id: str) -> tuple[PressResult, str]:
        for review_id, card in self.cards.items():
            if card.answer and card.answer.id == answer_id:
                sent = replace(card.answer, state=ActionState.READY)
                self.cards[review_id] = replace(card, answer=sent, version=card.version + 1, can_answer=False)
                return PressResult.REVIEW_ANSWERED, review_id
        raise NotFound("review_unknown")
