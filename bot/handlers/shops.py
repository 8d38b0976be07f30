"""/shops: how each shop is, and reading one at once."""

from telegram import Update

from bot.context import Ctx
from bot.foreign import cut
from bot.reply import reply, toast
from bot.views import labels
from bot.views.shops import shops_screen
from bot.words import one


async def show_shops(update: Update, ctx: Ctx) -> None:
    shops = await ctx.services.shops.list_shops(ctx.visitor)
    writes = await ctx.services.pausing.look(ctx.visitor)
    await reply(update, ctx, shops_screen(shops, ctx.text, ctx.visitor.role, writes.pause))


async def sync_shop(update: Update, ctx: Ctx) -> None:
    """Ask for a reading now; the list shows the new time when it is pressed again."""
    shop = await ctx.services.shops.sync_now(ctx.visitor, one(ctx.words))
    await toast(update, ctx, ctx.text.label(labels.TOAST_SYNCING, shop=cut(shop.name, 40)))
    await show_shops(update, ctx)
