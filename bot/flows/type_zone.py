"""A time zone typed as an answer."""

from telegram import Update

from bot.context import Ctx
from bot.reply import reply
from bot.views.settings import settings_screen
from bot.words import zone_name


async def take_zone(update: Update, ctx: Ctx) -> None:
    """Show times in the typed zone from now on; one that is not known leaves the question open."""
    ctx.greet(await ctx.services.people.set_zone(ctx.visitor, zone_name(ctx.words)))
    await ctx.services.dialogues.end(ctx.visitor)
    await reply(update, ctx, settings_screen(ctx.text))
