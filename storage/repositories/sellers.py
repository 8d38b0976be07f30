"""Sellers as the host sees them: how much they are, not what they do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from domain.people import Member
from storage.repositories import rows
from storage.tables.host import active_day
from storage.tables.orders import sale_order
from storage.tables.people import member, seller
from storage.tables.shops import shop

LIMITS = {
    "percent": seller.c.percent_per_change,
    "day": seller.c.percent_per_day,
    "items": seller.c.items_per_proposal,
    "shops": seller.c.shop_limit,
}
"""What a host may set for a seller, by the word the command line has for it."""


@dataclass(frozen=True, slots=True)
class SellerRow:
    """One seller with counts; `last_active` is the last day on which somebody did something, or empty."""

    id: str
    name: str
    created_at: datetime
    members: int
    shops: int
    orders: int
    last_active: str
    limits: dict[str, int]
    writes_paused_at: datetime | None = None


def all_of(conn: Connection) -> list[SellerRow]:
    """Return all sellers, the oldest first."""
    return [_row_of(row) for row in conn.execute(_query().order_by(seller.c.created_at, seller.c.id))]


def named(conn: Connection, named: str) -> list[SellerRow]:
    """Return the sellers with this id, or with this name if no id is meant."""
    by_id = conn.execute(_query().where(seller.c.id == named)).all()
    found = by_id or conn.execute(_query().where(seller.c.name == named).order_by(seller.c.id)).all()
    return [_row_of(row) for row in found]


def members_of(conn: Connection, seller_id: str) -> list[Member]:
    query = select(member).where(member.c.seller_id == seller_id).order_by(member.c.joined_at)
    return [rows.member_of(row) for row in conn.execute(query)]


def limit(conn: Connection, seller_id: str, limits: dict[str, int]) -> None:
    values = {LIMITS[word].name: value for word, value in limits.items()}
    query = update(seller).where(seller.c.id == seller_id)
    conn.execute(query.values(values | {"version": seller.c.version + 1}))


def shop_limit(conn: Connection, seller_id: str) -> int:
    found: int = conn.execute(select(seller.c.shop_limit).where(seller.c.id == seller_id)).scalar_one()
    return found


def _query() -> Any:
    counted = [
        select(func.count())
        .select_from(table)
        .where(table.c.seller_id == seller.c.id)
        .scalar_subquery()
        .label(name)
        for name, table in (("members", member), ("shops", shop), ("orders", sale_order))
    ]
    last = select(func.max(active_day.c.day)).where(active_day.c.seller_id == seller.c.id)
    return select(seller, *counted, last.scalar_subquery().label("last_active"))


def _row_of(row: Any) -> SellerRow:
    limits = {word: getattr(row, column.name) for word, column in LIMITS.items()}
    return SellerRow(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        members=row.members,
        shops=row.shops,
        orders=row.orders,
        last_active=row.last_active or "",
        limits=limits,
        writes_paused_at=row.writes_paused_at,
    )
