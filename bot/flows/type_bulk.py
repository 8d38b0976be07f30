"""What is typed on the way to a bulk price change: by how much, its floor, and the count that approves it."""

from dataclasses import replace

from telegram import Update

from bot.context import Ctx
from bot.handlers.bulk import show_bulk
from bot.words import OFF, bulk_recipe, product_list, whole_number
from domain.amounts import parse_amount
from domain.errors import Conflict, NotFound


async def take_change(update: Update, ctx: Ctx) -> None:
    """Draw up the typed change; what cannot be read leaves the question open."""
    draft = await _drafted(ctx)
    query, _ = product_list(("1", draft.get("filter", ""), draft.get("shop", ""), draft.get("words", "")))
    scope = await ctx.services.bulks.scope(ctx.visitor, query)
    recipe = bulk_recipe(" ".join(ctx.words), scope.currencies)
    drawn = await ctx.services.bulks.draft(ctx.visitor, query, recipe)
    await ctx.services.dialogues.end(ctx.visitor)
    await show_bulk(update, ctx, drawn)


async def take_floor(update: Update, ctx: Ctx) -> None:
    """Keep the typed floor on the draft, "off" takes it away; an unreadable one leaves the question open."""
    bulk_id, bulks = (await _drafted(ctx)).get("bulk_id", ""), ctx.services.bulks
    currency, typed = await bulks.currency(ctx.visitor, bulk_id), " ".join(ctx.words)
    floor = None if typed.lower() == OFF else parse_amount(typed, currency)
    drawn = await bulks.redraft(
        ctx.visitor, bulk_id, lambda recipe: replace(recipe, floor=floor, currency=currency)
    )
    await ctx.services.dialogues.end(ctx.visitor)
    await show_bulk(update, ctx, drawn)


async def take_count(update: Update, ctx: Ctx) -> None:
    """Approve by the typed count; another one leaves the question open."""
    bulk_id = (await _drafted(ctx)).get("bulk_id", "")
    try:
        approved = await ctx.services.bulks.type_count(ctx.visitor, bulk_id, whole_number(ctx.words))
    except (Conflict, NotFound):
        await ctx.services.dialogues.end(ctx.visitor)
        raise
    await ctx.services.dialogues.end(ctx.visitor)
    await show_bulk(update, ctx, approved)


async def _drafted(ctx: Ctx) -> dict[str, str]:
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None:
        raise NotFound("button_unknown")
    return dialogue.draft
