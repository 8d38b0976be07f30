"""What /healthz and /readyz answer: is the process well, and may work be sent to it."""

from collections.abc import Awaitable, Callable

from bot.application import BotRoom
from storage.database import Database
from storage.migrate import head, version_of

Facts = Callable[[], Awaitable[dict[str, object]]]


def health_of(room: BotRoom, database: Database) -> Facts:
    """Return the question of /healthz: the loop and the database answer, whatever Telegram does."""

    async def facts() -> dict[str, object]:
        seen = room.facts
        is_stored = await answers(database)
        return {
            "ok": is_stored,
            "database": is_stored,
            "telegram": "ready" if seen.is_ready and not seen.trouble else seen.trouble or "starting",
            "bot": seen.username,
            "updates_held": seen.updates_held,
            "events_held": seen.events_held,
        }

    return facts


def readiness_of(room: BotRoom, database: Database) -> Facts:
    """Return the question of /readyz.

    The lock of an SQLite file is not asked for: a house that does not hold it never opens.
    """
    needed = head()

    async def facts() -> dict[str, object]:
        is_current = await _is_at(database, needed)
        is_open = room.facts.is_ready
        return {"ok": is_current and is_open, "schema": is_current, "bot": is_open}

    return facts


def held_by(room: BotRoom) -> Callable[[], dict[str, int]]:
    """Return what the bot has in hand, as the metrics name it."""

    def held() -> dict[str, int]:
        seen = room.facts
        return {
            "updates_held": seen.updates_held,
            "events_held": seen.events_held,
            "updates_failed": seen.updates_failed,
            "odd_updates": seen.odd_updates,
            "plain_texts": seen.plain_texts,
        }

    return held


async def answers(database: Database) -> bool:
    """Tell whether the database does."""
    try:
        return await database.read(lambda conn: conn.exec_driver_sql("SELECT 1").scalar() == 1)
    except Exception:  # noqa: BLE001 - whatever it is, the answer to "is it well" is no
        return False


async def _is_at(database: Database, version: str) -> bool:
    try:
        return await database.read(version_of) == version
    except Exception:  # noqa: BLE001 - a database that does not answer is not ready
        return False
