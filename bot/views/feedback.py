"""Thanks for what somebody wrote to the host."""

from bot.render import Renderer
from bot.screen import Screen
from bot.views.keyboards import home_row


def thanks_screen(reference: str, text: Renderer) -> Screen:
    """Say that it is on its way; `reference` is empty where none was meant."""
    return Screen(text.render("feedback/thanks.html.j2", reference=reference), (home_row(text),))
