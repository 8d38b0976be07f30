"""storesync rotate-keys, storesync retire-key: bringing all secrets under a new master key."""

from typing import Annotated

import typer

from app.commands.console import refuse, run_or_end, settings_or_end
from app.wiring import open_store
from services.keys import KeyService


def rotate_keys(
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Only count what is under which key.")] = False,
) -> None:
    """Bring every secret under the first of SECRET_KEYS. It may be stopped and run again, also beside the bot."""

    async def main() -> tuple[dict[str, int], int]:
        async with open_store(settings_or_end(), is_server=False) as (database, vault, _):
            keys = KeyService(database, vault)
            if not verify:
                moved = await keys.rotate(lambda done: typer.echo(f"{done} owners moved"))
                typer.echo(f"{moved} owners had to move.")
            return await keys.under(), await keys.unreadable()

    counts, wrong = run_or_end(main())
    for key_id, count in counts.items():
        typer.echo(f"{count:>8} secrets under {key_id}")
    if wrong:
        refuse(f"{wrong} secrets do not open: they were altered, or stand where they were not put.")


def retire_key(key_id: Annotated[str, typer.Argument(metavar="KEY", help="The key's id.")]) -> None:
    """Forget an old key; refused while any secret is under it. Then take it out of SECRET_KEYS."""

    async def main() -> None:
        async with open_store(settings_or_end(), is_server=False) as (database, vault, _):
            await KeyService(database, vault).retire(key_id)

    run_or_end(main())
    typer.echo(f"Nothing needs {key_id} any more: take it out of SECRET_KEYS and start StoreSync again.")
