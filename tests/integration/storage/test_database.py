"""A unit of work: all or nothing, on both databases, whatever interrupts it."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.errors import ConfigurationError
from domain.failpoint import arm
from storage import sqlite
from storage.database import Database
from storage.tables.people import seller
from tests.integration.storage.rows import add_seller, count_sellers, sellers

ENDLESS = {
    True: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    False: "SELECT pg_sleep(600)",
}


class Unplugged(BaseException):
    """What a proof raises at a failpoint."""


@pytest.fixture
def at_failpoint() -> Iterator[Callable[[str], list[str]]]:
    """Return a function that makes the named failpoint raise, and gives the list of those reached."""

    def raise_at(name: str) -> list[str]:
        reached: list[str] = []

        def reach(point: str) -> None:
            reached.append(point)
            if point == name:
                raise Unplugged

        arm(reach)
        return reached

    yield raise_at
    arm(None)


async def test_a_finished_unit_is_kept_and_its_value_returned(database: Database) -> None:
    def work(conn: Connection) -> int:
        add_seller(conn, "a")
        return 41

    assert await database.write(work, "t") == 41
    assert await database.read(sellers) == ["a"]


async def test_a_unit_that_raises_leaves_nothing(database: Database) -> None:
    def work(conn: Connection) -> None:
        add_seller(conn, "a")
        raise LookupError("half-way")

    with pytest.raises(LookupError, match="half-way"):
        await database.write(work, "t")
    assert await database.read(sellers) == []


async def test_a_reading_unit_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await database.read(lambda conn: add_seller(conn, "a"))
    assert await database.read(sellers) == []


async def test_a_unit_refused_by_the_data_runs_once(database: Database) -> None:
    runs: list[int] = []

    def twice_the_same(conn: Connection) -> None:
        runs.append(1)
        add_seller(conn, "a")
        add_seller(conn, "a")

    with pytest.raises(IntegrityError):
        await database.write(twice_the_same, "t")
    assert len(runs) == 1


async def test_stop_iteration_in_a_unit_is_an_error_and_not_silence(database: Database) -> None:
    nothing: Iterator[int] = iter(())
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(database.write(lambda _: next(nothing), "t"), timeout=10)
    assert await database.read(sellers) == []


async def test_no_concurrent_unit_is_lost_or_told_to_come_back(
    connect: Callable[[str], Database], database_url: str
) -> None:
    first, second = connect(database_url), connect(database_url)

    def read_then_write(conn: Connection) -> None:
        now = conn.execute(select(seller.c.percent_per_change).with_for_update()).scalar_one()
        conn.execute(update(seller).values(percent_per_change=now + 1))

    await first.write(lambda conn: add_seller(conn, "a"), "t")
    await asyncio.gather(*(each.write(read_then_write, "t") for each in (first, second) for _ in range(40)))
    (value,) = await first.read(
        lambda conn: conn.execute(text("SELECT percent_per_change FROM seller")).one()
    )
    assert value == 30 + 80


async def test_a_reader_sees_the_last_committed_state_while_a_unit_is_open(sqlite_database: Database) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def work(conn: Connection) -> None:
        add_seller(conn, "a")
        inside.set()
        assert go_on.wait(30)

    writing = asyncio.create_task(sqlite_database.write(work, "t"))
    await asyncio.to_thread(inside.wait, 30)
    assert await sqlite_database.read(sellers) == []
    go_on.set()
    await writing
    assert await sqlite_database.read(sellers) == ["a"]


async def test_a_cancelled_unit_is_rolled_back_and_its_connection_is_sound(database: Database) -> None:
    started = threading.Event()

    def work(conn: Connection) -> None:
        add_seller(conn, "a")
        started.set()
        conn.execute(text(ENDLESS[database.is_sqlite]))

    for _ in range(3):
        started.clear()
        task = asyncio.create_task(database.write(work, "t"))
        await asyncio.to_thread(started.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, timeout=20)
    await database.write(lambda conn: add_seller(conn, "b"), "t")
    assert await database.read(sellers) == ["b"]


async def test_a_cancelled_reader_stops_at_once(database: Database) -> None:
    started = threading.Event()

    def work(conn: Connection) -> None:
        started.set()
        conn.execute(text(ENDLESS[database.is_sqlite]))

    tasks = [asyncio.create_task(database.read(work)) for _ in range(3)]
    await asyncio.to_thread(started.wait, 30)
    for task in tasks:
        task.cancel()
    ended = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), timeout=20)
    assert all(isinstance(each, asyncio.CancelledError) for each in ended)
    assert await database.read(count_sellers) == 0


async def test_a_unit_cancelled_between_statements_is_not_committed(sqlite_database: Database) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def work(conn: Connection) -> None:
        add_seller(conn, "a")
        inside.set()
        assert go_on.wait(30)

    task = asyncio.create_task(sqlite_database.write(work, "t"))
    await asyncio.to_thread(inside.wait, 30)
    task.cancel()
    await asyncio.wait({task}, timeout=0)
    task.cancel()  # an impatient caller changes nothing
    await asyncio.wait({task}, timeout=0)
    assert not task.done(), "the caller must not go on while its unit still runs"
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await sqlite_database.read(sellers) == []


async def test_a_crash_before_commit_leaves_nothing(
    database: Database, at_failpoint: Callable[[str], list[str]]
) -> None:
    reached = at_failpoint("book:before_commit")
    with pytest.raises(Unplugged):
        await database.write(lambda conn: add_seller(conn, "a"), "book")
    assert reached == ["book:before_commit"]
    assert await database.read(sellers) == []


async def test_a_crash_after_commit_loses_nothing(
    database: Database, at_failpoint: Callable[[str], list[str]]
) -> None:
    reached = at_failpoint("book:committed")
    with pytest.raises(Unplugged):
        await database.write(lambda conn: add_seller(conn, "a"), "book")
    assert reached == ["book:before_commit", "book:committed"]
    assert await database.read(sellers) == ["a"]


async def test_close_waits_for_the_units_under_way(
    connect: Callable[[str], Database], sqlite_url: str
) -> None:
    database = connect(sqlite_url)
    inside, go_on = threading.Event(), threading.Event()

    def work(conn: Connection) -> None:
        add_seller(conn, "a")
        inside.set()
        assert go_on.wait(30)

    writing = asyncio.create_task(database.write(work, "t"))
    await asyncio.to_thread(inside.wait, 30)
    closing = asyncio.create_task(database.close())
    await asyncio.wait({closing}, timeout=0)
    assert not closing.done()
    go_on.set()
    await asyncio.gather(writing, closing)
    await database.close()
    with pytest.raises(RuntimeError, match="closed"):
        await database.read(sellers)
    assert await connect(sqlite_url).read(sellers) == ["a"]


@pytest.mark.parametrize("writes", [False, True], ids=["reader", "writer"])
async def test_sqlite_is_set_so_that_a_power_cut_loses_no_commit(
    sqlite_database: Database,
    writes: bool,  # noqa: FBT001 - a column of the table above
    synchronous: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sqlite.PRAGMAS, "synchronous", synchronous)  # the other tests spare the disk
    names = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only"]

    def work(conn: Connection) -> list[object]:
        return [conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    found = await (sqlite_database.write(work, "t") if writes else sqlite_database.read(work))
    assert found == ["wal", 2, 1, 10000, int(not writes)]


async def test_a_file_that_is_no_database_is_told_in_one_line(
    connect: Callable[[str], Database], tmp_path: Path
) -> None:
    path = tmp_path / "storesync.db"
    database = connect(f"sqlite:///{path}")
    with pytest.raises(ConfigurationError, match=re.escape(str(path))):
        await database.read(sellers)
    path.write_bytes(b"no database at all, only words" * 100)
    with pytest.raises(ConfigurationError, match="not a database"):
        await database.write(lambda conn: add_seller(conn, "a"), "t")


async def test_a_database_that_comes_back_is_used_again(
    connect: Callable[[str], Database], sqlite_url: str, tmp_path: Path
) -> None:
    path, away = tmp_path / "storesync.db", tmp_path / "away.db"
    path.rename(away)
    database = connect(sqlite_url)
    for _ in range(5):
        with pytest.raises(ConfigurationError):
            await database.read(sellers)
    away.rename(path)
    assert await database.read(sellers) == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("mysql://root:hunter2@db/shop", "must begin with"),
        ("postgresql//user:hunter2@db", "not an address"),
        ("", "not an address"),
    ],
)
def test_a_wrong_address_is_refused_without_repeating_it(address: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        Database(address)
    assert "hunter2" not in str(refused.value)
