"""Changes of listings of one seller: every move is a conditional update, so that a lost race is noticed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from domain.changes import MOVES, ChangeState
from domain.listing_changes import ListingChange, ListingField
from storage.repositories import rows
from storage.repositories.pauses import OPEN
from storage.repositories.words import storable_row
from storage.tables.changes import listing_change
from storage.tables.people import seller
from storage.tables.shops import shop

LOST = (ChangeState.FAILED, ChangeState.CONFLICT, ChangeState.SUPERSEDED, ChangeState.EXPIRED)


class ListingChanges:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def add(self, added: ListingChange, source_key: str) -> None:
        values = {
            "id": added.id,
            "seller_id": self._seller_id,
            "shop_id": added.shop_id,
            "listing_id": added.listing_id,
            "field": added.field,
            "before": added.before,
            "after": added.after,
            "state": added.state,
            "version": added.version,
            "requested_by": added.requested_by,
            "requested_at": added.requested_at,
            "expires_at": added.expires_at,
            "undo_of": added.undo_of,
            "source_key": source_key,
        }
        self._conn.execute(listing_change.insert().values(storable_row(values)))

    def get(self, change_id: str) -> ListingChange | None:
        return self._one(listing_change.c.id == change_id)

    def of_source(self, source_key: str) -> ListingChange | None:
        """Return what a command already caused: asked again after a crash, it must not act twice."""
        return self._one(listing_change.c.source_key == source_key)

    def open_on(self, listing_id: str, field: ListingField) -> list[ListingChange]:
        """Return what was asked for and not sent yet: a newer request supersedes it."""
        query = select(listing_change).where(
            self._mine,
            listing_change.c.listing_id == listing_id,
            listing_change.c.field == field,
            listing_change.c.state.in_([ChangeState.PENDING, ChangeState.APPROVED]),
        )
        found = self._conn.execute(query.order_by(listing_change.c.id).with_for_update())
        return [_change_of(row) for row in found]

    def undo_of(self, change_id: str) -> ListingChange | None:
        """Return the change that takes this one back: one on its way, or one that came through."""
        is_on = listing_change.c.state.not_in([*LOST, ChangeState.PENDING])
        return self._one((listing_change.c.undo_of == change_id) & is_on)

    def move(self, moved: ListingChange, to: ChangeState, **values: Any) -> bool:
        """Move a change if it still is where it was read; False when somebody was faster."""
        if to not in MOVES.get(moved.state, frozenset()):
            return False
        query = self._still(moved).where(listing_change.c.state == moved.state)
        done = query.values(storable_row({"state": to, "version": moved.version + 1, **values}))
        return self._conn.execute(done).rowcount == 1

    def take_over(self, taken: ListingChange, now: datetime, until: datetime) -> bool:
        """Lease a change whose last holder is gone; False while its lease still runs."""
        lease = listing_change.c.lease_until
        query = self._still(taken).where(or_(lease.is_(None), lease <= now))
        return self._conn.execute(query.values(lease_until=until)).rowcount == 1

    def hold(self, held: ListingChange, until: datetime) -> bool:
        """Keep a change in hand until then, as it is; False when somebody moved it."""
        return self._conn.execute(self._still(held).values(lease_until=until)).rowcount == 1

    def _still(self, read: ListingChange) -> Any:
        return update(listing_change).where(
            self._mine, listing_change.c.id == read.id, listing_change.c.version == read.version
        )

    def count_approved(self, shop_id: str = "") -> int:
        """Return how many changes wait to be sent (to a shop)."""
        query = select(func.count()).where(self._mine, listing_change.c.state == ChangeState.APPROVED)
        if shop_id:
            query = query.where(listing_change.c.shop_id == shop_id)
        return self._conn.execute(query).scalar_one()

    def _one(self, condition: ColumnElement[bool]) -> ListingChange | None:
        row = self._conn.execute(select(listing_change).where(self._mine, condition)).first()
        return _change_of(row) if row else None

    @property
    def _mine(self) -> ColumnElement[bool]:
        return listing_change.c.seller_id == self._seller_id


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (seller id, change id) of changes to send, to settle, or to let expire."""
    states, waits = listing_change.c.state, listing_change.c.not_before
    ready = (states == ChangeState.APPROVED) & or_(waits.is_(None), waits <= now)
    stranded = states.in_([ChangeState.APPLYING, ChangeState.UNKNOWN]) & (listing_change.c.lease_until <= now)
    late = (states == ChangeState.PENDING) & (listing_change.c.expires_at <= now)
    query = (
        select(listing_change.c.seller_id, listing_change.c.id)
        .join(seller, seller.c.id == listing_change.c.seller_id)
        .join(shop, shop.c.id == listing_change.c.shop_id)
        .where(or_(ready & OPEN, stranded, late))
    )
    return [(row.seller_id, row.id) for row in conn.execute(query.limit(limit))]


def _change_of(row: rows.AnyRow) -> ListingChange:
    return ListingChange(
        id=row.id,
        seller_id=row.seller_id,
        shop_id=row.shop_id,
        listing_id=row.listing_id,
        field=ListingField(row.field),
        before=row.before,
        after=row.after,
        state=ChangeState(row.state),
        version=row.version,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        not_before=row.not_before,
        attempts=row.attempts,
        ended_at=row.ended_at,
        reason=row.reason,
        seen_value=row.seen_value,
        undo_of=row.undo_of,
    )
