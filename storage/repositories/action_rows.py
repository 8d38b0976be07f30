"""Rows of what is asked of platforms once: moved by whoever read them as they are, so that a lost race is noticed."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select, true, update

from domain.actions import UNDER_WAY, ActionState, Asked
from storage.repositories.pauses import OPEN
from storage.repositories.rows import AnyRow
from storage.repositories.words import storable_row
from storage.tables.people import seller
from storage.tables.shops import shop

A = TypeVar("A", bound=Asked)


class ActionRows(ABC, Generic[A]):
    """One table of actions, as far as they are all alike."""

    table: ClassVar[Table]
    about: ClassVar[str]
    """The column that names what an action is about."""

    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    @staticmethod
    @abstractmethod
    def read(row: AnyRow) -> A:
        """Return the action that a row holds."""

    def get(self, action_id: str) -> A | None:
        row = self._conn.execute(select(self.table).where(self._mine, self.table.c.id == action_id)).first()
        return self.read(row) if row else None

    def latest(self, about_id: str) -> A | None:
        """Return what was asked last about something."""
        newest = (self.table.c.requested_at.desc(), self.table.c.id.desc())
        query = select(self.table).where(self._of(about_id)).order_by(*newest).limit(1)
        row = self._conn.execute(query).first()
        return self.read(row) if row else None

    def under_way(self, about_id: str) -> A | None:
        query = select(self.table).where(self._of(about_id), self.table.c.state.in_(sorted(UNDER_WAY)))
        row = self._conn.execute(query).first()
        return self.read(row) if row else None

    def version(self, about_id: str) -> int:
        """Return a number that grows with every step of every action about something."""
        total = func.coalesce(func.sum(self.table.c.version), 0)
        return int(self._conn.execute(select(total).where(self._of(about_id))).scalar_one())

    def move(self, moved: A, to: ActionState, **values: Any) -> bool:
        """Move an action if it still is where it was read; False when somebody was faster."""
        query = update(self.table).where(
            self._mine,
            self.table.c.id == moved.id,
            self.table.c.state == moved.state,
            self.table.c.version == moved.version,
        )
        values = storable_row({"state": to, "version": moved.version + 1, **values})
        return self._conn.execute(query.values(values)).rowcount == 1

    def count_ready(self, shop_id: str = "") -> int:
        """Return how many actions wait to be sent (to a shop)."""
        query = select(func.count()).where(self._mine, self.table.c.state == ActionState.READY)
        if shop_id:
            query = query.where(self.table.c.shop_id == shop_id)
        return self._conn.execute(query).scalar_one()

    @classmethod
    def due(cls, conn: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
        """Return (seller id, action id) of what is to be sent or read back; what is held is not sent."""
        table = cls.table
        query = (
            select(table.c.seller_id, table.c.id)
            .join(shop, shop.c.id == table.c.shop_id)
            .join(seller, seller.c.id == table.c.seller_id)
            .where(
                table.c.state.in_(sorted(UNDER_WAY)),
                table.c.due_at <= now,
                or_(OPEN, table.c.state != ActionState.READY),
            )
            .order_by(table.c.due_at)
            .limit(limit)
        )
        return [(row.seller_id, row.id) for row in conn.execute(query)]

    @classmethod
    def release(cls, conn: Connection, now: datetime) -> None:
        """Let what a process that is gone had sent be looked at now."""
        in_hand = cls.table.c.state.in_([ActionState.SENDING, ActionState.UNKNOWN])
        conn.execute(update(cls.table).where(in_hand).values(due_at=now))

    @classmethod
    def only_look(cls, conn: Connection, now: datetime) -> None:
        """Let nothing leave of what a backup remembers as under way: it may have happened since, and is read back."""
        under_way = cls.table.c.state.in_(sorted(UNDER_WAY))
        conn.execute(update(cls.table).where(under_way).values(state=ActionState.UNKNOWN, due_at=now))

    @staticmethod
    def is_told() -> ColumnElement[bool]:
        """Say which actions count as asked; all of them, where drafts are shown too."""
        return true()

    def _of(self, about_id: str) -> ColumnElement[bool]:
        return self._mine & (self.table.c[self.about] == about_id) & self.is_told()

    @property
    def _mine(self) -> ColumnElement[bool]:
        return self.table.c.seller_id == self._seller_id
