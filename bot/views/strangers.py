"""What somebody sees who belongs to no seller here."""

from bot.render import Renderer
from bot.screen import Screen


def outsiders_screen(text: Renderer) -> Screen:
    """Say to somebody in a group that its buttons are the team's."""
    return Screen(text.render("errors/group_stranger.html.j2"))


def strangers_screen(text: Renderer) -> Screen:
    return Screen(text.render("strangers/closed.html.j2"))
