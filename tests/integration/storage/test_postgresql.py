"""What only a server can do to a unit of work."""

import asyncio
from collections.abc import Callable

from sqlalchemy import Connection, text, update

from storage import outbox
from storage.database import Database
from storage.tables.people import seller
from tests.integration.storage.rows import NOON, add_seller, add_views

WAIT_FOR_THE_OTHER = """
DO $$ BEGIN
  WHILE NOT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {other}
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) LOOP
    PERFORM pg_sleep(0.01);
  END LOOP;
END $$
"""


async def test_a_unit_in_a_deadlock_is_run_again(
    connect: Callable[[str], Database], postgres_url: str
) -> None:
    database = connect(postgres_url)
    runs = {1: 0, 2: 0}

    def crossing(conn: Connection, me: int, other: int) -> None:
        runs[me] += 1
        conn.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
        conn.execute(update(seller).where(seller.c.id == str(me)).values(name=f"by {me}"))
        if runs[me] == 1:
            conn.execute(text(f"SELECT pg_advisory_xact_lock({me})"))
            conn.execute(text(WAIT_FOR_THE_OTHER.format(other=other)))
        conn.execute(update(seller).where(seller.c.id == str(other)).values(name=f"by {me}"))

    for each in ("1", "2"):
        await database.write(lambda conn, each=each: add_seller(conn, each), "t")  # type: ignore[misc]
    await asyncio.gather(
        database.write(lambda conn: crossing(conn, 1, 2), "t"),
        database.write(lambda conn: crossing(conn, 2, 1), "t"),
    )
    assert sorted(runs.values()) == [1, 2]


async def test_a_read_sees_one_moment(connect: Callable[[str], Database], postgres_url: str) -> None:
    database = connect(postgres_url)

    def look(conn: Connection) -> tuple[str, str]:
        return (
            conn.execute(text("SHOW transaction_isolation")).scalar_one(),
            conn.execute(text("SHOW transaction_read_only")).scalar_one(),
        )

    assert await database.read(look) == ("repeatable read", "on")
    assert await database.write(look, "t") == ("read committed", "off")


async def test_a_lost_connection_is_replaced(connect: Callable[[str], Database], postgres_url: str) -> None:
    database, other = connect(postgres_url), connect(postgres_url)

    def pid(conn: Connection) -> int:
        return int(conn.execute(text("SELECT pg_backend_pid()")).scalar_one())

    lost = await database.read(pid)
    await other.write(
        lambda conn: conn.execute(text(f"SELECT pg_terminate_backend({lost})")).scalar_one(), "t"
    )
    assert await database.read(pid) != lost


async def test_what_another_process_must_say_rings_at_once(
    connect: Callable[[str], Database], postgres_url: str
) -> None:
    here, there = connect(postgres_url), connect(postgres_url)
    rung = asyncio.Event()
    listening = asyncio.create_task(here.listen(outbox.BELL, rung.set))
    await asyncio.wait_for(rung.wait(), 5)  # a new connection rings by itself
    rung.clear()
    await there.write(lambda conn: add_views(conn, "v1"), "t")
    await there.write(
        lambda conn: outbox.add(
            conn, view_id="v1", dedupe_key="order:new:1", kind="order_placed", payload={}, now=NOON
        ),
        "t",
    )
    await asyncio.wait_for(rung.wait(), 5)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_bell_that_lost_its_connection_is_hung_up_anew(
    connect: Callable[[str], Database], postgres_url: str
) -> None:
    here, there = connect(postgres_url), connect(postgres_url)
    rung = asyncio.Event()
    listening = asyncio.create_task(here.listen("t", rung.set))
    await asyncio.wait_for(rung.wait(), 5)
    rung.clear()
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    assert await there.write(lambda conn: conn.execute(text(cut)).scalar_one(), "t") == 1
    await asyncio.wait_for(rung.wait(), 10)
    rung.clear()
    await there.write(lambda conn: conn.execute(text("NOTIFY t")), "t")
    await asyncio.wait_for(rung.wait(), 5)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_file_rings_nobody(sqlite_database: Database) -> None:
    await sqlite_database.listen(outbox.BELL, lambda: None)
