"""Any text that is no command and answers no question: it packs a parcel where somebody packs, else it is looked up."""

from telegram import Update

from bot.context import Ctx
from bot.handlers.pack import pack_numbers
from bot.handlers.search import search_words
from bot.words import is_address


async def hear_words(update: Update, ctx: Ctx) -> None:
    """Pack what the words name, or show what they mean."""
    if is_address(ctx.words) or not await pack_numbers(update, ctx):
        await search_words(update, ctx)
