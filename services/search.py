"""What a bare text may mean: an order number or its tail, a tracking number, a SKU, words of a title."""

from domain.chats import Visitor
from services.orders import order_rows
from services.stock import counted, variant_rows
from services.views import Hits
from storage.database import Connection, Database
from storage.repositories.catalogue import Catalogue
from storage.repositories.orders import Orders

SHORTEST_TAIL = 4
HITS = 8


class SearchService:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, visitor: Visitor, words: str) -> Hits:
        """Look the words up as order, tracking number and SKU; as title words only if nothing else fits."""
        asked = words.strip().lstrip("#…")

        def work(conn: Connection) -> Hits:
            orders = Orders(conn, visitor.seller_id)
            catalogue = Catalogue(conn, visitor.seller_id)
            is_number = len(asked) >= SHORTEST_TAIL and " " not in asked
            heads = orders.find(asked, HITS) if is_number else []
            variants = catalogue.by_sku(asked)
            if not heads and not variants and asked:
                variants = catalogue.page(asked, offset=0, limit=HITS)
            shown = variant_rows(counted(conn, visitor.seller_id, variants))
            return Hits(asked, order_rows(orders, heads), shown)

        return await self._db.read(work)
