"""Bringing a database to the schema of this release, in one transaction (no alembic.ini: all is here)."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, NullPool, event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from domain.errors import ConfigurationError
from domain.failpoint import failpoint
from storage.address import file_of, read_address
from storage.database import Database
from storage.sizes import tell_sizes

SCRIPTS = Path(__file__).parent / "migrations"
TURN = "storesync migration"
"""On PostgreSQL, processes that migrate at the same time take turns under this name."""


async def migrate(url: str) -> str:
    """Bring the database to this release's version and return it; an SQLite file is made where there is none."""
    engine = _engine(read_address(url))
    try:
        async with engine.begin() as conn:
            version = await conn.run_sync(_upgrade)
            failpoint("migrate:before_commit")
        failpoint("migrate:committed")
        return version
    finally:
        await engine.dispose()


async def current(url: str) -> str:
    """Return the version the database has, empty when it has no tables yet."""
    database = Database(url)
    try:
        return await database.read(version_of)
    finally:
        await database.close()


def head() -> str:
    """Return the version this release needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


async def assert_current(database: Database) -> None:
    """Refuse a database of another release."""
    version = await database.read(version_of)
    if version != head():
        has = f"is at version {version}" if version else "has no tables yet"
        raise ConfigurationError(f"the database {has}, this release needs {head()}: run `storesync migrate`")


def version_of(conn: Connection) -> str:
    """Return the version on an open connection, empty when it has none."""
    return MigrationContext.configure(conn).get_current_revision() or ""


def move(conn: Connection, step: Callable[[Config, str], None], to: str) -> None:
    """Run Alembic's `upgrade` or `downgrade` in the caller's transaction."""
    config = configuration()
    config.attributes["connection"] = conn
    step(config, to)


def default_differs(
    context: MigrationContext,
    _inspected: Any,
    _column: Any,
    there: str | None,
    _ours: Any,
    wanted: str | None,
) -> bool | None:
    """Compare a default of the database with ours; Alembic by itself takes an empty text on SQLite for a change."""
    if context.dialect.name != "sqlite":
        return None
    return (there or "").strip("()'") != (wanted or "").strip("()'") or (there is None) != (wanted is None)


def configuration() -> Config:
    """Return what alembic.ini would say."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _upgrade(conn: Connection) -> str:
    is_sqlite = conn.dialect.name == "sqlite"
    if not is_sqlite:
        conn.execute(select(func.pg_advisory_xact_lock(func.hashtext(TURN))))
    known = {each.revision for each in ScriptDirectory.from_config(configuration()).walk_revisions()}
    version = version_of(conn)
    if version and version not in known:
        raise ConfigurationError(
            f"the database is at version {version}, made by a newer release than this one"
        )
    move(conn, command.upgrade, "head")
    if is_sqlite and conn.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise ConfigurationError("the migration was taken back: rows would refer to nothing")
    if is_sqlite:
        tell_sizes(conn)
    return version_of(conn)


def _engine(address: URL) -> AsyncEngine:
    """Return an engine of its own: rebuilding a table on SQLite needs what no other unit may have."""
    engine = create_async_engine(address, poolclass=NullPool)
    if file := file_of(address):
        _make_file(file)
        event.listen(engine.sync_engine, "connect", _prepare)
        event.listen(engine.sync_engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare(raw: Any, _: Any) -> None:
    raw.isolation_level = None  # DDL belongs to the transaction that we begin ourselves
    cursor = raw.cursor()
    for pragma in ("busy_timeout=10000", "journal_mode=wal", "synchronous=FULL", "foreign_keys=OFF"):
        cursor.execute(f"PRAGMA {pragma}")  # keys off: a table that is rebuilt is gone for a moment
    cursor.close()


def _make_file(path: Path) -> None:
    """Make the file for the host's eyes only; its log inherits that."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as err:
        raise ConfigurationError(f"{path} cannot be written: {err.strerror}") from err
