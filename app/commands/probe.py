"""storesync probe: how a platform's real answers differ from what its documents say."""

from collections.abc import Sequence
from typing import Annotated

import typer

from adapters.registry import build_platforms, open_transport
from app.commands.console import plain, run_or_end, settings_or_end
from app.settings import Settings
from app.wiring import open_store
from domain.clock import utc_now
from domain.meters import Meters
from domain.platform.probing import Asked, Difference, ProbedCall
from services.apps import AppService
from services.probing import ProbeService, verdict
from services.tokens import TokenService
from services.wakeups import Wakeups


def probe(
    platform: Annotated[str, typer.Argument(help="The platform to ask, e.g. shopee.")],
    *,
    shop: Annotated[str, typer.Option(help="The platform's id of the shop to ask for.")] = "",
) -> None:
    """Make some read-only calls and tell where the answers differ from the documents. No value is shown.

    Ends with 0 when all is as documented, 1 with differences, 2 when something could not be asked.
    """
    calls = run_or_end(_probe(settings_or_end(), platform, shop))
    for call in calls:
        typer.echo(plain(f"{_word(call):<10} {call.operation}{_why(call)}"))
        for each in call.differences:
            typer.echo(plain(f"           {_told(each)}"))
    differing = sum(bool(call.differences) for call in calls)
    typer.echo(
        f"{len(calls)} calls, {differing} differ. Only names and types are shown: this may be passed on."
    )
    raise typer.Exit(verdict(calls))


async def _probe(settings: Settings, slug: str, external_id: str) -> Sequence[ProbedCall]:
    async with open_store(settings, is_server=False) as (database, vault, _):
        transport = open_transport()
        try:
            platforms, apps = build_platforms(transport, utc_now), AppService(database, utc_now, vault)
            tokens = TokenService(
                database,
                utc_now,
                vault=vault,
                apps=apps,
                platforms=platforms,
                wakeups=Wakeups(),
                meters=Meters(),
            )
            return await ProbeService(database, tokens=tokens, platforms=platforms).probe(slug, external_id)
        finally:
            await transport.aclose()


def _word(call: ProbedCall) -> str:
    if call.asked is not Asked.ANSWERED:
        return call.asked.value
    return "differs" if call.differences else "same"


def _why(call: ProbedCall) -> str:
    return f" ({call.reason})" if call.reason else ""


def _told(each: Difference) -> str:
    documented = f", documented as {each.documented}" if each.documented else ""
    found = f": {each.found}" if each.found else ""
    return f"{each.kind.value}: {each.path}{found}{documented}"
