"""Copies of the whole database as one sealed file, made beside a running bot, from both databases.

Whatever it comes from, the content is an SQLite file of this release's schema, so that it goes back into
either. A copy is called good only after the sealed file was opened again and its rows were counted.
"""

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine

from domain.errors import ConfigurationError
from domain.failpoint import failpoint
from storage.copying import read_rows, sums_of, tables, write_rows
from storage.database import Connection, Database
from storage.keys import MasterKeys
from storage.migrate import head, migrate
from storage.sealed_file import seal_file, unseal_file

SUFFIX = ".backup"
NAME = f"storesync-%Y%m%dT%H%M%SZ{SUFFIX}"
KEPT = (("%Y-%m-%d", 7), ("%G-%V", 4), ("%Y-%m", 6))
"""How many days, weeks and months keep their newest backup."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was opened and counted."""

    file: Path
    taken_at: datetime
    counts: dict[str, int]


async def make_backup(database: Database, keys: MasterKeys, file: Path, now: datetime) -> Backup:
    """Write a backup to the new file `file`; it appears there only when it is good."""
    with _workshop(file.parent) as folder:
        copy, sealed = folder / "copy.db", folder / "sealed"
        counts = await _copy(database, copy)
        failpoint("backup.copied")
        manifest = {"taken_at": now.isoformat(), "schema": head(), "counts": counts}
        await asyncio.to_thread(seal_file, copy, sealed, keys, manifest)
        failpoint("backup.sealed")
        good = await asyncio.to_thread(open_backup, sealed, folder / "again.db", keys)
        if good.counts != counts:
            raise ConfigurationError("the backup differs from what was copied; it was thrown away")
        os.link(sealed, file)  # unlike a rename, never over another file
        sync_folder(file.parent)
    failpoint("backup.done")
    return Backup(file, now, counts)


def open_backup(file: Path, target: Path, keys: MasterKeys) -> Backup:
    """Unseal a backup into the SQLite file `target`, check it, and count its rows."""
    try:
        manifest = unseal_file(file, target, keys)
    except OSError as err:
        raise ConfigurationError(f"{file} cannot be read: {err.strerror}") from err
    counts = count_rows(target)
    if counts != manifest["counts"]:
        raise ConfigurationError("the backup does not hold the rows it was made of")
    return Backup(file, datetime.fromisoformat(manifest["taken_at"]), counts)


def count_rows(file: Path) -> dict[str, int]:
    """Count the rows of each table of a file that is whole; raises ConfigurationError when it is not."""
    with closing(sqlite3.connect(file)) as there:
        try:
            found = there.execute("PRAGMA quick_check").fetchall()
            if found != [("ok",)] or there.execute("PRAGMA foreign_key_check").fetchone():
                raise ConfigurationError("the copy is damaged")
            return _counts(there)
        except sqlite3.DatabaseError as err:
            raise ConfigurationError(f"the copy is damaged: {err}") from err


def superfluous(taken: Iterable[datetime]) -> set[datetime]:
    """Return the backups that no day, week or month keeps as its newest."""
    newest_first = sorted(taken, reverse=True)
    kept: set[datetime] = set()
    for period, number in KEPT:
        of_period: dict[str, datetime] = {}
        for each in newest_first:
            of_period.setdefault(each.strftime(period), each)
        kept.update(list(of_period.values())[:number])
    return set(newest_first) - kept


def prune(folder: Path) -> list[Path]:
    """Delete superfluous backups in a folder, found by their names; return them."""
    named = {_time_of(file): file for file in sorted(folder.glob(f"*{SUFFIX}"))}
    gone = [named[each] for each in sorted(superfluous(each for each in named if each))]
    for file in gone:
        file.unlink()
    return gone


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _time_of(file: Path) -> datetime | None:
    try:
        return datetime.strptime(file.name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None  # somebody else's name: not ours to delete


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """Lend a folder that nobody else may look into, and leave nothing of it."""
    try:
        with tempfile.TemporaryDirectory(prefix=".storesync-", dir=folder) as made:
            yield Path(made)
    except OSError as err:
        raise ConfigurationError(f"{folder}: {err.strerror}") from err


async def _copy(database: Database, copy: Path) -> dict[str, int]:
    if database.file:
        return await asyncio.to_thread(_copy_file, database.file, copy)
    await migrate(f"sqlite:///{copy}")
    await database.read(lambda conn: _copy_tables(conn, copy))
    return count_rows(copy)


def _copy_file(source: Path, copy: Path) -> dict[str, int]:
    """Copy one moment of a file in use: what is counted and what is copied is the same snapshot.

    VACUUM INTO takes a snapshot of its own, whose rows nobody could count at the source.
    """
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, isolation_level=None)) as there:
        there.execute("PRAGMA query_only=1")
        there.execute("BEGIN")
        counts = _counts(there)
        with closing(sqlite3.connect(copy, isolation_level=None)) as here:
            there.backup(here)
            here.execute("PRAGMA journal_mode=delete")
    return counts


def _copy_tables(source: Connection, copy: Path) -> None:
    engine = create_engine(f"sqlite:///{copy}", hide_parameters=True)
    try:
        with engine.begin() as target:
            for table in tables():
                for rows in read_rows(source, table):
                    write_rows(target, table, rows)
            if sums_of(source) != sums_of(target):
                raise ConfigurationError("the copy differs from the database; it was thrown away")
        failpoint("backup.tables_copied")
    finally:
        engine.dispose()


def _counts(conn: sqlite3.Connection) -> dict[str, int]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    names = [name for (name,) in conn.execute(query)]
    return {name: conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - names of tables
