"""The token columns of a shop: versions, the refresh lease, the journal of an attempt (R9)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

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


def token_state(conn: Connection, shop_id: str) -> TokenState:
    return TokenState(*conn.execute(_STATE, {"shop": shop_id}).one())


def take_lease(conn: Connection, shop_id: str, now: datetime, until: datetime) -> int | None:
    """Take the refresh lease; return its generation, or None while somebody else holds it."""
    query = (
        update(shop)
        .where(shop.c.id == shop_id, or_(shop.c.lease_until.is_(None), shop.c.lease_until < now))
        .values(lease_until=until, lease_gen=shop.c.lease_gen + 1)
        .returning(shop.c.lease_gen)
    )
    return conn.execute(query).scalar_one_or_none()


def drop_lease(conn: Connection, shop_id: str, generation: int) -> None:
    query = update(shop).where(shop.c.id == shop_id, shop.c.lease_gen == generation)
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
) -> bool:
    """Count a new pair in; False when the lease was lost meanwhile (its holder has the last word)."""
    query = update(shop).where(shop.c.id == shop_id, shop.c.lease_gen == generation)
    values = {
        "token_version": shop.c.token_version + 1,
        "token_expires_at": expires_at,
        "refresh_expires_at": refresh_expires_at,
        "refresh_attempts": 0,
        "lease_until": None,
    }
    return conn.execute(query.values(values)).rowcount == 1


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
