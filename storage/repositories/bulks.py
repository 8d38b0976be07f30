"""Bulk changes of one seller: drafts, what was asked for, and what each left out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, select, update

from domain.bulk import (
    Bulk,
    BulkState,
    Move,
    Planned,
    Recipe,
    Rounding,
    Scope,
    SentFile,
    Skip,
    Source,
)
from domain.catalogue import ListingVariant
from domain.changes import ChangeState
from domain.money import Money
from storage.repositories import rows
from storage.repositories.pauses import OPEN
from storage.repositories.words import storable
from storage.tables.bulks import bulk, bulk_price, bulk_skip
from storage.tables.catalogue import listing, listing_variant, variant
from storage.tables.changes import change
from storage.tables.people import seller
from storage.tables.shops import shop

OPEN_STATES = (ChangeState.APPROVED, ChangeState.APPLYING, ChangeState.UNKNOWN)

IN_BULK = exists().where(bulk.c.id == change.c.proposal_id)
"""Whether a change is part of a bulk change, and travels with it."""


class Bulks:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def add(self, made: Bulk) -> None:
        self._conn.execute(bulk.insert(), [_values(made)])

    def get(self, bulk_id: str, *, for_update: bool = False) -> Bulk | None:
        """Return a bulk change; `for_update` makes others who act on it wait until we did."""
        query = select(bulk).where(self._mine, bulk.c.id == bulk_id)
        row = self._conn.execute(query.with_for_update() if for_update else query).one_or_none()
        return _bulk_of(row) if row else None

    def replace(self, shown: Bulk, **values: Any) -> bool:
        """Change the head of one that still is as it was shown; False when somebody was faster."""
        query = update(bulk).where(self._mine, bulk.c.id == shown.id, bulk.c.version == shown.version)
        return self._conn.execute(query.values(version=shown.version + 1, **values)).rowcount == 1

    def drop_drafts(self, user_id: str) -> None:
        """Forget what this person began and did not ask for."""
        is_draft = (bulk.c.state == BulkState.DRAFT) & (bulk.c.requested_by == user_id)
        self._conn.execute(delete(bulk).where(self._mine, is_draft))

    def keep_prices(self, bulk_id: str, prices: Mapping[str, Money]) -> None:
        """Keep the price that a file has for each listing variant."""
        values = [
            {
                "bulk_id": bulk_id,
                "listing_variant_id": each,
                "seller_id": self._seller_id,
                "currency": price.currency,
                "amount": price.amount,
            }
            for each, price in prices.items()
        ]
        self._conn.execute(bulk_price.insert(), values)

    def prices(self, bulk_id: str) -> dict[str, Money]:
        """Return the price that a file has for each, by listing variant."""
        query = select(bulk_price).where(
            bulk_price.c.seller_id == self._seller_id, bulk_price.c.bulk_id == bulk_id
        )
        return {row.listing_variant_id: Money(row.amount, row.currency) for row in self._conn.execute(query)}

    def skip(self, bulk_id: str, skipped: Sequence[Planned]) -> None:
        """Keep what a bulk change leaves as it is."""
        values = [
            {
                "bulk_id": bulk_id,
                "listing_variant_id": each.shown.id,
                "seller_id": self._seller_id,
                "currency": each.before.currency,
                "before": each.before.amount,
                "after": each.after.amount,
                "reason": each.skip,
            }
            for each in skipped
        ]
        if values:
            self._conn.execute(bulk_skip.insert(), values)

    def skipped(self, bulk_id: str) -> list[Planned]:
        query = (
            select(
                *_SHOWN,
                bulk_skip.c.before,
                bulk_skip.c.after,
                bulk_skip.c.reason,
                bulk_skip.c.currency.label("asked_in"),
            )
            .join(listing, listing.c.id == listing_variant.c.listing_id)
            .join(bulk_skip, bulk_skip.c.listing_variant_id == listing_variant.c.id)
            .where(bulk_skip.c.seller_id == self._seller_id, bulk_skip.c.bulk_id == bulk_id)
            .order_by(listing.c.title, listing_variant.c.position, listing_variant.c.id)
        )
        return [
            Planned(
                rows.listing_variant_of(row),
                Money(row.before, row.asked_in),
                Money(row.after, row.asked_in),
                Skip(row.reason),
            )
            for row in self._conn.execute(query)
        ]

    def shown(self, listing_variant_ids: Sequence[str]) -> dict[str, ListingVariant]:
        """Return listing variants as our books have them, by id."""
        query = (
            select(*_SHOWN)
            .join(listing, listing.c.id == listing_variant.c.listing_id)
            .where(
                listing_variant.c.seller_id == self._seller_id,
                listing_variant.c.id.in_(list(listing_variant_ids)),
            )
        )
        return {row.id: rows.listing_variant_of(row) for row in self._conn.execute(query)}

    def floors(self, listing_variant_ids: Sequence[str]) -> dict[str, Money]:
        """Return the floors of their variants, where there are some, by listing variant."""
        query = (
            select(listing_variant.c.id, variant.c.floor, variant.c.floor_currency)
            .join(variant, variant.c.id == listing_variant.c.variant_id)
            .where(
                variant.c.seller_id == self._seller_id,
                listing_variant.c.id.in_(list(listing_variant_ids)),
                variant.c.floor.is_not(None),
                variant.c.floor_currency == listing_variant.c.currency,
            )
        )
        return {row.id: Money(row.floor, row.floor_currency) for row in self._conn.execute(query)}

    def waiting(self) -> list[str]:
        """Return the ids of bulk changes that wait for a decision, the oldest first."""
        pending = exists().where(
            change.c.proposal_id == bulk.c.id,
            change.c.seller_id == bulk.c.seller_id,
            change.c.state == ChangeState.PENDING,
        )
        query = select(bulk.c.id).where(self._mine, pending).order_by(bulk.c.requested_at, bulk.c.id)
        return list(self._conn.scalars(query))

    def undo_of(self, bulk_id: str) -> Bulk | None:
        """Return the newest bulk change that takes this one back."""
        query = select(bulk).where(self._mine, bulk.c.undo_of == bulk_id)
        row = self._conn.execute(query.order_by(bulk.c.requested_at.desc()).limit(1)).one_or_none()
        return _bulk_of(row) if row else None

    @property
    def _mine(self) -> ColumnElement[bool]:
        return bulk.c.seller_id == self._seller_id


def is_bulk(conn: Connection, seller_id: str, proposal_id: str) -> bool:
    """Tell whether changes that were asked for together are a bulk change."""
    query = select(bulk.c.id).where(bulk.c.seller_id == seller_id, bulk.c.id == proposal_id)
    return conn.execute(query).first() is not None


def due(conn: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (seller id, bulk id) of those with something to send, to settle, or to let expire."""
    is_ready = change.c.state == ChangeState.APPROVED
    is_time = change.c.not_before.is_(None) | (change.c.not_before <= now)
    stranded = change.c.state.in_([ChangeState.APPLYING, ChangeState.UNKNOWN]) & (change.c.lease_until <= now)
    late = (change.c.state == ChangeState.PENDING) & (change.c.expires_at <= now)
    query = (
        select(change.c.seller_id, change.c.proposal_id)
        .join(bulk, bulk.c.id == change.c.proposal_id)
        .join(shop, shop.c.id == change.c.shop_id)
        .join(seller, seller.c.id == change.c.seller_id)
        .where((is_ready & is_time & OPEN) | stranded | late)
        .distinct()
        .limit(limit)
    )
    return [(row.seller_id, row.proposal_id) for row in conn.execute(query)]


