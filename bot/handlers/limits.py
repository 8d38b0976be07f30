"""/settings, limits of price changes: looked at and chosen here; set by the button's ticket."""

from telegram import Update

from bot.cards import limit_card
from bot.context import Ctx
from bot.reply import reply
from bot.views.limits import limit_screen, limits_screen
from bot.words import limit_of, limit_to


async def show_limits(update: Update, ctx: Ctx) -> None:
    found = await ctx.services.limits.look(ctx.visitor)
    await reply(update, ctx, limits_screen(found.limits, ctx.text))


async def choose_limit(update: Update, ctx: Ctx) -> None:
    found = await ctx.services.limits.look(ctx.visitor)
    await reply(update, ctx, limit_screen(limit_of(ctx.words), found.limits, ctx.text))


async def ask_limit(update: Update, ctx: Ctx) -> None:
    """Ask once more before a limit changes."""
    cap, value = limit_to(ctx.words)
    await reply(update, ctx, await limit_card(ctx.services, ctx.visitor, cap, value, ctx.text))


async def after_setting(update: Update, ctx: Ctx, _cap: str) -> None:
    await show_limits(update, ctx)
