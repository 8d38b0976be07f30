"""Killed while it does what somebody has just asked for: until then all is quiet, afterwards no pause is waited for."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import Column, Table, update

from domain.clock import utc_now
from storage.database import Database
from tests.proofs.trial import Scene
from tests.stage import until

DEAD_WITHIN_S = 15.0
LEAVING = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"
COMING = "SELECT count(*) FROM inbox WHERE state IN ('new', 'leased')"


def is_idle(scene: Scene) -> bool:
    """Tell whether nothing is on its way to the chat or from it."""
    return scene.rows(LEAVING) == scene.rows(COMING) == [(0,)]


async def quiet(scene: Scene) -> None:
    """Wait until nothing is on its way to the chat or from it."""

    async def is_empty() -> bool:
        return is_idle(scene)

    await until(is_empty, "an empty inbox and outbox", within_s=60)


async def nothing() -> None:
    """Let nothing happen between a death and the new start."""


async def is_killed(
    scene: Scene,
    meanwhile: Callable[[], Awaitable[None]] = nothing,
    *,
    before: Callable[[], Awaitable[None]] = nothing,
) -> bool:
    """Wait for the death that was ordered, and start again after it; False when it did not come by that point.

    `before` is done again and again until then, `meanwhile` once between the death and the new start.
    """
    bot = scene.stage.bot

    async def is_dead() -> bool:
        await before()
        return not bot.is_running()

    try:
        await until(is_dead, "the death that was ordered", within_s=DEAD_WITHIN_S)
    except AssertionError:
        scene.disarm()
        return False
    await scene.run_out_leases()
    await meanwhile()
    await scene.start()
    return True


async def hurry(scene: Scene, table: Table, due: str, where: Column[str], states: Sequence[str]) -> None:
    """Let what waits in these states be due now, as time would have it."""
    waits = where.in_(states) & table.c[due].is_not(None)
    query = update(table).where(waits).values({due: utc_now()})
    database = Database(scene.stage.environment["DATABASE_URL"])
    try:
        await database.write(lambda conn: conn.execute(query), "proof.hurry")
    finally:
        await database.close()
