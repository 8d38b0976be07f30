"""Changing a product: what of it, the question, and the card of one change in every state."""

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.changes import ChangeState
from domain.listing_changes import LONGEST, UNLISTED, ListingField
from services.listing_edits import SUBJECT, ListingEdit, value_of
from services.products import ProductCard

FIELDS = {
    ListingField.TITLE: labels.NAME,
    ListingField.DESCRIPTION: labels.DESCRIPTION,
    ListingField.SKU: labels.SKU,
    ListingField.WEIGHT: labels.WEIGHT,
}
_MARKS = {
    ChangeState.PENDING: "🏷",
    ChangeState.APPROVED: "⏳",
    ChangeState.APPLYING: "⏳",
    ChangeState.APPLIED: "✅",
    ChangeState.EXPIRED: "✖️",
    ChangeState.SUPERSEDED: "✖️",
}


def choose_edit_screen(card: ProductCard, text: Renderer) -> Screen:
    """Ask what of a product is to change."""
    shown = text.render("products/edit_choose.html.j2", card=card)
    buttons = [leads(text, label, Place.ASK_EDIT, card.listing.id, field) for field, label in FIELDS.items()]
    return Screen(shown, (*in_rows(buttons, 2), _ways_out(card.listing.id, text)))


def ask_edit_screen(card: ProductCard, field: ListingField, text: Renderer) -> Screen:
    """Ask what a product is to say."""
    shown = text.render(
        "products/edit_ask.html.j2",
        card=card,
        field=field.value,
        now_says=value_of(card.listing, field, text.now()),
        most=LONGEST.get(field, 0),
        has_variants=bool(card.listing.tiers),
    )
    return Screen(shown, ((leads(text, labels.CANCEL, Place.CANCEL),),))


def boosts_screen(card: ProductCard, text: Renderer) -> Screen:
    """Say what a shop shows first, where one more cannot be now."""
    is_boosted = card.listing.is_boosted(text.now())
    shown = text.render("products/boosts.html.j2", card=card, is_boosted=is_boosted)
    return Screen(shown, (_ways_out(card.listing.id, text),))


def edit_screen(edit: ListingEdit, ticket: str, text: Renderer, *, may_edit: bool) -> Screen:
    """Show a change: the question with its worded button, or what became of it."""
    change = edit.change
    shown = text.render(
        "products/edit_card.html.j2",
        edit=edit,
        mark=_MARKS.get(change.state, "⚠️"),
        state=change.state.value,
        field=change.field.value,
        is_text=change.field not in {ListingField.SHOWN, ListingField.BOOST},
    )
    rows = (*_acts(edit, ticket, text, may_edit=may_edit), _ways_out(edit.listing.id, text))
    return Screen(shown, rows, SUBJECT, change.id, change.version)


def _acts(edit: ListingEdit, ticket: str, text: Renderer, *, may_edit: bool) -> Rows:
    change = edit.change
    if ticket:
        keep = Button(text.label(labels.KEEP), pack(Place.PRODUCT, edit.listing.id))
        return ((Button(text.label(_yes(edit)), ticket, style="success"), keep),)
    if edit.can_be_undone and may_edit:
        return ((leads(text, labels.UNDO, Place.UNDO_EDIT, change.id),),)
    return ()


def _yes(edit: ListingEdit) -> str:
    if edit.change.field is ListingField.BOOST:
        return labels.YES_BOOST
    if edit.change.field is not ListingField.SHOWN:
        return labels.YES_EDIT
    return labels.YES_HIDE if edit.change.after == UNLISTED else labels.YES_SELL


def _ways_out(listing_id: str, text: Renderer) -> tuple[Button, ...]:
    return home_row(text, leads(text, labels.BACK, Place.PRODUCT, listing_id))
