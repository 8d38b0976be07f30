"""/status: what is well and what is not."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply
from bot.views.status import status_screen


async def show_status(update: Update, ctx: Ctx) -> None:
    await reply(update, ctx, status_screen(await ctx.services.status.look(ctx.visitor), ctx.text))
