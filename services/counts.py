"""Counts: drawn up, sent by a button, taken back; and from how few units on somebody wants to be told."""

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import InputError, NotFound
from domain.people import Role
from domain.platform import Platform
from domain.queue import Queue, Task
from domain.stock import MOST
from services import counting, keeping
from services.decisions import need
from services.stock_views import StockHistory, VariantStock, read_stock, steps_of
from services.wakeups import Wakeups
from services.watching import watch
from storage.database import Connection, Database
from storage.repositories.audit import Audit
from storage.repositories.catalogue import Catalogue
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

    async def receive(self, visitor: Visitor, variant_id: str, units: int) -> None:
        """Keep a draft of what came in, on top of what there is."""
        now = self._clock()
        await self._db.write(
            lambda conn: counting.receive(conn, visitor, variant_id, units, now), "stock.receive"
        )

    async def discard(self, visitor: Visitor, variant_id: str) -> None:
        await self._db.write(
            lambda conn: StockDrafts(conn, visitor.seller_id, visitor.view.id).drop(variant_id),
            "stock.discard",
        )

    async def set_alert(self, visitor: Visitor, variant_id: str, units: int | None) -> None:
        """Say from how few available units on somebody wants to be told; None: nobody does."""
        need(visitor, Role.PACKER)
        if units is not None and not 0 <= units <= MOST:
            raise InputError("stock_number", most=MOST)
        now = self._clock()

        def work(conn: Connection) -> None:
            variant = Catalogue(conn, visitor.seller_id).variant(variant_id)
            if variant is None:
                raise NotFound("variant_unknown")
            Ledger(conn, visitor.seller_id).set_alert_at(variant.id, units)
            watch(conn, visitor.seller_id, [variant.id], now)
            Audit(conn, visitor.seller_id).add(
                actor=visitor.member.user_id,
                action="stock.alert_at",
                subject=f"variant:{variant.id}",
                facts={"units": "" if units is None else str(units)},
                now=now,
            )

        await self._db.write(work, "stock.set_alert")
        self._wakeups.outbox.set()

    async def keep_back(self, visitor: Visitor, variant_id: str, units: int) -> None:
        """Leave so many units out of what the shops show, from now on; they are told at once."""
        now = self._clock()
        await self._db.write(
            lambda conn: keeping.keep_back(conn, visitor, variant_id, units, now), "stock.keep_back"
        )
        await self.spread(visitor.seller_id, variant_id)

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
