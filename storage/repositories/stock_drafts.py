"""Counts that somebody is about to send: one for each variant and view, with an expiry."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select

from domain.ids import new_id
from domain.stock import Placed, StockDraft
from storage.tables.stock import stock_draft
from storage.upsert import upsert


class StockDrafts:
    """The drafts of one view."""

    def __init__(self, conn: Connection, seller_id: str, view_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id
        self._view_id = view_id

    def put(
        self,
        variant_id: str,
        before: int,
        after: int,
        now: datetime,
        until: datetime,
        *,
        received: int = 0,
        placed: Placed | None = None,
    ) -> StockDraft:
        known = self.of(variant_id, now)
        version = known.version + 1 if known else 1
        if known is None:
            self.drop(variant_id)
        draft_id = known.id if known else new_id()
        values = {
            "id": draft_id,
            "seller_id": self._seller_id,
            "view_id": self._view_id,
            "variant_id": variant_id,
            "before": before,
            "after": after,
            "received": received,
            "listing_variant_id": placed.listing_variant_id if placed else "",
            "place": placed.place if placed else "",
            "place_name": placed.name if placed else "",
            "placed_before": placed.before if placed else 0,
            "placed_after": placed.after if placed else 0,
            "version": version,
            "expires_at": until,
        }
        fresh = sorted(values.keys() - {"id", "seller_id", "view_id", "variant_id"})
        upsert(self._conn, stock_draft, [values], keys=["view_id", "variant_id"], update=fresh)
        return StockDraft(draft_id, variant_id, before, after, version, received, placed)

    def of(self, variant_id: str, now: datetime) -> StockDraft | None:
        return self._one(stock_draft.c.variant_id == variant_id, now)

    def get(self, draft_id: str, now: datetime) -> StockDraft | None:
        return self._one(stock_draft.c.id == draft_id, now)

    def drop(self, variant_id: str) -> None:
        query = delete(stock_draft).where(
            stock_draft.c.seller_id == self._seller_id,
            stock_draft.c.view_id == self._view_id,
            stock_draft.c.variant_id == variant_id,
        )
        self._conn.execute(query)

    def _one(self, named: ColumnElement[bool], now: datetime) -> StockDraft | None:
        query = select(stock_draft).where(
            stock_draft.c.seller_id == self._seller_id,
            stock_draft.c.view_id == self._view_id,
            stock_draft.c.expires_at > now,
            named,
        )
        row = self._conn.execute(query).one_or_none()
        if row is None:
            return None
        placed = Placed(
            row.listing_variant_id, row.place, row.place_name, row.placed_before, row.placed_after
        )
        return StockDraft(
            row.id,
            row.variant_id,
            row.before,
            row.after,
            row.version,
            row.received,
            placed if row.place else None,
        )
