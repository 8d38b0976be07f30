"""How many orders of a seller stand in each state, kept as they change: to count them anew takes longer every year."""

from collections import Counter
from functools import cache

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.orders import OrderStatus
from storage.tables.orders import order_tally

_TOTALS = select(order_tally.c.status, order_tally.c.count).where(
    order_tally.c.seller_id == bindparam("seller")
)


def totals(conn: Connection, seller_id: str) -> dict[OrderStatus, int]:
    return {OrderStatus(status): count for status, count in conn.execute(_TOTALS, {"seller": seller_id})}


def move(conn: Connection, seller_id: str, left: list[OrderStatus], entered: list[OrderStatus]) -> None:
    """Count orders out of the states they left and into those they entered."""
    balance = Counter(entered)
    balance.subtract(left)
    # In one order for everybody: two shops of a seller that are read at once must not wait for each other.
    rows = [
        {"seller_id": seller_id, "status": status, "count": count}
        for status, count in sorted(balance.items())
        if count
    ]
    if not rows:
        return
    conn.execute(_adding(conn.dialect.name), rows)


@cache
def _adding(dialect: str) -> sqlite.Insert | postgresql.Insert:
    statement = sqlite.insert(order_tally) if dialect == "sqlite" else postgresql.insert(order_tally)
    added = {"count": order_tally.c.count + statement.excluded.count}
    return statement.on_conflict_do_update(index_elements=["seller_id", "status"], set_=added)
