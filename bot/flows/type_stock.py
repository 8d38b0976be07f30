"""A number typed as an answer: how many lie on the shelf."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.stock import show_variant
from bot.words import whole_number
from domain.errors import NotFound


async def take_stock(update: Update, ctx: Ctx) -> None:
    """Draw up the typed count; one that cannot be leaves the question open."""
    variant_id = await _about(ctx)
    await ctx.services.counts.draw_up(ctx.visitor, variant_id, whole_number(ctx.words))
    await ctx.services.dialogues.end(ctx.visitor)
    await show_variant(update, ctx, variant_id)


async def _about(ctx: Ctx) -> str:
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None or "variant_id" not in dialogue.draft:
        raise NotFound("button_unknown")
    return dialogue.draft["variant_id"]
