"""After a kill, the one process of an SQLite file need not wait for the leases of the dead one."""

from storage import inbox, outbox
from storage.database import Database
from storage.leases import release_all
from tests.integration.storage.rows import NOON, add_views, after


async def test_what_a_killed_process_had_in_hand_is_due_again_in_its_order(sqlite_database: Database) -> None:
    database = sqlite_database
    await database.write(lambda conn: add_views(conn, "v1"), "t")
    for key in ("1", "2"):
        await database.write(
            lambda conn, key=key: inbox.add(  # type: ignore[misc]
                conn, source="telegram", dedupe_key=key, lane="chat:1", body=key, now=NOON
            ),
            "t",
        )
        await database.write(
            lambda conn, key=key: outbox.add(  # type: ignore[misc]
                conn, view_id="v1", dedupe_key=key, kind="order_placed", payload={"key": key}, now=NOON
            ),
            "t",
        )

    async def claims() -> tuple[list[str], list[str]]:
        came_in = await database.write(
            lambda conn: inbox.claim(conn, sources=["telegram"], now=after(1), lease_s=60, limit=9), "t"
        )
        to_say = await database.write(lambda conn: outbox.claim(conn, now=after(1), lease_s=60, limit=9), "t")
        return [row.body for row in came_in], [row.payload["key"] for row in to_say]

    assert await claims() == (["1"], ["1"])
    assert await claims() == ([], [])
    await database.write(lambda conn: release_all(conn, after(1)), "t")
    assert await claims() == (["1"], ["1"])
