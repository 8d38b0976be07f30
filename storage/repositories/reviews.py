"""Reviews of one seller's shops, and of which listing and order each is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from domain.ids import new_id
from domain.reviews import LOW_STARS, Review, ReviewSnapshot
from storage.repositories import rows
from storage.repositories.words import storable_row
from storage.tables.catalogue import listing, listing_variant
from storage.tables.orders import sale_order
from storage.tables.reviews import review
from storage.upsert import upsert

FRESH = ("stars", "text", "photos", "videos", "is_hidden", "reply", "replied_at", "seen_at")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reviews a list shows: of these shops, of one listing, low ones only, unanswered ones only."""

    shop_ids: Collection[str]
    listing_id: str = ""
    is_low: bool = False
    is_unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reviews there are, how many wait for an answer, and all their stars together."""

    total: int
    unanswered: int
    stars: int


class Reviews:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def record(self, shop_id: str, seen: Sequence[ReviewSnapshot], now: datetime) -> list[str]:
        """Take in what a shop shows; return the ids of the reviews that were not known before."""
        by_number = {each.external_id: each for each in seen}
        known = set(self._ids(shop_id, by_number))
        fields = [self._row(shop_id, each, now) for each in by_number.values()]
        upsert(self._conn, review, fields, keys=["shop_id", "external_id"], update=FRESH)
        ids = self._ids(shop_id, by_number)
        return [ids[number] for number in by_number if number not in known]

    def tally(self, wanted: Wanted) -> Tally:
        unanswered = func.sum(case((_UNANSWERED, 1), else_=0))
        query = select(func.count(), unanswered, func.sum(review.c.stars)).where(*self._conditions(wanted))
        row = self._conn.execute(query).one()
        return Tally(int(row[0]), int(row[1] or 0), int(row[2] or 0))

    def page(self, wanted: Wanted, *, offset: int, limit: int) -> list[Review]:
        """Return reviews, those that wait for an answer first, the newest of them first."""
        waits = case((_UNANSWERED, 0), else_=1)
        query = (
            self._query()
            .where(*self._conditions(wanted))
            .order_by(waits, review.c.created_at.desc(), review.c.id)
            .offset(offset)
            .limit(limit)
        )
        return [_review_of(row) for row in self._conn.execute(query)]

    def get(self, review_id: str) -> Review | None:
        row = self._conn.execute(self._query().where(self._mine, review.c.id == review_id)).one_or_none()
        return _review_of(row) if row else None

    def lock(self, review_id: str) -> None:
        """Let whoever else wants to answer this review wait until we have decided."""
        query = select(review.c.id).where(self._mine, review.c.id == review_id)
        self._conn.execute(query.with_for_update())

    def _ids(self, shop_id: str, numbers: Collection[str]) -> dict[str, str]:
        query = select(review.c.external_id, review.c.id).where(
            self._mine, review.c.shop_id == shop_id, review.c.external_id.in_(sorted(numbers))
        )
        return {row.external_id: row.id for row in self._conn.execute(query)}

    def _row(self, shop_id: str, seen: ReviewSnapshot, now: datetime) -> dict[str, Any]:
        return storable_row(
            {
                "id": new_id(),
                "seller_id": self._seller_id,
                "shop_id": shop_id,
                "external_id": seen.external_id,
                "order_external_id": seen.order_external_id[:64],
                "listing_external_id": seen.listing_external_id,
                "variant_external_id": seen.variant_external_id,
                "stars": seen.stars,
                "text": seen.text,
                "photos": seen.photos,
                "videos": seen.videos,
                "is_hidden": seen.is_hidden,
                "created_at": seen.created_at,
                "reply": seen.reply,
                "replied_at": seen.replied_at,
                "seen_at": now,
            }
        )

    def _conditions(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        conditions = [self._mine, review.c.shop_id.in_(sorted(wanted.shop_ids))]
        if wanted.listing_id:
            of = (
                select(listing.c.external_id)
                .where(listing.c.seller_id == self._seller_id, listing.c.id == wanted.listing_id)
                .scalar_subquery()
            )
            conditions.append(review.c.listing_external_id == of)
        if wanted.is_low:
            conditions.append(review.c.stars <= LOW_STARS)
        if wanted.is_unanswered:
            conditions.append(_UNANSWERED)
        return conditions

    def _query(self) -> Select[Any]:
        of_shop = listing.c.shop_id == review.c.shop_id
        return (
            select(
                review,
                listing.c.id.label("listing_id"),
                listing.c.title,
                listing_variant.c.name.label("variant"),
                sale_order.c.id.label("order_id"),
            )
            .join(listing, and_(of_shop, listing.c.external_id == review.c.listing_external_id), isouter=True)
            .join(
                listing_variant,
                and_(
                    listing_variant.c.listing_id == listing.c.id,
                    listing_variant.c.external_id == review.c.variant_external_id,
                ),
                isouter=True,
            )
            .join(
                sale_order,
                and_(
                    sale_order.c.shop_id == review.c.shop_id,
                    sale_order.c.external_id == review.c.order_external_id,
                ),
                isouter=True,
            )
        )

    @property
    def _mine(self) -> ColumnElement[bool]:
        return review.c.seller_id == self._seller_id


_UNANSWERED = (review.c.reply == "") & review.c.is_hidden.is_(False)
"""What nobody can read any more needs no answer."""


def _review_of(row: rows.AnyRow) -> Review:
    seen = ReviewSnapshot(
        external_id=row.external_id,
        order_external_id=row.order_external_id,
        listing_external_id=row.listing_external_id,
        variant_external_id=row.variant_external_id,
        stars=row.stars,
        text=row.text,
        photos=row.photos,
        videos=row.videos,
        is_hidden=row.is_hidden,
        created_at=row.created_at,
        reply=row.reply,
        replied_at=row.replied_at,
    )
    return Review(
        id=row.id,
        shop_id=row.shop_id,
        seen=seen,
        seen_at=row.seen_at,
        listing_id=row.listing_id or "",
        title=row.title or "",
        variant=row.variant or "",
        order_id=row.order_id or "",
    )
