"""Orders found by what is in them: a SKU, or the buyer's name. Numbers are found by `orders`."""

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from storage.repositories.words import storable
from storage.tables.orders import order_line, sale_order


def order_ids(conn: Connection, seller_id: str, words: str, since: datetime, limit: int) -> list[str]:
    """Return the newest orders placed since then that hold this SKU or whose buyer's name has these words."""
    asked = storable(words).lower()
    lines = (
        select(order_line.c.order_id)
        .where(order_line.c.order_id == sale_order.c.id, func.lower(order_line.c.sku) == asked)
        .exists()
    )
    buyer = func.lower(sale_order.c.buyer_name).contains(asked, autoescape=True)
    query = (
        select(sale_order.c.id)
        .where(sale_order.c.seller_id == seller_id, sale_order.c.placed_at >= since, or_(lines, buyer))
        .order_by(sale_order.c.placed_at.desc(), sale_order.c.id)
        .limit(limit)
    )
    return list(conn.scalars(query))
