"""The command menu of Telegram's clients, per language."""

from collections.abc import Iterable

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.commands import Command
from bot.render import LANGUAGES, SOURCE_LANGUAGE, Renderer

log = structlog.get_logger("storesync.bot.menu")


async def publish_menu(bot: Bot, commands: Iterable[Command]) -> int:
    """Set the lists that differ from what Telegram has; return how many those were.

    Asked first: setting them at every start counts against the bot's rates, reading does not.
    """
    scope = BotCommandScopeAllPrivateChats()
    shown = [command for command in commands if command.menu]
    published = 0
    try:
        for language, code in _lists():
            text = Renderer(language, "UTC")
            wanted = tuple(BotCommand(each.name, text.label(each.help)) for each in shown)
            if await bot.get_my_commands(scope, code) != wanted:
                await bot.set_my_commands(wanted, scope, code)
                published += 1
    except TelegramError as failure:
        log.warning("menu.not_published", reason=str(failure)[:200])  # the next start tries again
    return published


def _lists() -> list[tuple[str, str | None]]:
    """Return our languages with Telegram's codes for them; None is the list of everybody else."""
    others: list[tuple[str, str | None]] = [
        (language, language) for language in LANGUAGES if language != SOURCE_LANGUAGE
    ]
    return [(SOURCE_LANGUAGE, None), *others]
