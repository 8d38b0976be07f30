"""What a seller does about returns: each row is moved by whoever read it as it is, so that a lost race is noticed."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select

from domain.actions import ActionState
from domain.money import Money
from domain.return_actions import Proof, ReturnAction, ReturnActionKind
from domain.returns import ReturnState, Solution
from storage.repositories.action_rows import ActionRows
from storage.repositories.rows import AnyRow
from storage.repositories.words import storable, storable_row
from storage.tables.returns import return_action


class ReturnActions(ActionRows[ReturnAction]):
    table, about = return_action, "return_id"

    def add(self, added: ReturnAction) -> None:
        about = {
            "id": added.id,
            "seller_id": self._seller_id,
            "shop_id": added.shop_id,
            "return_id": added.return_id,
            "kind": added.kind,
            "was": added.was,
            "solution": added.solution,
            "amount": added.amount.amount if added.amount else None,
            "currency": added.amount.currency if added.amount else "",
            "reason_id": added.reason_id,
            "reason_text": added.reason_text,
            "own_words": added.own_words,
            "proofs": proofs_kept(added.proofs),
            "state": added.state,
            "version": added.version,
            "requested_by": added.requested_by,
            "requested_at": added.requested_at,
            "due_at": added.due_at,
        }
        self._conn.execute(return_action.insert().values(storable_row(about)))

    def drop_drafts(self, return_id: str, user_id: str) -> None:
        """Forget what somebody began to put together about a return."""
        mine = self._mine & (return_action.c.return_id == return_id)
        theirs = mine & (return_action.c.requested_by == user_id)
        self._conn.execute(delete(return_action).where(theirs, return_action.c.state == ActionState.DRAFT))

    def own_words(self, return_id: str) -> str:
        """Return what the seller wrote against a return last, unless it was refused."""
        kept = return_action.c.own_words
        sent = (return_action.c.state != ActionState.REFUSED) & (kept != "")
        query = select(kept).where(self._of(return_id), sent)
        return self._conn.scalar(query.order_by(return_action.c.requested_at.desc()).limit(1)) or ""

    @staticmethod
    def is_told() -> ColumnElement[bool]:
        """A draft asks for nothing yet."""
        return return_action.c.state != ActionState.DRAFT

    @staticmethod
    def read(row: AnyRow) -> ReturnAction:
        return ReturnAction(
            id=row.id,
            seller_id=row.seller_id,
            shop_id=row.shop_id,
            return_id=row.return_id,
            kind=ReturnActionKind(row.kind),
            state=ActionState(row.state),
            version=row.version,
            requested_by=row.requested_by,
            requested_at=row.requested_at,
            due_at=row.due_at,
            was=ReturnState(row.was),
            solution=Solution(row.solution) if row.solution else Solution.UNKNOWN,
            amount=None if row.amount is None else Money(row.amount, row.currency),
            reason_id=row.reason_id,
            reason_text=row.reason_text,
            own_words=row.own_words,
            proofs=_proofs_of(row.proofs),
            step=row.step,
            email=row.email,
            attempts=row.attempts,
            looks=row.looks,
            refusal=row.refusal,
            ended_at=row.ended_at,
        )


def proofs_kept(proofs: Sequence[Proof]) -> str:
    """Return proofs as a row keeps them."""
    kept = [[each.external_id, each.requirement, each.is_required, list(each.pictures)] for each in proofs]
    return storable(json.dumps(kept, ensure_ascii=False))


def _proofs_of(kept: str) -> tuple[Proof, ...]:
    return tuple(
        Proof(number, requirement, is_required, tuple(pictures))
        for number, requirement, is_required, pictures in json.loads(kept)
    )
