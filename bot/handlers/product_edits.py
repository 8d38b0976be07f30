"""Changing a product: what of it, to what, and the card that asks and then tells. Sending is `buttons`."""

from telegram import Update

from bot import questions
from bot.cards import edit_card
from bot.context import Ctx
from bot.reply import reply
from bot.views.product_edits import ask_edit_screen, boosts_screen, choose_edit_screen
from bot.words import listing_field, one
from domain.listing_changes import BOOSTED, ListingField
from services.listing_edits import ListingEdit


async def choose_edit(update: Update, ctx: Ctx) -> None:
    """Ask what of a product is to change."""
    card = await ctx.services.products.card(ctx.visitor, one(ctx.words))
    await reply(update, ctx, choose_edit_screen(card, ctx.text))


async def ask_edit(update: Update, ctx: Ctx) -> None:
    """Open the question what a product is to say."""
    card, field = await ctx.services.products.card(ctx.visitor, one(ctx.words)), listing_field(ctx.words[1:])
    draft = {"listing_id": card.listing.id, "field": field.value}
    await ctx.services.dialogues.ask(ctx.visitor, questions.EDIT, draft)
    await reply(update, ctx, ask_edit_screen(card, field, ctx.text))


async def ask_shown(update: Update, ctx: Ctx) -> None:
    """Ask whether a product is to be hidden, or shown again."""
    listing_id, wanted = one(ctx.words), one(ctx.words[1:])
    edits, field = ctx.services.listing_edits, ListingField.SHOWN
    await show_edit(update, ctx, await edits.ask(ctx.visitor, listing_id, field, wanted, ctx.source_key))


async def ask_boost(update: Update, ctx: Ctx) -> None:
    """Ask whether a product is to be shown first; where it cannot be now, say until when."""
    card = await ctx.services.products.card(ctx.visitor, one(ctx.words))
    if card.listing.is_boosted(ctx.text.now()) or len(card.boosted) >= card.places:
        await reply(update, ctx, boosts_screen(card, ctx.text))
        return
    edits, boost = ctx.services.listing_edits, (ListingField.BOOST, BOOSTED)
    await show_edit(update, ctx, await edits.ask(ctx.visitor, card.listing.id, *boost, ctx.source_key))


async def ask_undo(update: Update, ctx: Ctx) -> None:
    """Ask whether a change is to be taken back."""
    edit = await ctx.services.listing_edits.ask_undo(ctx.visitor, one(ctx.words), ctx.source_key)
    await show_edit(update, ctx, edit)


async def open_edit(update: Update, ctx: Ctx) -> None:
    await after_edit(update, ctx, one(ctx.words))


async def after_edit(update: Update, ctx: Ctx, change_id: str) -> None:
    """Show what became of a change."""
    await show_edit(update, ctx, await ctx.services.listing_edits.edit(ctx.visitor.seller_id, change_id))


async def show_edit(update: Update, ctx: Ctx, edit: ListingEdit) -> None:
    """Show a change; what moved while it was on its way to the chat is shown right after."""
    visitor = ctx.visitor
    card = await edit_card(ctx.services, visitor.view, visitor.role, edit, ctx.text)
    shown = await reply(update, ctx, card)
    latest = await ctx.services.listing_edits.edit(visitor.seller_id, edit.change.id)
    if latest.change.version != edit.change.version:
        again = await edit_card(ctx.services, visitor.view, visitor.role, latest, ctx.text)
        await reply(update, ctx, again, into=shown)
