"""What is done to the audit behind our back is found, and what a release before us wrote is no alarm."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select, update

from services.audit import AuditService
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.tables.people import audit, audit_head
from tests.factories import NOW
from tests.integration.services.house import House


def adding(house: House, count: int) -> Callable[[Connection], None]:
    def work(conn: Connection) -> None:
        for number in range(count):
            Audit(conn, house.owner.seller_id).add(
                actor="7", action="price.floor", subject="variant:1", facts={"n": str(number)}, now=NOW
            )

    return work


async def found(house: House) -> list[str]:
    looks = await AuditService(house.database).verify()
    return [each for look in looks for each in look.wrong]


def newest(conn: Connection) -> int:
    return conn.scalar(select(func.max(audit.c.seq))) or 0


def deleted(conn: Connection) -> None:
    conn.execute(delete(audit).where(audit.c.seq == newest(conn) - 2))


def edited(conn: Connection) -> None:
    conn.execute(update(audit).where(audit.c.seq == newest(conn) - 2).values(actor="8"))


def reordered(conn: Connection) -> None:
    last = newest(conn)
    for seq, to in ((last - 1, 10**6), (last - 2, last - 1), (10**6, last - 2)):
        conn.execute(update(audit).where(audit.c.seq == seq).values(seq=to))


def cut(conn: Connection) -> None:
    conn.execute(delete(audit).where(audit.c.seq >= newest(conn) - 1))


async def test_an_untouched_audit_is_whole(house: House) -> None:
    await house.database.write(adding(house, 5), "t")
    assert await found(house) == []


@pytest.mark.parametrize("harm", [deleted, edited, reordered, cut])
async def test_a_row_that_was_touched_is_found_also_when_more_were_added(
    house: House, harm: Callable[[Connection], None]
) -> None:
    await house.database.write(adding(house, 5), "t")
    await house.database.write(harm, "t")
    assert await found(house)
    await house.database.write(adding(house, 2), "t")
    assert await found(house)


async def test_rows_of_a_release_that_kept_no_head_are_taken_in(house: House) -> None:
    await house.database.write(adding(house, 2), "t")
    head = await house.database.read(lambda conn: conn.execute(select(audit_head)).one()._asdict())
    await house.database.write(adding(house, 2), "t")
    await house.database.write(lambda conn: conn.execute(update(audit_head).values(head)), "t")
    assert await found(house) == []
    await house.database.write(adding(house, 1), "t")
    assert await found(house) == []
    rows, count = await house.database.read(
        lambda conn: (
            conn.scalar(select(func.count()).select_from(audit)),
            conn.scalar(select(audit_head.c.count)),
        )
    )
    assert rows == count
