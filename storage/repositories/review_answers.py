"""Answers to reviews: each row is moved by whoever read it as it is, so that a lost race is noticed."""

from domain.actions import ActionState
from domain.reviews import Answer
from storage.repositories.action_rows import ActionRows
from storage.repositories.rows import AnyRow
from storage.repositories.words import storable
from storage.tables.reviews import review_answer


class ReviewAnswers(ActionRows[Answer]):
    table, about = review_answer, "review_id"

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

    @staticmethod
    def read(row: AnyRow) -> Answer:
        return Answer(
            id=row.id,
            seller_id=row.seller_id,
            shop_id=row.shop_id,
            review_id=row.review_id,
            text=row.text,
            state=ActionState(row.state),
            version=row.version,
            requested_by=row.requested_by,
            requested_at=row.requested_at,
            due_at=row.due_at,
            attempts=row.attempts,
            looks=row.looks,
            refusal=row.refusal,
            ended_at=row.ended_at,
        )
