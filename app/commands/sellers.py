"""storesync seller list | show | limit | pause | resume | export | delete."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import plain, refuse, run_or_end, settings_or_end
from app.wiring import open_store
from domain.clock import utc_now
from services.sellers import SellerService, is_named
from storage.repositories.sellers import SellerRow

sellers = typer.Typer(name="seller", help="The sellers of this installation.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(metavar="SELLER", help="The seller's id or name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Tell it as JSON, for programs.")]


@sellers.command("list")
def list_sellers(*, as_json: AsJson = False) -> None:
    """List the sellers with their members, shops, orders and the last day somebody did something."""

    async def main() -> None:
        async with _service() as service:
            found = await service.all()
        if as_json:
            typer.echo(json.dumps([_facts(each) for each in found], ensure_ascii=False))
            return
        typer.echo(f"{'id':<32}  members  shops   orders  last active  name")
        for each in found:
            counts = f"{each.members:>7}  {each.shops:>5}  {each.orders:>7}"
            typer.echo(f"{each.id:<32}  {counts}  {each.last_active or '-':<11}  {plain(each.name)}")

    run_or_end(main())


@sellers.command()
def show(seller: Named, *, as_json: AsJson = False) -> None:
    """Show one seller: limits, members and roles, shops and how they are."""

    async def main() -> None:
        async with _service() as service:
            found = await service.show(seller)
        members = [{"name": each.name, "role": each.role.value} for each in found.members]
        shops = [
            {"name": each.name, "platform": each.platform, "state": each.state.value, "trouble": each.trouble}
            for each in found.shops
        ]
        if as_json:
            typer.echo(json.dumps(_facts(found.seller) | {"of": members, "shop": shops}, ensure_ascii=False))
            return
        row = found.seller
        typer.echo(f"{plain(row.name)} ({row.id}), since {row.created_at:%Y-%m-%d}")
        typer.echo(f"{row.orders} orders, last active {row.last_active or 'never'}")
        typer.echo("limits: " + ", ".join(f"{word} {value}" for word, value in row.limits.items()))
        if row.writes_paused_at:
            typer.echo(f"writes paused since {row.writes_paused_at:%Y-%m-%d %H:%M} UTC")
        for each in members:
            typer.echo(f"member  {each['role']:<8} {plain(each['name'])}")
        for each in shops:
            typer.echo(
                f"shop    {each['state']:<8} {plain(each['name'])} ({each['platform']}) {each['trouble']}"
            )

    run_or_end(main())


@sellers.command()
def limit(
    seller: Named,
    *,
    percent: Annotated[
        int | None, typer.Option(help="How far one change may move a price, in percent.")
    ] = None,
    day: Annotated[
        int | None, typer.Option(help="How far all changes of a day may move one, in percent.")
    ] = None,
    items: Annotated[int | None, typer.Option(help="How many prices one proposal may change.")] = None,
    shops: Annotated[int | None, typer.Option(help="How many shops may be linked.")] = None,
) -> None:
    """Set what one seller may do at most."""
    given = {"percent": percent, "day": day, "items": items, "shops": shops}
    limits = {word: value for word, value in given.items() if value is not None}
    if not limits:
        refuse("Say which limit: " + " ".join(f"--{word} N" for word in given))

    async def main() -> None:
        async with _service() as service:
            row = await service.limit(seller, limits)
        typer.echo(
            f"{plain(row.name)}: " + ", ".join(f"{word} {value}" for word, value in row.limits.items())
        )

    run_or_end(main())


@sellers.command()
def pause(seller: Named) -> None:
    """Stop all prices, stock and pickups on their way to a seller's shops; they wait. Orders still come in."""

    async def main() -> None:
        async with _service() as service:
            row = await service.pause(seller)
        typer.echo(f"{plain(row.name)}: paused. Nothing is sent until `storesync seller resume` or /pause.")

    run_or_end(main())


@sellers.command()
def resume(seller: Named) -> None:
    """Let what waits for the shops of a paused seller leave."""

    async def main() -> None:
        async with _service() as service:
            row = await service.resume(seller)
        typer.echo(f"{plain(row.name)}: resumed. What waited is sent.")

    run_or_end(main())


@sellers.command()
def export(
    seller: Named,
    into: Annotated[Path, typer.Option(help="The zip to write; it must not be there yet.")],
) -> None:
    """Write everything of a seller into a zip of JSON lines, one file a table. No secret is in it."""
    if into.exists():
        refuse(f"{into} is there already.")

    async def main() -> None:
        async with _service() as service:
            row = await service.find(seller)
            counts = await service.export(row.id, into)
        typer.echo(f"{into}: {sum(counts.values())} rows of {plain(row.name)}, without secrets.")

    run_or_end(main())


@sellers.command()
def delete(
    seller: Named, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for programs.")] = False
) -> None:
    """Delete a seller for good: first the keys of all secrets, then every row. Backups keep theirs until they expire."""

    async def main() -> None:
        async with _service() as service:
            row = await service.find(seller)
            typer.echo(f"{plain(row.name)}: {row.members} members, {row.shops} shops, {row.orders} orders.")
            if not yes and not is_named(
                row, typer.prompt("Type the name of the seller to delete it for good")
            ):
                refuse("That is not the name; nothing was deleted.")
            gone = await service.delete(row.id)
        typer.echo(
            f"Deleted: {sum(gone.values())} rows. Nothing of it can be brought back from this database."
        )

    run_or_end(main())


@asynccontextmanager
async def _service() -> AsyncIterator[SellerService]:
    async with open_store(settings_or_end(), is_server=False) as (database, _, _):
        yield SellerService(database, utc_now)


def _facts(row: SellerRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "since": row.created_at.isoformat(),
        "members": row.members,
        "shops": row.shops,
        "orders": row.orders,
        "last_active": row.last_active,
        "limits": row.limits,
        "writes_paused_at": row.writes_paused_at.isoformat() if row.writes_paused_at else None,
    }
