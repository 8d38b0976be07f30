"""Taking an installation from its SQLite file to PostgreSQL: whole or not at all, and compared at the end."""

from pathlib import Path

from sqlalchemy import Connection, create_engine, event, func, select, text

from domain.errors import ConfigurationError
from storage.address import file_of, read_address
from storage.copying import TableSum, go_on_counting, is_empty, read_rows, sums_of, tables, write_rows
from storage.database import Database
from storage.lock import InstanceLock
from storage.migrate import TURN, assert_current, migrate

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'storesync' AND pid <> pg_backend_pid()"
)


async def move_database(source_url: str, target_url: str) -> dict[str, TableSum]:
    """Copy every row from an SQLite file into an empty PostgreSQL database; return what was copied.

    Raises ConfigurationError when anything runs on either, when there is something in the target, and
    when the copy is not what was copied; the target is then as it was. The file is only read.
    """
    file = file_of(read_address(source_url))
    if file is None or file_of(read_address(target_url)) is not None:
        raise ConfigurationError("a database moves from sqlite:///... to postgresql://..., in this order")
    if not file.exists():
        raise ConfigurationError(f"there is no {file}")
    with InstanceLock(file):
        await _check_version(source_url)
        await migrate(target_url)
        target = Database(target_url)
        try:
            return await target.write(lambda conn: fill(conn, file), "move_database")
        finally:
            await target.close()


async def _check_version(url: str) -> None:
    database = Database(url)
    try:
        await assert_current(database)
    finally:
        await database.close()


def fill(target: Connection, file: Path) -> dict[str, TableSum]:
    """Copy every row of an SQLite file into an empty database that nothing runs on, and compare."""
    target.execute(select(func.pg_advisory_xact_lock(func.hashtext(TURN))))  # whoever starts waits for us
    if target.scalar(OTHERS):
        raise ConfigurationError("StoreSync runs on the target: stop it first")
    if not is_empty(target):
        raise ConfigurationError("the target is not empty: give it a database of its own")
    engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true", hide_parameters=True)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN"))
    try:
        with engine.begin() as source:
            for table in tables():
                for rows in read_rows(source, table):
                    write_rows(target, table, rows)
            go_on_counting(target)
            return _compared(sums_of(source), sums_of(target))
    finally:
        engine.dispose()


def _compared(there: dict[str, TableSum], here: dict[str, TableSum]) -> dict[str, TableSum]:
    if wrong := [name for name in there if there[name] != here[name]]:
        raise ConfigurationError(f"the copy differs from the file in {', '.join(wrong)}; nothing was kept")
    return here
