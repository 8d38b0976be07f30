"""Carrying answers to reviews to the platform, as `send_once` has it: there may be one alone, for everybody to read."""

from datetime import datetime

from domain.actions import ActionState, Verdict
from domain.errors import RequestRejected, UnsupportedByPlatform
from domain.platform import ActionResult, Can, Platform
from domain.reviews import Answer, Review, verdict
from domain.shops import ShopAccess
from services.reviews import note_step
from services.send_once import Request, SendOnce
from storage.database import Connection
from storage.repositories.review_answers import ReviewAnswers
from storage.repositories.reviews import Reviews


class ReviewSendService(SendOnce[Answer]):
    name, rows = "review_answer", ReviewAnswers

    def _known(self, conn: Connection, action: Answer) -> Verdict | None:
        review = Reviews(conn, action.seller_id).get(action.review_id)
        return verdict(action, review.seen.reply) if review else Verdict("not_found")

    async def _request(self, action: Answer) -> Request:
        review = await self._review(action)

        async def reply(platform: Platform, access: ShopAccess) -> ActionResult:
            if Can.ANSWER_REVIEWS not in platform.info.can:
                raise UnsupportedByPlatform(platform=platform.info.slug, operation="reply")
            return await platform.reviews.reply(access, review.seen.external_id, action.text)

        return reply

    async def _seen(self, action: Answer) -> Verdict | None:
        """Read the review into our books, and judge by it."""
        review = await self._review(action)
        number = review.seen.external_id
        seen = await self._tokens.call(
            action.shop_id, lambda platform, access: platform.reviews.fetch_review(access, number)
        )
        if seen is None:
            return Verdict("not_found")
        now = self._clock()
        await self._db.write(
            lambda conn: Reviews(conn, action.seller_id).record(action.shop_id, [seen], now),
            "review_answer.seen",
        )
        return verdict(action, seen.reply)

    def _told(self, conn: Connection, action: Answer, to: ActionState, now: datetime, refusal: str) -> None:
        note_step(conn, action, to, "storesync", now, refusal)

    async def _review(self, action: Answer) -> Review:
        found = await self._db.read(lambda conn: Reviews(conn, action.seller_id).get(action.review_id))
        if found is None:
            raise RequestRejected(platform="", operation="reply", code="not_found")
        return found
