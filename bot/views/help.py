"""What the bot can do, and what /cancel ended."""

from collections.abc import Iterable

from bot.render import Renderer
from bot.screen import Screen
from bot.views.keyboards import home_row


def help_screen(lines: Iterable[tuple[str, str]], text: Renderer, *, is_member: bool) -> Screen:
    """List commands with what they do; `lines` are names and msgids."""
    shown = text.render(
        "help/main.html.j2",
        lines=[(name, text.label(about)) for name, about in lines],
        is_member=is_member,
    )
    return Screen(shown, (home_row(text),) if is_member else ())


def cancelled_screen(what: str, text: Renderer) -> Screen:
    """Say what was cancelled; an empty `what` says that nothing was open."""
    return Screen(text.render("help/cancelled.html.j2", what=what), (home_row(text),))
