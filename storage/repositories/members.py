"""Members, views and limits of one seller."""

from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, delete, select, update

from domain.caps import Limits
from domain.people import Member, Role, Seller
from storage.repositories import rows
from storage.tables.chats import view
from storage.tables.people import member, seller


class Members:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def get(self, user_id: str) -> Member | None:
        query = select(member).where(member.c.seller_id == self._seller_id, member.c.user_id == user_id)
        row = self._conn.execute(query).one_or_none()
        return rows.member_of(row) if row else None

    def approvers(self) -> list[Member]:
        """Return those who may approve: managers and owners."""
        query = select(member).where(
            member.c.seller_id == self._seller_id, member.c.role.in_([Role.MANAGER, Role.OWNER])
        )
        return [rows.member_of(row) for row in self._conn.execute(query)]

    def all(self) -> list[Member]:
        """Return everybody, the mightiest first."""
        query = select(member).where(member.c.seller_id == self._seller_id).order_by(member.c.joined_at)
        found = [rows.member_of(row) for row in self._conn.execute(query)]
        return sorted(found, key=lambda each: -each.role.rank)

    def set_role(self, of: Member, role: Role) -> bool:
        """Give a member another role; False when it has changed since he was read."""
        query = update(member).where(*self._still(of)).values(role=role, version=of.version + 1)
        return self._conn.execute(query).rowcount == 1

    def remove(self, of: Member) -> bool:
        """Let a member go; False when something has changed since he was read."""
        return self._conn.execute(delete(member).where(*self._still(of))).rowcount == 1

    def _still(self, of: Member) -> tuple[ColumnElement[bool], ...]:
        return (
            member.c.seller_id == self._seller_id,
            member.c.user_id == of.user_id,
            member.c.version == of.version,
        )

    def seller(self) -> Seller:
        row = self._conn.execute(select(seller).where(seller.c.id == self._seller_id)).one()
        return Seller(row.id, row.name, row.created_at)

    def limits(self) -> Limits:
        of = seller.c
        query = select(of.percent_per_change, of.percent_per_day, of.items_per_proposal)
        row = self._conn.execute(query.where(of.id == self._seller_id)).one()
        return Limits(Decimal(row.percent_per_change), Decimal(row.percent_per_day), row.items_per_proposal)

    def set_view(self, view_id: str, **values: str) -> None:
        """Write a view's language or zone."""
        query = update(view).where(view.c.seller_id == self._seller_id, view.c.id == view_id)
        self._conn.execute(query.values(**values))
