"""Prices: the questions on the way to a change, and the list of what waits. The card is in `price_card`."""

from collections.abc import Sequence

from bot.callbacks import Place, pack
from bot.foreign import columns, cut
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.bulk import value_of
from bot.views.keyboards import home_row, in_rows, leads
from bot.views.price_card import PLACES_SHOWN, largest
from bot.views.stock import LABEL_COLUMNS
from services.bulk_cards import BulkCard
from services.views import Proposal, VariantCard

WAITING_SHOWN = 5


def ask_price_screen(card: VariantCard, text: Renderer) -> Screen:
    """Ask for the new price of a variant."""
    shown = text.render("prices/ask.html.j2", card=card, shown=card.shown[:PLACES_SHOWN])
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL),),))


def ask_typing_screen(proposal: Proposal, text: Renderer) -> Screen:
    """Ask to type the amount of a change that goes beyond the limit."""
    shown = text.render(
        "prices/typing.html.j2",
        proposal=proposal,
        percent=largest(proposal),
        prices=proposal.prices[:PLACES_SHOWN],
    )
    back = leads(text, labels.BACK, Place.PROPOSAL, proposal.id)
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL), back),))


def ask_undo_screen(proposal: Proposal, ticket: str, text: Renderer) -> Screen:
    """Ask once more before a price is taken back; the button names the whole act."""
    shown = text.render(
        "prices/undo.html.j2",
        proposal=proposal,
        prices=proposal.prices[:PLACES_SHOWN],
        more=len(proposal.prices[PLACES_SHOWN:]),
    )
    before = {each.change.before for each in proposal.prices}
    if len(before) == 1:
        yes = text.label(labels.UNDO_YES, amount=text.amount(before.pop()))
    else:
        yes = text.label(labels.UNDO_YES_ALL)
    keep = leads(text, labels.KEEP, Place.PROPOSAL, proposal.id)
    return Screen(shown, ((Button(yes, ticket, style="primary"),), home_row(text, keep)))


def approvals_screen(proposals: Sequence[Proposal], text: Renderer, bulks: Sequence[BulkCard] = ()) -> Screen:
    """List what waits for approval, each with a button to its card."""
    few = proposals[: WAITING_SHOWN - len(bulks[:WAITING_SHOWN])]
    whole = [(each, value_of(each.bulk.recipe)) for each in bulks[:WAITING_SHOWN]]
    shown = text.render(
        "prices/waiting.html.j2",
        proposals=few,
        bulks=whole,
        shown=len(few) + len(whole),
        total=len(proposals) + len(bulks),
        is_demo=any(each.is_demo for each in proposals) or any(each.is_demo for each in bulks),
    )
    if not few and not whole:
        return Screen(shown, ((leads(text, labels.STOCK, Place.STOCK),), home_row(text)))
    of_bulks = [_bulk_opener(at, each, text) for at, (each, _) in enumerate(whole, 1)]
    openers = [*of_bulks, *(_opener(at, each) for at, each in enumerate(few, len(whole) + 1))]
    return Screen(shown, (*in_rows(openers, 2), home_row(text)))


def _bulk_opener(at: int, card: BulkCard, text: Renderer) -> Button:
    label = text.label(labels.BULK_OF, n=text.number(len(card.lines)))
    return Button(f"{at} · {label}", pack(Place.BULK, card.id))


def _opener(at: int, proposal: Proposal) -> Button:
    variant = proposal.variant
    told_by = cut(variant.sku or variant.name or variant.title, LABEL_COLUMNS - columns(str(at)) - 3)
    return Button(f"{at} · {told_by}", pack(Place.PROPOSAL, proposal.id))
