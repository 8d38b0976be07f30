"""What must be said is kept with the fact, said once per key, and in order for each view."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from sqlalchemy import select

from storage import outbox
from storage.database import Connection, Database
from storage.outbox import OutboxRow
from storage.tables import transit
from tests.integration.storage.rows import NOON, add_views, after


@pytest.fixture
async def views(database: Database) -> Database:
    """Return the database with the views v1, v2 and v3."""
    await database.write(lambda conn: add_views(conn, "v1", "v2", "v3"), "t")
    return database


async def add(
    database: Database,
    key: str,
    *,
    view: str = "v1",
    not_before: datetime | None = None,
    payload: Mapping[str, str] | None = None,
) -> bool:
    return await database.write(
        lambda conn: outbox.add(
            conn, view_id=view, dedupe_key=key, kind="order_placed", payload={"key": key, **(payload or {})}, now=NOON,
            not_before=not_before,
        ),
        "say",
    )  # fmt: skip


async def claim(database: Database, now: datetime = NOON, *, limit: int = 10) -> list[OutboxRow]:
    return await database.write(lambda conn: outbox.claim(conn, now=now, lease_s=60, limit=limit), "claim")


async def sent(database: Database, row: OutboxRow, message_id: int | None = 7) -> bool:
    return await database.write(
        lambda conn: outbox.sent(conn, row.id, row.lease_gen, after(1), message_id), "sent"
    )


def keys(rows: list[OutboxRow]) -> list[str]:
    return [row.payload["key"] for row in rows]


async def test_the_same_is_said_once_to_each_view(views: Database) -> None:
    assert [await add(views, key, view=view) for key, view in [("1", "v1"), ("1", "v2"), ("1", "v1")]] == [
        True,
        True,
        False,
    ]
    assert [(row.view_id, row.payload["key"]) for row in await claim(views)] == [("v1", "1"), ("v2", "1")]


async def test_what_was_said_is_not_said_again(views: Database) -> None:
    await add(views, "1")
    (row,) = await claim(views)
    assert await sent(views, row)
    assert await add(views, "1") is False
    assert await claim(views, after(1000)) == []
    kept = await views.read(lambda conn: conn.execute(select(transit.outbox)).one())
    assert (kept.state, kept.sent_at, kept.message_id) == ("sent", after(1), 7)


async def test_a_payload_comes_back_as_it_was(views: Database) -> None:
    odd = {"order": "2603A", "name": "น้ำหอม <b>🔑</b>", "nul": "a\0b", "half": "\ud83d"}
    await add(views, "1", payload=odd)
    (row,) = await claim(views)
    assert row.payload == {"key": "1", **odd}
    assert (row.kind, row.created_at, row.attempts, row.lease_gen) == ("order_placed", NOON, 1, 1)


async def test_each_view_hears_in_order_and_one_thing_at_a_time(views: Database) -> None:
    for key, view in [("a1", "v1"), ("a2", "v1"), ("b1", "v2"), ("b2", "v2"), ("c1", "v3")]:
        await add(views, key, view=view)
    first = await claim(views)
    assert keys(first) == ["a1", "b1", "c1"]
    await sent(views, first[1])
    assert keys(await claim(views)) == ["b2"]


async def test_a_view_told_to_wait_waits_and_keeps_its_order(views: Database) -> None:
    for key, view in [("a1", "v1"), ("a2", "v1"), ("b1", "v2")]:
        await add(views, key, view=view)
    row, other = await claim(views)
    assert await views.write(
        lambda conn: outbox.later(conn, row.id, row.lease_gen, after(30), "429"), "later"
    )
    await sent(views, other)
    assert await claim(views, after(29)) == []
    (again,) = await claim(views, after(30))
    assert (again.payload["key"], again.attempts) == ("a1", 2)


async def test_what_is_planned_for_later_does_not_hold_up_the_rest(views: Database) -> None:
    await add(views, "tomorrow", not_before=after(3600))
    await add(views, "now")
    (row,) = await claim(views)
    assert row.payload["key"] == "now"
    assert await claim(views, after(30)) == []
    await sent(views, row)
    assert keys(await claim(views, after(3600))) == ["tomorrow"]


async def test_what_was_planned_waits_for_a_message_under_way(views: Database) -> None:
    await add(views, "soon", not_before=after(30))
    await add(views, "now")
    (row,) = await claim(views)
    assert await claim(views, after(31)) == [], "two messages to one view at once could arrive in any order"
    await sent(views, row)
    assert keys(await claim(views, after(31))) == ["soon"]


async def test_a_message_given_up_lets_the_view_go_on(views: Database) -> None:
    await add(views, "1")
    await add(views, "2")
    (row,) = await claim(views)
    assert await views.write(lambda conn: outbox.dead(conn, row.id, row.lease_gen, "blocked"), "dead")
    assert keys(await claim(views)) == ["2"]
    kept = await views.read(lambda conn: conn.execute(select(transit.outbox).order_by("id")).first())
    assert kept is not None
    assert (kept.state, kept.reason) == ("dead", "blocked")


async def test_a_sender_that_comes_back_late_is_refused(views: Database) -> None:
    await add(views, "1")
    (late,) = await claim(views)
    (row,) = await claim(views, after(61))
    assert row.lease_gen == late.lease_gen + 1
    for mark in (
        lambda conn: outbox.sent(conn, late.id, late.lease_gen, NOON, 8),
        lambda conn: outbox.later(conn, late.id, late.lease_gen, NOON, "late"),
        lambda conn: outbox.dead(conn, late.id, late.lease_gen, "late"),
    ):
        assert await views.write(mark, "mark") is False
    assert await sent(views, row, None)


async def test_a_newer_word_takes_the_place_of_what_still_waits(views: Database) -> None:
    for key, view in [("card_1:a", "v1"), ("card_1:b", "v1"), ("cardX1:c", "v1"), ("card_1:d", "v2")]:
        await add(views, key, view=view)
    (under_way, other_view) = await claim(views)
    assert await add(views, "card_1:e", view="v1")

    def merge(conn: Connection) -> int:
        return outbox.merge_waiting(conn, "v1", "card_1:", but_for="card_1:e")

    assert await views.write(merge, "merge") == 1
    await sent(views, under_way)
    await sent(views, other_view)
    assert keys(await claim(views)) == ["cardX1:c"], (
        "an underscore is no wildcard, and one under way is not taken back"
    )
    assert await add(views, "card_1:b") is False
