"""The number of the seller's own courier, typed as an answer."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.order_actions import show_card
from domain.errors import NotFound


async def take_number(update: Update, ctx: Ctx) -> None:
    """Have the parcel arranged under the typed number; one that does not fit leaves the question open."""
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None or "parcel_id" not in dialogue.draft:
        raise NotFound("button_unknown")
    order_id = await ctx.services.offers.take_number(
        ctx.visitor, dialogue.draft["parcel_id"], "".join(ctx.words)
    )
    await ctx.services.dialogues.end(ctx.visitor)
    await show_card(update, ctx, order_id)
