"""What a product is to say, typed as an answer."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.product_edits import show_edit
from domain.errors import NotFound
from domain.listing_changes import ListingField

NOTHING = "-"
"""Typed for a SKU that is to be taken away."""


async def take_edit(update: Update, ctx: Ctx) -> None:
    """Ask for the typed change to be confirmed; one that cannot be leaves the question open."""
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None or "listing_id" not in dialogue.draft:
        raise NotFound("button_unknown")
    field = ListingField(dialogue.draft["field"])
    typed = (update.message.text or "") if update.message else ""
    after = "" if field is ListingField.SKU and typed.strip() == NOTHING else typed
    edit = await ctx.services.listing_edits.ask(
        ctx.visitor, dialogue.draft["listing_id"], field, after, ctx.source_key
    )
    await ctx.services.dialogues.end(ctx.visitor)
    await show_edit(update, ctx, edit)
