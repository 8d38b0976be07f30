"""What every command needs: the settings or an end with what is wrong in them, and safe words on a terminal."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import NoReturn, TypeVar

import typer

from app.logs import configure_logging
from app.settings import Settings, read_settings
from domain.errors import ConfigurationError, StoreSyncError

T = TypeVar("T")

_SAID = {
    "seller_unknown": "There is no seller {named}.",
    "seller_ambiguous": "Several sellers have that name; give the id instead: {ids}",
    "signup_closed": "SIGNUP=closed: there is a seller here already. SIGNUP=invite lets you invite others.",
    "moved_on": "It is so already; nothing was changed.",
    "platform_unknown": "There is no platform {platform} to ask.",
    "no_shop_to_ask": "No such shop of {platform} is linked: link one first, or name another with --shop.",
    "token_revoked": "The shop's link has ended: its seller must log in again.",
    "limit_unusable": "{limit} cannot be {value}.",
}
"""What a refusal is in a host's words; others are named by their code."""


def settings_or_end() -> Settings:
    """Read the settings and set up the logs; with mistakes in them, tell all of them and end."""
    try:
        settings = read_settings()
    except ConfigurationError as wrong:
        refuse(str(wrong))
    configure_logging(settings.log_level, settings.log_format, settings.secrets())
    return settings


def run_or_end(main: Coroutine[object, object, T]) -> T:
    """Run a command to its end; what it refuses is told in a sentence, with exit code 2."""
    try:
        return asyncio.run(main)
    except ConfigurationError as wrong:
        refuse(str(wrong))
    except StoreSyncError as refusal:
        refuse(_SAID.get(refusal.code, refusal.code).format(**refusal.params))


def refuse(why: str) -> NoReturn:
    typer.echo(plain(why), err=True)
    sys.exit(2)


def plain(text: str) -> str:
    """Return foreign text without what could steer a terminal."""
    return "".join(each if each.isprintable() or each == "\n" else "?" for each in text)
