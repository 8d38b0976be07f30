"""A note on an order typed as an answer."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.order_actions import show_card
from bot.words import OFF
from domain.errors import NotFound


async def take_note(update: Update, ctx: Ctx) -> None:
    """Have the typed note kept, "off" takes it away; one that is too long leaves the question open."""
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None or "order_id" not in dialogue.draft:
        raise NotFound("button_unknown")
    order_id, said = dialogue.draft["order_id"], " ".join(ctx.words)
    await ctx.services.order_actions.note(ctx.visitor, order_id, "" if said.lower() == OFF else said)
    await ctx.services.dialogues.end(ctx.visitor)
    await show_card(update, ctx, order_id)
