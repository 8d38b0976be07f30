"""Words looked up as order, tracking number, SKU or words of a title."""

from telegram import Update

from bot.callbacks import Place, fitting, room
from bot.context import Ctx
from bot.handlers.link import take_address
from bot.handlers.order_actions import show_card
from bot.handlers.stock import show_variant
from bot.reply import reply
from bot.views.search import hits_screen
from bot.words import is_address


async def search_words(update: Update, ctx: Ctx) -> None:
    """Show the one thing the words name, or what they may mean."""
    if is_address(ctx.words):
        await take_address(update, ctx)
        return
    words = fitting(" ".join(ctx.words), room(Place.SEARCH))
    hits = await ctx.services.search.find(ctx.visitor, words)
    if len(hits.orders) == 1 and not hits.variants:
        await show_card(update, ctx, hits.orders[0].order_id)
    elif len(hits.variants) == 1 and not hits.orders:
        await show_variant(update, ctx, hits.variants[0].variant_id)
    else:
        await reply(update, ctx, hits_screen(hits, ctx.text))
