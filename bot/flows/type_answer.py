"""The answer to a review, typed."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.reviews import show_review
from domain.errors import Conflict, NotFound


async def take_answer(update: Update, ctx: Ctx) -> None:
    """Keep the typed answer and ask for a yes; one that is too long leaves the question open."""
    dialogue = await ctx.services.dialogues.current(ctx.visitor)
    if dialogue is None or "review_id" not in dialogue.draft:
        raise NotFound("button_unknown")
    review_id = dialogue.draft["review_id"]
    typed = (update.message.text or "") if update.message else ""
    try:
        await ctx.services.reviews.draft(ctx.visitor, review_id, typed)
    except Conflict:
        await ctx.services.dialogues.end(ctx.visitor)
        raise
    await ctx.services.dialogues.end(ctx.visitor)
    await show_review(update, ctx, review_id)
