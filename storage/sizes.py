"""What SQLite's planner is told about the size of our tables, in place of what it would guess.

Nobody has run ANALYZE on a young file, so the planner takes ten rows for one seller's share of any table and reads
all of them where it has a handful of keys to look up. Measured figures would say the same of a young file and change
plans under way; these are those of a busy seller, written once a migration, and the same on every machine
(SQLite's "The Query Planner", section "The ANALYZE command", names this way).
"""

from collections.abc import Sequence

from sqlalchemy import Connection

ROWS = 1_000_000
FEW = {"seller_id": 2, "shop_id": 6, "view_id": 6, "user_id": 6}
"""How many values a column has that divides a table into a few large parts. States do not: asked for are the open ones."""
MANY = 1_000
"""The same of any other column, in front of which nothing is known."""
INDEXES = (
    'SELECT t.name, i.name, i."unique" FROM sqlite_schema t, pragma_index_list(t.name) i '
    "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
)


def tell_sizes(conn: Connection) -> None:
    """Write what the planner goes by; connections opened from now on know it."""
    conn.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table of figures where there is none
    conn.exec_driver_sql("DELETE FROM sqlite_stat1")
    for table, index, is_unique in conn.exec_driver_sql(INDEXES).all():
        columns = conn.exec_driver_sql("SELECT name FROM pragma_index_info(?)", (index,)).scalars().all()
        conn.exec_driver_sql(
            "INSERT INTO sqlite_stat1 VALUES (?, ?, ?)",
            (table, index, _figures(columns, is_unique=bool(is_unique))),
        )


def _figures(columns: Sequence[str | None], *, is_unique: bool) -> str:
    """Return the rows of a table, then how many share the first column, the first two, and so on."""
    shares, share = [], ROWS
    for column in columns:
        share = max(2, share // FEW.get(column or "", MANY))
        shares.append(share)
    if is_unique:
        shares[-1] = 1
    return " ".join(map(str, [ROWS, *shares]))
