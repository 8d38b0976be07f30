"""Inserting what may be there already, and learning which it was."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(conn: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert one row unless a row with the same unique key exists; tell whether it was inserted."""
    return conn.execute(_insert(table, conn.dialect.name), dict(values)).rowcount == 1


@cache
def _insert(table: Table, dialect: str) -> Insert:
    """Return the statement, built once; the columns are those of the row that is given with it."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