def forget_drafts(conn: Connection, before: datetime, limit: int) -> int:
    """Delete drafts that nobody asked for."""
    old = (bulk.c.state == BulkState.DRAFT) & (bulk.c.requested_at < before)
    some = select(bulk.c.id).where(old).limit(limit)
    return conn.execute(delete(bulk).where(bulk.c.id.in_(some))).rowcount


_SHOWN = (
    listing_variant,
    listing.c.external_id.label("listing_external_id"),
    listing.c.title.label("title"),
    listing.c.state.label("listing_state"),
    listing.c.wholesale,
)


def recipe_values(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe as the columns of its bulk change."""
    return {
        "move": recipe.move,
        "value": recipe.value,
        "rounding": recipe.rounding,
        "floor": recipe.floor,
        "currency": recipe.currency,
    }


def _values(of: Bulk) -> dict[str, Any]:
    return {
        "id": of.id,
        "seller_id": of.seller_id,
        "source": of.source,
        "scope_filter": of.scope.filter,
        "scope_shop": of.scope.shop,
        "scope_words": storable(of.scope.words),
        "state": of.state,
        "version": of.version,
        "digest": of.digest,
        "requested_by": of.requested_by,
        "requested_at": of.requested_at,
        "undo_of": of.undo_of,
        "file_name": storable(of.file.name),
        "file_digest": of.file.digest,
        "file_rows": of.file.rows,
        "file_same": of.file.same,
        "file_bad": of.file.bad,
    } | recipe_values(of.recipe)


def _bulk_of(row: rows.AnyRow) -> Bulk:
    return Bulk(
        id=row.id,
        seller_id=row.seller_id,
        source=Source(row.source),
        scope=Scope(row.scope_filter, row.scope_shop, row.scope_words),
        recipe=Recipe(Move(row.move), row.value, Rounding(row.rounding), row.floor, row.currency),
        state=BulkState(row.state),
        version=row.version,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        digest=row.digest,
        undo_of=row.undo_of,
        reason=row.reason,
        stopped_by=row.stopped_by,
        file=SentFile(row.file_name, row.file_digest, row.file_rows, row.file_same, row.file_bad),
    )
