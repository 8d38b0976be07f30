"""storesync feedback: what persons wrote, and what stands behind a reference they were shown."""

from typing import Annotated

import typer

from app.commands.console import plain, refuse, run_or_end, settings_or_end
from app.wiring import open_store
from domain.clock import utc_now
from domain.meters import Meters
from domain.notices import Breakage, Feedback
from services.host import HostService


def feedback(
    reference: Annotated[str, typer.Argument(help="Look up this reference instead.")] = "",
    *,
    last: Annotated[int, typer.Option(help="How many to show.", min=1)] = 50,
) -> None:
    """Show what sellers wrote to you, the newest first; or what broke under a reference."""

    async def main() -> None:
        async with open_store(settings_or_end(), is_server=False) as (database, _, _):
            host = HostService(database, utc_now, Meters())
            if reference:
                _tell_reference(reference, await host.breakage(reference))
                return
            written = await host.latest_feedback(last)
        for each in written:
            _tell(each)
        if not written:
            typer.echo("Nobody has written yet.")

    run_or_end(main())


def _tell_reference(reference: str, broke: Breakage | None) -> None:
    if broke is None:
        refuse(f"Nothing is known of {reference}. References are kept for 90 days.")
    typer.echo(f"{_broke(broke)}; seller {broke.seller_id or 'none'}")
    typer.echo(f"The log has it as reference={broke.reference}.")


def _tell(written: Feedback) -> None:
    typer.echo(f"{written.at:%Y-%m-%d %H:%M} UTC  seller {written.seller_id}")
    if written.broke:
        typer.echo(f"  {_broke(written.broke)}")
    if written.words:
        typer.echo(f"  {plain(written.words)}")


def _broke(broke: Breakage) -> str:
    return f"{broke.reference}: {broke.code} in {broke.source}, {broke.at:%Y-%m-%d %H:%M} UTC"
