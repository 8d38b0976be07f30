"""What a bare text may mean: an order number or its tail, a tracking number, a SKU, words of a title."""

from datetime import timedelta

from domain.chats import Visitor
from domain.clock import Clock
from services.orders import order_rows
from services.stock import counted, shop_names, variant_rows
from services.views import Hits, OrderRow
from storage.database import Connection, Database
from storage.repositories import order_search
from storage.repositories.catalogue import Catalogue
from storage.repositories.orders import OrderHead, Orders
from storage.repositories.shops import Shops

SHORTEST_TAIL = 4
SHORTEST_NAME = 3
LOOK_BACK = timedelta(days=90)
"""So far back orders are looked through for a SKU or a buyer; older buyers are forgotten anyway."""
HITS = 8


class SearchService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def find(self, visitor: Visitor, words: str) -> Hits:
        """Look the words up as order, tracking number and SKU; as title words, then a buyer's name, only if nothing fits."""
        asked, since = words.strip().lstrip("#…"), self._clock() - LOOK_BACK

        def work(conn: Connection) -> Hits:
            orders = Orders(conn, visitor.seller_id)
            catalogue = Catalogue(conn, visitor.seller_id)
            heads = _by_number(orders, asked)
            variants = catalogue.by_sku(asked)
            if not heads and not variants and asked:
                variants = catalogue.page(asked, offset=0, limit=HITS)
            names = shop_names(Shops(conn, visitor.seller_id).all())
            shown = variant_rows(counted(conn, visitor.seller_id, variants), names)
            if not heads and not variants and len(asked) >= SHORTEST_NAME:
                heads = orders.heads(order_search.order_ids(conn, visitor.seller_id, asked, since, HITS))
            return Hits(asked, order_rows(orders, heads), shown)

        return await self._db.read(work)

    async def find_orders(self, visitor: Visitor, words: str) -> tuple[OrderRow, ...]:
        """Look the words up in orders alone: number or its tail, tracking number, SKU, the buyer's name."""
        asked, since = words.strip().lstrip("#…"), self._clock() - LOOK_BACK

        def work(conn: Connection) -> tuple[OrderRow, ...]:
            orders = Orders(conn, visitor.seller_id)
            heads = _by_number(orders, asked)
            if not heads and len(asked) >= SHORTEST_NAME:
                heads = orders.heads(order_search.order_ids(conn, visitor.seller_id, asked, since, HITS))
            return order_rows(orders, heads)

        return await self._db.read(work)


def _by_number(orders: Orders, asked: str) -> list[OrderHead]:
    is_number = len(asked) >= SHORTEST_TAIL and " " not in asked
    return orders.find(asked, HITS) if is_number else []
