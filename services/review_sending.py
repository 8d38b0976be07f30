"""Carrying answers to reviews to the platform: claim, send, read back, settle (`docs/promises.md` R6, R10).

A row is SENDING in the database before anything leaves. An answer is for everybody to read and there may be
one alone, so it is sent once: what may have left is only read back, and where nothing shows after several
looks, a person decides whether to write again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    PlatformError,
    RateLimited,
    RequestRejected,
    TokenRevoked,
    UnexpectedResponse,
    UnsupportedByPlatform,
    WritesPaused,
)
from domain.failpoint import failpoint
from domain.platform import ActionResult, Can, Outcome, Platform
from domain.reviews import LOOKS, NO_EFFECT, Answer, AnswerState, Review, refusal_of
from domain.shops import ShopAccess
from services.pausing import assert_open
from services.reviews import note_step
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import pauses, review_answers
from storage.repositories.review_answers import ReviewAnswers
from storage.repositories.reviews import Reviews

LEASE = timedelta(seconds=45)
ATTEMPTS = 8
"""So often a call that surely did nothing is tried by itself; then a person is asked."""
LOOK_PAUSE, CLOSED_PAUSE = timedelta(seconds=10), timedelta(minutes=5)
"""How long until the next look while the platform is down, or shut for us."""
REFUSALS = (TokenRevoked, RequestRejected, HostMisconfigured, UnsupportedByPlatform)

log = get_logger(__name__)


class ReviewSendService:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._platforms = platforms
        self._wakeups = wakeups

    async def due(self, limit: int = 50) -> list[tuple[str, str]]:
        """Return (seller id, answer id) of what waits to be sent or read back."""
        now = self._clock()
        return await self._db.read(lambda conn: review_answers.due(conn, now, limit))

    async def act(self, seller_id: str, answer_id: str) -> None:
        """Bring one answer a step on; safe to call at any time, any number of times."""
        answer = await self._claim(seller_id, answer_id)
        if answer is None:
            return
        if answer.state is AnswerState.SENDING:
            await self._send(answer)
        else:
            await self._look(answer)

    async def _claim(self, seller_id: str, answer_id: str) -> Answer | None:
        """Take an answer in hand: SENDING when it is to leave now, UNKNOWN when it may have left before."""
        now = self._clock()

        def work(conn: Connection) -> Answer | None:
            answers = ReviewAnswers(conn, seller_id)
            answer = answers.get(answer_id)
            if answer is None or not answer.is_under_way or answer.due_at > now:
                return None
            if answer.state is not AnswerState.READY:
                taken = answers.move(answer, AnswerState.UNKNOWN, due_at=now + LEASE)
                return answers.get(answer_id) if taken else None
            if pauses.is_held(conn, answer.shop_id):
                return None
            review = Reviews(conn, seller_id).get(answer.review_id)
            judged = refusal_of(answer, review.seen.reply) if review else "not_found"
            if judged is not None:
                _settle(conn, answer, judged, now)
                return None
            values = {"due_at": now + LEASE, "attempts": answer.attempts + 1}
            return answers.get(answer_id) if answers.move(answer, AnswerState.SENDING, **values) else None

        claimed = await self._db.write(work, "review_answer.claim")
        self._wakeups.outbox.set()
        return claimed

    async def _send(self, answer: Answer) -> None:
        try:
            result = await self._call(answer)
        except WritesPaused:
            await self._move(answer, AnswerState.READY, due_at=self._clock(), attempts=answer.attempts - 1)
        except (FateUnknown, UnexpectedResponse) as failed:
            log.warning("review_answer_unknown", answer=answer.id, reason=str(failed))
            await self._look(answer)
        except REFUSALS as failed:
            await self._settle(answer, failed.code)
        except PlatformError as failed:
            await self._not_sent(answer, failed)
        else:
            await self._look(answer, result.reason if result.outcome is Outcome.REJECTED else "")

    async def _call(self, answer: Answer) -> ActionResult:
        """Send it, once; raises UnsupportedByPlatform before any request where the platform cannot."""
        review = await self._review(answer)

        async def ask(platform: Platform, access: ShopAccess) -> ActionResult:
            await self._db.read(lambda conn: assert_open(conn, answer.shop_id))
            if Can.ANSWER_REVIEWS not in platform.info.can:
                raise UnsupportedByPlatform(platform=platform.info.slug, operation="reply")
            return await platform.reviews.reply(access, review.seen.external_id, answer.text)

        failpoint("review_answer.send:before")
        result = await self._tokens.call(answer.shop_id, ask)
        failpoint("review_answer.send:after")
        return result

    async def _look(self, answer: Answer, refusal: str = "") -> None:
        """Read the review and believe only what it shows; a `refusal` counts unless it shows the answer."""
        try:
            judged = await self._seen(answer)
        except PlatformError as failed:
            if refusal:
                await self._settle(answer, refusal)
            else:
                await self._look_later(answer, failed)
            return
        looks = answer.looks + 1
        if refusal and judged != "":
            judged = refusal
        if judged is None and looks >= len(LOOKS):
            judged = NO_EFFECT
        if judged is not None:
            await self._settle(answer, judged)
            return
        await self._move(answer, AnswerState.UNKNOWN, due_at=self._clock() + LOOKS[looks], looks=looks)

    async def _seen(self, answer: Answer) -> str | None:
        """Read the review into our books; say what became of the answer by it, None while nothing shows."""
        review = await self._review(answer)
        number = review.seen.external_id
        seen = await self._tokens.call(
            answer.shop_id, lambda platform, access: platform.reviews.fetch_review(access, number)
        )
        if seen is None:
            return "not_found"
        now = self._clock()
        await self._db.write(
            lambda conn: Reviews(conn, answer.seller_id).record(answer.shop_id, [seen], now),
            "review_answer.seen",
        )
        return refusal_of(answer, seen.reply)

    async def _look_later(self, answer: Answer, failed: PlatformError) -> None:
        """Nobody could look: it stays open, however long that takes."""
        pause = CLOSED_PAUSE if isinstance(failed, REFUSALS) else LOOK_PAUSE
        log.warning("review_answer_waits", answer=answer.id, reason=str(failed), was_sent=True)
        await self._move(answer, AnswerState.UNKNOWN, due_at=self._clock() + max(pause, _asked(failed)))

    async def _not_sent(self, answer: Answer, failed: PlatformError) -> None:
        """Surely nothing was done: it goes back and is tried again later, a few times."""
        log.warning("review_answer_waits", answer=answer.id, reason=str(failed), was_sent=False)
        if answer.attempts >= ATTEMPTS:
            await self._settle(answer, failed.code)
            return
        pause = max(timedelta(seconds=2**answer.attempts), _asked(failed))
        await self._move(answer, AnswerState.READY, due_at=self._clock() + pause)

    async def _review(self, answer: Answer) -> Review:
        found = await self._db.read(lambda conn: Reviews(conn, answer.seller_id).get(answer.review_id))
        if found is None:
            raise RequestRejected(platform="", operation="reply", code="not_found")
        return found

    async def _move(self, answer: Answer, to: AnswerState, **values: Any) -> None:
        await self._db.write(
            lambda conn: ReviewAnswers(conn, answer.seller_id).move(answer, to, **values),
            f"review_answer.{to}",
        )

    async def _settle(self, answer: Answer, refusal: str) -> None:
        now = self._clock()
        await self._db.write(lambda conn: _settle(conn, answer, refusal, now), "review_answer.settle")
        self._wakeups.outbox.set()


def _settle(conn: Connection, answer: Answer, refusal: str, now: datetime) -> None:
    """End an answer, unless somebody took it over: theirs is the last word."""
    to = AnswerState.REFUSED if refusal else AnswerState.DONE
    if ReviewAnswers(conn, answer.seller_id).move(answer, to, refusal=refusal[:48], ended_at=now):
        note_step(conn, answer, to, "storesync", now, refusal)


def _asked(failed: PlatformError) -> timedelta:
    return timedelta(seconds=failed.retry_after_s if isinstance(failed, RateLimited) else 0.0)
