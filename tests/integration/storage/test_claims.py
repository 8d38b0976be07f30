"""Many workers at once, on connections and in processes of their own: nothing twice, nothing out of order."""

import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import Callable

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from storage import inbox
from storage.address import read_address
from storage.database import Database
from storage.tables import transit
from tests.integration.storage.claimer import work
from tests.integration.storage.rows import NOON

LANES, ROWS = 7, 70


async def fill(database: Database) -> dict[int, str]:
    """Store the rows, lanes mixed; return the lane of each id."""

    def store(conn: Connection) -> dict[int, str]:
        for number in range(ROWS):
            lane = f"chat:{number * number % LANES}"
            inbox.add(conn, source="telegram", dedupe_key=str(number), lane=lane, body="", now=NOON)
        return {row.id: row.lane for row in conn.execute(select(transit.inbox.c.id, transit.inbox.c.lane))}

    return await database.write(store, "fill")


async def test_no_row_is_claimed_twice_by_separate_connections(
    connect: Callable[[str], Database], database_url: str
) -> None:
    database = connect(database_url)
    lanes = await fill(database)
    handled = await asyncio.gather(*(work(database_url) for _ in range(4)))
    assert Counter(row_id for ids in handled for row_id in ids) == Counter(lanes.keys())


async def test_no_row_is_claimed_twice_by_separate_processes(
    connect: Callable[[str], Database], database_url: str
) -> None:
    database = connect(database_url)
    lanes = await fill(database)
    command = [sys.executable, "-m", "tests.integration.storage.claimer", database_url]
    workers = [
        await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(2)
    ]
    printed = [(await worker.communicate())[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert Counter(int(row_id) for each in printed for row_id in each.split()) == Counter(lanes.keys())


async def test_a_lane_is_worked_off_in_order_whoever_works(
    connect: Callable[[str], Database], database_url: str
) -> None:
    database = connect(database_url)
    lanes = await fill(database)
    under_way: dict[str, int] = {}
    order: defaultdict[str, list[int]] = defaultdict(list)

    async def worker() -> None:
        own = connect(database_url)
        while await own.read(lambda conn: inbox.oldest_waiting(conn, "telegram")):
            rows = await own.write(
                lambda conn: inbox.claim(conn, sources=["telegram"], now=NOON, lease_s=60, limit=2), "claim"
            )
            for row in rows:
                assert row.lane not in under_way, "two rows of a lane at once"
                under_way[row.lane] = row.id
            for row in rows:
                order[row.lane].append(row.id)
                del under_way[row.lane]  # before the commit that lets the next one go
                await own.write(lambda conn, row=row: inbox.done(conn, row.id, row.lease_gen), "done")  # type: ignore[misc]

    await asyncio.gather(*(worker() for _ in range(4)))
    assert [row_id for lane in order.values() for row_id in lane] == [
        row_id for lane in order for row_id in sorted(lanes) if lanes[row_id] == lane
    ]
    assert sum(map(len, order.values())) == ROWS


UNSEEN = transit.inbox.c.state == "unseen"


def hide_the_first_of_each_lane(conn: Connection) -> None:
    """Do as if their transactions had not ended yet: PostgreSQL shows ids in the order of commits, not of numbers."""
    first = select(func.min(transit.inbox.c.id)).group_by(transit.inbox.c.lane)
    conn.execute(update(transit.inbox).where(transit.inbox.c.id.in_(first)).values(state="unseen"))


def show_them(conn: Connection) -> None:
    conn.execute(update(transit.inbox).where(UNSEEN).values(state="new"))


def claim_all(conn: Connection) -> int:
    return len(inbox.claim(conn, sources=["telegram"], now=NOON, lease_s=60, limit=100))


async def test_an_older_row_that_appears_late_waits_for_the_one_under_way(database: Database) -> None:
    await fill(database)
    await database.write(hide_the_first_of_each_lane, "t")
    assert await database.write(claim_all, "claim") > 1
    await database.write(show_them, "t")
    assert await database.write(claim_all, "claim") == 0


async def test_claims_that_cannot_see_each_other_take_turns(
    connect: Callable[[str], Database], postgres_url: str
) -> None:
    """Otherwise the second would take the older rows that the first could not see, of the very same lanes."""
    database, engine = connect(postgres_url), create_async_engine(read_address(postgres_url))
    await fill(database)
    await database.write(hide_the_first_of_each_lane, "t")
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with engine.begin() as conn:
        assert await conn.run_sync(claim_all) > 1
        await database.write(show_them, "t")
        second = asyncio.create_task(database.write(claim_all, "claim"))
        while not (await conn.execute(waiting)).scalar_one() and not second.done():
            await asyncio.wait({second}, timeout=0.02)
    assert await second == 0
    await engine.dispose()
