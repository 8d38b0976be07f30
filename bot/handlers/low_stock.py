"""What runs low, page by page."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply
from bot.views.low_stock import low_stock_screen
from bot.words import page_number


async def turn_low_stock(update: Update, ctx: Ctx) -> None:
    """Show the page of what runs low that a button names, or the first."""
    page = await ctx.services.low_stock.page(ctx.visitor, page_number("".join(ctx.words[:1])))
    await reply(update, ctx, low_stock_screen(page, ctx.text))
