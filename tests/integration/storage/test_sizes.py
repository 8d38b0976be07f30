"""SQLite finds rows by their keys, even where it might go through all of a seller's."""

import pytest
from sqlalchemy import Column, Table

from storage.database import Connection, Database
from storage.tables import metadata
from storage.tables.catalogue import listing_variant

WITH_BOTH = [table for table in metadata.sorted_tables if {"id", "seller_id"} <= set(table.c.keys())]


async def how_a_few_are_found(url: str, table: Table, column: Column[str]) -> str:
    """Return the plan for a few of one seller's rows."""
    query = table.select().where(table.c.seller_id == "a", column.in_(["b", "c", "d", "e", "f"]))

    def work(conn: Connection) -> str:
        sql = query.compile(conn, compile_kwargs={"literal_binds": True})
        return str(conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all())

    database = Database(url)
    try:
        return await database.read(work)
    finally:
        await database.close()


@pytest.mark.parametrize("table", WITH_BOTH, ids=lambda table: table.name)
async def test_a_few_ids_of_a_seller_are_looked_up_by_their_key(sqlite_url: str, table: Table) -> None:
    assert "(id=?)" in await how_a_few_are_found(sqlite_url, table, table.c.id)


@pytest.mark.parametrize("column", ["variant_id", "listing_id"])
async def test_what_hangs_on_a_few_others_is_looked_up_by_them(sqlite_url: str, column: str) -> None:
    plan = await how_a_few_are_found(sqlite_url, listing_variant, listing_variant.c[column])
    assert f"({column}=?)" in plan
