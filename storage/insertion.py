"""Inserting what may be there already, and learning which it was."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert


def insert_new(conn: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert one row unless a row with the same unique key exists; tell whether it was inserted."""
    return conn.execute(_insert(table, conn.dialect.name), dict(values)).rowcount == 1


def insert_all_new(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[Column[Any], ...]
) -> set[tuple[Any, ...]]:
    """Insert those rows that have a unique key of their own; return the keys of the inserted ones."""
    if not rows:
        return set()
    inserted = conn.execute(_insert_returning(table, conn.dialect.name, key), [dict(row) for row in rows])
    return {tuple(row) for row in inserted}


@cache
def _insert_returning(table: Table, dialect: str, key: tuple[Column[Any], ...]) -> ReturningInsert[Any]:
    return _insert(table, dialect).returning(*key)


@cache
def _insert(table: Table, dialect: str) -> Insert:
    """Return the statement, built once; the columns are those of the row that is given with it."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
