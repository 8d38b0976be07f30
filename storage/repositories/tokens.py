"""The token columns of a shop: versions, the refresh lease, the journal of an attempt (R9)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update

from domain.shops import ShopState
from storage.tables.shops import shop


@dataclass(frozen=True, slots=True)
class TokenState:
    """Where a shop's refresh chain stands. `attempt_of` is the version an unfinished refresh began with."""

    version: int
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    attempt_of: int
    attempts: int


_STATE = select(
    shop.c.token_version,
    shop.c.token_expires_at,
    shop.c.refresh_expires_at,
    shop.c.refresh_started_version,
    shop.c.refresh_attempts,
).where(shop.c.id == bindparam("shop"))


_WHOSE = select(shop.c.seller_id, shop.c.app_id, shop.c.authorisation).where(shop.c.id == bindparam("shop"))


def token_state(conn: Connection, shop_id: str) -> TokenState:
    return TokenState(*conn.execute(_STATE, {"shop": shop_id}).one())


def pair_of(conn: Connection, shop_id: str) -> str:
    """Return a name for the pair of tokens that a shop has, alone or with others of its authorisation."""
    row = conn.execute(_WHOSE, {"shop": shop_id}).one()
    return f"{row.seller_id}:{row.app_id}:{row.authorisation}" if row.authorisation else shop_id


def take_lease(conn: Connection, shop_id: str, now: datetime, until: datetime) -> int | None:
    """Take the refresh lease of a pair; return its generation, or None while somebody else holds it.

    It is taken for all shops that have the pair: one of them may be unlinked meanwhile, and the others stay held.
    """
    query = select(shop.c.id, shop.c.lease_until, shop.c.lease_gen).where(_has_pair_of(conn, shop_id))
    found = conn.execute(query.order_by(shop.c.id).with_for_update()).all()
    if not found or any(each.lease_until is not None and each.lease_until >= now for each in found):
        return None
    generation: int = max(each.lease_gen for each in found) + 1
    held = update(shop).where(shop.c.id.in_([each.id for each in found]))
    conn.execute(held.values(lease_until=until, lease_gen=generation))
    return generation


def drop_lease(conn: Connection, shop_id: str, generation: int) -> None:
    query = update(shop).where(_has_pair_of(conn, shop_id), shop.c.lease_gen == generation)
    conn.execute(query.values(lease_until=None))


def journal_attempt(conn: Connection, shop_id: str, version: int) -> None:
    """Record that a refresh of this version leaves now, before it leaves."""
    query = update(shop).where(shop.c.id == shop_id)
    conn.execute(query.values(refresh_started_version=version, refresh_attempts=shop.c.refresh_attempts + 1))


def advance(
    conn: Connection,
    shop_id: str,
    *,
    generation: int,
    expires_at: datetime,
    refresh_expires_at: datetime | None,
) -> list[str]:
    """Count a new pair in for all shops that have it, and return them; none whose lease was lost meanwhile.

    Who took a shop's lease has the last word about it.
    """
    query = update(shop).where(_has_pair_of(conn, shop_id), shop.c.lease_gen == generation)
    values = {
        "token_version": shop.c.token_version + 1,
        "token_expires_at": expires_at,
        "refresh_expires_at": refresh_expires_at,
        "refresh_attempts": 0,
        "lease_until": None,
    }
    return list(conn.execute(query.values(values).returning(shop.c.id)).scalars())


def begin_chain(
    conn: Connection, shop_id: str, *, expires_at: datetime, refresh_expires_at: datetime | None
) -> None:
    """Start a new refresh chain for a shop that was linked or linked again; older holders lose their lease."""
    values = {
        "token_version": shop.c.token_version + 1,
        "token_expires_at": expires_at,
        "refresh_expires_at": refresh_expires_at,
        "refresh_attempts": 0,
        "lease_until": None,
        "lease_gen": shop.c.lease_gen + 1,
        "link_gen": shop.c.link_gen + 1,
    }
    conn.execute(update(shop).where(shop.c.id == shop_id).values(values))


def end_chain(conn: Connection, shop_id: str) -> None:
    """End a refresh chain: whoever is refreshing has no say any more and stores nothing."""
    values = {
        "token_version": shop.c.token_version + 1,
        "token_expires_at": None,
        "refresh_expires_at": None,
        "refresh_attempts": 0,
        "lease_until": None,
        "lease_gen": shop.c.lease_gen + 1,
    }
    conn.execute(update(shop).where(shop.c.id == shop_id).values(values))


def expiring(conn: Connection, before: datetime, limit: int) -> list[str]:
    """Return ids of shops whose access token ends before a moment; a paused one must stay linked."""
    query = (
        select(shop.c.id)
        .where(shop.c.state.in_(["linked", "paused"]), shop.c.token_expires_at < before)
        .order_by(shop.c.token_expires_at)
        .limit(limit)
    )
    return list(conn.execute(query).scalars())


def _has_pair_of(conn: Connection, shop_id: str) -> ColumnElement[bool]:
    """Say which shops have the pair of tokens of this one: all linked ones of its authorisation, or it alone."""
    whose = conn.execute(_WHOSE, {"shop": shop_id}).one()
    if not whose.authorisation:
        return shop.c.id == shop_id
    return and_(
        shop.c.seller_id == whose.seller_id,
        shop.c.app_id == whose.app_id,
        shop.c.authorisation == whose.authorisation,
        shop.c.state != ShopState.UNLINKED,
    )
