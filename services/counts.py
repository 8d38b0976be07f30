"""Counts: drawn up, sent by a button, taken back; and from how few units on somebody wants to be told."""

from domain.chats import Visitor
from domain.clock import Clock
from domain.platform import Platform
from domain.queue import Queue, Task
from services import counting
from services.stock_views import StockHistory, VariantStock, read_stock, steps_of
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories.ledger import Ledger
from storage.repositories.shown_stock import ShownStock
from storage.repositories.stock_drafts import StockDrafts

PAGE = 8


class CountService:
    def __init__(
        self, db: Database, clock: Clock, *, queue: Queue, platforms: dict[str, Platform], wakeups: Wakeups
    ) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._platforms = platforms
        self._wakeups = wakeups

    async def of(self, seller_id: str, variant_id: str, view_id: str) -> VariantStock | None:
        """Return what the ledger knows of a variant, with the draft of a view."""
        now = self._clock()
        return await self._db.read(
            lambda conn: read_stock(conn, seller_id, variant_id, view_id, self._platforms, now)
        )

    async def draw_up(self, visitor: Visitor, variant_id: str, after: int) -> None:
        """Keep a draft: nothing is counted or sent by it."""
        now = self._clock()
        await self._db.write(
            lambda conn: counting.draw_up(conn, visitor, variant_id, after, now), "stock.draw_up"
        )

    async def discard(self, visitor: Visitor, variant_id: str) -> None:
        await self._db.write(
            lambda conn: StockDrafts(conn, visitor.seller_id, visitor.view.id).drop(variant_id),
            "stock.discard",
        )

    async def history(self, visitor: Visitor, variant_id: str, page: int) -> StockHistory:
        def work(conn: Connection) -> StockHistory:
            ledger = Ledger(conn, visitor.seller_id)
            pages = max(1, -(-ledger.count_movements(variant_id) // PAGE))
            at = min(max(page, 1), pages)
            moved = ledger.history(variant_id, offset=(at - 1) * PAGE, limit=PAGE)
            return StockHistory(variant_id, steps_of(conn, visitor.seller_id, moved), at, pages)

        return await self._db.read(work)

    async def spread(self, seller_id: str, variant_id: str) -> None:
        """Ask the queue to bring a variant's number to every shop that shows it."""
        shown = await self._db.read(lambda conn: ShownStock(conn, seller_id).of_variant(variant_id))
        self._wakeups.outbox.set()
        for shop_id in sorted({each.shop_id for each in shown}):
            await self._queue.enqueue(Task.PUSH_STOCK, shop_id)
