"""storesync backup, storesync restore: one sealed file of everything, and back."""

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import run_or_end, settings_or_end
from app.settings import Settings
from app.wiring import open_store
from domain.clock import utc_now
from domain.errors import ConfigurationError
from domain.meters import Meters
from domain.notices import NoteKind, Notice
from services.host import HostService
from storage.backup import NAME, Backup, make_backup, prune
from storage.database import Database
from storage.keys import MasterKeys
from storage.restoring import restore as restore_backup


def backup(
    into: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER", help="A new file, or a folder that keeps several.")
    ] = Path("backups"),
) -> None:
    """Write everything into one sealed file, also while StoreSync runs; a folder keeps 7 days, 4 weeks, 6 months."""
    settings = settings_or_end()
    is_folder = into.is_dir() or not into.suffix
    if is_folder:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = utc_now()
    made = run_or_end(_backup(settings, into / now.strftime(NAME) if is_folder else into, now))
    typer.echo(
        f"{made.file}: {sum(made.counts.values())} rows of {len(made.counts)} tables, opened and counted."
    )
    for gone in prune(into) if is_folder else []:
        typer.echo(f"{gone} is no longer kept.")


def restore(file: Path) -> None:
    """Bring a backup into an empty database (DATABASE_URL), with StoreSync stopped."""
    settings = settings_or_end()
    keys = MasterKeys.parse(settings.secret_keys.get_secret_value())
    made = run_or_end(restore_backup(settings.database_url, keys, file, utc_now()))
    typer.echo(f"Restored from {made.taken_at:%Y-%m-%d %H:%M} UTC: {sum(made.counts.values())} rows.")
    typer.echo("Nothing that was under way then is sent again. Sellers are told when StoreSync starts.")


async def _backup(settings: Settings, file: Path, now: datetime) -> Backup:
    async with open_store(settings, is_server=False) as (database, _, keys):
        if await asyncio.to_thread(file.exists):
            raise ConfigurationError(f"{file} is there already")
        try:
            return await make_backup(database, keys, file, now)
        except ConfigurationError as failed:
            await _tell_host(database, str(failed), now)
            raise


async def _tell_host(database: Database, reason: str, now: datetime) -> None:
    notice = Notice(NoteKind.BACKUP_FAILED, f"backup:{now:%Y-%m-%d}", {"reason": reason})
    with suppress(Exception):  # the command ends with the reason in any case
        await HostService(database, utc_now, Meters()).note(notice)
