"""When the consents of shops end, of all sellers: what owners must be told of in time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, or_, select

from domain.shops import Shop, ShopState
from storage.repositories import rows
from storage.tables.shops import shop

_LINKED = (ShopState.LINKED, ShopState.PAUSED)
_END = case(
    (shop.c.refresh_expires_at < shop.c.authorised_until, shop.c.refresh_expires_at),
    else_=func.coalesce(shop.c.authorised_until, shop.c.refresh_expires_at),
)
"""The consent ends with its own term or with the last refresh token, whichever is first."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A shop whose consent ends at a moment, or has ended then when it is not linked any more."""

    shop: Shop
    at: datetime
    is_linked: bool


def linked_of(conn: Connection, app_id: str) -> list[Shop]:
    """Return the shops that an app reads, of all sellers."""
    query = select(shop).where(shop.c.app_id == app_id, shop.c.state.in_(_LINKED))
    return [rows.shop_of(row) for row in conn.execute(query.order_by(shop.c.id))]


def ending(conn: Connection, after: datetime, before: datetime, limit: int) -> list[Ending]:
    """Return linked shops whose consent ends between two moments, the first to end first."""
    query = (
        select(shop, _END.label("ends_at"))
        .where(
            shop.c.state.in_(_LINKED),
            or_(shop.c.authorised_until < before, shop.c.refresh_expires_at < before),
            after < _END,
        )
        .order_by(_END, shop.c.id)
        .limit(limit)
    )
    return [Ending(rows.shop_of(row), row.ends_at, is_linked=True) for row in conn.execute(query)]


def ended(conn: Connection, after: datetime, before: datetime, limit: int) -> list[Ending]:
    """Return shops that were cut off between two moments and are not linked again."""
    query = (
        select(shop)
        .where(
            shop.c.state == ShopState.NEEDS_RELINK,
            shop.c.trouble_since > after,
            shop.c.trouble_since <= before,
        )
        .order_by(shop.c.trouble_since, shop.c.id)
        .limit(limit)
    )
    return [Ending(rows.shop_of(row), row.trouble_since, is_linked=False) for row in conn.execute(query)]


def still(conn: Connection, seller_id: str, shop_id: str, at: datetime) -> Shop | None:
    """Return a shop whose consent ends at that moment, or which was cut off then and is not linked again."""
    ends = shop.c.state.in_(_LINKED) & (at == _END)
    has_ended = (shop.c.state == ShopState.NEEDS_RELINK) & (shop.c.trouble_since == at)
    query = select(shop).where(shop.c.seller_id == seller_id, shop.c.id == shop_id, or_(ends, has_ended))
    row = conn.execute(query).one_or_none()
    return rows.shop_of(row) if row else None
