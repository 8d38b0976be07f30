"""/shops: how each shop is; one shop read at once, paused, unlinked."""

from telegram import Update

from bot.cards import holiday_card, rest_card, shop_card, unlink_card
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


async def show_shop(update: Update, ctx: Ctx) -> None:
    await after_shop(update, ctx, one(ctx.words))


async def after_shop(update: Update, ctx: Ctx, shop_id: str) -> None:
    """Show a shop; what was switched while its card was on the way to the chat is shown right after."""
    details = await ctx.services.shops.details(ctx.visitor, shop_id)
    screen = await shop_card(ctx.services, ctx.visitor, details, ctx.text)
    shown = await reply(update, ctx, screen)
    details = await ctx.services.shops.details(ctx.visitor, shop_id)
    latest = await shop_card(ctx.services, ctx.visitor, details, ctx.text)
    if latest.version != screen.version:
        await reply(update, ctx, latest, into=shown)


async def after_unlink(update: Update, ctx: Ctx, _shop_id: str) -> None:
    await show_shops(update, ctx)


async def sync_shop(update: Update, ctx: Ctx) -> None:
    """Ask for a reading now; the screen shows the new time when it is opened again."""
    shop = await ctx.services.shops.sync_now(ctx.visitor, one(ctx.words))
    await toast(update, ctx, ctx.text.label(labels.TOAST_SYNCING, shop=cut(shop.name, 40)))
    await after_shop(update, ctx, shop.id)


async def ask_rest(update: Update, ctx: Ctx) -> None:
    """Ask once more before one shop is neither read nor written to."""
    details = await ctx.services.shops.details(ctx.visitor, one(ctx.words))
    await reply(update, ctx, await rest_card(ctx.services, ctx.visitor, details.shop, ctx.text))


async def ask_holiday(update: Update, ctx: Ctx) -> None:
    """Ask once more before a shop stops selling for a while, or sells again."""
    details = await ctx.services.shops.details(ctx.visitor, one(ctx.words))
    await reply(update, ctx, await holiday_card(ctx.services, ctx.visitor, details, ctx.text))


async def ask_unlink(update: Update, ctx: Ctx) -> None:
    """Ask once more before a shop's link ends."""
    details = await ctx.services.shops.details(ctx.visitor, one(ctx.words))
    await reply(update, ctx, await unlink_card(ctx.services, ctx.visitor, details.shop, ctx.text))
