"""The command line; `storesync --help` lists it, and each noun's commands stand in app/commands."""

import asyncio
import json
import signal
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from app.commands.audit import audit_verify
from app.commands.backups import backup, restore
from app.commands.console import run_or_end, settings_or_end
from app.commands.feedback import feedback
from app.commands.keys import retire_key, rotate_keys
from app.commands.probe import probe
from app.commands.sellers import sellers
from app.doctor import examine
from app.logs import watch_loop
from app.settings import Settings
from app.wiring import open_house, open_store, open_worker
from domain.clock import utc_now
from domain.people import Role
from services.people import PeopleService
from storage.migrate import migrate as migrate_database
from storage.moving import move_database as copy_database

cli = typer.Typer(
    name="storesync",
    help="Run your shops from a Telegram chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.command()
def run(
    *,
    without_jobs: Annotated[
        bool, typer.Option("--without-jobs", help="Leave the jobs to `storesync worker` (PostgreSQL only).")
    ] = False,
) -> None:
    """Run the bot, its web server and its jobs until it is told to stop."""
    settings = settings_or_end()
    run_or_end(_serve(settings, has_jobs=not without_jobs))


@cli.command()
def worker() -> None:
    """Do jobs beside the bot, in as many processes as you like; needs PostgreSQL."""
    settings = settings_or_end()
    run_or_end(_work(settings))


@cli.command()
def demo() -> None:
    """Run everything on the embedded simulator; no account is needed anywhere."""
    from app.demo import run_demo  # noqa: PLC0415 - a real installation never loads the simulator

    async def main() -> None:
        await run_demo(stop_event())

    run_or_end(main())


@cli.command()
def doctor() -> None:
    """Look at settings, keys, database, clock and reachability; say how to mend what is wrong."""
    settings = settings_or_end()
    findings = asyncio.run(examine(settings))
    console = Console()
    for finding in findings:
        console.print(f"{finding.mark} {finding.what}", markup=False, highlight=False)
        if finding.mend:
            console.print(f"   {finding.mend}", markup=False, highlight=False)
    raise typer.Exit(max((finding.exit_code for finding in findings), default=0))


@cli.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = settings_or_end()
    version = asyncio.run(migrate_database(settings.database_url))
    typer.echo(f"The database is at {version}.")


@cli.command()
def move_database(source: str, target: str) -> None:
    """Copy everything from an SQLite file (sqlite:///...) into an empty PostgreSQL database (postgresql://...)."""
    moved = run_or_end(copy_database(source, target))
    for name, table in sorted(moved.items()):
        if table.rows:
            typer.echo(f"{table.rows:>10} {name}")
    rows = sum(table.rows for table in moved.values())
    typer.echo(f"{rows} rows moved; counts and hashes of {len(moved)} tables are equal.")
    typer.echo("Now put the new address into DATABASE_URL, and keep the file until all is well.")


@cli.command()
def invite() -> None:
    """Make a link by which one person becomes the owner of a new seller here. It works once, for 7 days."""
    settings = settings_or_end()
    token, until = run_or_end(_invite(settings))
    typer.echo("Give this to one person; it works once.")
    typer.echo(f"They open the bot in Telegram and send:  /start {token}")
    typer.echo(f"Valid until {until:%Y-%m-%d %H:%M} UTC.")


async def _invite(settings: Settings) -> tuple[str, datetime]:
    async with open_store(settings, is_server=False) as (database, _, _):
        people = PeopleService(database, utc_now, signup=settings.signup)
        made, token = await people.create_invite(None, Role.OWNER)
        return token, made.expires_at


async def _work(settings: Settings) -> None:
    stopped = stop_event()
    async with open_worker(settings):
        print(json.dumps({"kind": "worker"}), flush=True)  # noqa: T201 - for programs
        await stopped.wait()


async def _serve(settings: Settings, *, has_jobs: bool) -> None:
    stopped = stop_event()
    async with open_house(settings, has_jobs=has_jobs) as house:
        print(json.dumps({"kind": "storesync", "url": house.url}), flush=True)  # noqa: T201 - for programs
        await stopped.wait()


def stop_event() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    watch_loop(loop)
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    return stopped


# Listed in the order in which a host needs them: what starts it stands above, what keeps it follows.
cli.command()(probe)
cli.add_typer(sellers)
cli.command()(feedback)
cli.command()(backup)
cli.command()(restore)
cli.command()(audit_verify)
cli.command()(rotate_keys)
cli.command()(retire_key)


if __name__ == "__main__":
    cli()
