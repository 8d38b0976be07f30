"""/stock: variants, pages of them, one of them."""

from telegram import Update

from bot.callbacks import fitting
from bot.context import Ctx
from bot.reply import reply
from bot.views.stock import WORDS_BYTES, stock_screen, variant_screen
from bot.words import one, page_number
from domain.people import Role


async def show_stock(update: Update, ctx: Ctx) -> None:
    """Answer /stock [words] with the scarcest variants."""
    words = fitting(" ".join(ctx.words), WORDS_BYTES)
    page = await ctx.services.stock.page(ctx.visitor, words, 1)
    await reply(update, ctx, stock_screen(page, ctx.text))


async def turn_stock(update: Update, ctx: Ctx) -> None:
    """Show the page a button names."""
    number, words, *_ = (*ctx.words, "", "")
    page = await ctx.services.stock.page(ctx.visitor, words, page_number(number))
    await reply(update, ctx, stock_screen(page, ctx.text))


async def open_variant(update: Update, ctx: Ctx) -> None:
    """Show the variant a button names; the further parts lead Back to its list."""
    card = await ctx.services.stock.card(ctx.visitor, one(ctx.words))
    may_price = ctx.visitor.role.may(Role.PACKER)
    await reply(update, ctx, variant_screen(card, ctx.text, may_price=may_price, came_from=ctx.words[1:]))
