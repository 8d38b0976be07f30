"""The schema's history leads to the tables of the code, forwards and backwards, whole or not at all."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from domain.errors import ConfigurationError
from domain.failpoint import arm
from storage import migrate
from storage.database import Database
from storage.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database without tables; the SQLite file is not even there."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'storesync.db'}"
    url: str = request.getfixturevalue("bare_postgres_url")
    return url


@pytest.fixture
def disarmed() -> Iterator[None]:
    yield
    arm(None)


def tables(conn: Connection) -> set[str]:
    return set(inspect(conn).get_table_names())


def differences(conn: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": migrate.default_differs}
    return list(compare_metadata(MigrationContext.configure(conn, opts=options), metadata))


async def test_migrations_lead_to_the_tables_of_the_code(
    connect: Callable[[str], Database], bare_url: str
) -> None:
    assert await migrate.migrate(bare_url) == migrate.head()
    database = connect(bare_url)
    assert await database.read(differences) == []
    assert await database.read(tables) == {*metadata.tables, "alembic_version"}
    await migrate.assert_current(database)


async def test_a_forgotten_migration_is_noticed(database: Database) -> None:
    def change(conn: Connection) -> None:
        conn.execute(text("ALTER TABLE oddity ADD COLUMN forgotten INTEGER"))
        conn.execute(text("DROP INDEX ix_inbox_due"))
        assert {each[0] for each in differences(conn)} == {"remove_column", "add_index"}
        raise LookupError  # and back

    with pytest.raises(LookupError):
        await database.write(change, "t")


async def test_migrations_lead_back_to_nothing_and_up_again(
    connect: Callable[[str], Database], bare_url: str
) -> None:
    await migrate.migrate(bare_url)
    database = connect(bare_url)
    await database.write(lambda conn: migrate.move(conn, command.downgrade, "base"), "down")
    assert await database.read(tables) == {"alembic_version"}
    with pytest.raises(ConfigurationError, match="has no tables yet"):
        await migrate.assert_current(database)
    assert await migrate.current(bare_url) == ""
    assert await migrate.migrate(bare_url) == migrate.head()
    assert await migrate.current(bare_url) == migrate.head()


async def test_migrating_twice_changes_nothing(connect: Callable[[str], Database], database_url: str) -> None:
    database = connect(database_url)
    before = await database.read(tables)
    assert await migrate.migrate(database_url) == migrate.head()
    assert await database.read(tables) == before


@pytest.mark.usefixtures("disarmed")
async def test_a_migration_cut_short_leaves_the_old_schema(
    connect: Callable[[str], Database], bare_url: str
) -> None:
    class Unplugged(BaseException):
        pass

    def unplug(point: str) -> None:
        assert point == "migrate:before_commit"
        raise Unplugged

    arm(unplug)
    with pytest.raises(Unplugged):
        await migrate.migrate(bare_url)
    arm(None)
    database = connect(bare_url)
    assert await database.read(tables) == set()


async def test_a_database_of_a_newer_release_is_refused(
    connect: Callable[[str], Database], database_url: str
) -> None:
    database = connect(database_url)
    version = await database.read(migrate.version_of)
    await database.write(
        lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")), "t"
    )
    try:
        with pytest.raises(ConfigurationError, match="version 9999, this release needs"):
            await migrate.assert_current(database)
        with pytest.raises(ConfigurationError, match="9999, made by a newer release"):
            await migrate.migrate(database_url)
    finally:
        back = text("UPDATE alembic_version SET version_num = :version")
        await database.write(lambda conn: conn.execute(back, {"version": version}), "t")


async def test_a_new_file_is_for_the_host_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "storesync.db"
    await migrate.migrate(f"sqlite:///{path}")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path.parent, path)] == [0o700, 0o600]


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await migrate.migrate(f"sqlite:///{tmp_path / 'taken' / 'storesync.db'}")


async def test_looking_at_a_missing_file_does_not_make_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        await migrate.current(f"sqlite:///{tmp_path / 'storesync.db'}")
    assert list(tmp_path.iterdir()) == []
