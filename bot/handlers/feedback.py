"""/feedback: a word to whoever runs the installation."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply
from bot.views.feedback import thanks_screen


async def feedback(update: Update, ctx: Ctx) -> None:
    """Keep what was written and pass it on, with the reference if one was named first."""
    written = await ctx.services.feedback.give(ctx.visitor, " ".join(ctx.words))
    await reply(update, ctx, thanks_screen(written.reference, ctx.text))
