"""Who waits for a connection is served in the order of asking, however busy the others are."""

import asyncio

from sqlalchemy import Connection

from storage.database import Database
from storage.sqlite import READERS

PEOPLE = 12


async def test_nobody_who_reads_twice_overtakes_those_who_wait_to_read_once(
    sqlite_database: Database,
) -> None:
    served: list[str] = []
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(_: Connection) -> None:
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(30)

    async def person() -> None:
        for which in ("first", "second"):

            def work(_: Connection, which: str = which) -> None:
                served.append(which)

            await sqlite_database.read(work)

    # One connection is left, so that the order of service is not the order in which threads happen to run.
    holding = [asyncio.create_task(sqlite_database.read(hold)) for _ in range(READERS - 1)]
    await asyncio.sleep(0)
    await asyncio.gather(*(person() for _ in range(PEOPLE)))
    go_on.set()
    await asyncio.gather(*holding)
    assert served == ["first"] * PEOPLE + ["second"] * PEOPLE


async def test_a_waiter_that_gives_up_leaves_its_turn_to_the_next(sqlite_database: Database) -> None:
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(_: Connection) -> None:
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(30)

    holding = [asyncio.create_task(sqlite_database.read(hold)) for _ in range(READERS)]
    waiting = [asyncio.create_task(sqlite_database.read(lambda _: True)) for _ in range(4)]
    await asyncio.wait({waiting[0]}, timeout=0.05)
    for impatient in waiting[:2]:
        impatient.cancel()
    go_on.set()
    ended = await asyncio.gather(*holding, *waiting, return_exceptions=True)
    assert [isinstance(each, asyncio.CancelledError) for each in ended[READERS:]] == [
        True,
        True,
        False,
        False,
    ]
    assert await sqlite_database.read(lambda _: "still served") == "still served"
