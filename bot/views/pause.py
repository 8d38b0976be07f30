"""The kill-switch: whether anything leaves for the shops, and the one button that changes it."""

from bot.callbacks import Place
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads
from domain.shops import ShopState
from services.views import Writes


def pause_screen(writes: Writes, ticket: str, text: Renderer) -> Screen:
    """Show how it stands; `ticket` pauses or resumes, and is empty where the reader may do neither."""
    shown = text.render(
        "pause/main.html.j2",
        writes=writes,
        resting=[shop for shop in writes.shops if shop.state is ShopState.PAUSED],
        may_change=bool(ticket),
    )
    shops = leads(text, labels.SHOPS, Place.SHOPS)
    acts = ((_switch(writes, ticket, text),),) if ticket else ()
    return Screen(shown, (*acts, home_row(text, shops)))


def pause_told_screen(writes: Writes, who: str, text: Renderer) -> Screen:
    """Tell a chat that somebody has paused or resumed elsewhere."""
    shown = text.render("pause/told.html.j2", writes=writes, who=who)
    return Screen(shown, (home_row(text, leads(text, labels.LOOK, Place.PAUSE)),))


def resume_button(text: Renderer) -> Button:
    """Return the way to the screen that resumes."""
    return Button(text.label(labels.RESUME_ELLIPSIS), leads(text, "", Place.PAUSE).data, style="primary")


def _switch(writes: Writes, ticket: str, text: Renderer) -> Button:
    if writes.pause:
        return Button(text.label(labels.RESUME_ALL), ticket, style="success")
    return Button(text.label(labels.PAUSE_ALL), ticket, style="danger")
