"""Answers to reviews: each row is moved by whoever read it as it is, so that a lost race is noticed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from domain.reviews import UNDER_WAY, Answer, AnswerState
from storage.repositories import rows
from storage.repositories.pauses import OPEN
from storage.repositories.words import storable, storable_row
from storage.tables.people import seller
from storage.tables.reviews import review_answer
from storage.tables.shops import shop


class ReviewAnswers:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def add(self, added: Answer) -> None:
        values = {
            "id": added.id,
            "seller_id": self._seller_id,
            "shop_id": added.shop_id,
            "review_id": added.review_id,
            "text": storable(added.text),
            "state": added.state,
            "version": added.version,
            "requested_by": added.requested_by,
            "requested_at": added.requested_at,
            "due_at": added.due_at,
        }
        self._conn.execute(review_answer.insert().values(values))

    def get(self, answer_id: str) -> Answer | None:
        query = select(review_answer).where(self._mine, review_answer.c.id == answer_id)
        row = self._conn.execute(query).one_or_none()
        return _answer_of(row) if row else None

    def latest(self, review_id: str) -> Answer | None:
        """Return what somebody wanted to say last."""
        query = (
            select(review_answer)
            .where(self._mine, review_answer.c.review_id == review_id)
            .order_by(review_answer.c.requested_at.desc(), review_answer.c.id.desc())
            .limit(1)
        )
        row = self._conn.execute(query).one_or_none()
        return _answer_of(row) if row else None

    def version(self, review_id: str) -> int:
        """Return a number that grows with every step of every answer to a review."""
        total = func.coalesce(func.sum(review_answer.c.version), 0)
        query = select(total).where(self._mine, review_answer.c.review_id == review_id)
        return int(self._conn.execute(query).scalar_one())

    def move(self, moved: Answer, to: AnswerState, **values: Any) -> bool:
        """Move an answer if it still is where it was read; False when somebody was faster."""
        query = update(review_answer).where(
            self._mine,
            review_answer.c.id == moved.id,
            review_answer.c.state == moved.state,
            review_answer.c.version == moved.version,
        )
        values = storable_row({"state": to, "version": moved.version + 1, **values})
        return self._conn.execute(query.values(values)).rowcount == 1

    def count_ready(self, shop_id: str = "") -> int:
        """Return how many answers wait to be sent (to a shop)."""
        query = select(func.count()).where(self._mine, review_answer.c.state == AnswerState.READY)
        if shop_id:
            query = query.where(review_answer.c.shop_id == shop_id)
        return self._conn.execute(query).scalar_one()

    @property
    def _mine(self) -> ColumnElement[bool]:
        return review_answer.c.seller_id == self._seller_id


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (seller id, answer id) of what is to be sent or read back; what is held is not sent."""
    query = (
        select(review_answer.c.seller_id, review_answer.c.id)
        .join(shop, shop.c.id == review_answer.c.shop_id)
        .join(seller, seller.c.id == review_answer.c.seller_id)
        .where(
            review_answer.c.state.in_(sorted(UNDER_WAY)),
            review_answer.c.due_at <= now,
            or_(OPEN, review_answer.c.state != AnswerState.READY),
        )
        .order_by(review_answer.c.due_at)
        .limit(limit)
    )
    return [(row.seller_id, row.id) for row in conn.execute(query)]


def release(conn: Connection, now: datetime) -> None:
    """Let what a process that is gone had sent be looked at now."""
    in_hand = review_answer.c.state.in_([AnswerState.SENDING, AnswerState.UNKNOWN])
    conn.execute(update(review_answer).where(in_hand).values(due_at=now))


def only_look(conn: Connection, now: datetime) -> None:
    """Let nothing leave of what a backup remembers as under way: it may have happened since, and is read back."""
    under_way = review_answer.c.state.in_(sorted(UNDER_WAY))
    conn.execute(update(review_answer).where(under_way).values(state=AnswerState.UNKNOWN, due_at=now))


def _answer_of(row: rows.AnyRow) -> Answer:
    return Answer(
        id=row.id,
        seller_id=row.seller_id,
        shop_id=row.shop_id,
        review_id=row.review_id,
        text=row.text,
        state=AnswerState(row.state),
        version=row.version,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        due_at=row.due_at,
        attempts=row.attempts,
        looks=row.looks,
        refusal=row.refusal,
        ended_at=row.ended_at,
    )
