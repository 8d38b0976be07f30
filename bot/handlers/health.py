"""How a shop stands with its platform."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply
from bot.views.health import health_screen
from bot.words import one


async def show_health(update: Update, ctx: Ctx) -> None:
    card = await ctx.services.health.look(ctx.visitor, one(ctx.words))
    await reply(update, ctx, health_screen(card, ctx.text))
