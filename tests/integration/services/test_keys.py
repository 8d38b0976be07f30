"""Rotating the master keys: everything opens at every moment, and at the end nothing needs the old key."""

import pytest
from sqlalchemy import select

from domain.errors import ConfigurationError
from services.keys import BATCH, KeyService
from storage.database import Connection, Database
from storage.tables.shops import data_key
from tests.integration.storage.test_keys import ONE, TWO
from tests.integration.storage.test_vault import OURS, putting, value_of, vault

BOTH = vault(k2=TWO, k1=ONE)
OWNERS = BATCH * 2 + 3


async def fill(database: Database) -> None:
    def work(conn: Connection) -> None:
        for number in range(OWNERS):
            OURS.put(conn, f"shop:{number}", "access", f"A{number}")
            OURS.put(conn, f"shop:{number}", "refresh", f"R{number}")

    await database.write(OURS.check_canary, "t")
    await database.write(work, "t")


async def wrapped(database: Database) -> set[bytes]:
    return await database.read(
        lambda conn: {bytes(each) for each in conn.scalars(select(data_key.c.wrapped))}
    )


async def test_everything_moves_to_the_first_key_and_opens(database: Database) -> None:
    await fill(database)
    keys = KeyService(database, BOTH)
    seen: list[int] = []
    assert await keys.under() == {"k1": 2 * OWNERS, "k2": 0}
    assert await keys.rotate(seen.append) == OWNERS
    assert seen == [BATCH, 2 * BATCH, OWNERS]
    assert await keys.under() == {"k1": 0, "k2": 2 * OWNERS}
    assert await keys.unreadable() == 0
    assert await value_of(database, "shop:7", "refresh", by=vault(k2=TWO)) == "R7"
    assert await keys.rotate(seen.append) == 0


async def test_the_data_keys_are_new_so_that_an_old_copy_opens_nothing_later(database: Database) -> None:
    await fill(database)
    before = await database.read(
        lambda conn: conn.execute(select(data_key).order_by(data_key.c.owner)).first()
    )
    assert before is not None
    await KeyService(database, BOTH).rotate(lambda _: None)
    await database.write(putting(before.owner, "access", "later", by=BOTH), "t")

    def put_back(conn: Connection) -> None:
        conn.execute(data_key.update().where(data_key.c.owner == before.owner).values(before._asdict()))

    await database.write(put_back, "t")
    assert await KeyService(database, BOTH).unreadable() == 2


async def test_a_key_is_retired_only_when_nothing_needs_it(database: Database) -> None:
    await fill(database)
    keys = KeyService(database, BOTH)
    await database.write(BOTH.check_canary, "t")
    with pytest.raises(ConfigurationError, match="rotate-keys"):
        await keys.retire("k1")
    with pytest.raises(ConfigurationError, match="in front"):
        await keys.retire("k2")
    await keys.rotate(lambda _: None)
    await keys.retire("k1")
    await database.write(vault(k2=TWO).check_canary, "start")
