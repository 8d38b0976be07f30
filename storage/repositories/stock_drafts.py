"""Counts that somebody is about to send: one for each variant and view, with an expiry."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select

from domain.ids import new_id
from domain.stock import StockDraft
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
            "version": version,
            "expires_at": until,
        }
        fresh = ["before", "after", "received", "version", "expires_at"]
        upsert(self._conn, stock_draft, [values], keys=["view_id", "variant_id"], update=fresh)
        return StockDraft(draft_id, variant_id, before, after, version, received)

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
        return StockDraft(row.id, row.variant_id, row.before, row.after, row.version, row.received)
