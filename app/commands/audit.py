"""storesync audit-verify: whether what was written down about every change still is what was written."""

import typer

from app.commands.console import refuse, run_or_end, settings_or_end
from app.wiring import open_store
from services.audit import AuditService
from storage.repositories.audit import ChainLook


def audit_verify() -> None:
    """Walk the audit of every seller; end with code 2 when a row was deleted, altered, moved or cut off."""

    async def main() -> list[ChainLook]:
        async with open_store(settings_or_end(), is_server=False) as (database, _, _):
            return await AuditService(database).verify()

    looks = run_or_end(main())
    broken = [look for look in looks if look.wrong]
    for look in broken:
        for each in look.wrong:
            typer.echo(f"seller {look.seller_id}: {each}")
    typer.echo(f"{sum(look.rows for look in looks)} rows of {len(looks)} sellers looked at.")
    if broken:
        refuse(f"The audit of {len(broken)} sellers is not what was written.")
