"""Secrets: readable by nobody but us, and only where they were put."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from domain.errors import ConfigurationError, NotFound
from storage.database import Database
from storage.keys import MasterKeys, SealBroken, unseal
from storage.tables.shops import data_key, key_canary, secret
from storage.vault import Vault
from tests.integration.storage.test_keys import ONE, TWO, text_of

MARK = "canary-7f3e9a-refresh-token"


def vault(**keys: bytes) -> Vault:
    return Vault(MasterKeys.parse(text_of(**keys)))


OURS = vault(k1=ONE)


def putting(owner: str, field: str, value: str, *, by: Vault = OURS) -> Callable[[Connection], None]:
    return lambda conn: by.put(conn, owner, field, value)


async def value_of(database: Database, owner: str, field: str, *, by: Vault = OURS) -> str:
    return await database.read(lambda conn: by.get(conn, owner, field))


async def test_what_was_put_is_got_by_owner_and_field(database: Database) -> None:
    await database.write(putting("shop:1", "access", "A1"), "t")
    await database.write(putting("shop:1", "refresh", "R1"), "t")
    await database.write(putting("shop:2", "access", "โทเค็น 🔑"), "t")
    assert await value_of(database, "shop:1", "access") == "A1"
    assert await value_of(database, "shop:1", "refresh") == "R1"
    assert await value_of(database, "shop:2", "access") == "โทเค็น 🔑"


async def test_a_new_value_takes_the_place_of_the_old(database: Database) -> None:
    for value in ("first", "second", ""):
        await database.write(putting("shop:1", "access", value), "t")
        assert await value_of(database, "shop:1", "access") == value


@pytest.mark.parametrize(("owner", "field"), [("shop:2", "access"), ("shop:1", "other"), ("", "")])
async def test_a_secret_that_was_never_put_is_not_found(database: Database, owner: str, field: str) -> None:
    await database.write(putting("shop:1", "access", "A1"), "t")
    with pytest.raises(NotFound):
        await value_of(database, owner, field)


async def test_a_secret_put_and_rolled_back_is_not_there(database: Database) -> None:
    def work(conn: Connection) -> None:
        OURS.put(conn, "shop:1", "access", "A1")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work, "t")
    with pytest.raises(NotFound):
        await value_of(database, "shop:1", "access")


async def test_a_ciphertext_in_another_field_is_refused(database: Database) -> None:
    await database.write(putting("shop:1", "access", "A1"), "t")
    await database.write(putting("shop:1", "refresh", "R1"), "t")

    def swap(conn: Connection) -> None:
        stolen = conn.scalar(select(secret.c.ciphertext).where(secret.c.field == "refresh"))
        conn.execute(update(secret).where(secret.c.field == "access").values(ciphertext=stolen))

    await database.write(swap, "t")
    with pytest.raises(SealBroken):
        await value_of(database, "shop:1", "access")


async def test_a_ciphertext_in_another_shop_is_refused_even_with_its_data_key(database: Database) -> None:
    await database.write(putting("shop:1", "access", "A1"), "t")
    await database.write(putting("shop:2", "access", "A2"), "t")

    def take_over(conn: Connection, *columns: str) -> None:
        for table, names in ((secret, ["ciphertext"]), (data_key, list(columns))):
            for name in names:
                stolen = conn.scalar(select(table.c[name]).where(table.c.owner == "shop:1"))
                conn.execute(update(table).where(table.c.owner == "shop:2").values({name: stolen}))

    await database.write(take_over, "t")
    with pytest.raises(SealBroken):
        await value_of(database, "shop:2", "access")
    await database.write(lambda conn: take_over(conn, "wrapped"), "t")
    with pytest.raises(SealBroken):
        await value_of(database, "shop:2", "access")


async def test_every_ciphertext_is_bound_to_owner_field_and_version(database: Database) -> None:
    """Also the form that every backup has: changed, it would make all secrets unreadable."""
    await database.write(putting("shop:1", "access", "A1"), "t")
    await database.write(putting("shop:1", "access", "A2"), "t")
    key = await database.read(lambda conn: conn.execute(select(data_key)).one())
    kept = await database.read(lambda conn: conn.execute(select(secret)).one())
    opened = MasterKeys.parse(text_of(k1=ONE)).unwrap("k1", key.wrapped, "shop:1|data key|1")
    assert unseal(opened, kept.ciphertext, "shop:1|access|2") == b"A2"


async def test_an_old_version_put_back_is_refused(database: Database) -> None:
    await database.write(putting("shop:1", "access", "old"), "t")
    old = await database.read(lambda conn: conn.scalar(select(secret.c.ciphertext)))
    await database.write(putting("shop:1", "access", "new"), "t")
    await database.write(lambda conn: conn.execute(update(secret).values(ciphertext=old)), "t")
    with pytest.raises(SealBroken):
        await value_of(database, "shop:1", "access")


@pytest.mark.parametrize(("owner", "field"), [("shop|1", "access"), ("shop:1", "acc|ess")])
async def test_a_name_that_could_be_read_in_two_ways_is_refused(
    database: Database, owner: str, field: str
) -> None:
    with pytest.raises(ValueError, match="stands between"):
        await database.write(putting(owner, field, "A1"), "t")


async def test_moved_secrets_belong_to_the_new_owner_alone(database: Database) -> None:
    await database.write(putting("linking:9", "access", "A9"), "t")
    await database.write(putting("linking:9", "refresh", "R9"), "t")
    await database.write(putting("shop:1", "access", "A1"), "t")
    await database.write(putting("shop:1", "note", "kept"), "t")
    await database.write(lambda conn: OURS.move(conn, "linking:9", "shop:1"), "t")
    assert [await value_of(database, "shop:1", field) for field in ("access", "refresh", "note")] == [
        "A9",
        "R9",
        "kept",
    ]
    assert await database.read(lambda conn: conn.scalars(select(data_key.c.owner)).all()) == ["shop:1"]
    with pytest.raises(NotFound):
        await value_of(database, "linking:9", "access")
    with pytest.raises(NotFound):
        await database.write(lambda conn: OURS.move(conn, "linking:9", "shop:1"), "t")
    assert await value_of(database, "shop:1", "access") == "A9"


async def test_a_destroyed_owner_stays_unreadable_when_its_rows_come_back(database: Database) -> None:
    await database.write(putting("shop:1", "access", "A1"), "t")
    await database.write(putting("shop:2", "access", "A2"), "t")
    copy = await database.read(
        lambda conn: conn.execute(select(secret).where(secret.c.owner == "shop:1")).one()
    )
    await database.write(lambda conn: OURS.destroy(conn, "shop:1"), "t")
    with pytest.raises(NotFound):
        await value_of(database, "shop:1", "access")
    await database.write(putting("shop:1", "other", "anew"), "t")
    await database.write(lambda conn: conn.execute(insert(secret).values(copy._asdict())), "t")
    with pytest.raises(SealBroken):
        await value_of(database, "shop:1", "access")
    assert await value_of(database, "shop:2", "access") == "A2"


async def test_nothing_readable_lies_in_the_file_or_its_log(
    connect: Callable[[str], Database], sqlite_url: str, tmp_path: Path
) -> None:
    database = connect(sqlite_url)
    await database.write(putting("linking:9", "refresh", MARK), "t")
    await database.write(lambda conn: OURS.move(conn, "linking:9", "shop:1"), "t")
    await database.write(putting("shop:1", "refresh", f"{MARK}-2"), "t")
    before = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("storesync.db*")))
    await database.close()
    after = (tmp_path / "storesync.db").read_bytes()
    assert b"linking:9" in before, "the log must be looked at while it holds something"
    assert MARK.encode() not in before + after
    assert ONE not in before + after


async def test_the_first_start_writes_the_canary_and_the_next_reads_it(database: Database) -> None:
    for _ in range(2):
        await database.write(OURS.check_canary, "start")
    assert await database.read(lambda conn: conn.scalars(select(key_canary.c.key_id)).all()) == ["k1"]


async def test_a_wrong_key_under_the_right_name_stops_the_start(database: Database) -> None:
    await database.write(OURS.check_canary, "start")
    await database.write(putting("shop:1", "access", "A1"), "t")
    with pytest.raises(ConfigurationError, match="'k1' is not the key"):
        await database.write(vault(k1=TWO).check_canary, "start")
    with pytest.raises(SealBroken):
        await value_of(database, "shop:1", "access", by=vault(k1=TWO))


async def test_a_key_replaced_instead_of_added_stops_the_start_with_a_hint(database: Database) -> None:
    await database.write(OURS.check_canary, "start")
    with pytest.raises(ConfigurationError, match="lacks k1: put it back, and add a new key in front"):
        await database.write(vault(k2=TWO).check_canary, "start")
    await database.write(putting("shop:1", "access", "A1"), "t")
    await database.write(vault(k2=TWO, k1=ONE).check_canary, "start")
    with pytest.raises(ConfigurationError, match="lacks k1"):
        await database.write(vault(k2=TWO).check_canary, "start")
    with pytest.raises(ConfigurationError, match="no key 'k1'"):
        await value_of(database, "shop:1", "access", by=vault(k2=TWO))


async def test_a_key_that_is_needed_is_missed_even_without_its_canary(database: Database) -> None:
    await database.write(putting("shop:1", "access", "A1"), "t")
    await database.write(lambda conn: conn.execute(delete(key_canary)), "t")
    with pytest.raises(ConfigurationError, match="lacks k1"):
        await database.write(vault(k2=TWO).check_canary, "start")


async def test_a_key_that_nothing_needs_may_go(database: Database) -> None:
    both = vault(k2=TWO, k1=ONE)
    await database.write(OURS.check_canary, "start")
    await database.write(both.check_canary, "start")
    await database.write(putting("shop:1", "access", "A1", by=both), "t")
    await database.write(vault(k2=TWO).check_canary, "start")
    assert await value_of(database, "shop:1", "access", by=vault(k2=TWO)) == "A1"


async def test_an_added_key_opens_the_old_and_seals_the_new(database: Database) -> None:
    await database.write(putting("shop:1", "access", "A1"), "t")
    both = vault(k2=TWO, k1=ONE)
    assert await value_of(database, "shop:1", "access", by=both) == "A1"
    await database.write(putting("shop:2", "access", "A2", by=both), "t")
    keys = await database.read(
        lambda conn: dict(conn.execute(select(data_key.c.owner, data_key.c.key_id)).all())
    )
    assert keys == {"shop:1": "k1", "shop:2": "k2"}
