"""Every row of every table, read, written and summed up the same way on both databases."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, select, text, tuple_

from storage.tables import metadata

CHUNK = 500
_FIELD = b"\x1f"


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and a digest of them that does not depend on their order."""

    rows: int
    digest: str


def tables() -> list[Table]:
    """Return all tables, each after those it refers to."""
    return list(metadata.sorted_tables)


def read_rows(conn: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield a table's rows in chunks, in the order of their keys."""
    key = list(table.primary_key.columns)
    query = select(table).order_by(*key).limit(CHUNK)
    after: tuple[Any, ...] | None = None
    while True:
        part = query if after is None else query.where(tuple_(*key) > after)
        rows = [dict(row) for row in conn.execute(part).mappings()]
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        after = tuple(rows[-1][column.name] for column in key)


def write_rows(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    conn.execute(table.insert(), [dict(row) for row in rows])


def go_on_counting(conn: Connection) -> None:
    """Have numbers that PostgreSQL gives by itself begin behind those that were written."""
    if conn.dialect.name != "postgresql":
        return
    for table in tables():
        column = table.autoincrement_column
        if column is None or not isinstance(column.type, Integer):
            continue
        newest = conn.scalar(select(func.max(column)))
        if newest is not None:
            conn.execute(
                text("SELECT setval(pg_get_serial_sequence(:of_table, :of_column), :newest)"),
                {"of_table": table.name, "of_column": column.name, "newest": newest},
            )


def sums_of(conn: Connection) -> dict[str, TableSum]:
    """Count and digest every table."""
    return {table.name: _sum_of(conn, table) for table in tables()}


def is_empty(conn: Connection) -> bool:
    return all(conn.execute(select(1).select_from(table).limit(1)).first() is None for table in tables())


def _sum_of(conn: Connection, table: Table) -> TableSum:
    names = sorted(column.name for column in table.columns)
    count = total = 0
    for rows in read_rows(conn, table):
        count += len(rows)
        for row in rows:
            fields = _FIELD.join(_written(row[name]) for name in names)
            total += int.from_bytes(hashlib.sha256(fields).digest())
    return TableSum(count, f"{total % 2**256:064x}")


def _written(value: object) -> bytes:
    """Return a value as bytes that no value of another kind has."""
    match value:
        case None:
            return b"-"
        case bytes() | memoryview():
            return b"b" + bytes(value).hex().encode()
        case bool():
            return b"t" if value else b"f"
        case datetime():
            return b"@" + value.astimezone(UTC).isoformat().encode()
        case int() | float() | Decimal():
            return b"n" + format(Decimal(str(value)).normalize(), "f").encode()
    # No separator can stand in a text unescaped, so that two fields never look like two others.
    return b"s" + str(value).encode("unicode_escape")
