"""What came in is kept once, handed out once, and in order."""

from datetime import datetime

import pytest
from sqlalchemy import Connection, select

from storage import inbox
from storage.database import Database
from storage.inbox import InboxRow
from storage.tables import transit
from tests.integration.storage.rows import NOON, after

TELEGRAM = "telegram"


async def add(database: Database, key: str, *, lane: str = "chat:1", source: str = TELEGRAM) -> bool:
    return await database.write(
        lambda conn: inbox.add(
            conn, source=source, dedupe_key=key, lane=lane, body=f"body of {key}", now=NOON, app_id="app"
        ),
        "store",
    )


async def claim(
    database: Database, now: datetime = NOON, *, limit: int = 10, sources: tuple[str, ...] = (TELEGRAM,)
) -> list[InboxRow]:
    return await database.write(
        lambda conn: inbox.claim(conn, sources=sources, now=now, lease_s=60, limit=limit), "claim"
    )


async def done(database: Database, row: InboxRow) -> bool:
    return await database.write(lambda conn: inbox.done(conn, row.id, row.lease_gen), "done")


def bodies(rows: list[InboxRow]) -> list[str]:
    return [row.body.removeprefix("body of ") for row in rows]


async def test_the_same_twice_is_kept_once(database: Database) -> None:
    assert [await add(database, key) for key in ("1", "2", "1")] == [True, True, False]
    assert await add(database, "1", source="shopee"), "another source has keys of its own"
    assert bodies(await claim(database)) == ["1"]


async def test_a_claimed_row_comes_with_all_that_is_needed(database: Database) -> None:
    await add(database, "1")
    (row,) = await claim(database, after(5))
    assert (row.source, row.app_id, row.lane, row.body) == (TELEGRAM, "app", "chat:1", "body of 1")
    assert (row.attempts, row.lease_gen, row.received_at) == (1, 1, NOON)


async def test_each_lane_gives_its_oldest_and_waits_for_it(database: Database) -> None:
    for key, lane in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("c1", "c")]:
        await add(database, key, lane=lane)
    first = await claim(database)
    assert bodies(first) == ["a1", "b1", "c1"]
    assert await claim(database) == []
    assert await done(database, first[0])
    assert bodies(await claim(database)) == ["a2"]


async def test_a_claim_takes_no_more_than_asked_and_the_oldest_first(database: Database) -> None:
    for key in ("a", "b", "c"):
        await add(database, key, lane=key)
    assert bodies(await claim(database, limit=2)) == ["a", "b"]
    assert bodies(await claim(database, limit=2)) == ["c"]


async def test_a_lane_belongs_to_its_source(database: Database) -> None:
    await add(database, "t", lane="1")
    await add(database, "s", lane="1", source="shopee")
    assert bodies(await claim(database)) == ["t"]
    assert bodies(await claim(database, sources=("shopee", "lazada"))) == ["s"]


async def test_a_lease_that_ran_out_is_claimed_again_and_its_old_holder_refused(database: Database) -> None:
    await add(database, "1")
    (late,) = await claim(database)
    assert await claim(database, after(59)) == []
    (row,) = await claim(database, after(60))
    assert (row.id, row.attempts, row.lease_gen) == (late.id, 2, 2)
    for mark in (
        lambda conn: inbox.done(conn, late.id, late.lease_gen),
        lambda conn: inbox.later(conn, late.id, late.lease_gen, NOON, "late"),
        lambda conn: inbox.park(conn, late.id, late.lease_gen, "late"),
    ):
        assert await database.write(mark, "mark") is False
    assert await done(database, row)


async def test_a_mark_counts_once(database: Database) -> None:
    await add(database, "1")
    (row,) = await claim(database)
    assert await done(database, row)
    assert not await done(database, row)
    assert await claim(database, after(1000)) == []


async def test_a_row_put_back_holds_its_lane_until_it_is_due(database: Database) -> None:
    await add(database, "1")
    await add(database, "2")
    (row,) = await claim(database)
    reason = "platform busy " * 30
    assert await database.write(
        lambda conn: inbox.later(conn, row.id, row.lease_gen, after(30), reason), "later"
    )
    assert await claim(database, after(29)) == []
    (again,) = await claim(database, after(30))
    assert (again.body, again.attempts) == ("body of 1", 2)
    assert await done(database, again)
    assert bodies(await claim(database, after(30))) == ["2"]


async def test_a_parked_row_lets_its_lane_go_on(database: Database) -> None:
    await add(database, "1")
    await add(database, "2")
    (row,) = await claim(database)
    assert await database.write(lambda conn: inbox.park(conn, row.id, row.lease_gen, "unreadable"), "park")
    assert bodies(await claim(database)) == ["2"]
    kept = await database.read(lambda conn: conn.execute(select(transit.inbox).order_by("id")).first())
    assert kept is not None
    assert (kept.state, kept.reason, kept.lease_until) == ("parked", "unreadable", None)


async def test_the_oldest_waiting_row_tells_how_far_behind_we_are(database: Database) -> None:
    async def oldest() -> datetime | None:
        return await database.read(lambda conn: inbox.oldest_waiting(conn, TELEGRAM))

    assert await oldest() is None
    await add(database, "1")
    (row,) = await claim(database)
    assert await oldest() == NOON, "a row under way is not handled yet"
    await done(database, row)
    assert await oldest() is None


async def test_purging_spares_what_waits_and_never_gives_an_id_again(database: Database) -> None:
    for number in range(6):
        await add(database, str(number), lane=str(number))
    rows = await claim(database, limit=5)
    for row in rows[:3]:
        await done(database, row)
    await database.write(lambda conn: inbox.park(conn, rows[3].id, rows[3].lease_gen, "odd"), "park")
    assert await database.write(lambda conn: inbox.purge(conn, NOON), "purge") == 0
    assert await database.write(lambda conn: inbox.purge(conn, after(1)), "purge") == 4
    rows += await claim(database)
    for row in rows[4:]:
        await done(database, row)
    await database.write(lambda conn: inbox.purge(conn, after(1)), "purge")
    await add(database, "new")
    (new,) = await claim(database)
    assert new.id > max(row.id for row in rows)


@pytest.mark.parametrize(
    "body", ["", "ไทย 🔑 \ud83d\udd11".encode("utf-16", "surrogatepass").decode("utf-16"), "x" * 1_000_000]
)
async def test_a_body_comes_back_as_it_was(database: Database, body: str) -> None:
    def work(conn: Connection) -> bool:
        return inbox.add(conn, source=TELEGRAM, dedupe_key="1", lane="1", body=body, now=NOON)

    assert await database.write(work, "store")
    (row,) = await claim(database)
    assert row.body == body
    assert row.app_id == ""
