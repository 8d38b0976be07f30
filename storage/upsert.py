"""INSERT ... ON CONFLICT for both databases."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    conn: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str],
    update: Sequence[str],
) -> None:
    """Insert rows; where `keys` exist already, overwrite the columns in `update` (none: leave as it is)."""
    if not rows:
        return
    conn.execute(_upsert(table, conn.dialect.name, tuple(keys), tuple(update)), list(rows))


@cache
def _upsert(
    table: Table, dialect: str, keys: tuple[str, ...], update: tuple[str, ...]
) -> sqlite.Insert | postgresql.Insert:
    """Return the statement, built once; the columns are those of the rows that are given with it."""
    statement: Any = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    if update:
        fresh = {name: statement.excluded[name] for name in update}
        statement = statement.on_conflict_do_update(index_elements=list(keys), set_=fresh)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(keys))
    return cast("sqlite.Insert | postgresql.Insert", statement)
