"""What waited for a promotion to end and went through: one message for all of it."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads
from services.locks import Freed, LockEnd

SHOWN = 5


def lock_end_screen(end: LockEnd, text: Renderer) -> Screen:
    """Show what went through in one shop; one thing alone can be opened."""
    shown = text.render("locks/ended.html.j2", end=end, freed=end.freed[:SHOWN], more=len(end.freed[SHOWN:]))
    one = end.freed[0] if len(end.freed) == 1 else None
    rows: Rows = ((_opener(one, text),),) if one else ((leads(text, labels.STOCK, Place.STOCK),),)
    return Screen(shown, (*rows, home_row(text)))


def _opener(one: Freed, text: Renderer) -> Button:
    leads_to = pack(Place.PROPOSAL, one.proposal_id) if one.price else pack(Place.VARIANT, one.variant.id)
    return Button(text.label(labels.OPEN), leads_to)
