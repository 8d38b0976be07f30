"""What somebody sees who belongs to no seller here."""

from bot.render import Renderer
from bot.screen import Screen


def strangers_screen(text: Renderer) -> Screen:
    return Screen(text.render("strangers/closed.html.j2"))
