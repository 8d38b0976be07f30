"""Inserting what may be there already, and learning which it was."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(conn: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert one row unless a row with the same unique key exists; tell whether it was inserted."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    return conn.execute(dialect.insert(table).values(**values).on_conflict_do_nothing()).rowcount == 1
