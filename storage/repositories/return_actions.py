"""What a seller does about returns: each row is moved by whoever read it as it is, so that a lost race is noticed."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from domain.money import Money
from domain.order_actions import ActionState
from domain.return_actions import UNDER_WAY, Proof, ReturnAction, ReturnActionKind
from domain.returns import ReturnState, Solution
from storage.repositories import rows
from storage.repositories.pauses import OPEN
from storage.repositories.words import storable, storable_row
from storage.tables.people import seller
from storage.tables.returns import return_action
from storage.tables.shops import shop


class ReturnActions:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

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
            "proofs": proofs_kept(added.proofs),
            "state": added.state,
            "version": added.version,
            "requested_by": added.requested_by,
            "requested_at": added.requested_at,
            "due_at": added.due_at,
        }
        self._conn.execute(return_action.insert().values(storable_row(about)))

    def get(self, action_id: str) -> ReturnAction | None:
        query = select(return_action).where(self._mine, return_action.c.id == action_id)
        row = self._conn.execute(query).one_or_none()
        return _action_of(row) if row else None

    def latest(self, return_id: str) -> ReturnAction | None:
        """Return what was asked last about a return; a draft asks for nothing yet."""
        query = select(return_action).where(
            self._mine, return_action.c.return_id == return_id, return_action.c.state != ActionState.DRAFT
        )
        newest = query.order_by(return_action.c.requested_at.desc(), return_action.c.id.desc())
        row = self._conn.execute(newest.limit(1)).one_or_none()
        return _action_of(row) if row else None

    def under_way(self, return_id: str) -> ReturnAction | None:
        query = select(return_action).where(
            self._mine, return_action.c.return_id == return_id, return_action.c.state.in_(sorted(UNDER_WAY))
        )
        row = self._conn.execute(query).first()
        return _action_of(row) if row else None

    def version(self, return_id: str) -> int:
        """Return a number that grows with every step of every action about a return; drafts are no steps of it."""
        total = func.coalesce(func.sum(return_action.c.version), 0)
        query = select(total).where(
            self._mine, return_action.c.return_id == return_id, return_action.c.state != ActionState.DRAFT
        )
        return int(self._conn.execute(query).scalar_one())

    def move(self, moved: ReturnAction, to: ActionState, **values: Any) -> bool:
        """Move an action if it still is where it was read; False when somebody was faster."""
        query = update(return_action).where(
            self._mine,
            return_action.c.id == moved.id,
            return_action.c.state == moved.state,
            return_action.c.version == moved.version,
        )
        values = {"state": to, "version": moved.version + 1, **values}
        return self._conn.execute(query.values(values)).rowcount == 1

    def drop_drafts(self, return_id: str, user_id: str) -> None:
        """Forget what somebody began to put together about a return."""
        mine = self._mine & (return_action.c.return_id == return_id)
        theirs = mine & (return_action.c.requested_by == user_id)
        self._conn.execute(delete(return_action).where(theirs, return_action.c.state == ActionState.DRAFT))

    def count_ready(self, shop_id: str = "") -> int:
        """Return how many actions wait to be sent (to a shop)."""
        query = select(func.count()).where(self._mine, return_action.c.state == ActionState.READY)
        if shop_id:
            query = query.where(return_action.c.shop_id == shop_id)
        return self._conn.execute(query).scalar_one()

    @property
    def _mine(self) -> ColumnElement[bool]:
        return return_action.c.seller_id == self._seller_id


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (seller id, action id) of what is to be sent or read back; what is held is not sent."""
    query = (
        select(return_action.c.seller_id, return_action.c.id)
        .join(shop, shop.c.id == return_action.c.shop_id)
        .join(seller, seller.c.id == return_action.c.seller_id)
        .where(
            return_action.c.state.in_(sorted(UNDER_WAY)),
            return_action.c.due_at <= now,
            or_(OPEN, return_action.c.state != ActionState.READY),
        )
        .order_by(return_action.c.due_at)
        .limit(limit)
    )
    return [(row.seller_id, row.id) for row in conn.execute(query)]


def release(conn: Connection, now: datetime) -> None:
    """Let what a process that is gone had sent be looked at now."""
    in_hand = return_action.c.state.in_([ActionState.SENDING, ActionState.UNKNOWN])
    conn.execute(update(return_action).where(in_hand).values(due_at=now))


def only_look(conn: Connection, now: datetime) -> None:
    """Let nothing leave of what a backup remembers as under way: it may have happened since, and is read back."""
    under_way = return_action.c.state.in_(sorted(UNDER_WAY))
    conn.execute(update(return_action).where(under_way).values(state=ActionState.UNKNOWN, due_at=now))


def proofs_kept(proofs: Sequence[Proof]) -> str:
    """Return proofs as a row keeps them."""
    kept = [[each.external_id, each.requirement, each.is_required, list(each.pictures)] for each in proofs]
    return storable(json.dumps(kept, ensure_ascii=False))


def _proofs_of(kept: str) -> tuple[Proof, ...]:
    return tuple(
        Proof(number, requirement, is_required, tuple(pictures))
        for number, requirement, is_required, pictures in json.loads(kept)
    )


def _action_of(row: rows.AnyRow) -> ReturnAction:
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
        proofs=_proofs_of(row.proofs),
        step=row.step,
        email=row.email,
        attempts=row.attempts,
        looks=row.looks,
        refusal=row.refusal,
        ended_at=row.ended_at,
    )
