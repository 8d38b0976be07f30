"""Changes of one seller: every move is a conditional update, so that a lost race is noticed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from domain.caps import Approval
from domain.changes import MOVES, Change, ChangeState
from domain.locks import known_end, wave
from domain.money import Money
from storage.repositories import rows
from storage.repositories.bulks import IN_BULK
from storage.repositories.pauses import OPEN
from storage.tables.catalogue import listing_variant
from storage.tables.changes import approval, change
from storage.tables.people import seller
from storage.tables.shops import shop

LOST = (
    ChangeState.FAILED,
    ChangeState.CONFLICT,
    ChangeState.SUPERSEDED,
    ChangeState.EXPIRED,
    ChangeState.REJECTED,
)
"""Ends of a change that took nothing back."""


class Changes:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def add(self, changes: Sequence[Change], source_key: str) -> None:
        self._conn.execute(change.insert(), [_values(each) | {"source_key": source_key} for each in changes])

    def get(self, change_id: str) -> Change | None:
        row = self._conn.execute(select(change).where(self._mine, change.c.id == change_id)).one_or_none()
        return rows.change_of(row) if row else None

    def of_proposal(self, proposal_id: str, *, for_update: bool = False) -> list[Change]:
        """Return the changes asked for together; `for_update` makes others who decide wait until we did."""
        query = select(change).where(self._mine, change.c.proposal_id == proposal_id).order_by(change.c.id)
        if for_update:
            query = query.with_for_update()
        return [rows.change_of(row) for row in self._conn.execute(query)]

    def of_source(self, source_key: str) -> list[Change]:
        """Return what a command already caused: asked again after a crash, it must not act twice."""
        query = select(change).where(self._mine, change.c.source_key == source_key).order_by(change.c.id)
        return [rows.change_of(row) for row in self._conn.execute(query)]

    def waiting(self) -> list[Change]:
        query = (
            select(change)
            .where(self._mine, change.c.state == ChangeState.PENDING)
            .order_by(change.c.requested_at, change.c.id)
        )
        return [rows.change_of(row) for row in self._conn.execute(query)]

    def open_on(self, listing_variant_ids: Sequence[str]) -> list[Change]:
        """Return changes not yet sent on these listing variants: a newer request supersedes them."""
        query = select(change).where(
            self._mine,
            change.c.listing_variant_id.in_(list(listing_variant_ids)),
            change.c.state.in_([ChangeState.PENDING, ChangeState.APPROVED]),
        )
        query = query.order_by(change.c.id).with_for_update()
        return [rows.change_of(row) for row in self._conn.execute(query)]

    def undo_of(self, change_id: str) -> Change | None:
        """Return the change that took this one back and did not fail."""
        query = select(change).where(self._mine, change.c.undo_of == change_id, change.c.state.not_in(LOST))
        row = self._conn.execute(query).first()
        return rows.change_of(row) if row else None

    def taken_back(self, proposal_id: str) -> set[str]:
        """Return which changes of a proposal were taken back by one that did not fail."""
        mine = select(change.c.id).where(self._mine, change.c.proposal_id == proposal_id)
        query = select(change.c.undo_of).where(
            self._mine, change.c.undo_of.in_(mine), change.c.state.not_in(LOST)
        )
        return set(self._conn.scalars(query))

    def move(self, moved: Change, to: ChangeState, **values: Any) -> bool:
        """Move a change if it still is where it was read; False when somebody was faster."""
        if to not in MOVES.get(moved.state, frozenset()):
            return False
        query = update(change).where(
            self._mine,
            change.c.id == moved.id,
            change.c.state == moved.state,
            change.c.version == moved.version,
        )
        return self._conn.execute(query.values(state=to, version=moved.version + 1, **values)).rowcount == 1

    def touch(self, touched: Change) -> bool:
        """Count something that befell an ended change, so that its cards are drawn anew; False when lost."""
        query = update(change).where(
            self._mine, change.c.id == touched.id, change.c.version == touched.version
        )
        return self._conn.execute(query.values(version=touched.version + 1)).rowcount == 1

    def touch_approved(self, shop_id: str = "") -> list[str]:
        """Count what befell all that waits to be sent (to a shop); return the proposals it belongs to."""
        query = update(change).where(self._mine, change.c.state == ChangeState.APPROVED)
        if shop_id:
            query = query.where(change.c.shop_id == shop_id)
        touched = self._conn.execute(
            query.values(version=change.c.version + 1).returning(change.c.proposal_id)
        )
        return sorted(set(touched.scalars()))

    def count_approved(self, shop_id: str = "") -> int:
        """Return how many changes wait to be sent (to a shop)."""
        query = select(func.count()).where(self._mine, change.c.state == ChangeState.APPROVED)
        if shop_id:
            query = query.where(change.c.shop_id == shop_id)
        return self._conn.execute(query).scalar_one()

    def follow_locks(self, shop_id: str, now: datetime) -> list[str]:
        """Move what waits in a shop to when its promotion ends by the last reading; return the proposals.

        What waits for an end that nobody told is asked for slowly until one is read.
        """
        waiting = (
            select(change.c.id, change.c.proposal_id, listing_variant.c.locked_until.label("ends_at"))
            .join(listing_variant, listing_variant.c.id == change.c.listing_variant_id)
            .where(
                self._mine,
                change.c.shop_id == shop_id,
                change.c.state == ChangeState.APPROVED,
                change.c.locked_since.is_not(None),
                or_(change.c.locked_until.is_(None), change.c.locked_until > now),
                change.c.locked_until.is_distinct_from(listing_variant.c.locked_until),
            )
        )
        found = self._conn.execute(waiting).all()
        for row in found:
            ends_at = known_end(row.ends_at, now)
            values = {
                "not_before": ends_at or now,
                "locked_until": ends_at or wave(now),
                "version": change.c.version + 1,
            }
            self._conn.execute(update(change).where(self._mine, change.c.id == row.id).values(values))
        return sorted({row.proposal_id for row in found})

    def released(self, shop_id: str, until: datetime) -> list[Change]:
        """Return what waited in a shop for the same end, the first asked first."""
        query = select(change).where(self._mine, change.c.shop_id == shop_id, change.c.locked_until == until)
        return [rows.change_of(row) for row in self._conn.execute(query.order_by(change.c.id))]

    def approve(self, approvals: Sequence[Approval]) -> None:
        """Keep who said yes."""
        values = [
            {
                "seller_id": self._seller_id,
                "change_id": each.change_id,
                "user_id": each.user_id,
                "at": each.at,
                "is_typed": each.is_typed,
            }
            for each in approvals
        ]
        self._conn.execute(approval.insert(), values)

    def approvals(self, change_id: str) -> list[Approval]:
        query = select(approval).where(
            approval.c.seller_id == self._seller_id, approval.c.change_id == change_id
        )
        found = self._conn.execute(query.order_by(approval.c.at))
        return [Approval(row.change_id, row.user_id, row.at, row.is_typed) for row in found]

    def day_began_at(self, listing_variant_ids: Sequence[str], since: datetime) -> dict[str, Money]:
        """Return from which price our changes since then started, by listing variant."""
        query = (
            select(change.c.listing_variant_id, change.c.before, change.c.currency)
            .where(
                self._mine,
                change.c.listing_variant_id.in_(list(listing_variant_ids)),
                change.c.state == ChangeState.APPLIED,
                change.c.ended_at > since,
            )
            .order_by(change.c.ended_at.desc(), change.c.id.desc())
        )
        found = self._conn.execute(query)
        return {row.listing_variant_id: Money(row.before, row.currency) for row in found}

    def take_over(self, taken: Change, now: datetime, until: datetime) -> bool:
        """Lease a change whose last holder is gone; False while its lease still runs."""
        query = update(change).where(
            self._mine,
            change.c.id == taken.id,
            change.c.version == taken.version,
            or_(change.c.lease_until.is_(None), change.c.lease_until <= now),
        )
        return self._conn.execute(query.values(lease_until=until)).rowcount == 1

    def hold(self, held: Change, until: datetime) -> bool:
        """Keep a change in hand until then, as it is; False when somebody moved it."""
        query = update(change).where(
            self._mine, change.c.id == held.id, change.c.state == held.state, change.c.version == held.version
        )
        return self._conn.execute(query.values(lease_until=until)).rowcount == 1

    @property
    def _mine(self) -> ColumnElement[bool]:
        return change.c.seller_id == self._seller_id


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (seller id, change id) of changes to send, to settle, or to let expire; what is held is none.

    Parts of a bulk change travel with it, and are none either.
    """
    ready = (
        (change.c.state == ChangeState.APPROVED)
        & or_(change.c.not_before.is_(None), change.c.not_before <= now)
        & OPEN
    )
    stranded = change.c.state.in_([ChangeState.APPLYING, ChangeState.UNKNOWN]) & (change.c.lease_until <= now)
    late = (change.c.state == ChangeState.PENDING) & (change.c.expires_at <= now)
    query = (
        select(change.c.seller_id, change.c.id)
        .join(shop, shop.c.id == change.c.shop_id)
        .join(seller, seller.c.id == change.c.seller_id)
        .where(or_(ready, stranded, late), ~IN_BULK)
        .limit(limit)
    )
    return [(row.seller_id, row.id) for row in conn.execute(query)]


def _values(of: Change) -> dict[str, Any]:
    return {
        "id": of.id,
        "proposal_id": of.proposal_id,
        "seller_id": of.seller_id,
        "shop_id": of.shop_id,
        "kind": of.kind,
        "listing_variant_id": of.listing_variant_id,
        "currency": of.before.currency,
        "before": of.before.amount,
        "after": of.after.amount,
        "state": of.state,
        "version": of.version,
        "note": of.note,
        "requested_by": of.requested_by,
        "requested_at": of.requested_at,
        "expires_at": of.expires_at,
        "approved_by": of.approved_by,
        "decided_at": of.decided_at,
        "not_before": of.not_before,
        "undo_of": of.undo_of,
        "locked_since": of.locked_since,
        "locked_until": of.locked_until,
    }
