"""/pause: whether anything is sent to the shops; pausing and resuming is done by the button's ticket."""

from telegram import Update

from bot.cards import pause_card
from bot.context import Ctx
from bot.reply import reply


async def show_pause(update: Update, ctx: Ctx) -> None:
    await reply(update, ctx, await pause_card(ctx.services, ctx.visitor, ctx.text))


async def after_switch(update: Update, ctx: Ctx, _seller_id: str) -> None:
    await show_pause(update, ctx)
