"""A number typed as an answer: a count, or from how few units on somebody wants to be told."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.keeping import open_keeping
from bot.handlers.stock import show_variant
from bot.words import OFF, stock_words, whole_number
from domain.errors import NotFound


async def take_stock(update: Update, ctx: Ctx) -> None:
    """Draw up the typed count, or with a plus what came in; what cannot be leaves the question open."""
    variant_id = await _about(ctx)
    units, is_more = stock_words(ctx.words)
    draw = ctx.services.counts.receive if is_more else ctx.services.counts.draw_up
    await draw(ctx.visitor, variant_id, units)
    await ctx.services.dialogues.end(ctx.visitor)
    await show_variant(update, ctx, variant_id)


async def take_placed(update: Update, ctx: Ctx) -> None:
    """Draw up the typed count of one location; what is no number leaves the question open."""
    variant_id = await _about(ctx)
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    asked = dialogue.draft if dialogue else {}
    units = whole_number(ctx.words)
    at = await ctx.services.placing.place(ctx.visitor, asked["listing_variant_id"], asked["place"])
    await ctx.services.placing.draw_up(ctx.visitor, at, units)
    await ctx.services.dialogues.end(ctx.visitor)
    await show_variant(update, ctx, variant_id)


async def take_alert(update: Update, ctx: Ctx) -> None:
    """Keep the typed threshold, "off" takes it away; what is no number leaves the question open."""
    variant_id = await _about(ctx)
    is_off = [word.lower() for word in ctx.words] == [OFF]
    await ctx.services.counts.set_alert(ctx.visitor, variant_id, None if is_off else whole_number(ctx.words))
    await ctx.services.dialogues.end(ctx.visitor)
    await show_variant(update, ctx, variant_id)


async def take_keep_back(update: Update, ctx: Ctx) -> None:
    """Keep back the typed number; what is no number leaves the question open."""
    variant_id = await _about(ctx)
    await ctx.services.counts.keep_back(ctx.visitor, variant_id, whole_number(ctx.words))
    await ctx.services.dialogues.end(ctx.visitor)
    await open_keeping(update, ctx, variant_id)


async def _about(ctx: Ctx) -> str:
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None or "variant_id" not in dialogue.draft:
        raise NotFound("button_unknown")
    return dialogue.draft["variant_id"]
