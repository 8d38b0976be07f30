"""How a variant's stock is kept: one button for each other way, and how many are kept back."""

from collections.abc import Mapping

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.stock import Keeping, Policy
from domain.tickets import Action
from services.views import VariantCard

KEEP_LABELS = {
    Action.KEEP_TRACKED: labels.KEEP_TRACKED,
    Action.KEEP_MADE_TO_ORDER: labels.KEEP_MADE_TO_ORDER,
    Action.KEEP_UNMANAGED: labels.KEEP_UNMANAGED,
}


def keeping_screen(
    card: VariantCard, keeping: Keeping, tickets: Mapping[Action, str], text: Renderer
) -> Screen:
    """Say how a variant is kept and what that means; without tickets it cannot be changed here."""
    shown = text.render("stock/keeping.html.j2", card=card, keeping=keeping)
    ways = [Button(text.label(KEEP_LABELS[action]), ticket) for action, ticket in tickets.items()]
    back_some = Button(text.label(labels.KEEP_BACK), pack(Place.KEEP_BACK, card.variant.id))
    some = ((back_some,),) if tickets and keeping.policy is Policy.TRACKED else ()
    back = leads(text, labels.BACK, Place.VARIANT, card.variant.id)
    return Screen(shown, (*in_rows(ways, 1), *some, home_row(text, back)))


def ask_keep_back_screen(card: VariantCard, text: Renderer) -> Screen:
    """Ask how many units no shop is told of."""
    shown = text.render("stock/ask_keep_back.html.j2", card=card)
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL),),))
