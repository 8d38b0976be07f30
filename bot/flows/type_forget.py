"""The seller's name typed as an answer: everything of it is deleted."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply
from bot.views.mydata import forgotten_screen


async def take_name(update: Update, ctx: Ctx) -> None:
    """Delete the seller whose name this is; another text leaves the question open."""
    await ctx.services.sellers.forget(ctx.visitor, " ".join(ctx.words))
    await reply(update, ctx, forgotten_screen(ctx.text))
